"""The conversation of a case at the desk: what is new, replies that are ready, WhatsApp drafts, its link."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.models import Customer
from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases import whatsapp
from portal.domain.cases.live import Legs
from portal.domain.cases.models import Case
from portal.domain.cases.queries import Entry
from portal.domain.catalog.models import Outlet, Product
from portal.domain.claims.outcomes import OUTCOMES
from portal.domain.estimates.rules import STATES as ESTIMATE_STATES
from portal.domain.mailbox import replies
from portal.domain.mailbox.models import QuickReply
from portal.domain.repairs.rules import STATES as WORK_STATES
from portal.domain.units.models import Unit
from portal.domain.workflows.engine import Kind
from portal.domain.workflows.registry import KINDS
from portal.domain.workflows.vocabulary import EVENTS
from portal.kernel import clock, phone
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web import news, signin, words
from portal.web.access import requires
from portal.web.load import one_or_404, row_or_404
from portal.web.render import go_to, page
from portal.web.staff import desk
from portal.web.staff.case_forms import STATUSES

bp = Blueprint("desk_talk", __name__, url_prefix="/desk/cases/<code>")

_FACTS = (
    select(
        Case.code, Case.title, Case.title_en, Case.due_at, Customer.name, Customer.language, Outlet.timezone,
        Outlet.name.label("outlet"), Outlet.phone, Product.name.label("product"),
    )
    .join(Customer, Customer.id == Case.customer_id)
    .join(Outlet, Outlet.id == Case.outlet_id)
    .outerjoin(Unit, Unit.id == Case.unit_id)
    .outerjoin(Product, Product.id == Unit.product_id)
)  # fmt: skip


def thread_words(kind: Kind) -> dict[str, Any]:
    """What the entries of a thread are called, as the template needs it."""
    return {
        "outcomes": OUTCOMES, "kinds": KINDS, "event_names": EVENTS | dict(kind.events),
        "work_states": WORK_STATES,
        "estimate_states": ESTIMATE_STATES,
    }  # fmt: skip


@bp.get("/news")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    """What is new after `?after=`, for the thread that is open."""

    def fragment(case: Any, entries: list[Entry], road: Legs) -> Response:
        return page(
            "staff/cases/news.html",
            file=SimpleNamespace(entries=entries, kind=KINDS[case.kind], claim=None, older=None),
            head=case,
            path=f"/desk/cases/{code}",
            alone=False,
            before=None,
            moved=any(entry.after for entry in entries),
            parcels=[(leg, points[-1]) for leg, points in road],
            statuses=STATUSES,
            **thread_words(KINDS[case.kind]),
        )

    return news.answer(code, f"/desk/cases/{code}", fragment)


@bp.get("/replies")
@requires(Permission.CASE_NOTE)
def ready(code: str) -> Response:
    """Replies that this case filled, and who can be called in a note."""
    actor = signin.me()
    values = filled(code)
    found = db.session.scalars(replies.visible_to(actor))
    return page(
        "staff/replies/choose.html",
        block="list",
        nav_current="desk",
        code=code,
        replies=[(reply, replies.fill(_in(reply, values["lang"]), values)) for reply in found],
        colleagues=[name for number, name, _role in staff_names() if number != actor.id],
        query=desk.query(),
    )


@bp.post("/whatsapp/<int:number>")
@requires(Permission.CASE_NOTE)
def settle_draft(code: str, number: int) -> Response:
    """The draft was sent by the phone of whoever presses this, or it never will be."""
    actor, now = signin.me(), clock.now()
    case: Case = one_or_404(case_queries.visible_to(actor).where(Case.code == code))
    try:
        if request.form.get("do") == "sent":
            whatsapp.sent(actor, case, number, now)
            return go_to(_here(code), _("It stands in the thread now; the customer sees it too."))
        whatsapp.dropped(case, number)
    except Refused as refusal:
        return go_to(_here(code), refusal.message, "bad")
    return go_to(_here(code), _("The draft is put aside."))


@bp.post("/link")
@requires(Permission.LINK_REISSUE)
def reissue(code: str) -> Response:
    """A new link for the customer; the one in earlier messages opens nothing any more."""
    case: Case = one_or_404(case_queries.visible_to(signin.me()).where(Case.code == code))
    cases.reissue_link(case, clock.now())
    return go_to(_here(code), _("The old link is closed. Your next message brings the new one."))


def draft(code: str) -> str:
    """The reply that `?reply=` chose, filled for this case; "" when there is none."""
    chosen = request.args.get("reply", "")
    found = chosen and db.session.scalar(replies.visible_to(signin.me()).where(QuickReply.code == chosen))
    if not found:
        return ""
    values = filled(code)
    return replies.fill(_in(found, values["lang"]), values)


def filled(code: str) -> dict[str, str]:
    """What the places of a reply are in this case, in its customer's language, which is `lang`."""
    actor = signin.me()
    case = row_or_404(case_queries.limit_to(actor, _FACTS).where(Case.code == code))
    lang = case.language if case.language in words.LANGUAGES else "id"
    say = words.catalog(lang).gettext
    with words.speaking(lang):
        due = words.moment(case.due_at, case.timezone) if case.due_at else say("soon")
    return {
        "lang": lang,
        "nama": case.name or say("Sir or Madam"),
        "barang": case.product or (lang == "en" and case.title_en) or case.title,
        "kasus": words.code(case.code),
        "tenggat": due,
        "cabang": case.outlet,
        "telepon": phone.show(case.phone) if case.phone else "",
        "petugas": actor.name,
    }


def _in(reply: QuickReply, lang: str) -> str:
    return reply.text_en if lang == "en" else reply.text_id


def _here(code: str) -> str:
    return f"/desk/cases/{code}{desk.query()}#thread"


SAID = (_("soon"), _("Sir or Madam"))
