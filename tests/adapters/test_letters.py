"""A letter as composed and as kept in the demo's folder: no value adds a header, one key is one letter."""

from dataclasses import replace
from email import message_from_bytes

import pytest

from portal.adapters.mail import Folder, Permanent, compose, open_transport, read_folder

from .samples import LETTER


@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
@pytest.mark.parametrize("address", [
    "a@b.id\r\nBcc: evil@example.org", "a@b.id, evil@example.org", "", "nobody", "a@b.id\0",
    "g: a@b.id, c@d.id;",
    "<>", "a@localhost", "@b.id", '"',
])  # fmt: skip
def test_no_address_carries_a_second_one(field, address):
    if (field, address) == ("reply_to", ""):
        return
    with pytest.raises(Permanent):
        compose(replace(LETTER, **{field: address}))


def test_no_value_adds_a_header():
    hostile = replace(
        LETTER, subject="Hi\r\nBcc: evil@example.org\n\n<b>", language="id\nX: y", text="\nBcc: x"
    )
    message = message_from_bytes(compose(hostile).as_bytes())
    assert message["Bcc"] is None and message["X"] is None and "Bcc:" in message["Subject"]
    with pytest.raises(Permanent):
        compose(replace(LETTER, key="a@b>\r\nX: y"))


def test_the_folder_keeps_one_letter_a_key_newest_first(tmp_path):
    transport = open_transport(f"folder://{tmp_path}/outbox")
    assert isinstance(transport, Folder) and read_folder(tmp_path / "outbox") == []
    for key in ("first", "second", "first"):
        transport.send(replace(LETTER, key=key, html=None if key == "second" else LETTER.html))
    newest, oldest = read_folder(tmp_path / "outbox")
    assert (newest.key, oldest.key) == ("second", "first") and newest.html is None and "Siti" in oldest.html
    assert newest.subject == LETTER.subject and newest.to == LETTER.to and newest.text == LETTER.text
    assert newest.at.tzinfo and len(read_folder(tmp_path / "outbox", limit=1)) == 1


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "folder://"])
def test_a_wrong_address_of_a_transport_is_refused(url):
    with pytest.raises(ValueError, match="mail server"):
        open_transport(url)
