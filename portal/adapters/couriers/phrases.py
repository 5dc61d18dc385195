"""What the free texts of Indonesian couriers mean: `TELAH BERANGKAT: PUSAT TRANSIT [JAMBI]` is on its way."""

import re

from portal.adapters.couriers.base import Row, words
from portal.domain.shipments.rules import Status

# The first that is found counts: what went wrong before what went well.
_TEXTS = {
    Status.EXCEPTION: (
        "HILANG", r"\bLOST\b", "RUSAK", "DAMAGE", "DITAHAN", "ON HOLD", "CUKAI", "CUSTOMS", "MISROUTE",
        "SALAH SORTIR",
    ),
    Status.RETURNED: (
        "RETURN?(ED)? (TELAH |SUDAH )?(DITERIMA|RECEIVED|SELESAI)", "RETURNED TO (SHIPPER|SENDER)",
        "DIKEMBALIKAN KE PENGIRIM",
    ),
    Status.RETURN_IN_TRANSIT: (r"\bRETUR", "DIKEMBALIKAN"),
    Status.ATTEMPT_FAILED: (
        "GAGAL", "UNDELIVERED", "NOT DELIVERED", "RUMAH KOSONG", "ALAMAT TIDAK", "TIDAK (ADA|DIKENAL|DAPAT)",
        "NOT AT HOME", "NOBODY", "ANTAR ULANG", "FAILED", "BAD ADDRESS", "MENOLAK", "REFUSED",
    ),
    Status.AVAILABLE_FOR_PICKUP: ("SIAP DIAMBIL", "READY (FOR|TO) (BE )?(PICK|COLLECT)", "AMBIL SENDIRI"),
    Status.OUT_FOR_DELIVERY: (
        "WITH DELIVERY COURIER", "(SEDANG|SEGERA) DI ?ANTAR", "OUT FOR DELIVERY", "ON DELIVERY",
        "PROCESS OF DELIVERY", r"DIBAWA (KURIR|\[)", "DALAM PENGANTARAN",
    ),
    Status.PICKED_UP: (
        r"RECEIVED BY \w+ COUNTER", "TELAH DIAMBIL", "PICKED UP", r"\bMANIFEST", "DI-?PICK ?UP",
    ),
    Status.DELIVERED: (
        r"\bDELIVERED\b", r"\bTERKIRIM\b", "DITERIMA OLEH", "RECEIVED BY CONSIGNEE",
        "SUDAH SAMPAI DAN DITERIMA",
    ),
    Status.IN_TRANSIT: (
        "RECEIVED (AT|ON|IN)", "FORWARDED", "PROCESSED", "TIBA", "BERANGKAT", "SAMPAI", "ARRIVED", "DEPARTED",
        "DI ?PROSES", "DIKIRIMKAN", "TRANSIT", "ON PROCESS", "DITERUSKAN", "MENUJU",
    ),
    Status.PICKUP_SCHEDULED: ("PENJEMPUTAN", "WAITING FOR PICK", "MENUNGGU DI-?PICK"),
}  # fmt: skip
_TOLD_BY_THE_HEAD = (Status.DELIVERED, Status.EXCEPTION, Status.RETURNED, Status.ATTEMPT_FAILED)
_PHRASES = tuple((status, re.compile("|".join(texts))) for status, texts in _TEXTS.items())
_OWN = re.compile(
    r"[\[(].*?[\])]|[\w.+-]*\d[\w.:+-]*|:.*$"
)  # what is only of this parcel: names, places, times


def meaning(said: str) -> Status | None:
    """None for what nobody has met yet."""
    text = words(said, 300).upper()
    return next((status for status, phrase in _PHRASES if phrase.search(text)), None)


def word(said: str) -> str:
    """A text without what is only of this parcel, so that it is explained once for all parcels."""
    return words(_OWN.sub(" ", words(said, 300).upper()).strip(" ,;.-"), 120)


def row(date: object, said: str, place: str, *, arrived: bool) -> Row:
    """One line of a history. That a text sounds like an arrival counts only when the parcel has `arrived`."""
    status = meaning(said)
    if status is Status.DELIVERED and not arrived:
        status = Status.IN_TRANSIT
    return Row(date, status, "" if status else word(said), said, place)


def history(rows: list[Row], summary: object, date: object) -> list[Row]:
    """The lines of a history, oldest first, and what its head says beyond them."""
    overall = words(summary, 60).upper()
    status = meaning(overall) if overall else None
    if status is None and overall:
        rows = [*rows, Row(date, None, word(overall) or overall, overall)]
    elif status in _TOLD_BY_THE_HEAD and not any(row.status is status for row in rows):
        rows = [*rows, Row(date or (rows[-1].date if rows else None), status, "", overall)]
    return rows
