"""What people bring to the counters of the example shops, and how far the workshop has come with it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.demo import files, people
from portal.demo.acts import HOUR, HOUR_COST
from portal.demo.album import Album
from portal.domain import reactions
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Actor
from portal.domain.catalog.models import Outlet
from portal.domain.estimates import actions as estimates
from portal.domain.estimates.models import Estimate
from portal.domain.estimates.rules import How, S
from portal.domain.repairs import actions, diagnosis, intake, lines, loans, sending, settings, times, watching
from portal.domain.repairs.diagnosis import Diagnosis
from portal.domain.repairs.intake import Intake, WalkIn
from portal.domain.repairs.lines import NewLine
from portal.domain.repairs.loans import Lending
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.money import labour_price
from portal.domain.repairs.rules import Billing, LineKind
from portal.domain.repairs.sending import Sending
from portal.domain.suppliers.models import Supplier
from portal.kernel.clock import day_in
from portal.kernel.codes import drawn_from

Team = Mapping[tuple[str, str], Any]
LISTS = {
    "Laptop": ["Pengisi daya", "Tas", "Tetikus", "Kardus"],
    "Televisi": ["Remote", "Kabel daya", "Kaki", "Braket", "Kardus"],
    "Ponsel": ["Pengisi daya", "Kotak", "Kartu SIM (dikembalikan)", "Pelindung"],
}


def open_bench(team: Team, outlets: Mapping[str, Outlet], album: Album, now: datetime) -> None:
    """The settings, then every job of workshop.toml; those who did not collect are reminded."""
    with drawn_from(files.chance("workshop codes")):
        manager = people.actor(team["JKT", "manager"])
        settings.save(
            manager, settings.load().remind_days, version=None, hour_price=HOUR, hour_cost=HOUR_COST
        )
        for category, names in LISTS.items():
            settings.save_list(manager, category, names)
        for row in files.read("workshop")["job"]:
            _job(row, outlets[row["outlet"]], team, album, now)
        while watching.remind(now) or estimates.expire(now):
            reactions.settle(now)
        reactions.settle(now)


def _job(row: dict[str, Any], outlet: Outlet, team: Team, album: Album, now: datetime) -> None:
    agent = people.actor(team.get((outlet.code, "agent")) or team["JKT", "agent"])
    at = min(now - timedelta(days=row["days"], hours=3), now - timedelta(minutes=50))
    name, phone = (row["name"], row["phone"]) if "name" in row else _first()
    told = WalkIn(name, phone, row["thing"], row["story"])
    order = intake.walk_in(agent, told, outlet, at)
    reactions.settle(at)
    taken = Intake(row["story"], row["condition"], row["with"], row["shelf"])
    photos = [album.add(agent, row["photo"], at)] if "photo" in row else []
    intake.receive(agent, order, taken, photos=photos, version=None, now=at + timedelta(minutes=4))
    hand = people.actor(team.get((outlet.code, "technician")) or team["JKT", "technician"])
    for n, step in enumerate(row["do"]):
        later = min(at + timedelta(hours=2 + 3 * n), now - timedelta(minutes=40 - n))
        if step[0] == "send":
            later = now - timedelta(days=step[2])
        _take(step, order, hand, agent, later, now)
        reactions.settle(later)


def _take(step: list[Any], order: WorkOrder, hand: Actor, agent: Actor, at: datetime, now: datetime) -> None:
    today = day_in(order.case.outlet.timezone, now)
    match step:
        case ["found", *told]:
            diagnosis.write(hand, order, _known(Diagnosis(*told), order), version=None, now=at)
        case ["labour", text, minutes]:
            price = labour_price(HOUR, minutes)
            lines.add(hand, order, NewLine(LineKind.LABOUR, text, price, minutes=minutes), at)
        case ["part", text, price]:
            lines.add(hand, order, NewLine(LineKind.PART, text, price, cost=price * 7 // 10), at)
        case ["fee", text, price, billing, reason]:
            new = NewLine(LineKind.FEE, text, price, billing=Billing(billing), reason=reason)
            lines.add(hand, order, new, at)
        case ["time", minutes]:
            times.add(hand, order, minutes, "", at)
        case ["lend", product, serial, days]:
            lending = Lending(
                product, serial, "Mulus, dengan pengisi daya.", max(_day(today, days), at.date())
            )
            loan = loans.lend(agent, order, lending, at)
            loan.due_on = _day(today, days)
        case ["send", reference, ago, late]:
            supplier = db.session.scalars(select(Supplier.id).order_by(Supplier.id)).first()
            gone, due = _day(today, -ago), _day(today, -late)
            away = Sending(supplier, reference, gone, due, pays=False)
            sending.send(hand, order, away, version=None, now=at)
        case ["quote", fee, note, *left_out]:
            until = _day(day_in(order.case.outlet.timezone, at), 7)
            optional = [line.id for line in lines.of_order(order.id) if line.description in left_out]
            estimates.send(
                agent, order, until=until, fee=fee, note=note, optional=optional, version=None, now=at
            )
        case ["agree"]:
            estimates.approve(agent, _asked(order), (), how=How.COUNTER, by=order.case.customer.name, now=at)
        case ["decline", reason]:
            owner = people.actor(order.case.customer)
            estimates.decline(owner, _asked(order), reason, how=How.PORTAL, by=owner.name, now=at)
        case [to, *note]:
            actions.move(hand, order, to, note="".join(note), now=at)


def _asked(order: WorkOrder) -> Estimate:
    return estimates.versions(order.id, S.SENT)[-1]


def _first() -> tuple[str, str | None]:
    """Name and phone of the customer as whom `make demo` invites to sign in."""
    customer = db.session.scalars(select(Customer).where(Customer.email == people.FIRST[1])).one()
    return customer.name, customer.phone


def _known(found: Diagnosis, order: WorkOrder) -> Diagnosis:
    """With a component only when the catalogue knows it."""
    known = found.component if found.component in diagnosis.components(order) else ""
    return Diagnosis(found.symptom, found.finding, found.cause, known)


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)
