"""How parcels are told of: statuses, directions, when they should arrive and who says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.domain.shipments.couriers import COURIER
from portal.domain.shipments.rules import BEFORE, EXCEPTIONS, FINAL, Direction, Status, Trouble
from portal.kernel.text import Message, _
from portal.web.words import Brief

LEGS: dict[str, Message] = {
    Direction.TO_SHOP: _("To the shop"),
    Direction.TO_SUPPLIER: _("To the maker's service centre"),
    Direction.FROM_SUPPLIER: _("Back from the maker's service centre"),
    Direction.TO_CUSTOMER: _("To you"),
}
ROAD: dict[str, Message] = {
    Status.LABEL_CREATED: _("Shipping label made"),
    Status.PICKUP_SCHEDULED: _("Pick-up arranged"),
    Status.PICKED_UP: _("Picked up"),
    Status.IN_TRANSIT: _("On the way"),
    Status.OUT_FOR_DELIVERY: _("Out for delivery"),
    Status.AVAILABLE_FOR_PICKUP: _("Ready to be picked up"),
    Status.DELIVERED: _("Delivered"),
    Status.ATTEMPT_FAILED: _("Delivery was tried without success"),
    Status.EXCEPTION: _("Something holds it up on the way"),
    Status.RETURN_IN_TRANSIT: _("On its way back to the sender"),
    Status.RETURNED: _("Returned to the sender"),
    Status.CANCELLED: _("Shipment cancelled"),
    Status.STALE: _("No news from the courier for some days"),
}
TROUBLES: dict[str, Message] = {
    Trouble.EXCEPTION: _("Problem on the way"),
    Trouble.UNKNOWN: _("Unknown status"),
    Trouble.LATE: _("Late"),
    Trouble.STALE: _("No movement"),
}
TO_DO: dict[str, Message] = {
    Trouble.EXCEPTION: _(
        "Ask the courier what happened, and tell the customer. What is lost or damaged is claimed."
    ),
    Trouble.UNKNOWN: _("The courier uses a word that nobody has explained yet. Say what it means below."),
    Trouble.LATE: _("It should have arrived. Ask the courier, and tell the customer what you know."),
    Trouble.STALE: _(
        "It has not moved for days. Ask the courier; what is lost is claimed before its deadline."
    ),
}
PROOFS: dict[str, Message] = {
    "signature": _("Signature"),
    "photo": _("Photo"),
    "page": _("The courier's page"),
}


def tone(status: str, attention: str | None = None) -> str:
    """The tone of a stamp."""
    if status == Status.DELIVERED:
        return "good"
    if status in EXCEPTIONS or attention == Trouble.STALE:
        return "bad"
    return "quiet" if status in BEFORE or status == Status.CANCELLED else "moving"


def standing(leg: Any) -> Message:
    """Where it is; that nobody knows, when it has not moved for days."""
    return ROAD[Status.STALE] if leg.attention == Trouble.STALE else ROAD[leg.status]


def expected(leg: Any) -> Message | None:
    """When it should arrive, as exactly as somebody says so; None for what has ended."""
    if leg.status in FINAL:
        return None
    if leg.eta_until is None:
        return _("When it arrives is not known; the courier names no day.")
    who = (
        _("the shop") if not leg.eta_by else leg.courier if leg.eta_by == COURIER
        else _("an estimate of %(name)s", name=leg.eta_by)
    )  # fmt: skip
    if leg.eta_from in (None, leg.eta_until):
        return _("Should arrive on %(day)s (%(who)s).", day=Brief(leg.eta_until), who=who)
    return _(
        "Should arrive between %(since)s and %(until)s (%(who)s).",
        since=Brief(leg.eta_from), until=Brief(leg.eta_until), who=who,
    )  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """A leg of a receipt as its customer sees it: where it is, and every (moment, what, where), the newest
    first."""

    leg: Any
    status: Message
    tone: str
    expected: Message | None
    late: bool
    points: list[tuple[datetime, Message | str, str]]

    @property
    def ended(self) -> bool:
        return self.leg.status in FINAL


def deliveries(legs: list[tuple[Any, list[Any]]]) -> list[Delivery]:
    """Those of a receipt, the newest first."""
    return [
        Delivery(
            leg, standing(leg),
            tone(leg.status, leg.attention), expected(leg), leg.attention == Trouble.LATE,
            [
                (point.at, ROAD[point.point] if point.point else point.said, point.place)
                for point in reversed(points) if point.at
            ],
        )
        for leg, points in reversed(legs)
    ]  # fmt: skip
