"""Sign-in codes and links: five tries, once, in the browser that asked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import rules, secrets
from portal.domain.accounts.models import Customer, LoginSecret
from portal.domain.outbox.models import OutboxMessage
from portal.kernel import clock
from portal.kernel.errors import Refused, TooMany
from tests import factories
from tests.threads import at_once

EMAIL = "siti@contoh.id"
HERE, THERE = "this browser", "another browser"


@pytest.fixture
def siti(app: Flask) -> Customer:
    return factories.customer("Siti", EMAIL)


def ask(contact: str = EMAIL, browser: str = HERE, address: str = "10.0.0.1") -> str:
    """Ask for a code; returns the one that was sent, "" when none was."""
    accounts.ask_for_code(contact, browser=browser, address=address, language="id", now=clock.now())
    factories.settle()
    newest = db.session.query(OutboxMessage).order_by(OutboxMessage.id.desc()).first()
    return newest.values["code"] if newest and newest.address in (contact, "+62" + contact[1:]) else ""


def use(code: str, browser: str = HERE, contact: str = EMAIL, now: datetime | None = None) -> Customer:
    try:
        return accounts.sign_in_by_code(contact, code, browser=browser, now=now or clock.now())
    finally:
        db.session.commit()


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_signs_in_once(siti: Customer) -> None:
    code = ask()
    assert use(code) is siti
    with pytest.raises(Refused):
        use(code)


def test_a_code_belongs_to_the_browser_that_asked(siti: Customer) -> None:
    code = ask()
    with pytest.raises(Refused):
        use(code, THERE)
    assert use(code) is siti


def test_a_new_code_ends_the_older_ones(siti: Customer) -> None:
    first, second = ask(), ask()
    with pytest.raises(Refused):
        use(first if first != second else other(second))
    assert use(second) is siti


def test_a_new_code_elsewhere_ends_the_older_ones_too(siti: Customer) -> None:
    first = ask()
    second = ask(browser=THERE)
    with pytest.raises(Refused):
        use(first)
    assert use(second, THERE) is siti


def test_a_code_lives_ten_minutes(siti: Customer) -> None:
    code = ask()
    with pytest.raises(Refused):
        use(code, now=clock.now() + rules.CODE_LIFE + timedelta(seconds=1))


@pytest.mark.parametrize("wrong", [4, 5])
def test_five_tries(siti: Customer, wrong: int) -> None:
    code = ask()
    for _n in range(wrong):
        with pytest.raises(Refused):
            use(other(code))
    if wrong < rules.CODE_TRIES:
        assert use(code) is siti
    else:
        with pytest.raises(Refused):
            use(code)


def test_a_code_is_used_once_at_the_same_moment(both: Flask) -> None:
    siti = factories.customer("Siti", EMAIL).id
    code = ask()
    found = at_once(
        both, 4, lambda n: accounts.sign_in_by_code(EMAIL, code, browser=HERE, now=clock.now()).id
    )
    assert [x for x in found if x == siti] == [siti]
    assert all(isinstance(x, Refused) for x in found if x != siti)


def test_guesses_at_the_same_moment_count(both: Flask) -> None:
    factories.customer("Siti", EMAIL)
    code = ask()
    at_once(both, 6, lambda n: accounts.sign_in_by_code(EMAIL, other(code), browser=HERE, now=clock.now()))
    with pytest.raises(Refused):
        use(code)


@pytest.mark.parametrize("contact", ["nobody@contoh.id", "081299990000"])
def test_nobody_is_told_who_is_known(siti: Customer, contact: str) -> None:
    assert ask(contact) == ""
    assert db.session.query(LoginSecret).count() == 1, "the same rows are written"
    with pytest.raises(Refused) as unknown:
        use("123456", contact=contact)
    ask()
    with pytest.raises(Refused) as wrong:
        use("123456")
    assert unknown.value.message == wrong.value.message


def test_an_unproven_contact_gets_no_code(app: Flask) -> None:
    person = accounts.new_customer(clock.now(), name="Belum")
    person.email, person.opened_at = "belum@contoh.id", clock.now()
    db.session.commit()
    assert ask("belum@contoh.id") == ""


def test_a_disabled_person_stays_out(siti: Customer) -> None:
    code = ask()
    siti.disabled_at = clock.now()
    with pytest.raises(Refused):
        use(code)


def test_limits_end_and_lapse(siti: Customer) -> None:
    with time_machine.travel("2026-03-02T10:00:00+07:00", tick=False) as traveller:
        for _n in range(5):
            ask()
        with pytest.raises(TooMany, match="wait"):
            ask()
        db.session.commit()
        traveller.shift(timedelta(minutes=16))
        assert ask()


def test_one_address_cannot_ask_for_everybody(app: Flask) -> None:
    for n in range(20):
        ask(f"orang{n}@contoh.id")
    with pytest.raises(TooMany):
        ask("orang99@contoh.id")
    db.session.rollback()
    assert ask("orang99@contoh.id", address="10.0.0.2") == ""


@pytest.mark.parametrize("typed", ["", "bukan kontak", "a@b", "\x00", "😀@😀"])
def test_what_is_no_contact(app: Flask, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        ask(typed)
    assert refusal.value.field == "contact"


def test_a_link_opens_once_within_a_day(siti: Customer, app: Flask) -> None:
    token = secrets.make_link(siti, clock.now())
    assert secrets.link_is_open(token, clock.now())
    assert not secrets.link_is_open(token, clock.now() + rules.LINK_LIFE + timedelta(seconds=1))
    assert secrets.use_link(token, clock.now()) is siti
    assert secrets.use_link(token, clock.now()) is None
    assert not secrets.link_is_open(token, clock.now())


def test_codes_are_kept_as_digests_only(siti: Customer) -> None:
    code = ask()
    rows: Any = db.session.execute(LoginSecret.__table__.select()).all()
    assert code not in str(rows)


def test_old_secrets_are_swept(siti: Customer) -> None:
    ask()
    secrets.sweep(clock.now() + timedelta(days=3))
    assert db.session.query(LoginSecret).count() == 0
