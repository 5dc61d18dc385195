"""Whose a sale is: the rules as a table, and what becomes of records."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.domain.accounts.matching import Buyer, Doubt, Matcher, Record, alike, decide
from portal.domain.accounts.models import Customer, CustomerRef
from portal.kernel import clock
from tests import factories

PHONE, OTHER_PHONE, EMAIL = "+6281234567890", "+6281298765432", "siti@contoh.id"


def record(name: str = "Siti Rahma", phone: str | None = PHONE, email: str | None = None) -> Record:
    return Record(1, name, phone, email, kept=True)


@pytest.mark.parametrize(
    ("buyer", "by_ref", "by_email", "by_phone", "wanted"),
    [
        (Buyer(), 0, 0, 0, "nobody"),
        (Buyer("Siti"), 0, 0, 0, "nobody"),
        (Buyer("Siti", PHONE), 0, 0, 0, "new"),
        (Buyer(email=EMAIL), 0, 0, 0, "new"),
        (Buyer(ref="17850"), 0, 0, 0, "new"),
        (Buyer("Budi", PHONE, ref="17850"), 1, 0, 1, "match"),
        (Buyer("Siti Rahma", PHONE), 0, 0, 1, "match"),
        (Buyer("", PHONE), 0, 0, 1, "match"),
        (Buyer("Ibu Siti", PHONE), 0, 0, 1, "match"),
        (Buyer("Budi Santoso", PHONE), 0, 0, 1, Doubt.OTHER_NAME),
        (Buyer("Budi Santoso", PHONE, EMAIL), 0, 1, 0, "match"),
        (Buyer("Siti", PHONE), 0, 0, 2, Doubt.SEVERAL),
        (Buyer("Ibu Rahma, Siti", PHONE), 0, 0, 2, "match"),
        (Buyer("Siti Rahma", PHONE, EMAIL), 0, 1, 2, Doubt.SEVERAL),
    ],
)
def test_the_rules(buyer: Buyer, by_ref: int, by_email: int, by_phone: int, wanted: str) -> None:
    one = record()
    phones = [one, record("Lain")][:by_phone] if not by_email else [record("Lain")] * (by_phone > 0)
    found = decide(buyer, one if by_ref else None, [one] * by_email, phones)
    told = found.doubt or ("new" if found.new else "match" if found.record else "nobody")
    assert told == wanted


def test_a_phone_that_is_known_with_another_address_is_doubted() -> None:
    found = decide(Buyer("Siti Rahma", PHONE, "lain@contoh.id"), None, [], [record(email=EMAIL)])
    assert found.doubt is Doubt.OTHER_EMAIL and found.candidates[0].email == EMAIL


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("", "Budi", True), ("Suharto", "Suharto", True), ("Bpk. Budi Santoso", "BUDI SANTOSO", True),
        ("Hj. Siti Rahmah", "Siti Rahma", True), ("Santoso Budi", "Budi Santoso", True),
        ("Siti", "Siti Rahma", True), ("Budi", "Siti", False), ("Budi Santoso", "Budi Hartono", False),
        ("Ibu", "Budi", True), ("محمد", "محمد عبد", True), ("Joko Susilo", "Joko Soesilo", True),
    ],
)  # fmt: skip
def test_names_of_one_person(one: str, other: str, wanted: bool) -> None:
    assert alike(one, other) is alike(other, one) is wanted


def matched(*buyers: Buyer, source: str = "file") -> list[int | None]:
    matcher = Matcher(source, buyers)
    found = [matcher.match(buyer) for buyer in buyers]
    matcher.write(clock.now())
    return [match.record.id if match.record else None for match in found]


def test_one_record_for_one_person_within_a_file_and_after_it(both: Flask) -> None:
    told = [
        Buyer("Siti Rahma", PHONE), Buyer("Siti Rahma", PHONE, EMAIL), Buyer("S. Rahma", None, EMAIL),
        Buyer("", None, None, "17850"), Buyer("Tono", None, "tono@contoh.id", "17850"), Buyer("Tono"),
    ]  # fmt: skip
    first = matched(*told)
    siti, tono = first[0], first[3]
    assert first == [siti, siti, siti, tono, tono, None] and siti != tono
    assert matched(*told) == first
    kept = db.session.get_one(Customer, siti, populate_existing=True)
    assert (kept.name, kept.phone, kept.email, kept.proven) == ("Siti Rahma", PHONE, EMAIL, False)
    assert db.session.get_one(Customer, tono, populate_existing=True).email == "tono@contoh.id"
    assert matched(Buyer(ref="17850"), source="api") != [tono], "each till has its own numbers"
    assert db.session.scalars(select(CustomerRef.external_id)).all() == ["17850"] * 2


def test_whoever_has_proven_a_contact_stands_for_it(app: Flask) -> None:
    kept = matched(Buyer("Siti", PHONE))
    owner = factories.customer("Siti Rahma", EMAIL, PHONE)
    assert matched(Buyer("Siti", PHONE)) == [owner.id] != kept
    owner.name = "Siti R."
    matched(Buyer("Siti Rahma", PHONE, EMAIL))
    assert owner.name == "Siti R.", "nobody writes into an account that is in use"


def test_a_merged_record_leads_on_and_a_closed_one_nowhere(app: Flask) -> None:
    (one,), (two,), (three,) = (matched(Buyer(name, phone)) for name, phone in (
        ("Siti", PHONE), ("Siti R.", OTHER_PHONE), ("Siti Rahma", "+6281211112222")))  # fmt: skip
    db.session.get_one(Customer, one).merged_into_id = two
    db.session.get_one(Customer, two).merged_into_id = three
    db.session.flush()
    assert matched(Buyer("Siti", PHONE)) == [three]
    db.session.get_one(Customer, three).disabled_at = clock.now()
    db.session.flush()
    assert matched(Buyer("Siti", PHONE)) not in ([one], [two], [three])
