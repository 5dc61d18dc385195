"""Letters as customers' mail programs send them."""

from email.message import EmailMessage
from itertools import count
from typing import Any

_number = count(1)


def letter(
    to: str, text: str = "Baik, saya tunggu.", *, sender: str = "Siti Rahma <siti@contoh.id>",
    html: str | None = None, files: tuple[tuple[str, bytes], ...] = (), **headers: Any,
) -> bytes:  # fmt: skip
    """A letter's bytes; headers are written as `Auto_Submitted="auto-replied"`."""
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = "Re: Ada pesan tentang Televisi 43 inci"
    message["Message-ID"] = f"<letter-{next(_number)}@contoh.id>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html") if text else message.set_content(html, subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def bounce(to: str, address: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server says of a letter that it could not deliver (RFC 3464)."""
    return (
        f"From: MAILER-DAEMON@mx.contoh.id\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <bounce-{next(_number)}@mx.contoh.id>\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\nMIME-Version: 1.0\r\n\r\n"
        "--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.contoh.id\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        "--B\r\nContent-Type: message/rfc822\r\n\r\nX-Purna-Key: k\r\n\r\nHalo\r\n--B--\r\n"
    ).encode()
