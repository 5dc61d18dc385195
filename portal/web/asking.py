"""The guided form of a kind of case, made from its questions: for customers and, in their name, for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField, TextAreaField

from portal.db import db
from portal.domain.accounts.rules import Actor
from portal.domain.cases import clocks
from portal.domain.catalog.models import Outlet, Product
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind
from portal.domain.requests import queries as requests
from portal.domain.requests.actions import Subject
from portal.domain.requests.answers import OTHER, is_asked, problems
from portal.domain.requests.models import Service
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.engine import About, Ask, Kind, Question
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.text import Message, _
from portal.web import words
from portal.web.fields import DayField, Form, MoneyField, NumberField, PhoneField, PhotosField
from portal.web.load import one_or_404
from portal.web.render import page

SHOWN = 40  # items or receipts to choose from
STEPS_TRIED = 20  # of the troubleshooting before
FIELDS: dict[Ask, Any] = {
    Ask.TEXT: StringField,
    Ask.STORY: TextAreaField,
    Ask.PHOTOS: PhotosField,
    Ask.DAY: DayField,
    Ask.NUMBER: NumberField,
    Ask.MONEY: MoneyField,
    Ask.PHONE: PhoneField,
}
# Which items can be chosen: a claim needs a warranty, a question does not.
HELD: dict[About, tuple[Registration, ...]] = {
    About.UNIT: (Registration.VALID,),
    About.ANYTHING: (Registration.VALID, Registration.VOID, Registration.PENDING),
}
PREFILLED = (Ask.TEXT, Ask.CHOICE)  # what a link may bring along
ON_RECEIPTS = (About.LINES, About.PARCEL)
Named = Mapping[str, tuple[str, str]]  # choice: its name in Indonesian and English


@dataclass
class Asking:
    """What is asked in one form. `named` are choices that the shop itself has named, `hints` what is said
    beside them."""

    kind: Kind
    subject: Subject
    questions: Sequence[Question]
    named: Named = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def form(self) -> Form:
        """The form as it was sent; empty before that."""
        fields = {question.name: self._field(question) for question in self.questions}
        open_to_links = [question.name for question in self.questions if question.ask in PREFILLED]
        given = {name: request.args[name] for name in open_to_links if name in request.args}
        made: Form = type("AskForm", (Form,), fields)(data=given)
        for question in self.questions:
            if question.ask is Ask.CHOICE:
                made[question.name].choices = [
                    (code, self._name(code, said)) for code, said in question.choices.items()
                ]
        return made

    @property
    def answers(self) -> dict[str, Any]:
        return {q.name: self.form[q.name].data for q in self.questions if q.ask is not Ask.PHOTOS}

    @property
    def photos(self) -> list[str]:
        return self.form["photos"].data or [] if "photos" in self.form else []

    @property
    def title(self) -> tuple[str, str]:
        """What lists call the case, in Indonesian and English: the first answer, unless it is a story."""
        first = self.questions[0]
        answer = self.form[first.name].data or ""
        if first.ask is Ask.CHOICE and answer in first.choices:
            said = first.choices[answer].id
            return self.named.get(answer) or (
                words.catalog("id").gettext(said), words.catalog("en").gettext(said),
            )  # fmt: skip
        return (answer, "") if first.ask is Ask.TEXT else ("", "")

    @property
    def promise(self) -> datetime:
        """Until when the shop answers what is sent now."""
        return clocks.first_answer_by(self.kind.name, self.subject.place, clock.now())

    def validate(self) -> bool:
        """Everything that is wrong stands beside its question; what was not asked counts for nothing."""
        self.form.validate()
        today = day_in(self.subject.place.timezone, clock.now())
        found = problems(self.questions, self.answers, today)
        for question in self.questions:
            entry = self.form[question.name]
            if not is_asked(question, self.answers):
                entry.errors = []
            elif question.name in found and not entry.errors:
                entry.errors = [words.translate(found[question.name])]
        return not self.form.errors

    def _field(self, question: Question) -> Any:
        if question.ask is not Ask.CHOICE:
            return FIELDS[question.ask](question.label)
        return RadioField(question.label, validate_choice=False)

    def _name(self, code: str, said: Message) -> str:
        if code not in self.named:
            return words.translate(said)
        indonesian, english = self.named[code]
        return (words.language() == "en" and english) or indonesian


def asking(kind: Kind, subject: Subject) -> Asking:
    """The questions of a kind about a subject, with the price list where it is asked for."""
    questions, services = requests.questions(kind, subject.place)
    return Asking(kind, subject, questions, *listed(services, subject.place))


def listed(services: Sequence[Service], outlet: Outlet) -> tuple[Named, dict[str, str]]:
    """(names, prices) of the lines of the price list, by their codes."""
    prices = {s.code: words.translate(price(s.price, s.days, outlet.currency)) for s in services}
    unlisted = {OTHER: words.translate(_("The shop tells you the price before it begins."))}
    return {s.code: (s.name_id, s.name_en) for s in services}, prices | unlisted


def price(amount: int | None, days: int | None, currency: str) -> Message:
    """What a service costs and how long it takes, in one line."""
    said: Message | str = words.money(amount, currency) if amount is not None else _("price after a look")
    if days is None:
        return _("%(price)s", price=said)
    if days == 0:
        return _("%(price)s, while you wait", price=said)
    return _("%(price)s, ready in %(days)s days", price=said, days=days)


def tried() -> list[tuple[str, str]]:
    """What was tried in the troubleshooting before, told as "question, tab, answer"."""
    steps = [text[:400].partition("\t") for text in request.values.getlist("tried")[:STEPS_TRIED]]
    return [(question, answer) for question, _tab, answer in steps if answer]


def subject_of(actor: Actor, customer_id: int, kind: Kind) -> Subject | None:
    """What the address says that it is about; None while that has to be chosen. Raises NotFound.

    Not every question is about an item: `?about=none` says so.
    """
    code, receipt = request.args.get("unit", ""), request.args.get("receipt", "")
    if code:
        found = units.visible_to(actor).where(Unit.code == code, Unit.holder_id == customer_id)
        unit: Unit = one_or_404(found.options(joinedload(Unit.product), joinedload(Unit.outlet)))
        return None if kind.about in ON_RECEIPTS and unit.purchase is None else Subject(unit, unit.purchase)
    if receipt and kind.about is not About.UNIT:
        mine = purchases.visible_to(actor).where(
            Purchase.code == receipt, Purchase.customer_id == customer_id
        )
        return Subject(purchase=one_or_404(mine.options(joinedload(Purchase.outlet))))
    if kind.about is About.PERSON or (kind.about is About.ANYTHING and "about" in request.args):
        outlet = requests.usual_outlet(customer_id)
        if outlet is None:
            raise NotFound
        return Subject(outlet=outlet)
    return None


def choose(actor: Actor, customer_id: int, kind: Kind, way: str, **values: Any) -> Response:
    """What is it about? `way` is where that leads, or begins with it where {unit} or {receipt} is missing."""
    by_receipt = kind.about in ON_RECEIPTS
    name = "receipt" if by_receipt else "unit"
    place = f"{{{name}}}"
    before, _place, after = (way if place in way else f"{way}?{name}={place}").partition(place)
    rows = _receipts(actor, customer_id) if by_receipt else _items(actor, customer_id, HELD[kind.about])
    return page(
        "ask/choose.html", kind=kind, rows=rows, by_receipt=by_receipt, before=before, after=after, way=way,
        **values,
    )  # fmt: skip


def _items(actor: Actor, customer_id: int, held: Sequence[Registration]) -> list[Any]:
    found = (
        select(Unit.code, Unit.serial, Unit.bought_on, Product.name, Product.icon)
        .join(Product, Product.id == Unit.product_id)
        .where(Unit.holder_id == customer_id, Unit.registration.in_(held))
        .order_by(Unit.id.desc())
        .limit(SHOWN)
    )
    return list(db.session.execute(units.limit_to(actor, found)))


def _receipts(actor: Actor, customer_id: int) -> list[Any]:
    found = (
        select(
            Purchase.code, Purchase.number, Purchase.bought_at, Purchase.total, Purchase.currency,
            Outlet.name, Outlet.timezone,
        )
        .join(Outlet, Outlet.id == Purchase.outlet_id)
        .where(
            Purchase.customer_id == customer_id, Purchase.kind == PurchaseKind.SALE,
            Purchase.cancelled_at.is_(None),
        )
        .order_by(Purchase.bought_at.desc(), Purchase.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    return list(db.session.execute(purchases.limit_to(actor, found)))


def show(asked: Asking, status: int = 200, **values: Any) -> Response:
    """The form; its button leads back to the same address, with what it is about."""
    return page(
        "ask/form.html", status=status, asked=asked, kind=asked.kind, form=asked.form, subject=asked.subject,
        query=request.query_string.decode(), tried=tried(), **values,
    )  # fmt: skip
