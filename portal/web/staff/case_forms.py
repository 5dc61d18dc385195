"""The forms of a case at the desk."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.domain.accounts.rules import Actor
from portal.domain.cases.actions import BODY_LIMIT
from portal.domain.claims.actions import Ruling
from portal.domain.claims.outcomes import OUTCOMES, Details
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.claims.verdicts import advised
from portal.domain.requests.actions import Ruling as Resolving
from portal.domain.requests.actions import open_outcomes
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.text import Message, _
from portal.web.fields import AtMost, FilesField, Form, MoneyField, Required
from portal.web.words import catalog, language, translate

# The buttons of moves that need no form of their own.
LABELS: dict[str, Message] = {
    E.REVIEW: _("Start reviewing"),
    E.REQUEST_ITEM: _("Ask for the item"),
    E.RECEIVE: _("The item is here"),
    E.INSPECT: _("Start inspecting"),
    E.RECONSIDER: _("Decide again"),
    E.READY: _("Ready to collect"),
    E.SHIP: _("Handed to the courier"),
    E.SETTLE: _("Done and handed over; close"),
    E.HAND_OVER: _("Collected by the customer"),
    E.DELIVER: _("Delivered"),
    E.CLOSE: _("Close the case"),
    E.FULFIL: _("Begin the work"),
    E.ORDER: _("Ordered from the supplier"),
    E.ARRIVE: _("It has arrived"),
    E.CLAIM: _("Claim sent to the courier"),
    E.HEAR: _("The courier has answered"),
}
# What a move is called in one kind.
OWN_LABELS: dict[str, dict[str, Message]] = {
    "part": {E.FULFIL: _("In stock: prepare it"), E.CLOSE: _("Not handed out; close")},
    "quality": {E.SETTLE: _("Put right; close")},
    "question": {E.REVIEW: _("Look for the answer")},
}
# Moves that a form of the kind's own makes.
OWN_FORMS: dict[str, set[str]] = {"return": {E.RECEIVE, E.FULFIL}, "damage": {E.CLAIM, E.HEAR}}
SETTLED: dict[str | None, Message] = {
    Outcome.REPAIR: _("Repaired and handed over; close"),
    Outcome.REPLACE: _("New unit handed over; close"),
    Outcome.REFUND: _("Money paid back; close"),
    Outcome.PART: _("Part handed over; close"),
}
PAYMENTS: dict[Payment, Message] = {
    Payment.FREE: _("Free for the customer"),
    Payment.PARTLY: _("Partly paid by the customer"),
    Payment.PAID: _("Paid by the customer"),
}
DIRECTIONS: dict[str, Message] = {
    Direction.TO_SHOP: _("From the customer to the shop"),
    Direction.TO_SUPPLIER: _("From the shop to the service centre"),
    Direction.FROM_SUPPLIER: _("From the service centre to the shop"),
    Direction.TO_CUSTOMER: _("From the shop to the customer"),
}
STATUSES: dict[str, Message] = {
    Status.LABEL_CREATED: _("Waybill made"),
    Status.PICKUP_SCHEDULED: _("Pick-up arranged"),
    Status.PICKED_UP: _("Picked up"),
    Status.IN_TRANSIT: _("On its way"),
    Status.OUT_FOR_DELIVERY: _("Out for delivery"),
    Status.AVAILABLE_FOR_PICKUP: _("Ready to collect at the courier"),
    Status.DELIVERED: _("Delivered"),
    Status.ATTEMPT_FAILED: _("Delivery failed"),
    Status.EXCEPTION: _("Problem on the way"),
    Status.RETURN_IN_TRANSIT: _("On its way back"),
    Status.RETURNED: _("Returned to the sender"),
    Status.CANCELLED: _("Cancelled"),
    Status.STALE: _("No news for days"),
}
REJECT = "reject"
OUTCOME_CHOICES: dict[str, Message] = {outcome.value: row.label for outcome, row in OUTCOMES.items()} | {
    REJECT: _("Reject")
}


def actions_for(
    kind: str, state: str, actor: Actor, *, outcome: str | None = None, money: bool = False
) -> list[tuple[str, Message]]:
    """(event, label) of the buttons for moves that this person may cause from here, in the table's order.

    What is decided has a form of its own. While `money` is owed nothing is collected or sent by courier.
    """
    table = KINDS[kind]
    labels = LABELS | {E.SETTLE: SETTLED.get(outcome, LABELS[E.SETTLE])} | OWN_LABELS.get(kind, {})
    barred = {found.event for found in open_outcomes(table, state).values()} | OWN_FORMS.get(kind, set())
    if money:
        labels[E.SETTLE] = SETTLED[Outcome.REFUND]
        barred |= {E.READY, E.SHIP}
    return [
        (event, labels[event])
        for event, move in table.events_from(state).items()
        if event in labels and event not in barred and actor.may(move.by)
    ]


def choices(table: dict[Any, Message]) -> dict[str, str]:
    return {str(value): translate(label) for value, label in table.items()}


class VersionedForm(Form):
    """A form that knows which version of the case it was made for."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


