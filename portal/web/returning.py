"""Asking for a return, for customers and staff: three steps that live in the address, so nothing is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import request
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import clocks
from portal.domain.cases.actions import BODY_LIMIT
from portal.domain.catalog.models import Outlet
from portal.domain.returns import queries, settling
from portal.domain.returns.actions import NOTE, RETURN, Asked
from portal.domain.returns.queries import Sold
from portal.domain.returns.rules import CONDITIONS, REASONS, WISHES, Condition, Reason, Wish, share
from portal.domain.returns.settling import Sums
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web.fields import AtMost, FilesField, Form, NumberField
from portal.web.render import page, refuse
from portal.web.words import moment, money, translate

RECEIPTS = 12  # in one return
SHOWN = 40  # receipts to choose from


@dataclass(frozen=True)
class Part:
    """A chosen line with what was paid for its pieces and what the new goods cost, in minor units."""

    line: Sold
    asked: Asked
    worth: int
    product: Any
    price: int

    @property
    def difference(self) -> int:
        return self.price - self.worth


class Wanted:
    """What stands in the address, and in the form that sends it, of the receipts of one customer."""

    def __init__(self, actor: Actor, customer_id: int, now: datetime):
        self.actor, self.customer_id, self.now = actor, customer_id, now
        self.codes = [code for code in request.values.getlist("receipt") if code.isalnum()][:RECEIPTS]
        self.lines = queries.sold_on(actor, customer_id, self.codes, now) if self.codes else []

    @cached_property
    def pieces(self) -> Form:
        """How many pieces of each line."""
        fields = {f"pieces-{line.key}": NumberField(line.row.description) for line in self.lines}
        return _make(fields)

    @cached_property
    def chosen(self) -> list[Sold]:
        return [line for line in self.lines if (self.pieces[f"pieces-{line.key}"].data or 0) > 0]

    @cached_property
    def offers(self) -> dict[str, list[Any]]:
        return queries.offers(self.chosen)

    @cached_property
    def wishes(self) -> Form:
        """Why, in what state, and what for, of each chosen line; then the words and photos for all."""
        fields: dict[str, Any] = {
            "story": TextAreaField(_("Anything else the shop should know?"), [AtMost(BODY_LIMIT)]),
            "photos": FilesField(_("Photos or a video")),
        }
        for line in self.chosen:
            fields |= _fields(line, self.offers[line.key])
        return _make(fields)

    def check_pieces(self) -> bool:
        """What is wrong with the numbers stands beside them."""
        self.pieces.validate()
        for line in self.lines:
            field = self.pieces[f"pieces-{line.key}"]
            if not field.errors and not 0 <= (field.data or 0) <= line.left:
                said = _("Of this, %(count)s can still come back.", count=line.left)
                field.errors = [translate(said)]
        if not self.pieces.errors and not self.chosen:
            self.pieces.form_errors.append(translate(_("Choose what you want to return.")))
        return not self.pieces.errors

    def check_wishes(self) -> bool:
        form = self.wishes
        form.validate()
        for line in self.chosen:
            wants = form[f"wish-{line.key}"]
            product = form[f"product-{line.key}"]
            offered = {row.sku for row in self.offers[line.key]}
            if wants.data == Wish.EXCHANGE and product.data not in offered:
                product.errors = [translate(_("Choose what you want instead."))]
        return not form.errors

    @cached_property
    def parts(self) -> list[Part]:
        """The chosen lines, once the wishes are whole."""
        return [self._part(line) for line in self.chosen]

    @property
    def asked(self) -> list[Asked]:
        return [part.asked for part in self.parts]

    @property
    def sums(self) -> Sums:
        return settling.sums([(part.asked.wish, part.worth, part.price) for part in self.parts])

    def _part(self, line: Sold) -> Part:
        form, key = self.wishes, line.key
        wish = Wish(form[f"wish-{key}"].data)
        sku = form[f"product-{key}"].data if wish is Wish.EXCHANGE else None
        product = next((row for row in self.offers[key] if row.sku == sku), None)
        asked = Asked(
            key, line.row.id, self.pieces[f"pieces-{key}"].data or 0, Reason(form[f"reason-{key}"].data),
            Condition(form[f"condition-{key}"].data), wish, product.id if product else None,
            form[f"note-{key}"].data or "",
        )  # fmt: skip
        worth = share(line.row.amount, line.row.quantity, line.before, asked.pieces)
        return Part(line, asked, worth, product, product.price * asked.pieces if product else 0)


@dataclass(frozen=True)
class Place:
    """Where the steps are walked; `adds` when they lead into a case that is there already."""

    action: str
    back: str
    nav: str
    adds: bool = False


def step(wanted: Wanted, place: Place) -> Response:
    """The step that the address has come to; one that is not whole shows what is missing."""
    asked = request.args.get("step", "")
    if not wanted.lines or asked == "receipts":
        return _choose(wanted, place)
    if asked in ("wishes", "review"):
        if not wanted.check_pieces():
            return _page("lines", wanted, place, 422)
        if asked == "wishes" or wanted.check_wishes():
            return _page(asked, wanted, place)
        return _page("wishes", wanted, place, 422)
    return _page("lines", wanted, place)


def finish(wanted: Wanted, place: Place, act: Callable[[], Response]) -> Response:
    """Do it when every step is whole; else the first one that is not."""
    if not wanted.check_pieces():
        return _page("lines", wanted, place, 422) if wanted.lines else _choose(wanted, place)
    if not wanted.check_wishes():
        last = set(wanted.wishes.errors) <= {"story", "photos"}
        return _page("review" if last else "wishes", wanted, place, 422)
    try:
        return act()
    except Refused as refusal:
        db.session.rollback()
        anew = Wanted(wanted.actor, wanted.customer_id, wanted.now)
        refuse(anew.pieces, refusal)
        return _page("lines", anew, place, 422)


def _choose(wanted: Wanted, place: Place) -> Response:
    return page(
        "ask/return/receipts.html", nav_current=place.nav, place=place, chosen=wanted.codes,
        receipts=queries.receipts(wanted.actor, wanted.customer_id, SHOWN),
    )  # fmt: skip


def _page(name: str, wanted: Wanted, place: Place, status: int = 200) -> Response:
    promise = None
    if name == "review" and not place.adds:
        outlet = db.session.get_one(Outlet, wanted.chosen[0].row.outlet_id)
        promise = moment(clocks.first_answer_by(RETURN, outlet, wanted.now), outlet.timezone)
    return page(
        f"ask/return/{name}.html", status=status, nav_current=place.nav, place=place, wanted=wanted,
        promise=promise, reasons=REASONS, conditions=CONDITIONS, wishes=WISHES,
    )  # fmt: skip


def _make(fields: dict[str, Any]) -> Form:
    made: Form = type("ReturnForm", (Form,), fields)(formdata=request.values)
    return made


def _fields(line: Sold, offers: Sequence[Any]) -> dict[str, Any]:
    wishes = {wish: said for wish, said in WISHES.items() if offers or wish is not Wish.EXCHANGE}
    each = line.row.amount // line.row.quantity
    choices = _none() | {
        row.sku: f"{row.name} · {_price(row.price, each, line.row.currency)}" for row in offers
    }
    return {
        f"reason-{line.key}": SelectField(_("Why?"), choices=_none() | _choices(REASONS)),
        f"condition-{line.key}": SelectField(
            _("What state is it in?"), choices=_none() | _choices(CONDITIONS)
        ),
        f"wish-{line.key}": RadioField(_("What would you like?"), choices=_choices(wishes)),
        f"product-{line.key}": SelectField(_("Instead of it"), choices=choices, validate_choice=False),
        f"note-{line.key}": StringField(_("More about it"), [AtMost(NOTE)]),
    }


def _price(price: int, each: int, currency: str) -> str:
    """What another product costs, and how much that is more or less than what was paid for a piece."""
    more = price - each
    sign = "+" if more > 0 else "−"
    return money(price, currency) + (f" ({sign}{money(abs(more), currency)})" if more else "")


def _none() -> dict[str, str]:
    return {"": translate(_("Choose …"))}


def _choices(table: dict[Any, Message]) -> dict[str, str]:
    return {str(value): translate(said) for value, said in table.items()}
