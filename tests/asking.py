"""Answers to every kind's questions, for tests that ask the shop for something."""

from datetime import date
from typing import Any

from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.cases.models import Case
from portal.domain.purchases.models import Purchase
from portal.domain.requests import actions as requests
from portal.domain.requests.actions import Ruling, Subject
from portal.domain.units.models import Unit
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from tests import factories

ANSWERS: dict[str, dict[str, Any]] = {
    "question": {"story": "Bagaimana menyambungkan remote?", "way": "message"},
    "quality": {"fault": "taste", "wish": "redo"},
    "damage": {"peril": "damaged", "arrived": date(2024, 3, 1), "story": "Kardus penyok."},
    "service": {"service": "other", "story": "Ganti kaki meja.", "where": "shop"},
    "part": {"part": "Karet pintu", "pieces": 1, "way": "collect"},
    "privacy": {"right": "access"},
}
ON_RECEIPT = ("quality", "damage")


def ask(
    actor: Actor, person: Customer, kind: str, unit: Unit | None, purchase: Purchase, **answers: Any
) -> Case:
    """A case of a kind, sent by its customer, or by staff for them."""
    subject = Subject(purchase=purchase) if kind in ON_RECEIPT else Subject(unit)
    if kind == "privacy":
        subject = Subject(outlet=purchase.outlet)
    case = requests.ask(actor, person, kind, subject, ANSWERS[kind] | answers, now=clock.now())
    factories.settle()
    return case


def ruling(kind: str, name: str, **fields: Any) -> Ruling:
    """A decision with all that it needs."""
    outcome = KINDS[kind].outcomes[name]
    values: dict[str, Any] = {"reason": "Begini keputusannya."}
    if outcome.money:
        values["amount"] = 20_000
    if outcome.refuses:
        values |= {"evidence": "Foto nomor 1.", "alternative": "Servis berbayar Rp50.000."}
    return Ruling(name, **(values | fields))
