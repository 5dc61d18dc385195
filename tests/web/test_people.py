"""Staff: the admin's list, and everybody's own account."""

import pytest

from portal.db import db, writing
from portal.domain.accounts import passwords
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import Role
from tests.browser import Browser
from tests.forms import errors, fields, stale

PASSWORD = "kalimat sandi panjang"
NEW = "/desk/staff/new"


def editor(person):
    return f"/desk/staff/{person.code}"


def fresh(person):
    db.session.expire_all()
    return db.session.get(Staff, person.id)


def test_somebody_is_added_and_signs_in(app, admin, client):
    form = {**fields(admin.get(NEW).text, NEW), "name": "Rini", "email": "Rini@toko.id", "role": "technician"}
    assert errors(admin.post(NEW, expect=422, **form).text) == {"password"}
    assert errors(admin.post(NEW, expect=422, **{**form, "password": "pendek"}).text) == {"password"}
    admin.follow(admin.post(NEW, **{**form, "password": PASSWORD}))
    admin.post(NEW, **{**form, "password": PASSWORD})
    client.post("/staff/sign-in", email="rini@toko.id", password=PASSWORD)
    assert "Rini" in admin.get("/desk/staff").text


def test_bad_input_keeps_the_typing(admin, agent):
    path = editor(agent.person)
    form = fields(admin.get(path).text, path)
    answer = admin.post(path, expect=422, **{**form, "email": "bukan alamat", "name": ""})
    assert errors(answer.text) == {"email", "name"}
    assert fields(answer.text, path)["email"] == "bukan alamat"
    assert errors(admin.post(path, expect=422, **{**form, "email": admin.person.email}).text) == {"email"}


@pytest.mark.parametrize(
    "change", [{"role": "manager"}, {"disabled": "y"}, {"password": "sandi lain panjang"}]
)
def test_role_password_and_closing_end_the_sessions(admin, agent, change):
    path = editor(agent.person)
    agent.get("/desk")
    admin.post(path, **{**fields(admin.get(path).text, path), **change})
    agent.get("/desk", expect=303)


def test_a_new_name_leaves_the_sessions(admin, agent):
    path = editor(agent.person)
    admin.post(path, **{**fields(admin.get(path).text, path), "name": "Nama Baru"})
    agent.get("/desk")


def test_everywhere_means_everywhere(admin, agent):
    for _twice in range(2):
        admin.post(editor(agent.person) + "/sign-out")
    agent.get("/desk", expect=303)


def test_the_only_admin_stays(admin, staff):
    path = editor(admin.person)
    form = fields(admin.get(path).text, path)
    assert errors(admin.post(path, expect=422, **{**form, "role": "agent"}).text) == {"role"}
    admin.post(path, expect=422, **{**form, "disabled": "y"})
    staff(Role.ADMIN)
    admin.post(path, **{**form, "role": "agent"})
    assert fresh(admin.person).role == "agent"


def test_two_admins_at_one_account(admin, staff, agent):
    other, path = staff(Role.ADMIN), editor(agent.person)
    first, second = (fields(who.get(path).text, path) for who in (admin, other))
    admin.post(path, **{**first, "name": "Satu"})
    answer = other.post(path, expect=409, **{**second, "name": "Dua"})
    assert stale(answer.text)
    other.post(path, **fields(answer.text, path))
    assert fresh(agent.person).name == "Dua"


def test_wrong_role_method_and_code(admin, manager, owner, client):
    for path in ("/desk/staff", NEW, editor(manager.person)):
        manager.get(path, expect=403)
        owner.get(path, expect=403)
        client.get(path, expect=303)
    manager.post(NEW, expect=403)
    admin.get("/desk/staff/ZZZZZZZZ", expect=404)
    admin.get(editor(manager.person) + "/sign-out", expect=405)


def test_own_name_and_language(agent):
    agent.post("/desk/account", name="Dewi", language="en")
    assert (fresh(agent.person).name, fresh(agent.person).language) == ("Dewi", "en")
    assert errors(agent.post("/desk/account", expect=422, name=" ", language="en").text) == {"name"}


def test_own_password_needs_the_old_one_and_ends_other_sessions(app, agent):
    other = Browser(app, agent.person)
    path = "/desk/account/password"
    assert errors(agent.post(path, expect=422, old="salah", password="sandi baru panjang").text) == {"old"}
    assert errors(agent.post(path, expect=422, old=PASSWORD, password="pendek").text) == {"password"}
    agent.post(path, old=PASSWORD, password="sandi baru panjang")
    agent.get("/desk")
    other.get("/desk", expect=303)


def test_guessing_the_old_password_is_limited(agent):
    for _try in range(10):
        agent.post("/desk/account/password", expect=422, old="salah", password="sandi baru panjang")
    agent.post("/desk/account/password", expect=429, old=PASSWORD, password="sandi baru panjang")


def test_one_of_the_own_sessions_is_ended_nobody_elses(app, agent, manager):
    other = Browser(app, agent.person)
    for browser in (other, manager):
        agent.post("/desk/account/devices/end", device=str(browser.actor.session_id))
    agent.post("/desk/account/devices/end", device="9" * 40)
    other.get("/desk", expect=303)
    manager.get("/desk")
    agent.get("/desk/account")


@pytest.mark.parametrize("path", ["/staff/sign-in", "/desk/account/password"])
def test_passwords_are_compared_while_nobody_waits_for_the_database(agent, monkeypatch, path):
    held = []
    compare = passwords.compare

    def watched(stored, typed):
        held.append(writing.get())
        return compare(stored, typed)

    monkeypatch.setattr(passwords, "compare", watched)
    agent.post(path, email=agent.person.email, old=PASSWORD, password=PASSWORD)
    assert held == [False]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("/desk?stage=new", "/desk?stage=new"), ("//evil.id", "/desk"), ("/\\evil.id", "/desk"),
     ("https://evil.id", "/desk"), ("/\t/evil.id", "/desk"), ("/desk\r\nX-Evil: 1", "/desk")],
)  # fmt: skip
def test_signing_in_leads_to_our_own_pages_only(agent, client, wanted, given):
    answer = client.post("/staff/sign-in", email=agent.person.email, password=PASSWORD, next=wanted)
    assert answer.headers["Location"] == given
