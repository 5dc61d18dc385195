"""The customer's way in: what they need, what it is about, one guided form, and by when the shop answers."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.requests import actions as requests
from portal.domain.workflows.engine import Kind
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import asking, signin, words
from portal.web.access import requires
from portal.web.render import go_to, page, refuse

bp = Blueprint("customer_ask", __name__)

HERE = "/ask"
# Kinds with screens of their own; {unit} or {receipt} is chosen first.
ELSEWHERE: dict[str, str] = {"warranty": "/units/{unit}/claims/new", "return": "/returns/new"}
OFFERED = {name: kind for name, kind in KINDS.items() if kind.questions or name in ELSEWHERE}
_forms = ", ".join(name for name, kind in OFFERED.items() if name not in ELSEWHERE)


@bp.get(HERE)
@requires(Permission.CLAIM_FILE)
def index() -> Response:
    """What do you need? What it is about is taken along, when the page before knew it."""
    links = {name: _way(name) for name in OFFERED}
    return page("ask/index.html", nav_current="cases", kinds=OFFERED, links=links, back="/cases")


@bp.get(f"{HERE}/<any({_forms}, {', '.join(ELSEWHERE)}):kind>")
@requires(Permission.CLAIM_FILE)
def begin(kind: str) -> Response:
    way = _way(kind)
    if kind in ELSEWHERE:
        return _choose(KINDS[kind], ELSEWHERE[kind]) if way == f"{HERE}/{kind}" else redirect(way, 303)
    asked = _asked(kind)
    return _form(asked) if asked else _choose(KINDS[kind], way)


@bp.post(f"{HERE}/<any({_forms}):kind>")
@requires(Permission.CLAIM_FILE, photos=True)
def send(kind: str) -> Response:
    actor, asked, now = signin.me(), _asked(kind), clock.now()
    if asked is None:  # what it is about was lost on the way
        return redirect(f"{HERE}/{kind}", 303)
    if asked.validate():
        try:
            case = requests.ask(
                actor, db.session.get_one(Customer, actor.id), kind, asked.subject, asked.answers,
                title=asked.title, photos=asked.photos, tried=asking.tried(), now=now,
            )  # fmt: skip
            promise = words.moment(case.respond_by, case.outlet.timezone)
            return go_to(f"/cases/{case.code}", _("Sent. The shop answers by %(moment)s.", moment=promise))
        except Refused as refusal:
            refuse(asked.form, refusal)
    return _form(asked, 422)


def _asked(kind: str) -> asking.Asking | None:
    actor = signin.me()
    subject = asking.subject_of(actor, actor.id or 0, KINDS[kind])
    return asking.asking(KINDS[kind], subject) if subject else None


def _way(kind: str) -> str:
    """Where a kind is asked for, with what the address says that it is about."""
    about = {name: request.args.get(name, "") for name in ("unit", "receipt")}
    about = {name: code if code.isalnum() else "" for name, code in about.items()}
    way = ELSEWHERE.get(kind)
    if way is None or "{" not in way:
        return (way or f"{HERE}/{kind}") + "".join(f"?{name}={code}" for name, code in about.items() if code)
    lacks = any(f"{{{name}}}" in way and not code for name, code in about.items())
    return f"{HERE}/{kind}" if lacks else way.format(**about)


def _choose(kind: Kind, way: str) -> Response:
    return asking.choose(signin.me(), signin.me().id or 0, kind, way, nav_current="cases", back=HERE)


def _form(asked: asking.Asking, status: int = 200) -> Response:
    return asking.show(asked, status, nav_current="cases", action=f"{HERE}/{asked.kind.name}", back=HERE)
