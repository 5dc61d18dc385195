"""What the people of the demo do in a case, each by an action of the domain."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.demo import files, people
from portal.demo.album import Album
from portal.domain.accounts.models import Staff
from portal.domain.cases import actions as cases
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.claims import queries as claim_queries
from portal.domain.claims import verdicts
from portal.domain.claims.actions import Ruling
from portal.domain.claims.outcomes import Details
from portal.domain.claims.rules import Outcome, Payment
from portal.domain.repairs import actions as repairs
from portal.domain.repairs import diagnosis, intake, lines, times
from portal.domain.repairs.diagnosis import Diagnosis
from portal.domain.repairs.intake import Intake
from portal.domain.repairs.lines import NewLine
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.money import labour_price, usual_billing
from portal.domain.repairs.rules import Billing, LineKind, Place
from portal.domain.repairs.rules import S as Work
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.models import Leg
from portal.domain.shipments.rules import Direction, Status
from portal.domain.units.models import Unit
from portal.domain.workflows.vocabulary import E, S

Team = dict[tuple[str, str], Staff]
Step = Callable[[datetime], Any]
PARTS = {
    "tv-lines": "Kabel panel", "laptop-battery": "Baterai laptop", "bag-buckle": "Gesper tas",
    "phone-no-charge": "Pengisi daya", "chair-armrest": "Sandaran tangan kanan",
}  # fmt: skip
SAYS = {
    "id": {
        "why": "Keputusan mengikuti hasil pemeriksaan teknisi, bukan hanya masa garansi.",
        "evidence": "Foto dan hasil pemeriksaan teknisi.",
        "alternative": "Kami dapat memperbaikinya dengan biaya; perkiraan kami kirim lebih dulu.",
        "again": "Mohon diperiksa, terima kasih.",
    },
    "en": {
        "why": "The decision follows the technician's finding, not the warranty period alone.",
        "evidence": "Photos and the technician's finding.",
        "alternative": "We can repair it at a charge; you get an estimate first.",
        "again": "Please have a look, thank you.",
    },
}

HOUR, HOUR_COST = 90_000, 48_000  # rupiah, of the workshop: what it asks, what it costs the shop
CONDITIONS = (
    "Goresan halus di sisi kiri, selebihnya baik.", "Baik, tanpa cacat yang terlihat.",
    "Berdebu; satu kaki karet hilang.", "Noda kecil di bagian depan, difoto.",
)  # fmt: skip
# Why a component failed, how many minutes its repair takes, the part for it and what that costs the shop.
CAUSES = {
    "kompresor": ("Sambungan pipa kendur, freon berkurang", 90, "Freon R600a dan lem pipa", 145_000),
    "motor": ("Sikat arang habis", 50, "Sepasang sikat arang", 38_000),
    "sil": ("Karet mengeras karena usia", 40, "Karet pintu", 64_000),
    "pompa": ("Pompa tersumbat serat", 55, "Pompa buang", 95_000),
    "ritsleting": ("Gigi ritsleting aus", 30, "Ritsleting 40 cm", 18_000),
    "busa": ("Busa kehilangan kepadatan", 75, "Busa dudukan", 120_000),
    "sol": ("Lem terlepas karena lembap", 60, "Lem sol", 12_000),
    "jahitan": ("Benang jahit rapuh", 35, "", 0),
}


@dataclass
class Acts:
    """One case of cases.toml and who acts in it."""

    told: dict[str, Any]
    unit: Unit
    team: Team
    album: Album
    number: int
    case: Case = field(init=False)

    def __post_init__(self) -> None:
        assert self.unit.holder is not None
        outlet = self.unit.outlet.code
        self.customer = people.actor(self.unit.holder)
        agent = self.team.get((outlet, "agent")) or self.team["JKT", "agent"]
        manager = self.team.get((outlet, "manager")) or self.team["JKT", "manager"]
        self.assignee = agent
        self.agent, self.manager = people.actor(agent), people.actor(manager)
        self.technician = people.actor(self.team.get((outlet, "technician")) or manager)
        self.says = SAYS[self.told["language"]]

    def file(self, at: datetime) -> None:
        told, product = self.told, self.unit.product
        photos = [self.album.add(self.customer, product.category, at) for _n in range(told["photos"])]
        story = told["story"]
        if told["state"] == "reopened":
            story = f"{_symptom_name(told)}. {self.says['again']}"
        claim = claims.draft(
            self.customer, self.unit, symptom=told["symptom"], story=story, photos=photos, now=at
        )
        self.case = claim.case
        if told["state"] != "draft":
            claims.submit(self.customer, claim, at)

    def utter(self, said: dict[str, str], *, asks: bool) -> Step:
        who, text = said["from"], said["text"]

        def step(at: datetime) -> None:
            if who == "internal":
                cases.say(self.agent, self.case, text, at, internal=True)
            elif who == "agent" and asks and self.case.state in (S.SUBMITTED, S.UNDER_REVIEW):
                cases.move(self.agent, self.case, E.ASK, at, body=text)
            elif who == "customer" and self.case.state == S.WAITING_CUSTOMER:
                cases.move(self.customer, self.case, E.ANSWER, at, body=text)
            else:
                cases.say(self.customer if who == "customer" else self.agent, self.case, text, at)

        return step

    def ship(self, direction: Direction, courier: str, *, delivered: bool) -> Iterator[Step]:
        """A leg with its checkpoints."""
        kept: list[Leg] = []
        there = self.unit.outlet.city
        prefix = {"JNE": "JNE", "SiCepat": "0029"}.get(courier, "")
        waybill = f"{prefix}{files.chance(f'waybill {self.number}').randrange(10**9, 10**10)}"

        def pick_up(at: datetime) -> None:
            kept.append(
                shipments.start(
                    self.agent,
                    direction,
                    courier=courier,
                    waybill=waybill,
                    status=Status.PICKED_UP,
                    at=at,
                    now=at,
                )
            )
            cases.add_leg(self.agent, self.case, kept[0], at)

        def arrive(status: Status, place: str) -> Step:
            return lambda at: shipments.move(self.agent, kept[0], status, at=at, place=place, note="", now=at)

        yield pick_up
        yield arrive(Status.IN_TRANSIT, f"Gudang sortir {there}")
        if delivered:
            yield arrive(Status.OUT_FOR_DELIVERY, there)
            yield arrive(Status.DELIVERED, there)

    def decide(self, at: datetime) -> None:
        told, product = self.told, self.unit.product
        outcome = Outcome(told["outcome"])
        details = {
            Outcome.REPLACE: Details(
                serial=f"{product.model.replace('-', '')[-3:]}{900_000 + self.number}"
                if product.serialised
                else ""
            ),
            Outcome.REFUND: Details(amount=product.price),
            Outcome.PART: Details(part=PARTS.get(told["symptom"], "Suku cadang")),
        }.get(outcome, Details())
        self.rule(
            Ruling(Payment(told["payment"]), outcome, told["reason"], self.clause(), details=details), at
        )

    def reject(self, at: datetime) -> None:
        self.rule(
            Ruling(
                Payment.REJECTED, None, self.told["reason"], self.clause(),
                evidence=self.told["finding"] or self.says["evidence"], alternative=self.says["alternative"],
            ),
            at,
        )  # fmt: skip

    def rule(self, ruling: Ruling, at: datetime) -> None:
        """Decide; where the coverage advises otherwise, with the reason that the rules ask for."""
        kept = claim_queries.of_case(self.case.id).verdict or {}
        advised = verdicts.advised(verdicts.from_json(kept))
        if ruling.payment not in advised:
            ruling = Ruling(**{**vars(ruling), "override_reason": self.says["why"]})
        claims.decide(
            self.manager if ruling.outcome is None else self.agent, self.case, ruling, version=None, now=at
        )

    def clause(self) -> int | None:
        found = re.search(r"(?:[Kk]lausul|clause) (\d)", self.told["reason"])
        return int(found[1]) if found else None

    def order(self) -> WorkOrder:
        found = select(WorkOrder).where(WorkOrder.case_id == self.case.id).order_by(WorkOrder.id.desc())
        return db.session.scalars(found).one()

    def look_at(self, at: datetime, *, at_home: bool) -> None:
        """It is taken in, unless the technician goes there; then somebody looks for the cause."""
        order = self.order()
        if at_home:
            order.place = Place.HOME
        else:
            condition, shelf = CONDITIONS[self.number % len(CONDITIONS)], f"A{self.number % 6 + 1}"
            told = Intake(self.told["story"], condition, [], shelf)
            intake.receive(self.agent, order, told, photos=(), version=None, now=at)
        repairs.move(self.technician, order, Work.DIAGNOSING, now=at)

    def begin_repair(self, at: datetime) -> None:
        """What was found, and what the work costs whom."""
        order, claim = self.order(), claim_queries.of_case(self.case.id)
        cause, minutes, part, cost = CAUSES.get(claim.component, ("", 45, "", 0))
        known = claim.component if claim.component in diagnosis.components(order) else ""
        found = Diagnosis(self.case.title, self.told["finding"] or self.case.title, cause, known)
        diagnosis.write(self.technician, order, found, version=None, now=at)
        if self.told["payment"] == Payment.FREE:
            self.write(
                order,
                NewLine(LineKind.LABOUR, "Pengerjaan", labour_price(HOUR, minutes), minutes=minutes),
                at,
            )
            if part:
                self.write(order, NewLine(LineKind.PART, part, cost * 3 // 2, cost=cost), at)
        times.add(self.technician, order, minutes, "", at)
        repairs.move(self.technician, order, Work.IN_PROGRESS, now=at)

    def write(self, order: WorkOrder, line: NewLine, at: datetime) -> None:
        """A line that the customer does not pay."""
        if usual_billing(lines.verdict_of(self.case.id), line.kind) != Billing.WARRANTY:
            line = replace(line, billing=Billing.NO_CHARGE, reason=self.says["why"])
        lines.add(self.technician, order, line, at)

    def work(self, to: str, note: str = "", *, photo: bool = False) -> Step:
        def step(at: datetime) -> None:
            order = self.order()
            photos = [self.album.add(self.technician, self.unit.product.category, at)] if photo else []
            repairs.move(
                self.technician, order, to, note=note or ("Selesai." if photo else ""), photos=photos, now=at
            )

        return step


def _symptom_name(told: dict[str, Any]) -> str:
    rows = files.read("catalog")["symptom"]
    name: str = next(row for row in rows if row["code"] == told["symptom"])["name_" + told["language"]]
    return name
