"""BinderByte, which is asked: Indonesian couriers with free texts and dates without a zone, even a year."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from portal.adapters.couriers import base, phrases
from portal.adapters.couriers.base import SLUGS, When
from portal.domain.shipments.couriers import Ask, Report, Told
from portal.kernel.text import _

UNKNOWN = _("The courier does not know this number, or not yet.")


class BinderByte(base.Plain):
    name, label, host = "binderbyte", "BinderByte", "api.binderbyte.com"

    def question(self, courier: str, waybill: str, token: str) -> Ask | None:
        slug = SLUGS.get(courier)
        asked = urlencode({"api_key": token, "courier": slug, "awb": waybill})
        return Ask("track", f"/v1/track?{asked}", optional=True) if slug else None

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        data = said.get("data")
        if not isinstance(data, dict):
            return Told(base.fingerprint(text), "track", None, None, now, text, UNKNOWN)
        return Told(base.fingerprint(text), "track", None, base.ident(data["summary"]["awb"]), now, text)

    def _report(self, said: dict[str, Any], when: When) -> Report:
        data = said["data"]
        summary = data["summary"]
        arrived = base.words(summary.get("status"), 60).upper() == "DELIVERED"
        rows = [
            phrases.row(
                line.get("date"), str(line.get("desc") or ""), line.get("location") or "", arrived=arrived
            )
            for line in reversed(data.get("history") or ())
        ]
        rows = phrases.history(rows, summary.get("status"), summary.get("date"))
        receiver = (data.get("detail") or {}).get("receiver") if arrived else ""
        return Report(
            base.sightings(rows, when),
            base.ident(summary["awb"]) or "",
            received_by=base.words(receiver, 120),
        )
