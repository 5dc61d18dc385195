"""Intake, lines with their stock, time, suppliers and loans in the workshop."""

from datetime import timedelta

import pytest

from portal.db import db
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case, CaseEvent
from portal.domain.parts import stock as shelf
from portal.domain.repairs import diagnosis, handing, intake, lines, loans, stock, times
from portal.domain.repairs.diagnosis import Diagnosis
from portal.domain.repairs.handing import Handing
from portal.domain.repairs.intake import WalkIn
from portal.domain.repairs.loans import Lending
from portal.domain.repairs.models import WorkOrder, WorkTime
from portal.domain.repairs.rules import Billing, LineKind, Place, Proof, S
from portal.domain.workflows.engine import Who
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from tests import factories, factories_parts
from tests.browser import Browser
from tests.factories_bench import go, line, order_of, taken_in


@pytest.fixture
def order(claim: Case, agent: Browser) -> WorkOrder:
    factories.decide(agent.actor, claim)
    return order_of(claim)


def test_an_item_is_taken_in_before_anything_is_decided(
    claim: Case, agent: Browser, technician: Browser
) -> None:
    order = taken_in(agent.actor, claim)
    assert (claim.state, order.state, order.shelf) == ("received", S.OPEN, "A1")
    go(technician.actor, order, S.DIAGNOSING, note="")
    assert claim.state == "inspecting"
    with pytest.raises(Refused, match="not decided"):
        go(technician.actor, order, S.IN_PROGRESS)
    factories.decide(agent.actor, claim)
    go(technician.actor, order, S.IN_PROGRESS)
    assert order_of(claim).id == order.id


def test_what_came_is_corrected_and_stays_on_the_timeline(order: WorkOrder, agent: Browser) -> None:
    told = intake.Intake("", "Baik", [" Remote ", "Remote", "", "Kabel"], "B2")
    for _again in range(2):
        intake.receive(agent.actor, order, told, photos=(), version=None, now=clock.now())
    assert order.accessories == ["Remote", "Kabel"]
    entries = db.session.query(CaseEvent).filter_by(case_id=order.case_id, event="taken_in").all()
    assert [entry.internal for entry in entries] == [False, True]


def test_nothing_is_repaired_in_other_cases(owner: Browser) -> None:
    other = factories.returned(owner.actor, owner.person, owner.purchase)
    with pytest.raises(Refused, match="Nothing is repaired"):
        taken_in(factories.SYSTEM, other)


def test_somebody_walks_in(agent: Browser, outlet: object, owner: Browser) -> None:
    told = WalkIn("Siti Rahma", owner.person.phone, "Kipas", "Berdengung")
    order = intake.walk_in(agent.actor, told, outlet, clock.now())  # type: ignore[arg-type]
    factories.settle()
    assert (order.case.customer_id, order.case.state, order.case.acts) == (
        owner.person.id,
        "fulfilling",
        Who.TECHNICIAN,
    )
    assert order.place == Place.SHOP and order.case.first_responded_at, "somebody stood face to face"
    with pytest.raises(Refused, match="another name") as refusal:
        intake.walk_in(agent.actor, WalkIn("Budi", owner.person.phone, "x", "y"), outlet, clock.now())  # type: ignore[arg-type]
    assert refusal.value.field == "phone"
    nobody = intake.walk_in(agent.actor, WalkIn("Tanpa Nomor", None, "x", "y"), outlet, clock.now())  # type: ignore[arg-type]
    assert nobody.case.customer_id != owner.person.id


def test_a_line_is_billed_as_the_coverage_says_unless_there_is_a_reason(
    order: WorkOrder, technician: Browser
) -> None:
    written = line(order)
    assert written.billing == Billing.WARRANTY
    with pytest.raises(Refused, match="coverage says otherwise"):
        lines.bill(technician.actor, written, Billing.BILLABLE, " ", version=None, now=clock.now())
    version = written.version
    lines.bill(technician.actor, written, Billing.BILLABLE, "Jatuh", version=version, now=clock.now())
    assert (written.billing, written.billing_reason) == (Billing.BILLABLE, "Jatuh")
    with pytest.raises(Stale):
        lines.bill(technician.actor, written, Billing.WARRANTY, "", version=version, now=clock.now())


