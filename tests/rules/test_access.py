"""Every route × every role, GET and POST: as declared, none silent."""

import re
from typing import Any

import pytest
from flask import Blueprint, Flask

from portal.domain.accounts.rules import GRANTS, STAFF_ROLES, Permission, Role
from portal.web import access
from tests.browser import Browser
from tests.fixtures.world import Address, World
from tests.pages import faults_of

ROLES = (None, Role.CUSTOMER, *STAFF_ROLES)
MOST_STATEMENTS = 6
# What an allowed person may get from a form that holds nothing, or from a code that is made up.
ANSWERS = {200, 302, 303, 404, 409, 410, 415, 422, 429}
OWNED = {"/desk/bulk/<code>", "/desk/replies/<code>"}  # the agent's alone; to colleagues they are not there
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture(params=ROLES, ids=lambda role: role or "anonymous")
def visitor(request: pytest.FixtureRequest, app: Flask, world: World) -> Browser:
    """A browser of each role in turn; the customer and the agent own what is in the world."""
    app.testing = False  # what goes wrong is a 500 in the list of what is wrong
    if request.param is None:
        return Browser(app)
    if request.param is Role.CUSTOMER:
        return request.getfixturevalue("owner")  # type: ignore[no-any-return]
    if request.param is Role.AGENT:
        return request.getfixturevalue("agent")  # type: ignore[no-any-return]
    return request.getfixturevalue("staff")(request.param)  # type: ignore[no-any-return]


def test_every_endpoint_declares(app: Flask) -> None:
    assert all(isinstance(access.of(app, endpoint), access.Access) for endpoint in app.view_functions)


def test_an_endpoint_that_declares_nothing_stops_the_start() -> None:
    app, bp = Flask("other", static_folder=None), Blueprint("x", __name__)
    bp.get("/open")(lambda: "hello")
    app.register_blueprint(bp)
    with pytest.raises(RuntimeError, match="declares neither"):
        access.guard(app)


def expected(address: Address, visitor: Browser) -> set[int]:
    declared = address.access
    if declared is None:
        return {405}
    if declared.machine:  # no cookie counts; without a scope the view asks for a signature
        return {401} if declared.scope else {400, 401, 404, 415}
    if declared.permission is None:
        return ANSWERS
    if visitor.person is None:
        return {303}
    return ANSWERS if visitor.actor.may(declared.permission) else {403}


def test_routes_and_roles(world: World, visitor: Browser) -> None:
    wrong = []
    for address in world.addresses(real=False):
        if address.path == "/sign-out":
            continue  # would end the matrix
        answer = ask(visitor, address)
        if answer.status_code not in expected(address, visitor):
            wrong.append((address.method, address.rule, answer.status_code, expected(address, visitor)))
        needs = address.access and address.access.permission and not address.access.machine
        if needs and visitor.person is None and "sign-in" not in answer.headers["Location"]:
            wrong.append((address.method, address.rule, answer.headers["Location"]))
    assert wrong == []


def test_every_page_renders(world: World, visitor: Browser, statements: Any) -> None:
    """With what is really there: whole, within six statements, and nothing is written."""
    wrong: list[Any] = []
    for address in world.addresses(real=True):
        if address.method == "POST" or expected(address, visitor) != ANSWERS:
            continue
        with statements() as seen:
            answer = ask(visitor, address)
        others = address.rule in OWNED and visitor.actor.role is not Role.AGENT
        if answer.status_code not in ((404,) if others else (200, 302, 303)):
            wrong.append((address.path, answer.status_code))
        if len(seen) > MOST_STATEMENTS:
            wrong.append((address.path, len(seen), seen))
        if any(statement.startswith(WRITES) for statement in seen if "limit_counters" not in statement):
            wrong.append((address.path, "writes"))
        if (
            not (address.access and address.access.cacheable)
            and answer.headers["Cache-Control"] != "no-store"
        ):
            wrong.append((address.path, "may be kept by a cache"))
        if answer.mimetype == "text/html" and answer.status_code == 200:
            wrong += [(address.path, fault) for fault in faults_of(answer.text)]
    assert wrong == []


def test_a_stranger_learns_nothing(world: World, stranger: Browser) -> None:
    """Somebody else's address answers exactly as one that does not exist."""
    real, made_up = list(world.addresses(real=True)), list(world.addresses(real=False))
    wrong = []
    for there, nowhere in zip(real, made_up, strict=True):
        if not there.has_place or there.access is None or there.access.permission is None:
            continue
        if not stranger.actor.may(there.access.permission) or there.path == nowhere.path:
            continue
        foreign, missing = ask(stranger, there), ask(stranger, nowhere)
        if foreign.status_code != 404 or plain(foreign, there) != plain(missing, nowhere):
            wrong.append((there.method, there.rule, foreign.status_code))
    assert wrong == []


def test_no_form_without_its_token(world: World, visitor: Browser) -> None:
    wrong = []
    for address in world.addresses(real=True):
        if address.method == "POST" and address.access is not None and not address.access.machine:
            answer = visitor.client.open(address.path, method="POST", base_url="http://127.0.0.1:8000")
            if answer.status_code != 400:
                wrong.append((address.rule, answer.status_code))
    assert wrong == []


def test_every_permission_is_somebodys() -> None:
    assert {permission for grants in GRANTS.values() for permission in grants} == set(Permission)


def ask(visitor: Browser, address: Address) -> Any:
    """What the address answers; a form is sent with its token and nothing else."""
    data = {"csrf_token": visitor.csrf()} if address.method == "POST" else None
    return visitor.client.open(
        address.path, method=address.method, data=data, base_url="http://127.0.0.1:8000"
    )


def plain(answer: Any, address: Address) -> str:
    """The body without what differs from page to page."""
    return re.sub(r"[0-9a-f]{16}|I[jm][\w.-]{60,}|" + re.escape(address.path), "", answer.text)
