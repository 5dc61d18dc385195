"""KiriminAja, which is asked: free texts with a code that says under way or arrived."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.adapters.couriers import base, phrases
from portal.adapters.couriers.base import SLUGS, When
from portal.adapters.couriers.binderbyte import UNKNOWN
from portal.domain.shipments.couriers import Ask, Report, Told

ARRIVED = 200


class KiriminAja(base.Plain):
    name, label, host = "kiriminaja", "KiriminAja", "client.kiriminaja.com"

    def question(self, courier: str, waybill: str, token: str) -> Ask | None:
        asked = base.dump({"order_id": waybill})
        return Ask("tracking", "/api/mitra/tracking", asked, optional=True) if courier in SLUGS else None

    def credentials(self, token: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {token}"}

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        details = said.get("details")
        if not isinstance(details, dict):
            return Told(base.fingerprint(text), "tracking", None, None, now, text, UNKNOWN)
        ref, number = base.ident(details.get("order_id")), base.ident(details["awb"])
        return Told(base.fingerprint(text), "tracking", ref, number, now, text)

    def _report(self, said: dict[str, Any], when: When) -> Report:
        details, lines = said["details"], list(reversed(said.get("histories") or ()))
        arrived = details.get("delivered") is True
        rows = [
            phrases.row(
                line.get("created_at"), str(line.get("status") or ""), "",
                arrived=arrived and line.get("status_code") == ARRIVED,
            )
            for line in lines
        ]  # fmt: skip
        rows = phrases.history(rows, "DELIVERED" if arrived else "", details.get("delivered_at"))
        receiver = next((line["receiver"] for line in reversed(lines) if line.get("receiver")), "")
        images = details.get("images") or {}
        return Report(
            base.sightings(rows, when), base.ident(details["awb"]) or "",
            received_by=base.words(receiver, 120) if arrived else "",
            proof=base.proofs(photo=images.get("camera_img"), signature=images.get("signature_img")),
        )  # fmt: skip
