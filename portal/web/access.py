"""Who may call an endpoint: declared on each, checked before it, denied by default.

`guard` wraps every endpoint once, at start-up: access, then the transaction, then the view. An endpoint that
declares nothing stops the start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, redirect, request
from werkzeug.wrappers import Response

from portal.domain.accounts.rules import SCOPES, Permission
from portal.kernel.text import _
from portal.web import bearer, kept, signin, transaction

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """`permission` None is public. `photos`: uploads of the field "photos" are taken in before the
    transaction; `papers`: PDFs and videos too. `before`: other slow work that must not hold the database; it
    reads and leaves notes in `g`. `largest`: bytes of a body, where it may be larger than any other.
    `cacheable`: the view sets its own
    Cache-Control; everything else is no-store. `paper`: an address that holds a secret. `machine`: for
    programs: no cookie counts or is set, no form token is asked for; `scope` is what the token must carry,
    None where the view itself checks who sends. `reads`: a POST that changes nothing, whose body is too long
    or too personal for an address."""

    permission: Permission | None
    photos: bool = False
    cacheable: bool = False
    paper: bool = False
    before: Callable[[], None] | None = None
    machine: bool = False
    scope: str | None = None
    largest: int | None = None
    reads: bool = False
    papers: bool = False


def requires(
    permission: Permission,
    *,
    photos: bool = False,
    papers: bool = False,
    before: Callable[[], None] | None = None,
    largest: int | None = None,
    reads: bool = False,
) -> Callable[[View], View]:
    """Only for people whose role has `permission`; others get the sign-in page or 403."""
    return _declare(Access(permission, photos, before=before, largest=largest, papers=papers, reads=reads))


def public(
    *, cacheable: bool = False, paper: bool = False, before: Callable[[], None] | None = None
) -> Callable[[View], View]:
    """For everybody."""
    return _declare(Access(None, cacheable=cacheable, paper=paper, before=before))


def machine(scope: str | None) -> Callable[[View], View]:
    """For programs that show a token with `scope`; None for those whose signature the view checks."""
    return _declare(Access(SCOPES[scope] if scope else None, machine=True, scope=scope))


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # read by guard and by the rule tests
        return view

    return mark


def of(app: Flask, endpoint: str) -> Access:
    view: Any = app.view_functions[endpoint]
    access: Access = view.access
    return access


def guard(app: Flask) -> None:
    """Wrap every endpoint. Raises RuntimeError for one that declares no access."""
    for endpoint, view in app.view_functions.items():
        access = getattr(view, "access", None)
        if access is None:
            raise RuntimeError(f"{endpoint} declares neither @requires(…), @public() nor @machine(…)")
        if access.machine:
            app.extensions["csrf"].exempt(view)
        app.view_functions[endpoint] = (_for_machines if access.machine else _guarded)(view, access)


def _guarded(view: Callable[..., Any], access: Access) -> Callable[..., Any]:
    @wraps(view)
    def call(**values: Any) -> Any:
        with transaction.reading():
            refused = None if access.permission is None else _refusal(access.permission)
        if refused is not None:
            return refused
        return transaction.run(
            view, values, photos=access.photos, papers=access.papers, before=access.before, reads=access.reads
        )

    return call


def _for_machines(view: Callable[..., Any], access: Access) -> Callable[..., Any]:
    @wraps(view)
    def call(**values: Any) -> Any:
        request.max_content_length = bearer.LARGEST
        if access.scope is not None:
            bearer.check(access.scope)
        try:
            return transaction.run(view, values, photos=False, program=True)
        finally:
            bearer.note_use()

    return call


def _refusal(permission: Permission) -> Response | None:
    actor = signin.actor_or_none()
    if actor is not None and actor.may(permission):
        return None
    if actor is not None:
        abort(403)
    door = "/staff/sign-in" if request.path.startswith("/desk") else "/sign-in"
    if request.headers.get("HX-Request"):
        answer = Response(status=204)
        answer.headers["HX-Redirect"] = door
        return answer
    if kept.texts():
        return kept.give_back(
            _("You have been signed out"),
            _("Nothing was sent. Copy what you wrote, sign in, and paste it on the page that opens."),
            (kept.door(door), _("Sign in")),
            401,
        )
    return redirect(kept.door(door), 303)
