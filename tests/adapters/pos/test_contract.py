"""Every format in the registry keeps to the same agreement; a new one needs a sample and its header here."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adapters.pos.registry import FORMATS
from portal.domain.intake.tills import BROKEN, Counter
from portal.kernel.errors import Refused
from tests.adapters.pos.samples import ADDRESS, HEADERS, KEY, NOW, OLDER, SAMPLES, bytes_of, sign

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
each_format = pytest.mark.parametrize("name", sorted(FORMATS))


def test_every_format_has_a_sample_and_a_file_of_its_own() -> None:
    assert set(FORMATS) == set(SAMPLES) == set(HEADERS)
    folder = Path(__file__).parents[3] / "portal" / "adapters" / "pos"
    assert set(FORMATS) <= {path.stem for path in folder.glob("*.py")}


@each_format
def test_a_signature_opens_and_nothing_else_does(name: str) -> None:
    form, body = FORMATS[name], bytes_of(SAMPLES[name])
    good = sign(name, body)
    assert form.verify(good, body, [KEY], ADDRESS)
    assert form.verify(sign(name, body, OLDER), body, [KEY, OLDER], ADDRESS), "two keys while one changes"
    assert not form.verify(good, body, [OLDER], ADDRESS)
    assert not form.verify(good, body + b" ", [KEY], ADDRESS)
    assert not form.verify(good, body, [], ADDRESS)
    assert not form.verify(sign(name, body, ""), body, [""], ADDRESS), "no key is no key"
    assert not form.verify({}, body, [KEY], ADDRESS)
    assert not form.verify({HEADERS[name]: "bukan tanda – ä"}, body, [KEY], ADDRESS)


@each_format
def test_a_sample_is_an_event_of_one_order_with_its_own_time(name: str) -> None:
    [told] = FORMATS[name].read({}, bytes_of(SAMPLES[name]), NOW)
    assert told.order
    assert told.at < NOW
    assert told.id
    assert json.loads(told.body)
    assert [told] == FORMATS[name].read({}, bytes_of(SAMPLES[name]), NOW), "the same body has the same id"


@each_format
@given(value=JSON)
def test_other_json_is_kept_or_refused_and_never_breaks(name: str, value: object) -> None:
    form = FORMATS[name]
    try:
        told = form.read({}, json.dumps(value).encode(), NOW)
    except (Refused, *BROKEN):
        return
    assert all(event.order is None or event.body for event in told)


@each_format
@given(place=st.integers(0, 400), value=JSON)
def test_a_sample_with_something_else_inside_is_folded_or_refused(
    name: str, place: int, value: object
) -> None:
    form, sample = FORMATS[name], json.loads(bytes_of(SAMPLES[name]))
    inner = sample["receipts"][0] if name == "loyverse" else sample
    keys = sorted(inner)
    inner[keys[place % len(keys)]] = value
    try:
        told = form.read({}, json.dumps(sample).encode(), NOW)
        form.fold([event for event in told if event.order], Counter("JKT1", asks=True))
    except (Refused, *BROKEN):
        pass


@each_format
@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"NaN", b"[" * 5000, b'{"id": NaN}', b'"', b"1" * 9000, b"[1]", b"null"]
)
def test_what_is_no_json_object_is_refused_with_a_sentence(name: str, body: bytes) -> None:
    with pytest.raises(Refused):
        FORMATS[name].read({}, body, NOW)
