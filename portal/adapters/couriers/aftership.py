"""AfterShip: signed webhooks that hold the whole history; its own estimate beside the courier's."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.adapters.couriers import base
from portal.adapters.couriers.base import Row, When
from portal.domain.shipments.couriers import Report, Told
from portal.domain.shipments.rules import Status

TAGS = {
    "InfoReceived": Status.LABEL_CREATED, "InTransit": Status.IN_TRANSIT,
    "OutForDelivery": Status.OUT_FOR_DELIVERY, "AttemptFail": Status.ATTEMPT_FAILED,
    "Delivered": Status.DELIVERED, "AvailableForPickup": Status.AVAILABLE_FOR_PICKUP,
    "Exception": Status.EXCEPTION, "Expired": Status.STALE,
}  # fmt: skip
SUBTAGS = {
    "InTransit_002": Status.PICKED_UP, "Exception_010": Status.RETURN_IN_TRANSIT,
    "Exception_011": Status.RETURNED,
}  # fmt: skip
NOTHING = "Pending"  # it has not heard from the courier


class AfterShip(base.Plain):
    name, label = "aftership", "AfterShip"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
        """Its tracking signs with one header, its other products with another. The time is not signed."""
        given = headers.get("aftership-hmac-sha256") or headers.get("as-signature-hmac-sha256") or ""
        made = [hmac.digest(key.encode(), body, "sha256") for key in keys if key]
        return base.same(given, (base64.b64encode(one).decode() for one in made))

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        topic = base.words(said["event"], 80)
        msg = said.get("msg")
        parcel = msg if isinstance(msg, dict) else {}
        number = base.ident(parcel.get("tracking_number"))
        ref = base.ident(parcel.get("id")) if number else None
        event = base.ident(said.get("event_id") or said.get("id")) or base.fingerprint(text)
        return Told(f"{topic}:{event}", topic, ref, number, _sent(said, When(now.tzinfo, now)) or now, text)  # type: ignore[arg-type]  # now is aware

    def _report(self, said: dict[str, Any], when: When) -> Report:
        msg = said["msg"]
        rows = [_row(point) for point in msg.get("checkpoints") or ()]
        tag = base.words(msg.get("tag"), 60)
        newest = rows[-1].status if rows else None
        overall = _status(tag, base.words(msg.get("subtag"), 60))
        if tag != NOTHING and overall != newest and (overall or tag):
            said_so = msg.get("subtag_message") or tag
            rows.append(
                Row(msg.get("last_updated_at") or said.get("ts"), overall, "" if overall else tag, said_so)
            )
        guess = msg.get("aftership_estimated_delivery_date") or {}
        return Report(
            base.sightings(rows, when),
            base.ident(msg["tracking_number"]) or "",
            base.eta(msg.get("expected_delivery") or _courier_day(msg)) or base.eta(
                guess.get("estimated_delivery_date_min") or guess.get("estimated_delivery_date"),
                guess.get("estimated_delivery_date_max"), self.label,
            ),
            base.words(msg.get("signed_by"), 120),
        )  # fmt: skip


def _sent(said: dict[str, Any], when: When) -> datetime | None:
    msg = said.get("msg") or {}
    return when.moment(msg.get("last_updated_at") or msg.get("updated_at") or said.get("ts"))


def _courier_day(msg: dict[str, Any]) -> Any:
    told = msg.get("courier_estimated_delivery_date") or {}
    return told.get("estimated_delivery_date") if isinstance(told, dict) else None


def _row(point: dict[str, Any]) -> Row:
    tag, subtag = base.words(point.get("tag"), 60), base.words(point.get("subtag"), 60)
    status = _status(tag, subtag)
    word = "" if status or tag == NOTHING else subtag or tag
    where = point.get("location") or base.place(
        point.get("city"), point.get("state"), point.get("country_name")
    )
    return Row(point.get("checkpoint_time") or point.get("created_at"), status, word,
               point.get("message") or point.get("subtag_message") or tag, where)  # fmt: skip


def _status(tag: str, subtag: str) -> Status | None:
    return SUBTAGS.get(subtag) or TAGS.get(tag)
