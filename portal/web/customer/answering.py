"""What the assistant answers: from the customer's own units and cases, else quoted from the help texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.catalog.models import Outlet, Product
from portal.domain.guidance import index, intents, queries, suggesting
from portal.domain.guidance.intents import Intent
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel.clock import day_in
from portal.kernel.text import Message, _
from portal.web import cover, words
from portal.web.help_words import ICONS
from portal.web.help_words import KINDS as TEXT_KINDS

SHOWN = 3  # texts in an answer
ITEMS = 5  # of the customer's own
OWNED = 60  # units among which a question names one

Item = dict[str, str]


def answer(actor: Actor | None, question: str, now: datetime) -> dict[str, Any]:
    """A turn of the talk: {question, say, items: [{title, text, path, note, icon, tone}], sure, kind}."""
    customer = actor if actor is not None and actor.is_customer else None
    asked = intents.intent(question)
    items: list[Item] = []
    if asked is Intent.COVER and customer:
        items = _covers(customer, question, now)
        say = (
            _("This is what the shop has on record for you:")
            if items
            else _("No item of yours is on record yet.")
        )
    elif asked is Intent.CASES and customer:
        items = _open_cases(customer)
        say = _("Your open cases:") if items else _("You have no open case.")
    if items or (customer and asked is Intent.CASES):
        return _turn(question, say, items, sure=True)
    if asked is not Intent.TEXT and customer is None:
        say = _("Sign in, and I answer this from your own receipts. What everybody may read:")
        return _turn(question, say, _texts(None, question, now)[0], sure=True)
    items, sure = _texts(customer, question, now)
    if sure:
        say = _("This is what our help pages say:")
    elif items:
        say = _("I am not sure. Perhaps one of these helps; a person at the shop knows more.")
    else:
        say = _("I do not know that. A person at the shop can answer.")
    return _turn(question, say, items, sure=sure, kind="" if sure else suggesting.kind_of(question))


def _turn(question: str, say: Message, items: list[Item], *, sure: bool, kind: str = "") -> dict[str, Any]:
    return {
        "question": question, "say": words.translate(say), "items": items, "sure": sure,
        "kind": kind,
    }  # fmt: skip


def _texts(actor: Actor | None, question: str, now: datetime) -> tuple[list[Item], bool]:
    """(what the help texts say, whether that surely is the answer)."""
    found = index.search(question, words.language(), now, reach=queries.reach_of(actor), limit=SHOWN)
    near = index.near(found)
    items = [
        {
            "title": text.title, "text": text.quotation, "path": text.path, "icon": ICONS[text.kind],
            "note": words.translate(TEXT_KINDS[text.kind]), "tone": "",
        }
        for text in near
    ]  # fmt: skip
    return items, bool(near) and near[0].share >= index.SURE


def _covers(actor: Actor, question: str, now: datetime) -> list[Item]:
    """Until when the items that the question names are covered; all of them when it names none."""
    found = (
        select(
            Unit.id, Unit.code, Unit.serial, Product.name, Product.brand, Product.category, Product.icon,
            Outlet.timezone, *units.TERMS,
        )
        .join(Product, Product.id == Unit.product_id)
        .join(Outlet, Outlet.id == Unit.outlet_id)
        .order_by(Unit.id.desc())
        .limit(OWNED)
    )  # fmt: skip
    rows = {row.id: row for row in db.session.execute(units.limit_to(actor, found))}
    meant = intents.named(
        question, {number: (row.name, row.brand, row.category) for number, row in rows.items()}
    )
    return [_cover(rows[number], now) for number in (meant or rows)][:ITEMS]


def _cover(row: Any, now: datetime) -> Item:
    terms = units.terms(*(getattr(row, column.key) for column in units.TERMS))
    today = day_in(row.timezone, now)
    mark = cover.mark(terms, today)
    layers = cover.layers(terms, today, words.language())
    return {
        "title": row.name, "path": f"/units/{row.code}", "note": words.translate(mark.line),
        "text": "; ".join(f"{layer.name}: {words.translate(layer.left)}" for layer in layers),
        "icon": row.icon, "tone": mark.tone,
    }  # fmt: skip


def _open_cases(actor: Actor) -> list[Item]:
    found = (
        select(Case.code, Case.kind, Case.state, Case.title, Case.title_en)
        .where(Case.on_desk)
        .order_by(Case.touched_at.desc(), Case.id.desc())
        .limit(ITEMS)
    )
    return [_case(row) for row in db.session.execute(cases.limit_to(actor, found))]


def _case(row: Any) -> Item:
    state = KINDS[row.kind].states[row.state]
    return {
        "title": (words.language() == "en" and row.title_en) or row.title, "path": f"/cases/{row.code}",
        "note": words.translate(state.customer), "text": words.translate(state.customer_next),
        "icon": KINDS[row.kind].icon, "tone": state.tone,
    }  # fmt: skip
