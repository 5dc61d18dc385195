"""Shippo: webhooks of trackings with the whole history, signed together with the time."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from portal.adapters.couriers import base
from portal.adapters.couriers.base import Row, When
from portal.domain.shipments.couriers import Report, Told
from portal.domain.shipments.rules import Status

STATUSES = {
    "PRE_TRANSIT": Status.LABEL_CREATED, "TRANSIT": Status.IN_TRANSIT, "DELIVERED": Status.DELIVERED,
    "RETURNED": Status.RETURNED, "FAILURE": Status.EXCEPTION,
}  # fmt: skip
CODES = {
    "out_for_delivery": Status.OUT_FOR_DELIVERY, "delivery_attempted": Status.ATTEMPT_FAILED,
    "pickup_available": Status.AVAILABLE_FOR_PICKUP, "return_to_sender": Status.RETURN_IN_TRANSIT,
    "package_accepted": Status.PICKED_UP,
}  # fmt: skip
NOTHING = "UNKNOWN"


class Shippo(base.Plain):
    name, label = "shippo", "Shippo"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
        parts = dict(
            part.strip().partition("=")[::2] for part in headers.get("shippo-auth-signature", "").split(",")
        )
        sent = parts.get("t", "")
        made = [hmac.digest(key.encode(), f"{sent}.".encode() + body, "sha256").hex() for key in keys if key]
        if not base.same(parts.get("v1", ""), made) or not sent.isascii() or not sent.isdigit():
            return False
        base.near(datetime.fromtimestamp(min(int(sent), base.LAST_SECOND), UTC), now)
        return True

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        topic = base.words(said["event"], 80)
        data = said.get("data")
        tracking = data if isinstance(data, dict) and topic == "track_updated" else {}
        last = tracking.get("tracking_status") or {}
        when = When(now.tzinfo, now)  # type: ignore[arg-type]  # now is aware
        at = when.moment(last.get("object_updated") or last.get("status_date")) or now
        number = base.ident(tracking.get("tracking_number"))
        ref = base.ident(tracking.get("transaction")) if number else None
        return Told(base.fingerprint(text), topic, ref, number, at, text)

    def _report(self, said: dict[str, Any], when: When) -> Report:
        tracking = said["data"]
        points = [*(tracking.get("tracking_history") or ()), tracking.get("tracking_status")]
        rows = list(dict.fromkeys(_row(point) for point in points if point))
        return Report(
            base.sightings(rows, when),
            base.ident(tracking["tracking_number"]) or "",
            base.eta(tracking.get("eta")),
        )


def _row(point: dict[str, Any]) -> Row:
    word = base.words(point.get("status"), 60)
    code = base.words((point.get("substatus") or {}).get("code"), 60)
    status = CODES.get(code) or STATUSES.get(word)
    where = point.get("location") or {}
    return Row(
        point.get("status_date") or point.get("object_created"), status,
        "" if status or word == NOTHING else word, point.get("status_details") or word,
        base.place(where.get("city"), where.get("state"), where.get("country")),
    )  # fmt: skip
