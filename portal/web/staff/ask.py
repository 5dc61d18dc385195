"""Opening a case of any kind in a customer's name: at the counter, or on the phone."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.cases.models import Case
from portal.domain.requests import actions as requests
from portal.domain.requests import counter
from portal.domain.returns.actions import RETURN
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import asking, signin
from portal.web.access import requires
from portal.web.render import go_to, page, refuse
from portal.web.staff.customers import load

bp = Blueprint("staff_ask", __name__, url_prefix="/desk/customers/<code>/ask")

OFFERED = {name: kind for name, kind in KINDS.items() if kind.questions or name == counter.WARRANTY}
SHOWN = [name for name in KINDS if name in OFFERED or name == RETURN]  # a return has steps of its own
_kinds = ", ".join(reversed(OFFERED))


@bp.get("")
@requires(Permission.CASE_TRIAGE)
def index(code: str) -> Response:
    """Which kind; what it is about is taken along, when the page before knew it."""
    customer = load(code)
    about = "".join(
        f"?{name}={request.args[name]}"
        for name in ("unit", "receipt")
        if request.args.get(name, "").isalnum()
    )
    here = _here(customer)
    return page(
        "ask/index.html", nav_current="customers", kinds=KINDS, back=f"/desk/customers/{customer.code}",
        links={name: f"{here}/{name}{about}" for name in SHOWN},
    )  # fmt: skip


@bp.get(f"/<any({_kinds}):kind>")
@requires(Permission.CASE_TRIAGE)
def begin(code: str, kind: str) -> Response:
    customer = load(code)
    asked = _asked(customer, kind)
    if asked is None:
        here = _here(customer)
        return asking.choose(
            signin.me(), customer.id, KINDS[kind], f"{here}/{kind}", nav_current="customers", back=here
        )
    return _form(customer, asked)


@bp.post(f"/<any({_kinds}):kind>")
@requires(Permission.CASE_TRIAGE, photos=True)
def send(code: str, kind: str) -> Response:
    customer = load(code)
    asked = _asked(customer, kind)
    if asked is None:  # what it is about was lost on the way
        return redirect(f"{_here(customer)}/{kind}", 303)
    if asked.validate():
        try:
            case = _open(customer, asked)
            return go_to(f"/desk/cases/{case.code}", _("The case is open. The customer gets a message."))
        except Refused as refusal:
            refuse(asked.form, refusal)
    return _form(customer, asked, 422)


def _open(customer: Customer, asked: asking.Asking) -> Case:
    actor, now, unit = signin.me(), clock.now(), asked.subject.unit
    if asked.kind.name == counter.WARRANTY and unit:
        return counter.claim_for(actor, customer, unit, asked.answers, photos=asked.photos, now=now)
    return requests.ask(
        actor, customer, asked.kind.name, asked.subject, asked.answers, title=asked.title,
        photos=asked.photos, now=now,
    )  # fmt: skip


def _asked(customer: Customer, kind: str) -> asking.Asking | None:
    subject = asking.subject_of(signin.me(), customer.id, KINDS[kind])
    if subject is None:
        return None
    if kind == counter.WARRANTY and subject.unit:
        questions, symptoms = counter.claim_questions(subject.unit)
        named = {s.code: (s.name_id, s.name_en) for s in symptoms}
        return asking.Asking(KINDS[kind], subject, questions, named)
    return asking.asking(KINDS[kind], subject)


def _form(customer: Customer, asked: asking.Asking, status: int = 200) -> Response:
    here = _here(customer)
    return asking.show(
        asked, status, nav_current="customers", action=f"{here}/{asked.kind.name}", back=here,
        customer=customer,
    )  # fmt: skip


def _here(customer: Customer) -> str:
    return f"/desk/customers/{customer.code}/ask"
