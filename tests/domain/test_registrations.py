"""Units bought elsewhere: sent, rejected with a reason, corrected, approved."""

from datetime import timedelta
from typing import Any

import pytest

from portal.db import db
from portal.domain.catalog.models import Outlet, Product
from portal.domain.units import actions as units
from portal.domain.units import queries
from portal.domain.units.models import Unit, UnitEvent
from portal.domain.units.rules import MOVES, Registration
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories
from tests.browser import Browser


@pytest.fixture
def waiting(stranger: Browser, product: Product, outlet: Outlet) -> Unit:
    return factories.registration(stranger.actor, product, outlet, serial="ab 12")


def decide(who: Browser, unit: Unit, approve: bool, reason: str = "") -> None:
    units.decide_registration(
        who.actor, unit, approve=approve, reason=reason, version=unit.version, now=clock.now()
    )
    factories.settle()


def again(who: Browser, unit: Unit, **changes: Any) -> None:
    values = {
        "serial": "CD34",
        "bought_on": unit.bought_on,
        "bought_at_shop": "Toko",
        "photos": [factories.photo(who.actor)],
    }
    units.resend(who.actor, unit, **{**values, **changes}, now=clock.now())
    factories.settle()


def test_sent_rejected_sent_again_approved(waiting: Unit, stranger: Browser, agent: Browser) -> None:
    assert (waiting.registration, waiting.serial) == (Registration.PENDING, "AB12")
    decide(agent, waiting, False, "Foto buram")
    assert (waiting.registration, waiting.reason) == (Registration.REJECTED, "Foto buram")
    again(stranger, waiting)
    assert (waiting.registration, waiting.serial, waiting.reason) == (Registration.PENDING, "CD34", "")
    decide(agent, waiting, True)
    assert waiting.registration == Registration.VALID
    assert queries.card_token(waiting.id)
    assert [e.event for e in db.session.query(UnitEvent).order_by(UnitEvent.id)] == [
        "send",
        "reject",
        "resend",
        "approve",
    ]


def test_a_rejection_says_why(waiting: Unit, agent: Browser) -> None:
    with pytest.raises(Refused) as refusal:
        decide(agent, waiting, False, "  ")
    assert refusal.value.field == "reason"


def test_it_is_decided_once(waiting: Unit, agent: Browser) -> None:
    decide(agent, waiting, True)
    with pytest.raises(Refused):
        decide(agent, waiting, False, "x")
    with pytest.raises(Stale):
        units.decide_registration(agent.actor, waiting, approve=True, reason="", version=1, now=clock.now())


def test_only_the_table_moves_a_registration() -> None:
    assert set(MOVES.values()) == set(Registration)
    void = {after for (state, _event), after in MOVES.items() if state is Registration.VOID}
    assert void == {Registration.RETURNED}, "what is void stays void, or goes back to the shop"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"serial": " "}, "serial"), ({"photos": []}, "photos"), ({"days": 2}, "bought_on")],
)
def test_what_a_registration_needs(
    stranger: Browser, product: Product, outlet: Outlet, wrong: dict[str, Any], field: str
) -> None:
    tomorrow = clock.now().date() + timedelta(days=wrong.pop("days", -10))
    values = {"serial": "S1", "bought_on": tomorrow, "bought_at_shop": "", "photos": ["P"], **wrong}
    with pytest.raises(Refused) as refusal:
        units.register(stranger.actor, product, outlet, **values, now=clock.now())
    assert refusal.value.field == field


def test_a_serial_is_somebodys(owner: Browser, stranger: Browser, product: Product, outlet: Outlet) -> None:
    serial = owner.unit.serial.lower()
    with pytest.raises(Refused) as refusal:
        factories.registration(stranger.actor, product, outlet, serial=f" {serial} ")
    assert refusal.value.field == "serial"
    other = factories.product()
    assert factories.registration(stranger.actor, other, outlet, serial=serial).serial == owner.unit.serial


def test_a_rejected_serial_is_free_again(
    waiting: Unit, stranger: Browser, owner: Browser, agent: Browser, product: Product, outlet: Outlet
) -> None:
    decide(agent, waiting, False, "Bukan milik Anda")
    taken = factories.registration(owner.actor, product, outlet, serial="AB12")
    with pytest.raises(Refused) as refusal:
        again(stranger, waiting, serial="AB12")
    assert refusal.value.field == "serial"
    db.session.rollback()
    assert (waiting.registration, taken.registration) == (Registration.REJECTED, Registration.PENDING)
    again(stranger, waiting, serial="ZZ99")
    assert waiting.registration == Registration.PENDING
