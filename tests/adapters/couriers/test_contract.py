"""Every courier in the registry keeps to the same agreement; a new one needs a sample and its header here."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adapters.couriers.registry import COURIERS
from portal.domain.shipments.couriers import BROKEN
from portal.kernel.errors import Refused
from tests.adapters.couriers.samples import (
    HEADERS,
    JAKARTA,
    KEY,
    NOW,
    OLDER,
    SAMPLES,
    WAYBILL,
    bytes_of,
    hours,
    recorded,
    report,
    sign,
    tell,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
each = pytest.mark.parametrize("name", sorted(COURIERS))
each_that_tells = pytest.mark.parametrize("name", sorted(HEADERS))
each_that_is_asked = pytest.mark.parametrize("name", sorted(set(COURIERS) - set(HEADERS)))


def test_every_courier_has_a_sample_and_a_file_of_its_own() -> None:
    assert set(COURIERS) == set(SAMPLES) >= set(HEADERS)
    assert {name for name, courier in COURIERS.items() if courier.host} == set(COURIERS) - set(HEADERS)
    folder = Path(__file__).parents[3] / "portal" / "adapters" / "couriers"
    assert set(COURIERS) <= {path.stem for path in folder.glob("*.py")}


@each_that_tells
def test_a_signature_opens_and_nothing_else_does(name: str) -> None:
    courier, body = COURIERS[name], bytes_of(SAMPLES[name])
    good = sign(name, body)
    assert courier.verify(good, body, [KEY], NOW)
    assert courier.verify(sign(name, body, OLDER), body, [KEY, OLDER], NOW), "two keys while one changes"
    assert not courier.verify(good, body, [OLDER], NOW)
    assert not courier.verify(good, body, [], NOW)
    assert not courier.verify(sign(name, body, ""), body, [""], NOW), "no key is no key"
    assert not courier.verify({}, body, [KEY], NOW)
    assert not courier.verify({HEADERS[name]: "bukan tanda – ä,=,t=9"}, body, [KEY], NOW)
    assert not courier.verify({"host": KEY, "user-agent": KEY}, body, [KEY], NOW)
    if name != "biteship":  # whose secret stands in the header itself
        assert not courier.verify(good, body + b" ", [KEY], NOW)


def test_a_signed_time_has_to_be_near() -> None:
    body = bytes_of(SAMPLES["shippo"])
    for off in (hours(0.2), -hours(0.2)):
        with pytest.raises(Refused):
            COURIERS["shippo"].verify(sign("shippo", body, at=NOW + off), body, [KEY], NOW)
    assert COURIERS["shippo"].verify(sign("shippo", body, at=NOW + hours(0.05)), body, [KEY], NOW)
    assert not COURIERS["shippo"].verify({HEADERS["shippo"]: "t=1,v1=00"}, body, [KEY], NOW)


def test_the_known_answer_of_easypost() -> None:
    """The secret counts in its normal form: composed and decomposed are one."""
    told = recorded("easypost-signature")
    body = (Path(__file__).parent / "payloads" / "easypost-event.json").read_bytes().rstrip(b"\n")
    headers = {"x-hmac-signature": told["hmac_signature"]}
    for secret in ("s\u00e9cret", "se\u0301cret"):
        assert COURIERS["easypost"].verify(headers, body, [secret], NOW)
    assert not COURIERS["easypost"].verify(headers, body, ["secret"], NOW)


@each
def test_a_sample_is_about_one_parcel(name: str) -> None:
    told = tell(name, SAMPLES[name])
    assert told.waybill
    assert told.at <= NOW
    assert json.loads(told.body) == SAMPLES[name], "kept as it came"
    assert tell(name, SAMPLES[name]).id == told.id, "the same body has the same id"
    said = report(name, SAMPLES[name])
    assert said.waybill == told.waybill
    assert said.sightings
    assert all(s.status and s.at.tzinfo and s.at <= NOW for s in said.sightings)


@each
@given(value=JSON)
def test_other_json_is_kept_and_never_breaks(name: str, value: object) -> None:
    for told in COURIERS[name].read({}, json.dumps(value).encode(), NOW):
        assert told.body
        assert told.note or told.id


@each
@pytest.mark.parametrize(
    "body", [b"", b"not json", b"\xff\xfe\x00", b"[1]", b"1e999", b"{" * 5000, b'{"a":NaN}']
)
def test_what_is_no_json_is_kept_with_a_note(name: str, body: bytes) -> None:
    [told] = COURIERS[name].read({}, body, NOW)
    assert told.note is not None
    assert (told.ref, told.waybill) == (None, None)
    assert "\0" not in told.body


@each
@given(place=st.integers(0, 400), value=JSON)
def test_a_sample_with_something_else_inside_is_read_or_refused(name: str, place: int, value: object) -> None:
    sample = json.loads(bytes_of(SAMPLES[name]))
    inner = next((sample[key] for key in ("msg", "result", "data", "details") if key in sample), sample)
    keys = sorted(inner)
    inner[keys[place % len(keys)]] = value
    [told] = COURIERS[name].read({}, json.dumps(sample).encode(), NOW)
    if told.ref or told.waybill:
        try:
            COURIERS[name].report(told.body, JAKARTA, NOW)
        except (Refused, *BROKEN):
            pass


@each_that_is_asked
def test_a_question_names_the_courier_and_shows_the_key(name: str) -> None:
    courier = COURIERS[name]
    question = courier.question("JNE", WAYBILL, "rahasia")
    assert question is not None
    assert WAYBILL in question.path + (question.body or "")
    assert "rahasia" in question.path + repr(courier.credentials("rahasia"))
    assert courier.question("Kurir toko", WAYBILL, "rahasia") is None


@each_that_is_asked
@pytest.mark.parametrize("answer", [{}, {"status": 404, "message": "Invalid awb or courier"}, {"data": None}])
def test_a_number_that_is_not_known_is_told_as_that(name: str, answer: object) -> None:
    told = tell(name, answer)
    assert told.note is not None and "does not know" in told.note.id
