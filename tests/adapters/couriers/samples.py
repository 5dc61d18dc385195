"""What couriers send and answer, signed as they do it: recorded where it may be shipped, else made up."""

import base64
import hmac
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portal.adapters.couriers.registry import COURIERS
from portal.domain.shipments.couriers import Report, Told

PAYLOADS = Path(__file__).parent / "payloads"
ELSEWHERE = Path(__file__).parents[4] / "shared" / "data" / "carriers"  # recorded, and not ours to ship
KEY, OLDER = "kunci rahasia é", "kunci lama"
JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
HEADERS = {
    "aftership": "aftership-hmac-sha256",
    "easypost": "x-hmac-signature",
    "shippo": "shippo-auth-signature",
    "biteship": "x-toko-rahasia",  # the merchant names it
}
WAYBILL = "JNE0012345"


def recorded(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def bytes_of(body: Any) -> bytes:
    return json.dumps(body).encode()


def sign(form: str, body: bytes, key: str = KEY, at: datetime = NOW) -> dict[str, str]:
    """The header with the signature of this courier."""
    plain = unicodedata.normalize("NFKD", key) if form == "easypost" else key
    if form == "biteship":
        return {HEADERS[form]: key}
    if form == "shippo":
        sent = str(int(at.timestamp()))
        made = hmac.digest(key.encode(), sent.encode() + b"." + body, "sha256").hex()
        return {HEADERS[form]: f"t={sent},v1={made}"}
    made_bytes = hmac.digest(plain.encode(), body, "sha256")
    if form == "easypost":
        return {HEADERS[form]: f"hmac-sha256-hex={made_bytes.hex()}"}
    return {HEADERS[form]: base64.b64encode(made_bytes).decode()}


def tell(form: str, body: Any, now: datetime = NOW) -> Told:
    """The one event in a body."""
    [told] = COURIERS[form].read({}, body if isinstance(body, bytes) else bytes_of(body), now)
    return told


def report(form: str, body: Any, now: datetime = NOW) -> Report:
    return COURIERS[form].report(tell(form, body, now).body, JAKARTA, now)


def aftership(
    tracking: dict[str, Any] | None = None, event: str = "e1", steps: int | None = None, **fields: Any
) -> dict[str, Any]:
    """A webhook about a recorded tracking, `steps` checkpoints far."""
    msg = tracking or recorded("aftership-tracking")["data"]["tracking"]
    points = msg["checkpoints"][:steps]
    last = points[-1] if points else {"tag": "Pending", "subtag": "Pending_001", "checkpoint_time": None}
    if steps is not None:
        msg = {
            **msg, "tag": last["tag"], "subtag": last["subtag"], "last_updated_at": last["checkpoint_time"],
            "signed_by": msg["signed_by"] if last["tag"] == "Delivered" else None,
        }  # fmt: skip
    return {"event": "tracking_update", "event_id": event, "msg": {**msg, "checkpoints": points, **fields}}


def biteship(
    status: str = "picked", waybill: str | None = WAYBILL, order: str = "ORD1", **fields: Any
) -> dict[str, Any]:
    """The flat body that it really sends."""
    return {
        "event": "order.status", "order_id": order, "order_price": 16_000, "courier_tracking_id": "TRK1",
        "courier_waybill_id": waybill, "courier_company": "jne", "courier_type": "reg", "status": status,
        "updated_at": "2026-11-18T04:06:08.351Z", **fields,
    }  # fmt: skip


def easypost(event: str = "evt_1", **fields: Any) -> dict[str, Any]:
    return {
        "description": "tracker.updated", "id": event, "object": "Event",
        "created_at": "2026-11-18T00:00:00Z",
        "result": {**recorded("easypost-tracker"), "updated_at": "2026-11-18T00:00:00Z", **fields},
    }  # fmt: skip


def shippo(status: str = "TRANSIT", at: str = "2026-11-18T00:00:00Z", **fields: Any) -> dict[str, Any]:
    """A tracking as the SDK describes it."""
    point = {
        "object_created": at, "object_id": "s1", "object_updated": at, "status": status, "status_date": at,
        "status_details": "Your package has moved.", "substatus": {"code": "package_departed"},
        "location": {"city": "Bandung", "state": "JB", "country": "ID", "zip": "40111"},
    }  # fmt: skip
    tracking = {
        "carrier": "jne", "tracking_number": WAYBILL, "eta": "2026-11-22T00:00:00Z", "transaction": "tx1",
        "tracking_status": point, "tracking_history": [point],
    }  # fmt: skip
    return {"event": "track_updated", "test": False, "data": {**tracking, **fields}}


def binderbyte(*history: tuple[str, str, str], status: str = "ON PROCESS", date: str = "") -> dict[str, Any]:
    """Its newest line stands first."""
    return {
        "status": 200, "message": "Successfully tracked package",
        "data": {
            "summary": {
                "awb": WAYBILL, "courier": "JNE Express", "service": "REG", "status": status, "date": date,
                "desc": "", "amount": "", "weight": "2",
            },
            "detail": {"origin": "BOGOR", "destination": "BANDUNG", "shipper": "TOKO", "receiver": "SITI"},
            "history": [{"date": day, "desc": said, "location": place} for day, said, place in history],
        },
    }  # fmt: skip


def rajaongkir(*manifest: tuple[str, str, str], status: str = "ON PROCESS", **end: str) -> dict[str, Any]:
    """The present shape."""
    lines = [
        {"manifest_code": str(n), "manifest_description": said, "manifest_date": day, "manifest_time": time}
        for n, (day, time, said) in enumerate(manifest, 1)
    ]
    return {
        "meta": {"code": 200, "message": "Success"},
        "data": {
            "delivered": status == "DELIVERED", "summary": {"waybill_number": WAYBILL, "status": status},
            "delivery_status": {"status": status, **end}, "manifest": lines,
        },
    }  # fmt: skip


def kiriminaja(*history: tuple[str, str, int], delivered: bool = False) -> dict[str, Any]:
    return {
        "status": True, "text": "", "status_code": 200 if delivered else 100,
        "details": {
            "awb": WAYBILL, "order_id": "OID-1", "delivered": delivered, "delivered_at": "", "images": {},
        },
        "histories": [
            {"created_at": day, "status": said, "status_code": code, "receiver": "SITI" if code > 100 else ""}
            for day, said, code in history
        ],
    }  # fmt: skip


MOVED = ("2026-11-18 09:00:00", "RECEIVED AT SORTING CENTER [BOGOR]", "BOGOR")
SAMPLES: dict[str, Any] = {
    "aftership": aftership(),
    "easypost": easypost(),
    "shippo": shippo(),
    "biteship": biteship(),
    "binderbyte": binderbyte(MOVED),
    "rajaongkir": rajaongkir(("2026-11-18", "09:00", "On Transit")),
    "kiriminaja": kiriminaja(("2026-11-18 09:00:00", "With delivery courier", 100)),
}


def hours(n: float) -> timedelta:
    return timedelta(hours=n)
