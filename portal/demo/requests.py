"""The price list of services, and cases of every kind, led by the domain's own actions."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.demo import clocks, files, people
from portal.demo.album import Album
from portal.domain import reactions
from portal.domain.accounts.models import Customer, Staff
from portal.domain.cases import actions as cases
from portal.domain.cases import watch
from portal.domain.cases.models import Case
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims import actions as claims
from portal.domain.purchases.models import Purchase
from portal.domain.purchases.rules import PurchaseKind
from portal.domain.repairs import actions as repairs
from portal.domain.repairs.models import WorkOrder
from portal.domain.requests import actions as requests
from portal.domain.requests import refiling
from portal.domain.requests.actions import Ruling, Subject
from portal.domain.requests.models import Service
from portal.domain.units.models import Unit
from portal.domain.units.rules import Registration
from portal.domain.workflows.vocabulary import E, S
from portal.kernel.codes import drawn_from

Team = dict[tuple[str, str], Staff]
LONGEST = timedelta(days=3)  # from asking to the end
SPELL = timedelta(minutes=20)  # at most, between two steps and after the last


def come(
    outlets: dict[str, Outlet], homes: dict[str, list[Customer]], team: Team, album: Album, now: datetime
) -> None:
    """Make the price list, then open each case and lead it to where its author left it."""
    told = files.read("requests")
    for row in told["service"]:
        name, english = row.pop("name")
        db.session.add(Service(name_id=name, name_en=english, **row))
    db.session.flush()
    for n, row in enumerate(told["case"]):
        _Wish(row, n, outlets[row["outlet"]], homes[row["outlet"]], team, album).run(now)


class _Wish:
    """One case: who asks, about what, and who answers."""

    case: Case

    def __init__(
        self, told: dict[str, Any], n: int, outlet: Outlet, home: list[Customer], team: Team, album: Album
    ):
        self.told, self.outlet, self.album = told, outlet, album
        known = [person for person in home if person.email and person.language == "id"]
        self.customer, self.subject = self._who(known[n * 3 % len(known) :] + known)
        self.agent = team.get((outlet.code, "agent")) or team["JKT", "agent"]
        self.manager = team.get((outlet.code, "manager")) or team["JKT", "manager"]

    def run(self, now: datetime) -> None:
        sent = now - timedelta(days=self.told["days"])
        me = people.actor(self.customer)
        photos = [self.album.add(me, "receipt", sent) for _n in range(self.told.get("photos", 0))]
        answers = dict(self.told["answers"])
        if answers.get("peril") == "damaged":
            answers["arrived"] = sent.date() - timedelta(days=1)
        self.case = requests.ask(
            me, self.customer, self.told["kind"], self.subject, answers, title=tuple(self.told["title"]),
            photos=photos, tried=self.told.get("tried", ()), now=sent,
        )  # fmt: skip
        reactions.settle(sent)
        steps = self.told["do"]
        over = self.told.get("over", False)
        end = min(sent + LONGEST, now) if over else now - timedelta(minutes=10)
        for k, step in enumerate(steps, 1):
            at = sent + (end - sent) * (k / (len(steps) + 1))
            if not over:
                at = clocks.in_time(self.outlet, at, end, SPELL * (len(steps) - k + 1))
            watch.ring(at)
            self.take(step, at, now)
            begins = step == ["move", E.FULFIL] and self.told["kind"] == "service"
            with drawn_from(files.chance(f"work order {self.case.code}")) if begins else nullcontext():
                reactions.settle(at)  # a work order draws its code from a source of its own

    def take(self, step: list[Any], at: datetime, now: datetime) -> None:
        agent, me, case = people.actor(self.agent), people.actor(self.customer), self.case
        match step:
            case ["assign"]:
                cases.assign(agent, case, self.agent.id, self.agent.name, at)
            case ["ask", text]:
                cases.move(agent, case, E.ASK, at, body=text)
            case ["solve", text]:
                cases.move(agent, case, E.SOLVE, at, body=text)
            case ["confirm"]:
                cases.move(me, case, E.CONFIRM, at)
            case ["book", text]:
                requests.book(agent, case, now + timedelta(days=2), text, at)
            case ["decide", outcome, text, *amount]:
                ruling = Ruling(outcome, text, amount[0] if amount else None)
                requests.decide(agent, case, ruling, version=None, now=at)
            case ["refuse", text, evidence, alternative]:
                ruling = Ruling("refuse", text, evidence=evidence, alternative=alternative)
                requests.decide(people.actor(self.manager), case, ruling, version=None, now=at)
            case ["appeal", text]:
                requests.appeal(me, case, text, photos=(), now=at)
            case ["settle"]:
                claims.settle(people.actor(self.manager), case, at)
            case ["claim"]:
                assert case.unit is not None
                symptom = catalog.symptoms(case.unit.product)[0].code
                refiling.refile(agent, case, "warranty", {}, symptom=symptom, now=at)
            case ["work", to, *note]:
                order = db.session.scalars(select(WorkOrder).where(WorkOrder.case_id == case.id)).one()
                repairs.move(people.actor(self.manager), order, to, note="".join(note), now=at)
            case ["move", event]:
                cases.move(agent, case, event, at)

    def _who(self, people_of: list[Customer]) -> tuple[Customer, Subject]:
        """The first of these who owns what the case is about."""
        for person in people_of:
            if self.told["about"] == "none":
                return person, Subject(outlet=self.outlet)
            if self.told["about"] == "receipt":
                found = select(Purchase).where(
                    Purchase.customer_id == person.id, Purchase.outlet_id == self.outlet.id,
                    Purchase.kind == PurchaseKind.SALE, Purchase.cancelled_at.is_(None),
                )  # fmt: skip
                purchase = db.session.scalars(found.order_by(Purchase.id.desc())).first()
                if purchase is not None:
                    return person, Subject(purchase=purchase)
            else:
                busy = select(Case.unit_id).where(Case.unit_id.is_not(None), Case.state != S.CLOSED)
                owned = select(Unit).join(Unit.product).where(
                    Unit.holder_id == person.id, Product.sku == self.told["sku"],
                    Unit.registration == Registration.VALID, Unit.id.not_in(busy),
                )  # fmt: skip
                unit = db.session.scalars(owned.order_by(Unit.id)).first()
                if unit is not None:
                    return person, Subject(unit=unit)
        raise LookupError(self.told["kind"])
