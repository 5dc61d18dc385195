"""A letter that came in, from its bytes: who wrote what to whom, what hangs on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256

from portal.adapters import quotes
from portal.domain.mailbox.facts import Arrived, Bounce

RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
BY_PROGRAM = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id", "Feedback-ID")
AUTO_SUBJECT = re.compile(
    r"^\s*(automatic reply|auto(matic)? ?-?response|out of office|balasan otomatis)\b", re.I
)
MOST_PARTS = 100
SMALL = 8192  # bytes of a picture that belongs to a signature
SILENT = {  # what comes along without being meant for anybody
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp-keys", "text/calendar", "application/ms-tnef",
}  # fmt: skip
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(0xD800, 0xE000)])


@dataclass(frozen=True)
class Enclosed:
    """A file that hangs on a letter."""

    name: str
    data: bytes


def read(raw: bytes) -> tuple[Arrived, list[Enclosed]]:
    """The letter and its files. However broken the bytes are, something comes of them."""
    message = message_from_bytes(raw, policy=policy.compat32)
    parts = list(_leaves(message))
    senders = _addresses(message, "From") or _addresses(message, "Sender")
    sender = senders[0] if senders else ""
    bounce = _bounce(message)
    arrived = Arrived(
        message_id=_id(message, raw),
        sender=sender,
        to=tuple(address for name in RECIPIENTS for address in _addresses(message, name)),
        subject=_header(message, "Subject"),
        text=_text(parts),
        size=len(raw),
        automatic=bounce is None and _is_automatic(message, sender),
        ours="X-Purna-Key" in message,
        bounce=bounce,
    )
    return arrived, list(_enclosed(parts))


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a letter within the letter is quoted, and stays closed."""
    for n, part in enumerate(_walk(message)):
        if n >= MOST_PARTS:
            return
        if not part.is_multipart():
            yield part


def _walk(part: Message) -> Iterator[Message]:
    yield part
    if part.get_content_maintype() == "multipart":
        for inner in part.get_payload():
            if isinstance(inner, Message):
                yield from _walk(inner)


def _text(parts: list[Message]) -> str:
    """What was written: of the plain text, where there is some, else of the HTML."""
    for kind, readable in (("text/plain", str), ("text/html", quotes.plain)):
        bodies = [part for part in parts if part.get_content_type() == kind and not part.get_filename()]
        said = quotes.answer("\n\n".join(readable(_decoded(part)) for part in bodies))
        if said:
            return said
    return ""


def _decoded(part: Message) -> str:
    data = _bytes(part)
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return data.decode(charset).translate(_CONTROL)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace").translate(_CONTROL)


def _enclosed(parts: list[Message]) -> Iterator[Enclosed]:
    for n, part in enumerate(parts, 1):
        name = _header_text(part.get_filename() or "")
        if (part.get_content_maintype() == "text" and not name) or part.get_content_type() in SILENT:
            continue
        data = _bytes(part)
        if not data or (part.get("Content-ID") and len(data) < SMALL):
            continue
        yield Enclosed(name or f"lampiran-{n}", data)


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _id(message: Message, raw: bytes) -> str:
    given = _header(message, "Message-ID").strip("<> ")
    return given[:255] or f"{sha256(raw).hexdigest()}@without-id"


def _addresses(message: Message, name: str) -> list[str]:
    try:
        found = getaddresses([str(value) for value in message.get_all(name, [])])
    except (ValueError, IndexError, TypeError):  # the library stumbles over some made-up headers
        return []
    return [address.strip().lower() for _name, address in found if "@" in address][:50]


def _header(message: Message, name: str) -> str:
    return _header_text(str(message.get(name, "")))


def _header_text(value: str) -> str:
    try:
        decoded = str(policy.default.header_factory("subject", value))
    except Exception:  # broken encoded words raise nearly anything
        decoded = value
    return " ".join(decoded.translate(_CONTROL).split())


def _is_automatic(message: Message, sender: str) -> bool:
    return (
        _header(message, "Auto-Submitted").lower() not in ("", "no")
        or any(name in message for name in BY_PROGRAM)
        or _header(message, "X-Auto-Response-Suppress").lower() == "all"
        or _header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or _header(message, "Return-Path") == "<>"
        or sender.startswith(("mailer-daemon@", "postmaster@", "no-reply@", "noreply@"))
        or bool(AUTO_SUBJECT.match(_header(message, "Subject")))
    )


def _bounce(message: Message) -> Bounce | None:
    """What a delivery report says (RFC 3464); a letter that is only late comes to nothing final."""
    for part in _walk(message):
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            if not isinstance(block, Message) or "Action" not in block:
                continue
            address = _header(block, "Final-Recipient").rpartition(";")[2].strip().lower()
            why = _header(block, "Diagnostic-Code").rpartition(";")[2].strip() or _header(block, "Status")
            failed = _header(block, "Action").lower() == "failed"
            return Bounce(address, why[:300], failed and _header(block, "Status")[:1] != "4")
    return None
