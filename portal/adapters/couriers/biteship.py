"""Biteship: flat webhooks with a secret in a header of the shop's own choice; the waybill may change."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.adapters.couriers import base, phrases
from portal.adapters.couriers.base import Row, When
from portal.domain.shipments.couriers import Report, Told
from portal.domain.shipments.rules import Status
from portal.kernel.errors import Refused

STATUSES = {
    "confirmed": Status.LABEL_CREATED, "scheduled": Status.PICKUP_SCHEDULED,
    "allocated": Status.PICKUP_SCHEDULED, "picking_up": Status.PICKUP_SCHEDULED, "picked": Status.PICKED_UP,
    "dropping_off": Status.IN_TRANSIT, "in_transit": Status.IN_TRANSIT, "delivered": Status.DELIVERED,
    "on_hold": Status.EXCEPTION, "rejected": Status.EXCEPTION, "disposed": Status.EXCEPTION,
    "courier_not_found": Status.EXCEPTION, "return_in_transit": Status.RETURN_IN_TRANSIT,
    "returned": Status.RETURNED, "cancelled": Status.CANCELLED,
}  # fmt: skip
SAID = {
    "confirmed": "Terkonfirmasi", "scheduled": "Terjadwal", "allocated": "Teralokasi",
    "picking_up": "Dalam Penjemputan", "picked": "Berhasil Dijemput", "dropping_off": "Dalam Pengantaran",
    "in_transit": "Dalam Perjalanan", "delivered": "Berhasil Dikirim", "on_hold": "Ditahan",
    "return_in_transit": "Dalam Pengembalian", "returned": "Dikembalikan", "rejected": "Paket Ditolak",
    "disposed": "Dihancurkan", "courier_not_found": "Kurir Tidak Ditemukan", "cancelled": "Dibatalkan",
}  # fmt: skip
AT_ONCE = {"gojek", "grab", "lalamove", "borzo", "deliveree", "rara"}  # who drives straight to the door
_NO_COMMA = re.compile(r'("|\d|true|false|null|[}\]])(\s*\n\s*")')


class Biteship(base.Plain):
    name, label = "biteship", "Biteship"

    def verify(self, headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> bool:
        """The merchant names the header, so its value is looked for in all that are not of the way."""
        values = [value for name, value in headers.items() if name not in _OF_THE_WAY]
        return any([base.same(value, (key for key in keys if key)) for value in values])  # noqa: C419

    def ping(self, headers: Mapping[str, str], body: bytes) -> bool:
        """The first one is empty and wants a 200."""
        return body.strip() in (b"", b"{}")

    def _said(self, text: str) -> dict[str, Any]:
        """Its own documentation leaves out commas at the ends of lines; they are put in to read it."""
        try:
            return base.record(text)
        except Refused:
            return base.record(_NO_COMMA.sub(r"\1,\2", text))

    def _told(self, said: dict[str, Any], text: str, now: datetime) -> Told:
        topic = base.words(said["event"], 80)
        flat = _flat(said)
        order = base.ident(said.get("order_id")) or base.ident(flat.get("courier_tracking_id"))
        when = When(now.tzinfo, now)  # type: ignore[arg-type]  # now is aware
        return Told(
            f"{topic}:{base.fingerprint(text)}", topic, order, base.ident(flat.get("courier_waybill_id")),
            when.moment(said.get("updated_at")) or now, text,
        )  # fmt: skip

    def _report(self, said: dict[str, Any], when: When) -> Report:
        flat = _flat(said)
        waybill = base.ident(flat.get("courier_waybill_id")) or ""
        dated = said.get("updated_at") or (said.get("event") == "order.status" and when.received.isoformat())
        if not dated or not said.get("status"):  # of a price or a number: when it stood so is not told
            return Report(waybill=waybill)
        row = _row(said, dated, str(flat.get("courier_company") or "").casefold())
        return Report(base.sightings([row], when), waybill, proof=_proof(said))


_OF_THE_WAY = {
    "host", "content-type", "content-length", "user-agent", "accept", "accept-encoding", "connection",
    "x-forwarded-for", "x-forwarded-proto", "x-real-ip",
}  # fmt: skip


def _flat(said: dict[str, Any]) -> dict[str, Any]:
    """Nested fields as the flat ones that it really sends."""
    courier = said.get("courier")
    nested = courier if isinstance(courier, dict) else {}
    return {f"courier_{name}": value for name, value in nested.items()} | said


def _row(said: dict[str, Any], dated: Any, company: str) -> Row:
    told = base.words(said["status"], 60)
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", told).lower()
    status = STATUSES.get(word)
    if word == "dropping_off" and company in AT_ONCE:
        status = Status.OUT_FOR_DELIVERY
    if note := base.words(said.get("note"), 300):
        status = phrases.meaning(note) if status is Status.IN_TRANSIT else status
    return Row(
        dated, status or STATUSES.get(word), "" if word in STATUSES else told, note or SAID.get(word, told)
    )


def _proof(said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return base.proofs(page=said.get("courier_link")) if said.get("status") == "delivered" else ()