class MoveForm(VersionedForm):
    event = HiddenField(validators=[Required()])
    sentence = StringField(_("Sentence to the customer"), [AtMost(BODY_LIMIT)])


class ReplyForm(VersionedForm):
    kind = HiddenField(default="message")
    body = TextAreaField(_("Message"), [AtMost(BODY_LIMIT)])
    photos = FilesField(_("Photos, PDFs or videos"))


class DecisionForm(VersionedForm):
    outcome = RadioField(_("What is done?"), [Required(_("Choose what is done."))])
    payment = RadioField(_("Who pays?"), [Optional()])
    reason = TextAreaField(
        _("Reason, for the customer to read"),
        [Required(_("Give a reason; the customer reads it.")), AtMost(2000)],
    )
    clause = SelectField(_("Clause"), [Optional()], validate_choice=False)
    evidence = TextAreaField(_("Evidence"), [AtMost(2000)])
    alternative = TextAreaField(_("Paid alternative"), [AtMost(2000)])
    override_reason = TextAreaField(_("Why not as the coverage says?"), [AtMost(2000)])
    serial = StringField(_("Serial number of the new unit"), [AtMost(60)])
    amount = MoneyField(_("Amount paid back"), [Optional()])
    part = StringField(_("Which part"), [AtMost(200)])
    part_code = StringField(_("From the catalogue"), [AtMost(8)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        self.outcome.choices = choices(OUTCOME_CHOICES)
        self.payment.choices = choices(PAYMENTS)

    def ruling(self, part: str) -> Ruling:
        """`part` is what the chosen part of the catalogue is called, "" for one that is not in it."""
        rejected = self.outcome.data == REJECT
        return Ruling(
            payment=Payment.REJECTED if rejected else Payment(self.payment.data or Payment.FREE),
            outcome=None if rejected else Outcome(self.outcome.data),
            reason=self.reason.data or "",
            clause=int(self.clause.data) if (self.clause.data or "").isdecimal() else None,
            evidence=self.evidence.data or "",
            alternative=self.alternative.data or "",
            override_reason=self.override_reason.data or "",
            details=Details(self.serial.data or "", self.amount.data, part or self.part.data or ""),
        )


class ResolveForm(VersionedForm):
    """The decision in every kind but the warranty claim."""

    outcome = RadioField(_("What is done?"), [Required(_("Choose what is done."))], validate_choice=False)
    amount = MoneyField(_("Amount paid back"), [Optional()])
    reason = TextAreaField(
        _("What the customer reads"), [Required(_("Give a reason; the customer reads it.")), AtMost(2000)]
    )
    clause = StringField(_("Clause"), [AtMost(200)])
    evidence = TextAreaField(_("Evidence"), [AtMost(2000)])
    alternative = TextAreaField(_("What the customer can do instead"), [AtMost(2000)])

    def ruling(self) -> Resolving:
        return Resolving(
            self.outcome.data, self.reason.data or "", self.amount.data, self.clause.data or "",
            self.evidence.data or "", self.alternative.data or "",
        )  # fmt: skip


class BookForm(VersionedForm):
    agreed = DateTimeLocalField(_("When"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    promised = TextAreaField(_("Sentence to the customer"), [AtMost(BODY_LIMIT)])


class LegForm(VersionedForm):
    direction = SelectField(_("Direction"))
    courier = StringField(_("Courier"), [Required(_("Write the name of the courier.")), AtMost(40)])
    waybill = StringField(_("Waybill number"), [AtMost(60)])
    status = SelectField(_("Status"))
    at = DateTimeLocalField(_("When"), [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        self.direction.choices = choices(DIRECTIONS)
        self.status.choices = choices(STATUSES)

    def moment(self, zone: str, now: datetime) -> datetime:
        """When it happened, by the outlet's clock; now when nothing was written."""
        return now if self.at.data is None else self.at.data.replace(tzinfo=ZoneInfo(zone))


@lru_cache
def _offers(lang: str) -> dict[str, list[tuple[str, str]]]:
    """The choices of the empty forms, translated once a language."""
    say = catalog(lang).gettext
    tables: dict[str, dict[Any, Message]] = {
        "outcomes": OUTCOME_CHOICES,
        "payments": PAYMENTS,
        "directions": DIRECTIONS,
        "statuses": STATUSES,
    }
    return {name: [(str(k), say(label.id)) for k, label in table.items()] for name, table in tables.items()}


def proposals(file: Any) -> dict[str, Any]:
    """What the empty forms of a case file offer and propose; no form object is made before one is sent."""
    lang = language()
    best = advised(file.verdict) if file.verdict is not None else frozenset()
    layers = file.terms.layers if file.terms else ()
    back = file.head.state in (S.FULFILLING, S.READY, S.SHIPPED, S.DECIDED)
    return {
        "offers": _offers(lang),
        "proposed": next((p.value for p in PAYMENTS if p in best), ""),
        "clauses": [
            ("", _("None")),
            *((layer.clause, f"{layer.clause}. {layer.say('name', lang)}") for layer in layers),
        ],
        "proposed_direction": Direction.TO_CUSTOMER if back else Direction.TO_SHOP,
    }
