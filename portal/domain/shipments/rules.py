"""The canonical statuses of a shipment leg and the order they may come in."""

from datetime import datetime
from enum import StrEnum, auto


class Direction(StrEnum):
    TO_SHOP = auto()
    TO_SUPPLIER = auto()
    FROM_SUPPLIER = auto()
    TO_CUSTOMER = auto()


class Status(StrEnum):
    LABEL_CREATED = auto()
    PICKUP_SCHEDULED = auto()
    PICKED_UP = auto()
    IN_TRANSIT = auto()
    OUT_FOR_DELIVERY = auto()
    AVAILABLE_FOR_PICKUP = auto()
    DELIVERED = auto()
    ATTEMPT_FAILED = auto()
    EXCEPTION = auto()
    RETURN_IN_TRANSIT = auto()
    RETURNED = auto()
    CANCELLED = auto()
    STALE = auto()


FINAL = frozenset({Status.DELIVERED, Status.RETURNED, Status.CANCELLED})
COURIERS = (
    "JNE", "J&T Express", "SiCepat", "AnterAja", "POS Indonesia", "TIKI", "Ninja Xpress", "Lion Parcel",
    "Kurir toko", "Diantar sendiri",
)  # fmt: skip

_ALONG = {status: n for n, status in enumerate(Status)}


def current(checkpoints: list[tuple[datetime, Status]]) -> Status:
    """The status of a leg from its (moment, status) checkpoints, in whatever order they arrived.

    The latest one counts, but what was delivered, returned or cancelled stays so. Of two at one moment the
    one further along counts.
    """
    ordered = [status for _, status in sorted(checkpoints, key=lambda c: (c[0], _ALONG[c[1]]))]
    final = [status for status in ordered if status in FINAL]
    return final[0] if final else ordered[-1]
