"""The signed-in person of a request, through Flask-Login, over sessions that the database keeps."""

import secrets
from functools import lru_cache

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal.domain.accounts import actions as accounts
from portal.domain.accounts import sessions
from portal.domain.accounts.models import Customer, Staff
from portal.domain.accounts.rules import Actor, Reach
from portal.kernel import clock
from portal.kernel.codes import derive, digest


class Person(UserMixin):
    """What Flask-Login holds: the actor, under the token of the session."""

    def __init__(self, token: str, actor: Actor):
        self.token, self.actor = token, actor

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # sessions are ours, by hash, and can be ended
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)


def _load(token: str) -> Person | None:
    found = sessions.recognise(token, clock.now())
    if found is None:
        return None
    actor, stale = found
    if stale and "X-By-Itself" not in request.headers:
        g.renew_session = actor.session_id
    return Person(token, actor)


def actor_or_none() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def me() -> Actor:
    """The signed-in person; only behind @requires."""
    found: Actor = current_user.actor
    return found


def unattended() -> None:
    """This request came by itself, from a page that is open: it is no sign of anybody being there."""
    g.pop("renew_session", None)


def browser() -> str:
    """The name of this browser, to which a code belongs."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
    name: str = session["browser"]
    return name


def visitor() -> str:
    """Whose form keys these are."""
    person = actor_or_none()
    if person is None:
        return "browser:" + digest(browser()).hex()[:24]
    return f"{'staff' if person.is_staff else 'customer'}:{person.id}"


def device_secrets() -> tuple[str, str]:
    """(mark, vault) for what a device keeps of the signed-in person.

    The mark tells one person's pages from another's, and nothing else. With the vault's secret the browser
    seals what it could not send yet: it comes with the person's pages and is stored nowhere, so that nobody
    else reads what waits.
    """
    return _device_secrets(current_app.config["SECRET_KEY"], visitor())


@lru_cache(maxsize=4096)
def _device_secrets(key: str, who: str) -> tuple[str, str]:
    return derive(key, "mark", who.encode())[:12], derive(key, "vault", who.encode())


def sign_in(person: Customer | Staff, *, reach: Reach | None = None) -> None:
    """Open a new session in this browser; the one before it ends."""
    now = clock.now()
    if isinstance(person, Customer) and reach is None:
        accounts.opened(person, now)
    before = actor_or_none()
    if before is not None and before.session_id is not None:
        sessions.end(before, before.session_id, now)
    stays = ("lang",) if before else ("lang", "browser")  # what a visitor asked goes on after signing in
    kept = {name: session[name] for name in stays if name in session}
    session.clear()
    session.update(kept)
    token = sessions.start(person, now, browser=request.headers.get("User-Agent", ""), reach=reach)
    found = sessions.recognise(token, now)
    assert found is not None
    session.permanent = True
    login_user(Person(token, found[0]))


def sign_out() -> None:
    """End the session on the server and in the browser."""
    person = actor_or_none()
    if person is not None and person.session_id is not None:
        sessions.end(person, person.session_id, clock.now())
    logout_user()
    session.clear()


def clear_site_data(answer: Response) -> Response:
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
