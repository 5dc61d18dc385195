"""The demo's outbox: what would have been sent by e-mail and WhatsApp, for everybody to read."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from portal.adapters.mail import ReadLetter, read_folder
from portal.letters import PHONE_DOMAIN
from portal.settings import Settings
from portal.web.access import public
from portal.web.render import page

bp = Blueprint("demo", __name__)
SHOWN = 40


@dataclass(frozen=True)
class Shown:
    """One message; `parts` is its text in pieces (words, address), of which own addresses can be followed."""

    to: str
    phone: bool
    subject: str
    at: datetime
    parts: list[tuple[str, str | None]]
    same_to: str


@bp.get("/outbox")
@public()
def outbox() -> Response:
    """The newest messages, or those to one address; 204 when nothing is newer than what the page shows."""
    settings: Settings = current_app.extensions["settings"]
    letters = _letters(settings)
    newest = f"{len(letters)}-{letters[0].key}" if letters else "0"
    if request.args.get("newest") == newest:
        return Response(status=204)
    to = request.args.get("to", "")
    shown = [_shown(letter, urlsplit(settings.public_url).hostname or "") for letter in letters]
    return page(
        "demo/outbox.html", block="letters", area="public", newest=newest, to=to,
        letters=[letter for letter in shown if not to or letter.to == to][:SHOWN],
    )  # fmt: skip


def _letters(settings: Settings) -> list[ReadLetter]:
    folders = {
        url.removeprefix("folder:") for url in (settings.mail, settings.whatsapp) if url.startswith("folder:")
    }
    found = [letter for folder in folders for letter in read_folder(folder, limit=200)]
    return sorted(found, key=lambda letter: letter.at, reverse=True)


def _shown(letter: ReadLetter, host: str) -> Shown:
    """Addresses of our own lead here even if the demo ran on another port when the letter was written."""
    name, _, domain = letter.to.partition("@")
    to = f"+{name}" if domain == PHONE_DOMAIN else letter.to
    pieces = re.split(rf"(https?://(?:{re.escape(host)}|127\.0\.0\.1)(?::\d+)?/\S*)", letter.text.strip())
    parts = [(piece, urlsplit(piece).path if n % 2 else None) for n, piece in enumerate(pieces)]
    return Shown(to, domain == PHONE_DOMAIN, letter.subject, letter.at, parts, f"/outbox?to={quote(to)}")
