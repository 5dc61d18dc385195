"""EasyPost: webhooks of trackers with the whole history, signed with a secret in its normal form."""

import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.adapters.couriers import base
from portal.adapters.couriers.base import Row, When
from portal.domain.shipments.couriers import Report, Told
from portal.domain.shipments.rules import Status

STATUSES = {
    "pre_transit": Status.LABEL_CREATED, "in_transit": Status.IN_TRANSIT,
    "out_for_delivery": Status.OUT_FOR_DELIVERY, "delivered": Status.DELIVERED,
    "available_for_pickup": Status.AVAILABLE_FOR_PICKUP, "return_to_sender": Status.RETURN_IN_TRANSIT,
    "failure": Status.EXCEPTION, "error": Status.EXCEPTION, "cancelled": Status.CANCELLED,
}  # fmt: skip
NOTHING = "unknown"


class EasyPost(base.Plain):
    name, label = "easypost", "EasyPost"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
        plain = [unicodedata.normalize("NFKD", key).encode() for key in keys if key]
        made = [f"hmac-sha256-hex={hmac.digest(key, body, 'sha256').hex()}" for key in plain]
        return base.same(headers.get("x-hmac-signature", ""), made)

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        topic = base.words(said.get("description") or said["object"], 80)
        found = said.get("result")
        tracker = found if isinstance(found, dict) and found.get("object") == "Tracker" else {}
        when = When(now.tzinfo, now)  # type: ignore[arg-type]  # now is aware
        at = when.moment(tracker.get("updated_at") or said.get("created_at")) or now
        event = base.ident(said.get("id")) or base.fingerprint(text)
        return Told(
            event, topic, base.ident(tracker.get("id")), base.ident(tracker.get("tracking_code")), at, text
        )

    def _report(self, said: dict[str, Any], when: When) -> Report:
        tracker = said["result"]
        rows = [_row(point) for point in tracker.get("tracking_details") or ()]
        status, word = _status(tracker.get("status"))
        if (status or word) and (not rows or rows[-1].status != status):
            rows.append(Row(tracker.get("updated_at"), status, word, tracker.get("status_detail") or word))
        carrier = tracker.get("carrier_detail") or {}
        promised = carrier.get("est_delivery_date_local") or carrier.get("guaranteed_delivery_date")
        return Report(
            base.sightings(rows, when),
            base.ident(tracker["tracking_code"]) or "",
            base.eta(promised) or base.eta(tracker.get("est_delivery_date")),
            base.words(tracker.get("signed_by"), 120),
            base.proofs(page=tracker.get("public_url")) if status is Status.DELIVERED else (),
        )


def _row(point: dict[str, Any]) -> Row:
    status, word = _status(point.get("status"))
    where = point.get("tracking_location") or {}
    return Row(
        point.get("datetime"), status, word, point.get("message") or point.get("description") or "",
        base.place(where.get("city"), where.get("state"), where.get("country")),
    )  # fmt: skip


def _status(told: Any) -> tuple[Status | None, str]:
    """What it means, and the word when that is not known."""
    word = base.words(told, 60)
    status = STATUSES.get(word)
    return status, "" if status or word == NOTHING else word
