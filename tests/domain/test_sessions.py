"""Signed-in browsers: recognised by hash, ended, idle, too old."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import passwords, rules, sessions
from portal.domain.accounts.models import Session, Staff
from portal.domain.accounts.rules import Actor, Reach, Role
from portal.kernel import clock
from portal.kernel.errors import Refused
from tests import factories

SECOND = timedelta(seconds=1)


def who(token: str, later: timedelta = timedelta(0)) -> Actor | None:
    found = sessions.recognise(token, clock.now() + later)
    return found[0] if found else None


def test_a_token_is_known_by_its_hash(app: Flask) -> None:
    token = sessions.start(factories.customer("Siti"), clock.now())
    assert token not in str(db.session.execute(Session.__table__.select()).all())
    found = who(token)
    assert found and (found.name, found.role, found.reach) == ("Siti", Role.CUSTOMER, None)
    assert who(token + "x") is None


def test_customers_stay_thirty_days(app: Flask) -> None:
    token = sessions.start(factories.customer(), clock.now())
    assert who(token, rules.CUSTOMER_SESSION - SECOND)
    assert who(token, rules.CUSTOMER_SESSION + SECOND) is None


def test_staff_leave_when_idle_and_after_a_day_of_work(app: Flask) -> None:
    token = sessions.start(factories.staff(), clock.now())
    actor = who(token)
    assert actor and actor.session_id
    assert who(token, rules.STAFF_IDLE + SECOND) is None
    for n in range(1, 26):
        sessions.seen(actor.session_id, clock.now() + n * (rules.STAFF_IDLE - SECOND))
    assert who(token, rules.STAFF_SESSION + SECOND) is None


def test_last_seen_is_renewed_every_few_minutes(app: Flask) -> None:
    token = sessions.start(factories.staff(), clock.now())
    fresh = sessions.recognise(token, clock.now())
    stale = sessions.recognise(token, clock.now() + rules.SEEN_EVERY)
    assert fresh and stale and (fresh[1], stale[1]) == (False, True)


def test_people_end_their_own_sessions(app: Flask) -> None:
    siti, budi = factories.customer(), factories.customer()
    token, mine = sessions.start(siti, clock.now()), sessions.start(budi, clock.now())
    siti_now, budi_now = who(token), who(mine)
    assert siti_now and budi_now and siti_now.session_id
    assert not sessions.end(budi_now, siti_now.session_id, clock.now())
    assert sessions.end(siti_now, siti_now.session_id, clock.now())
    assert who(token) is None and who(mine)
    assert [row.customer_id for row in sessions.open_ones(budi_now, clock.now())] == [budi.id]


def test_a_disabled_person_fails_at_once(app: Flask) -> None:
    siti = factories.customer()
    token = sessions.start(siti, clock.now())
    siti.disabled_at = clock.now()
    db.session.flush()
    assert who(token) is None


def test_a_new_role_or_password_ends_the_sessions(app: Flask) -> None:
    member = factories.staff(Role.AGENT)
    for change in ({"role": Role.MANAGER}, {"password": "kalimat lain yang panjang"}, {"disabled": True}):
        token = sessions.start(member, clock.now())
        values = {
            "name": "A",
            "email": member.email,
            "role": Role(member.role),
            "password": "",
            "disabled": False,
        }
        accounts.save_staff(member, **{**values, **change}, now=clock.now())  # type: ignore[arg-type]
        assert who(token) is None, change


def test_a_reach_is_kept_with_the_session(app: Flask) -> None:
    token = sessions.start(factories.customer(), clock.now(), reach=Reach(purchases=(3,), units=(4, 5)))
    found = who(token)
    assert found and found.reach == Reach((3,), (4, 5))
    assert set((found.reach | Reach((7,))).purchases) == {3, 7}


def sign_in(email: str, password: str) -> Staff:
    compared = accounts.compare_password(email, password, address="10.0.0.1")
    return accounts.sign_in_staff(email, compared, address="10.0.0.1")


def test_passwords(app: Flask) -> None:
    member = factories.staff(Role.AGENT)
    assert sign_in(member.email.upper(), "kalimat sandi panjang") is member
    for email, password in (
        (member.email, "salah"),
        ("nobody@toko.id", "kalimat sandi panjang"),
        (member.email, ""),
    ):
        with pytest.raises(Refused) as refusal:
            sign_in(email, password)
        assert refusal.value.field == "password"
    with pytest.raises(Refused, match="at least"):
        accounts.save_staff(
            None,
            name="B",
            email="b@toko.id",
            role=Role.AGENT,
            password="pendek",
            disabled=False,
            now=clock.now(),
        )


def test_a_comparison_is_void_once_there_is_a_new_password(app: Flask) -> None:
    member = factories.staff(Role.AGENT)
    compared = accounts.compare_password(member.email, "kalimat sandi panjang", address="10.0.0.1")
    assert compared.right
    member.password_hash = passwords.hashed("kalimat lain yang panjang")
    with pytest.raises(Refused):
        accounts.sign_in_staff(member.email, compared, address="10.0.0.1")
