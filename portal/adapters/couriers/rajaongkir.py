"""RajaOngkir, which is asked: its present shape and the one before; day and time in fields of their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from portal.adapters.couriers import base, phrases
from portal.adapters.couriers.base import SLUGS, When
from portal.adapters.couriers.binderbyte import UNKNOWN
from portal.domain.shipments.couriers import Ask, Report, Told


class RajaOngkir(base.Plain):
    name, label, host = "rajaongkir", "RajaOngkir", "rajaongkir.komerce.id"

    def question(self, courier: str, waybill: str, token: str) -> Ask | None:
        slug = SLUGS.get(courier)
        asked = urlencode({"awb": waybill, "courier": slug})
        return Ask("waybill", f"/api/v1/track/waybill?{asked}", "", optional=True) if slug else None

    def credentials(self, token: str) -> Mapping[str, str]:
        return {"key": token}

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        data = _result(said)
        summary = data.get("summary")
        if not isinstance(summary, dict):
            return Told(base.fingerprint(text), "waybill", None, None, now, text, UNKNOWN)
        return Told(base.fingerprint(text), "waybill", None, base.ident(summary["waybill_number"]), now, text)

    def _report(self, said: dict[str, Any], when: When) -> Report:
        data = _result(said)
        summary, end = data["summary"], data.get("delivery_status") or {}
        told = base.words(end.get("status") or summary.get("status"), 60).upper()
        arrived = data.get("delivered") is True or told == "DELIVERED"
        rows = [
            phrases.row(
                _together(line.get("manifest_date"), line.get("manifest_time")),
                str(line.get("manifest_description") or ""), line.get("city_name") or "", arrived=arrived,
            )
            for line in data.get("manifest") or ()
        ]  # fmt: skip
        rows.sort(key=lambda row: row.date or "")
        rows = phrases.history(rows, told, _together(end.get("pod_date"), end.get("pod_time")))
        receiver = (end.get("pod_receiver") or summary.get("receiver_name")) if arrived else ""
        return Report(
            base.sightings(rows, when), base.ident(summary["waybill_number"]) or "",
            received_by=base.words(receiver, 120),
        )  # fmt: skip


def _result(said: dict[str, Any]) -> dict[str, Any]:
    """What was found, in either shape; nothing when the number is not known."""
    older = said.get("rajaongkir")
    found = older.get("result") if isinstance(older, dict) else said.get("data")
    return found if isinstance(found, dict) else {}


def _together(day: Any, time: Any) -> str:
    return f"{base.words(day, 20)} {base.words(time, 20)}".strip()
