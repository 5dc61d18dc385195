"""What a PDF or a video is, told by its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adapters.attachments import MAX_BYTES, BadFile, content_type, is_photo
from tests.adapters.papers import PDF, WEBM, box, film


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PDF, "application/pdf"),
        (film(), "video/mp4"),
        (film(b"mp42"), "video/mp4"),
        (film(b"qt  "), "video/quicktime"),
        (film(b"3gp5"), "video/3gpp"),
        (WEBM, "video/webm"),
    ],
)
def test_what_may_be_sent(raw, kind):
    assert content_type(raw) == kind
    assert not is_photo(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "wrong_kind"),
        (b"<!doctype html><script>alert(1)</script>", "wrong_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_kind"),
        (b"MZ" + b"\0" * 500, "wrong_kind"),
        (b"PK\x03\x04" + b"\0" * 500, "wrong_kind"),
        (b"<html>" + PDF, "wrong_kind"),  # readers open it, browsers would run it
        (PDF[:-8], "broken_file"),
        (b"%PDF-x" + PDF[8:], "broken_file"),
        (film(b"M4A "), "wrong_kind"),
        (film(track=b"soun"), "wrong_kind"),
        (film()[:-10], "broken_file"),
        (film() + b"<script>", "broken_file"),
        (box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", b"vide"), "broken_file"),
        (box(b"ftyp", b"isom\0\0\0\0") + b"\0\0\0\0moov", "broken_file"),
        (WEBM.replace(b"webm", b"matr"), "wrong_kind"),
        (WEBM.replace(b"V_VP8", b"A_AAC"), "broken_file"),
        (PDF + b"\0" * MAX_BYTES, "too_large_file"),
    ],
)
def test_what_may_not(raw, reason):
    with pytest.raises(BadFile) as told:
        content_type(raw)
    assert told.value.reason == reason


@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF-1", b"\0\0\0\x10ftypisom", b"\x1a\x45\xdf\xa3"]))
def test_whatever_comes_is_known_or_refused(rest, beginning):
    try:
        content_type(beginning + rest)
    except BadFile as told:
        assert told.reason in ("wrong_kind", "broken_file")
