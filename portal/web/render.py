"""Pages and blocks of pages, and where to go after a form."""

import secrets
from typing import Any

from flask import current_app, flash, get_flashed_messages, make_response, redirect, request
from werkzeug.wrappers import Response

from portal.kernel.errors import Refused
from portal.kernel.text import Message
from portal.web import look, signin, words


def page(template: str, *, block: str | None = None, status: int = 200, **values: Any) -> Response:
    """The whole page; or only `block` of it when htmx asks for that block's element."""
    actor = signin.actor_or_none()
    lang = words.language()
    values.update(
        lang=lang,
        shop=look.current(),
        actor=actor,
        device=signin.device_secrets() if actor else None,
        can=actor.can if actor else frozenset(),
        key=secrets.token_urlsafe(12),
        flashes=get_flashed_messages(with_categories=True),
    )
    values.setdefault("area", "staff" if actor and actor.is_staff else "customer" if actor else "public")
    values.setdefault("nav_current", "")
    found = current_app.extensions["pages"][lang].get_template(template)
    if block and wants_block():
        context = found.new_context(values)
        body = "".join(found.blocks[block](context))
    else:
        body = found.render(values)
    answer = make_response(body, status)
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def wants_block() -> bool:
    """Whether htmx asks, which puts a block of a page into the page that is there."""
    return "HX-Request" in request.headers


def go_to(path: str, message: Message | str | None = None, tone: str = "good") -> Response:
    """303 to an own path, with a sentence that the next page shows."""
    if message is not None:
        flash(words.translate(message), tone)
    return redirect(path, 303)


def leave_for(path: str) -> Response:
    """303 to an own path; htmx, which would put that page into this one, is told to open it."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": path})
    return redirect(path, 303)


def refuse(form: Any, refusal: Refused) -> None:
    """Put a rule's refusal beside the field it is about, or on top of the form."""
    text = words.translate(refusal.message)
    field = getattr(form, refusal.field or "", None)
    if field is not None and refusal.field in form:
        field.errors = [*field.errors, text]
    else:
        form.form_errors.append(text)