def test_a_part_is_set_aside_used_and_released(order: WorkOrder, technician: Browser, outlet: object) -> None:
    unit = order.case.unit
    assert unit is not None
    part = factories_parts.part(unit.product, at=order.case.outlet, on_hand=2)
    other = factories_parts.part("Lain: XX-900")
    with pytest.raises(Refused, match="does not fit"):
        line(order, kind=LineKind.PART, part_id=other.id, minutes=None)
    first = line(order, kind=LineKind.PART, part_id=part.id, minutes=None)
    second = line(order, kind=LineKind.PART, part_id=part.id, minutes=None)
    assert shelf.available(part.id, order.case.outlet_id) == 0
    third = line(order, kind=LineKind.PART, part_id=part.id, minutes=None)
    assert set(stock.held(order)) == {first.id, second.id}
    assert [(row.part_id, row.pieces) for row in db.session.execute(stock.missing())] == [(part.id, 1)]
    go(technician.actor, order, S.DIAGNOSING, S.IN_PROGRESS)
    with pytest.raises(Refused, match="not in stock"):
        go(technician.actor, order, S.DONE)
    db.session.rollback()
    lines.remove(technician.actor, db.session.merge(third), clock.now())
    lines.remove(technician.actor, db.session.merge(second), clock.now())
    assert shelf.available(part.id, order.case.outlet_id) == 1
    go(technician.actor, order, S.DONE)
    assert set(stock.held(order).values()) == {"used"}
    with pytest.raises(Refused, match="work is done"):
        lines.remove(technician.actor, first, clock.now())
    with pytest.raises(Refused, match="work is done"):
        line(order)


def test_one_clock_for_each_person(
    order: WorkOrder, technician: Browser, agent: Browser, outlet: object
) -> None:
    now = clock.now()
    other = intake.walk_in(agent.actor, WalkIn("Ani", None, "Kipas", "Mati"), outlet, now)  # type: ignore[arg-type]
    first = times.start(technician.actor, order, now)
    assert times.start(technician.actor, order, now).id == first.id
    times.start(technician.actor, other, now + timedelta(minutes=9, seconds=1))
    assert (order.minutes, first.minutes) == (10, 10)
    assert db.session.query(WorkTime).filter_by(ended_at=None).count() == 1
    times.stop(technician.actor, order, now + timedelta(hours=1))  # not the one that runs
    times.add(technician.actor, order, 5, "", now)
    assert order.minutes == 15
    times.stop(technician.actor, other, now + timedelta(days=3))
    assert other.minutes == 720, "a clock that was forgotten"
    for minutes in (0, -1, 961, None):
        with pytest.raises(Refused):
            times.add(technician.actor, order, minutes, "", now)


def test_the_clock_stops_with_the_work(order: WorkOrder, technician: Browser) -> None:
    times.start(technician.actor, order, clock.now())
    go(technician.actor, order, S.DIAGNOSING, S.IN_PROGRESS, S.DONE)
    assert times.running(technician.person.id) is None


def test_a_loan_keeps_the_case_open(order: WorkOrder, technician: Browser, agent: Browser) -> None:
    today = clock.day_in("Asia/Jakarta", clock.now())
    out = loans.lend(agent.actor, order, Lending("TV 24", "S1", "Mulus", today), clock.now())
    with pytest.raises(Refused, match="not back yet"):
        loans.lend(agent.actor, order, Lending("TV 32", "", "", today), clock.now())
    go(technician.actor, order, S.DIAGNOSING, S.IN_PROGRESS, S.DONE)
    paper = Handing("Siti", Proof.PAPER)
    with pytest.raises(Refused, match="loaned unit"):
        handing.hand_over(agent.actor, order, paper, version=None, now=clock.now())
    with pytest.raises(Refused, match="lent is not back"):
        cases.move(agent.actor, order.case, E.HAND_OVER, clock.now())
    with pytest.raises(Refused, match="how it came back"):
        loans.take_back(agent.actor, out, " ", version=None, now=clock.now())
    for _again in range(2):
        loans.take_back(agent.actor, out, "Mulus", version=None, now=clock.now())
    assert handing.hand_over(agent.actor, order, paper, version=None, now=clock.now())
    factories.settle()
    assert (order.case.state, order.state) == ("closed", S.HANDED_OVER)


def test_what_was_found_before_is_proposed(
    order: WorkOrder, technician: Browser, owner: Browser, agent: Browser
) -> None:
    found = Diagnosis("Mati", "Kapasitor bocor", "Panas", "")
    diagnosis.write(technician.actor, order, found, version=None, now=clock.now())
    assert diagnosis.suggestions(order) == []
    unit = factories.units_of(
        factories.purchase(order.case.outlet, [(order.case.unit.product, 1)], buyer=owner.person)
    )[0]  # type: ignore[union-attr]
    again = factories.claim(owner.actor, unit)
    factories.decide(agent.actor, again)
    [proposed] = diagnosis.suggestions(order_of(again))
    assert (proposed.finding, proposed.cause, proposed.times) == ("Kapasitor bocor", "Panas", 1)
    with pytest.raises(Refused):
        diagnosis.write(
            technician.actor, order, Diagnosis("", "x", "", "nothing"), version=None, now=clock.now()
        )
