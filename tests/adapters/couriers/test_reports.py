"""What couriers say of a parcel, in canonical words; recorded bodies, and what is odd about them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.adapters.couriers import phrases
from portal.adapters.couriers.registry import COURIERS
from portal.domain.shipments.rules import Status, current
from tests.adapters.couriers.samples import (
    ELSEWHERE,
    JAKARTA,
    MOVED,
    NOW,
    aftership,
    binderbyte,
    biteship,
    easypost,
    kiriminaja,
    rajaongkir,
    recorded,
    report,
    shippo,
    tell,
)


def ends(form: str, body: Any) -> Status:
    return current([(s.at, s.status) for s in report(form, body).sightings if s.status])


def test_aftership_with_its_whole_history() -> None:
    said = report("aftership", aftership())
    assert [s.status for s in said.sightings][:2] == [Status.LABEL_CREATED, Status.PICKED_UP]
    assert said.sightings[-1].status is Status.DELIVERED
    assert said.received_by == "..KOSUTOKO"
    assert said.sightings[1].at == datetime(2018, 7, 23, 8, 58, tzinfo=UTC)
    assert said.sightings[1].place == "DONGGUAN CN"


def test_what_was_delivered_is_not_lost_later() -> None:
    lost = recorded("aftership-lost")["data"]["tracking"]
    assert report("aftership", aftership(lost)).sightings[-1].status is Status.EXCEPTION
    assert ends("aftership", aftership(lost)) is Status.DELIVERED


def test_who_says_when_it_arrives() -> None:
    guess = {"estimated_delivery_date_min": "2026-11-21", "estimated_delivery_date_max": "2026-11-24"}
    told = report(
        "aftership",
        aftership(expected_delivery="2026-11-22T00:00:00", aftership_estimated_delivery_date=guess),
    )
    assert told.eta and (told.eta.since, told.eta.until, told.eta.by) == (date(2026, 11, 22),) * 2 + (
        "courier",
    )
    told = report("aftership", aftership(aftership_estimated_delivery_date=guess))
    assert told.eta and (told.eta.since.day, told.eta.until.day, told.eta.by) == (21, 24, "AfterShip")
    assert report("aftership", aftership()).eta is None, "not known is not known"
    for odd in ("9999-12-31", "0001-01-01", "besok", 7, {}):
        assert report("aftership", aftership(expected_delivery=odd)).eta is None


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("aftership", aftership(tag="Teleported", subtag="Teleported_001")),
        ("easypost", easypost(status="teleported")),
        ("shippo", shippo("TELEPORTED")),
        ("biteship", biteship("teleported")),
        ("binderbyte", binderbyte(("2026-11-18 09:00:00", "Paket disulap [BOGOR]", ""))),
        ("binderbyte", binderbyte(MOVED, status="DISULAP")),
        ("rajaongkir", rajaongkir(("2026-11-18", "09:00", "Disulap"))),
        ("kiriminaja", kiriminaja(("2026-11-18 09:00:00", "Disulap", 100))),
    ],
)
def test_a_status_never_seen_is_told_in_the_couriers_words(form: str, body: Any) -> None:
    odd = [s for s in report(form, body).sightings if s.status is None]
    assert len(odd) == 1
    assert odd[0].word
    assert odd[0].said


def test_easypost_and_shippo() -> None:
    assert ends("easypost", easypost()) is Status.LABEL_CREATED
    assert ends("easypost", easypost(status="delivered", signed_by="Siti")) is Status.DELIVERED
    assert report("easypost", easypost(status="delivered", signed_by="Siti")).received_by == "Siti"
    assert ends("shippo", shippo("DELIVERED")) is Status.DELIVERED
    assert report("shippo", shippo()).sightings[0].place == "Bandung, JB, ID"


@pytest.mark.parametrize(
    ("status", "company", "canonical"),
    [
        ("confirmed", "jne", Status.LABEL_CREATED), ("picking_up", "jne", Status.PICKUP_SCHEDULED),
        ("pickingUp", "jne", Status.PICKUP_SCHEDULED), ("dropping_off", "jne", Status.IN_TRANSIT),
        ("dropping_off", "gojek", Status.OUT_FOR_DELIVERY), ("droppingOff", "Grab", Status.OUT_FOR_DELIVERY),
        ("onHold", "jne", Status.EXCEPTION), ("courierNotFound", "grab", Status.EXCEPTION),
        ("returnInTransit", "jne", Status.RETURN_IN_TRANSIT), ("disposed", "jne", Status.EXCEPTION),
    ],
)  # fmt: skip
def test_biteship_in_both_spellings(status: str, company: str, canonical: Status) -> None:
    assert ends("biteship", biteship(status, courier_company=company)) is canonical


def test_biteship_flat_nested_without_a_number_and_without_commas() -> None:
    nested = recorded("biteship-order-status")
    told = tell("biteship", nested)
    assert (told.ref, told.waybill) == ("ORD-123456", None)
    assert ends("biteship", nested) is Status.PICKED_UP
    changed = recorded("biteship-order-waybill")
    assert tell("biteship", changed).waybill == report("biteship", changed).waybill == "JNE00123456789"
    assert not report("biteship", changed).sightings, "when it stood so is not told"
    broken = (
        b'{"event": "order.status"\n "order_id": "A1",\n "courier_waybill_id": "S-1"\n "status": "confirmed"}'
    )
    assert (tell("biteship", broken).waybill, tell("biteship", broken).body) == ("S-1", broken.decode())
    assert ends("biteship", broken) is Status.LABEL_CREATED


def test_free_texts_arrive_only_when_the_head_says_so() -> None:
    arrived = ("2026-11-19 10:00:00", "DITERIMA OLEH: GUDANG", "")
    assert ends("binderbyte", binderbyte(arrived, MOVED)) is Status.IN_TRANSIT
    assert ends("binderbyte", binderbyte(arrived, MOVED, status="DELIVERED")) is Status.DELIVERED
    assert ends("binderbyte", binderbyte(MOVED, status="DELIVERED")) is Status.DELIVERED
    assert report("binderbyte", binderbyte(MOVED, status="DELIVERED")).received_by == "SITI"
    assert ends("binderbyte", binderbyte(MOVED, status="HILANG")) is Status.EXCEPTION
    assert (
        ends("kiriminaja", kiriminaja(("2026-11-18 09:00:00", "Delivered to X", 200), delivered=True))
        is Status.DELIVERED
    )
    done = rajaongkir(
        ("2026-11-18", "09:00", "On Transit"), status="DELIVERED", pod_date="2026-11-19", pod_time="13:22"
    )
    assert report("rajaongkir", done).sightings[-1].at == datetime(2026, 11, 19, 6, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-18 09:00:00", datetime(2026, 11, 18, 2, tzinfo=UTC)),
        ("18 Nov 09:00 WIB", datetime(2026, 11, 18, 2, tzinfo=UTC)),
        ("18 November 09.00 WITA", datetime(2026, 11, 18, 1, tzinfo=UTC)),
        ("17 Mei 12:20 WIT", datetime(2026, 5, 17, 3, 20, tzinfo=UTC)),
        ("31 Des 23:00", datetime(2025, 12, 31, 16, tzinfo=UTC)),  # the last one that has been
        ("17 Agustus 2026 10:00 WIB", datetime(2026, 8, 17, 3, tzinfo=UTC)),
        ("18-11-2026 09:00", datetime(2026, 11, 18, 2, tzinfo=UTC)),
        ("2026-11-18T09:00:00+08:00", datetime(2026, 11, 18, 1, tzinfo=UTC)),
        (10**17, NOW), (-1, NOW), ("", NOW), ("kemarin", NOW), ("31 Feb 09:00", NOW), ("0001-01-01", NOW),
    ],
)  # fmt: skip
def test_dates_as_couriers_write_them(typed: Any, moment: datetime) -> None:
    assert report("binderbyte", binderbyte((typed, "TELAH TIBA", ""))).sightings[0].at == moment


def test_a_line_without_a_date_has_that_of_its_neighbour() -> None:
    said = report("binderbyte", binderbyte(("", "TELAH TIBA", ""), MOVED)).sightings
    assert [s.at for s in said] == [datetime(2026, 11, 18, 2, tzinfo=UTC)] * 2


def test_one_word_stands_for_all_parcels() -> None:
    one, other = "Paket disulap [BOGOR] JP123 oleh: Budi", "PAKET DISULAP [DEPOK] JP999 OLEH: Siti"
    assert phrases.word(one) == phrases.word(other) == "PAKET DISULAP OLEH"


RECORDED = sorted(ELSEWHERE.glob("*/*")) if ELSEWHERE.exists() else []


@pytest.mark.skipif(
    not RECORDED, reason="../shared/data/carriers is not here: bodies that are not ours to ship"
)
def test_every_recorded_body_is_understood_or_kept() -> None:
    seen = 0
    for path in (
        path for path in RECORDED if path.parent.name in COURIERS and path.suffix in (".json", ".txt")
    ):
        courier = COURIERS[path.parent.name]
        [told] = courier.read({}, path.read_bytes(), NOW)
        if told.note is None and (told.ref or told.waybill):
            said = courier.report(told.body, JAKARTA, NOW)
            assert all(s.status for s in said.sightings), path.name
            seen += bool(said.sightings)
    assert seen >= 11
