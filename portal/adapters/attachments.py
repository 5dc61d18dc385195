"""PDFs and short videos that strangers upload: known by their bytes, checked to be whole, never opened."""

from collections.abc import Iterator

import filetype

from portal.adapters.images import DECODERS

MAX_BYTES = 25 * 1024 * 1024
PDF = "application/pdf"
VIDEOS = {  # what the first four letters of a brand say
    b"qt  ": "video/quicktime", b"3gp": "video/3gpp", b"3g2": "video/3gpp2", b"isom": "video/mp4",
    b"iso": "video/mp4", b"mp4": "video/mp4", b"avc1": "video/mp4", b"dash": "video/mp4", b"M4V": "video/mp4",
    b"MSNV": "video/mp4",
}  # fmt: skip
WEBM = "video/webm"
_TAIL = 2048  # bytes in which the end of a PDF stands
_HEAD = 65536  # bytes in which a WebM names its tracks


class BadFile(ValueError):
    """`reason` (and str) is one of: wrong_kind, too_large_file, broken_file."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def is_photo(raw: bytes) -> bool:
    """Whether the bytes say that they are a photo, which another module reads and writes anew."""
    kind = filetype.guess(raw)
    return kind is not None and kind.mime in DECODERS


def content_type(raw: bytes) -> str:
    """What a PDF or video really is. Raises BadFile for everything else, and for half of one."""
    if len(raw) > MAX_BYTES:
        raise BadFile("too_large_file")
    if raw.startswith(b"%PDF-"):
        return _pdf(raw)
    if raw.startswith(b"\x1a\x45\xdf\xa3"):
        return _webm(raw)
    if raw[4:8] == b"ftyp":
        return _boxed(raw)
    raise BadFile("wrong_kind")


def _pdf(raw: bytes) -> str:
    if not raw[5:6].isdigit() or b"%%EOF" not in raw[-_TAIL:] or b"startxref" not in raw[-_TAIL:]:
        raise BadFile("broken_file")
    return PDF


def _webm(raw: bytes) -> str:
    head = raw[:_HEAD]
    if b"\x42\x82" not in head[:64] or b"webm" not in head[:64]:
        raise BadFile("wrong_kind")
    if b"\x18\x53\x80\x67" not in head or not (b"V_VP" in head or b"V_AV1" in head):
        raise BadFile("broken_file")
    return WEBM


def _boxed(raw: bytes) -> str:
    """MP4, QuickTime and 3GP: boxes of which each says how long it is."""
    brand = raw[8:12]
    found = next((kind for start, kind in VIDEOS.items() if brand.startswith(start)), None)
    if found is None:
        raise BadFile("wrong_kind")
    boxes = dict(_boxes(raw))
    film = boxes.get(b"moov")
    if film is None or not boxes.keys() & {b"mdat", b"moof"}:
        raise BadFile("broken_file")
    if b"vide" not in film:
        raise BadFile("wrong_kind")  # sound alone
    return found


def _boxes(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of the outermost boxes."""
    at = 0
    while at < len(raw):
        size, kind, head = int.from_bytes(raw[at : at + 4]), raw[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(raw[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(raw) - at
        if size < head or at + size > len(raw):
            raise BadFile("broken_file")
        yield kind, raw[at + head : at + size]
        at += size
