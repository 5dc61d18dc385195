"""What an owed message says: its template filled for its reader, as a letter or as a short text."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, g, render_template
from flask_babel import force_locale

from portal.adapters.mail import Letter
from portal.db import db
from portal.domain.cases.models import CaseLink
from portal.domain.links import actions as links
from portal.domain.links.models import PaperLink
from portal.domain.mailbox import addresses
from portal.domain.outbox.models import Channel
from portal.domain.purchases.models import ReceiptLink
from portal.domain.repairs import handing
from portal.domain.shop import queries
from portal.kernel.colour import readable
from portal.settings import Settings

PAPER: dict[str, tuple[str, type[PaperLink]]] = {  # links that a letter may hold
    "case_link": ("c", CaseLink),
    "receipt_link": ("q", ReceiptLink),
}
PHONE_DOMAIN = "phone.invalid"  # a letter to a phone, in the demo's folder: 62812…@phone.invalid


@dataclass(frozen=True)
class Owed:
    """A leased message, apart from its transaction."""

    id: int
    key: str
    channel: Channel
    address: str
    language: str
    template: str
    values: dict[str, Any]


# What a letter may say, empty unless it was told.
USUAL = ("name", "product", "case", "kind", "body", "reason", "next", "code", "outcome", "amount")


def letter(owed: Owed) -> Letter:
    """The message in its reader's words. On a phone it is the short text alone."""
    settings: Settings = current_app.extensions["settings"]
    shop = queries.look(db.session)
    db.session.rollback()  # nothing is rendered or sent while the database is held
    due, answers_to = owed.values.get("due"), None
    if settings.mail_in and "reply" in owed.values and owed.channel == Channel.EMAIL:
        answers_to = addresses.of(settings.mail_in, *owed.values["reply"])
    values = {
        **dict.fromkeys(USUAL, ""),
        **owed.values,
        "due": datetime.fromisoformat(due) if due else None,
        "rows": [{**row, "due": datetime.fromisoformat(row["due"])} for row in owed.values.get("rows", ())],
        "collect": handing.code_of(owed.values["collect"]) if "collect" in owed.values else "",
        "since": date.fromisoformat(owed.values["since"]) if "since" in owed.values else None,
        "link": _link(settings.public_url.rstrip("/"), owed.values),
        "brief": owed.channel == Channel.WHATSAPP,
        "answerable": answers_to is not None,
        "lang": owed.language,
        "shop": shop,
        "brand_colour": readable(shop.colour, "#fffefb", 4.5),
    }
    g.language = owed.language
    with force_locale(owed.language):
        subject, text = render_template(f"emails/{owed.template}.txt", **values).split("\n", 1)
        html = None if values["brief"] else render_template(f"emails/{owed.template}.html", **values)
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    to = f"{owed.address.lstrip('+')}@{PHONE_DOMAIN}" if values["brief"] else owed.address
    thread = f"case-{owed.values['reply'][0].lower()}" if answers_to else None
    return Letter(owed.key, to, settings.mail_from, subject, text, html, owed.language, answers_to, thread)


def _link(base: str, values: dict[str, Any]) -> str | None:
    for name, (way, kind) in PAPER.items():
        if name in values:
            seed, token_hash = (bytes.fromhex(part) for part in values[name])
            return f"{base}/{way}/{links.token(kind, seed, token_hash)}"
    return base + values["path"] if "path" in values else None
