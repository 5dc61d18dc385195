"""A form that cannot be taken any more gives back what was written in it."""

from urllib.parse import quote, urlsplit

from flask import request
from werkzeug.wrappers import Response

from portal.kernel.text import Message
from portal.web.render import page

LONG = ("story", "body", "reason", "note", "evidence", "alternative", "override_reason", "body_id", "body_en")


def texts() -> list[str]:
    """The long texts of this request's form; never a password or a code."""
    return [text for name in LONG for text in request.form.getlist(name) if text.strip()]


def back() -> str:
    """Where this request came from; "" when that is not known."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    came = urlsplit(request.referrer or "")
    return f"{came.path}?{came.query}".rstrip("?") if came.netloc == request.host else ""


def door(path: str) -> str:
    """A sign-in page that leads back there."""
    return f"{path}?next={quote(back(), safe='/?=')}" if back() else path


def give_back(heading: Message, sentence: Message, way: tuple[str, Message], status: int) -> Response:
    """The page that shows the texts; `way` is the (address, label) of what to do next, in another tab."""
    return page(
        "errors/kept.html", status=status, area="public", nav_current="sign-in", heading=heading,
        sentence=sentence, texts=texts(), way=way, photos=any(request.files.values()),
    )  # fmt: skip
