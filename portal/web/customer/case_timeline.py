"""What a customer reads of what happened in a case: one timeline, and where a parcel is."""

from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from portal.domain.cases.queries import Attached, Entry
from portal.domain.estimates.actions import ESTIMATE
from portal.domain.estimates.rules import STATES as ESTIMATES
from portal.domain.repairs.diagnosis import RENUMBERED
from portal.domain.repairs.following import GUARANTEE
from portal.domain.repairs.rules import STATES as WORK
from portal.domain.shipments.rules import FINAL, Direction
from portal.domain.workflows.engine import Kind, Who
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import EVENTS
from portal.kernel.money import Money
from portal.kernel.text import Message, _
from portal.web.road_words import LEGS, ROAD, expected, standing
from portal.web.words import translate

WHO: dict[str, Message] = {
    Who.CUSTOMER: _("You"),
    Who.AGENT: _("The shop"),
    Who.TECHNICIAN: _("The technician"),
    Who.COURIER: _("The courier"),
    Who.SUPPLIER: _("The supplier"),
    Who.NOBODY: _("Done"),
}
BENCH: dict[str, Message] = {
    "taken_in": _("Taken in at the shop"),
    "lent": _("Lent to you meanwhile"),
    "lent_back": _("Loaned unit returned"),
    RENUMBERED: _("It has another serial number now"),
}
WAYS: dict[str | None, Message] = {"mail": _("by e-mail"), "whatsapp": _("by WhatsApp")}
OWN_LEGS = (Direction.TO_SHOP, Direction.TO_CUSTOMER)  # a courier's name and number are shown of these only


Legs = list[tuple[Any, list[Any]]]  # (leg, its checkpoints) as cases.queries.legs gives them


@dataclass(frozen=True)
class Line:
    """One entry of the shown timeline."""

    kind: str
    icon: str | None
    who: str
    badge: str
    at: datetime
    text: str
    photos: list[SimpleNamespace]
    files: list[Attached] = field(default_factory=list)
    left_out: str = ""  # names of attachments that were not taken
    number: int | None = None  # of the entry


@dataclass(frozen=True)
class Parcel:
    """What is under way to the customer or to the shop: who carries it, its number, where it is, and when
    it should arrive."""

    courier: str
    waybill: str
    status: Message
    expected: Message | None


def parcel(legs: Legs) -> Parcel | None:
    """The newest of the customer's own parcels that has not arrived."""
    for leg, _points in reversed(legs):
        if leg.direction in OWN_LEGS and leg.status not in FINAL and leg.waybill:
            return Parcel(leg.courier, leg.waybill, standing(leg), expected(leg))
    return None


def told(entries: list[Entry], kind: Kind, legs: Legs, *, newest: bool, oldest: bool) -> list[Line]:
    """The entries and what happened on the road between them, in order.

    `newest` and `oldest`: the entries reach to the present, to the beginning.
    """
    since = None if oldest or not entries else entries[0].at
    until = None if newest or not entries else entries[-1].at
    road = [
        line for line in _carried(legs) if (not since or line.at >= since) and (not until or line.at <= until)
    ]
    return sorted([*road, *_told(entries, kind)], key=lambda line: line.at)


def _told(entries: list[Entry], kind: Kind) -> list[Line]:
    """Moves, messages and steps of the repair; whatever else a timeline may hold stays with the shop."""
    lines = []
    for entry in entries:
        if entry.internal:
            continue
        if entry.event == "message":
            badge, icon = "", None
        elif entry.event == "work" and entry.after in WORK:
            badge, icon = translate(WORK[entry.after][1]), "wrench"
        elif entry.event in BENCH:
            badge, icon = _at_the_bench(entry), "wrench"
        elif entry.event == GUARANTEE:
            until = date.fromisoformat(entry.data["until"])
            badge, icon = translate(_("This repair is guaranteed until %(day)s", day=until)), "shield-check"
        elif entry.event == ESTIMATE:
            badge, icon = translate(_estimate(entry.data)), "receipt"
        elif entry.event == "part":  # of those only a payment is told
            badge, icon = translate(_("Payment received")), "banknote"
        elif entry.event == "refile":
            badge, icon = translate(_("Now handled as: %(kind)s", kind=KINDS[entry.data["to"]].label)), None
        elif entry.data.get("outcome") and entry.data.get("kind"):
            badge, icon = translate(KINDS[entry.data["kind"]].outcomes[entry.data["outcome"]].customer), None
        elif entry.event in kind.events or entry.event in EVENTS:
            badge, icon = translate(kind.events.get(entry.event) or EVENTS[entry.event]), None
        else:
            continue
        lines.append(_line(entry, badge, icon))
    return lines


def _estimate(told: dict[str, Any]) -> Message:
    """Which estimate, what became of it, and how much it came to."""
    return _(
        "Estimate %(number)s, %(amount)s: %(state)s", number=told["estimate"],
        amount=Money(told["amount"], told["currency"]), state=ESTIMATES[told["state"]][1],
    )  # fmt: skip


def _at_the_bench(entry: Entry) -> str:
    told = translate(BENCH[entry.event])
    more = entry.data.get("product") or entry.data.get("serials") or ", ".join(entry.data.get("with", ()))
    return f"{told}: {more}" if more else told


def _line(entry: Entry, badge: str, icon: str | None) -> Line:
    if icon is None and entry.author == "customer":
        kind, who = "customer", translate(WHO[Who.CUSTOMER])
    elif icon is None and entry.author == "staff" and (entry.body or entry.photos or entry.files):
        kind, who = "staff", entry.staff or translate(WHO[Who.AGENT])
    else:
        kind, who, badge = "system", badge, ""
    photos = [_photo(code, stage, n) for n, (code, stage) in enumerate(entry.photos, 1)]
    return Line(
        kind, icon, who, badge or translate(WAYS.get(entry.data.get("by"))), entry.at, entry.body, photos,
        entry.files, ", ".join(entry.data.get("left_out", ())), entry.number,
    )  # fmt: skip


def _photo(code: str, stage: str, number: int) -> SimpleNamespace:
    names = {
        "before": _("Photo %(number)s, before the repair", number=number),
        "after": _("Photo %(number)s, after the repair", number=number),
    }
    name = translate(names.get(stage) or _("Photo %(number)s", number=number))
    return SimpleNamespace(url=f"/photos/{code}?size=thumb", href=f"/photos/{code}", name=name)


def _carried(legs: Legs) -> list[Line]:
    """The movements of every shipment. Notes on them are the shop's own."""
    lines = []
    for leg, points in legs:
        own = leg.direction in OWN_LEGS
        carrier = " · ".join(filter(None, (leg.courier, leg.waybill))) if own else ""
        for point in points:
            if point.at is None:
                continue
            happened = translate(ROAD[point.point]) if point.point else point.said
            who = f"{translate(LEGS[leg.direction])}: {happened}"
            lines.append(Line("ship", None, who, carrier, point.at, point.place if own else "", []))
    return lines
