"""One case at the desk: everything the decision needs, and the forms that move it."""

from collections.abc import Callable

from flask import Blueprint, redirect, request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.queries import staff_names
from portal.domain.accounts.rules import Actor, Permission
from portal.domain.cases import actions as cases
from portal.domain.cases import queries as case_queries
from portal.domain.cases import whatsapp
from portal.domain.cases.models import Case
from portal.domain.claims import actions as claims
from portal.domain.claims import queries as claim_queries
from portal.domain.claims.models import Refund
from portal.domain.claims.rules import Outcome
from portal.domain.parts import orders as parts
from portal.domain.repairs.rules import TAKES_IN, WORKED_ON
from portal.domain.shipments import actions as shipments
from portal.domain.shipments.rules import Direction, Status
from portal.domain.workflows.vocabulary import E
from portal.kernel import clock
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.answers import told_answers
from portal.web.load import one_or_404
from portal.web.render import go_to, leave_for, page, refuse, wants_block
from portal.web.staff import case_clock, casefile, desk, talk
from portal.web.staff.case_forms import (
    DIRECTIONS,
    STATUSES,
    DecisionForm,
    LegForm,
    MoveForm,
    ReplyForm,
    actions_for,
    proposals,
)

bp = Blueprint("desk_cases", __name__, url_prefix="/desk/cases")


@bp.get("/<code>")
@requires(Permission.CASE_VIEW)
def show(code: str) -> Response:
    return case_page(code)


@bp.post("/<code>/messages")
@requires(Permission.CASE_NOTE, papers=True)
def write(code: str) -> Response:
    """A message to the customer, a question that the case then waits for, a note among staff, or a draft for
    WhatsApp."""
    form = ReplyForm()
    actor, now = signin.me(), clock.now()

    def act(case: Case) -> None:
        body, photos = form.body.data or "", form.photos.data or []
        match form.kind.data:
            case "ask":
                cases.check_body(body, photos)
                cases.move(actor, case, E.ASK, now, body=body, photos=photos)
            case "solve":
                cases.check_body(body, photos)
                cases.move(actor, case, E.SOLVE, now, body=body, photos=photos)
            case "note":
                cases.say(actor, case, body, now, photos=photos, internal=True)
            case "whatsapp":
                whatsapp.opened(actor, case, body, now, files=photos)
            case _:
                cases.say(actor, case, body, now, photos=photos)

    if form.kind.data in ("ask", "solve"):
        return act_on(code, form, "reply", act, onward=True)
    return act_on(code, form, "reply", act)


@bp.post("/<code>/moves")
@requires(Permission.CASE_VIEW)
def move(code: str) -> Response:
    """A move that needs no more than an optional sentence."""
    form = MoveForm()
    actor, now = signin.me(), clock.now()

    def act(case: Case) -> None:
        owed = any(isinstance(debt, Refund) for debt in claim_queries.debts(case.id))
        if form.event.data not in dict(actions_for(case.kind, case.state, actor, money=owed)):
            raise Refused(_("That can no longer be done. Reload the page to see how it stands."))
        if form.event.data == E.SETTLE:
            claims.settle(actor, case, now)
        else:
            cases.move(actor, case, form.event.data, now, body=form.sentence.data or "")

    return act_on(code, form, "move", act)


@bp.post("/<code>/decide")
@requires(Permission.CASE_DECIDE)
def decide(code: str) -> Response:
    form = DecisionForm()
    actor, now = signin.me(), clock.now()

    def act(case: Case) -> None:
        typed = form.part_code.data or form.part.data if form.outcome.data == Outcome.PART else None
        listed = parts.find(actor, typed)
        claims.decide(actor, case, form.ruling(listed.name_id if listed else ""), version=None, now=now)
        if listed:
            parts.promise(actor, case, listed, now)

    return act_on(code, form, "decision", act, onward=True)


@bp.get("/<code>/assign")
@requires(Permission.CASE_NOTE)
def choose(code: str) -> Response:
    """Who shall have the case: a form that htmx puts into the case's head."""
    return page(
        "staff/cases/assign.html",
        block="form",
        nav_current="desk",
        case=one_or_404(case_queries.visible_to(signin.me()).where(Case.code == code)),
        colleagues=staff_names(),
        alone=wants_block(),
        path=f"/desk/cases/{code}",
        query=desk.query(),
        back=desk.query().lstrip("?"),
    )


@bp.post("/<code>/assign")
@requires(Permission.CASE_NOTE)
def assign(code: str) -> Response:
    actor = signin.me()
    case = one_or_404(case_queries.visible_to(actor).where(Case.code == code))
    names = {number: name for number, name, _role in staff_names()}
    chosen = request.form.get("staff", "")
    number = actor.id if chosen == "me" else int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    if number is not None and number not in names:
        raise Refused(_("Choose somebody who works here."))
    cases.assign(actor, case, number, names.get(number, "") if number else "", clock.now())
    return go_to(
        _here(code),
        _("%(name)s has this case now.", name=names[number]) if number else _("Nobody has this case now."),
    )


@bp.post("/<code>/legs")
@requires(Permission.SHIPMENT_RECORD)
def ship(code: str) -> Response:
    """Record a shipment of the item, to the shop or to the customer."""
    form = LegForm()
    actor, now = signin.me(), clock.now()

    def act(case: Case) -> None:
        at = form.moment(case.outlet.timezone, now)
        leg = shipments.start(
            actor,
            Direction(form.direction.data),
            courier=form.courier.data or "",
            waybill=form.waybill.data or "",
            status=Status(form.status.data),
            at=at,
            now=now,
        )
        cases.add_leg(actor, case, leg, now)

    return act_on(code, form, "leg", act)


def act_on(
    code: str,
    form: MoveForm | ReplyForm | DecisionForm | LegForm,
    name: str,
    act: Callable[[Case], None],
    *,
    onward: bool = False,
) -> Response:
    """Do something to a case with a form: the next page, the form with what is wrong, or both versions."""
    actor = signin.me()
    case: Case = one_or_404(case_queries.visible_to(actor).where(Case.code == code))
    if not form.validate():
        return case_page(code, status=422, **{name: form})
    following = desk.next_case(actor, desk.came_from(), case)  # before the case moves to the top
    try:
        cases.check_version(case, form.version.data)
        act(case)
        db.session.flush()
    except Refused as refusal:
        db.session.rollback()
        refuse(form, refusal)
        return case_page(code, status=422, **{name: form})
    except (Stale, StaleDataError):
        db.session.rollback()
        since = form.version.data or 0
        fresh = one_or_404(case_queries.visible_to(actor).where(Case.code == code))
        conflict = case_queries.events_since(fresh.id, since)
        form.version.data = fresh.version
        return case_page(code, status=409, conflict=conflict, **{name: form})
    if following and onward:
        return go_to(
            f"/desk/cases/{following}{desk.query()}",
            _("%(code)s is done. Here is the next case.", code=words.code(code)),
        )
    return go_to(_here(code, then=following or ""), _("Saved."))


def case_page(
    code: str, *, status: int = 200, conflict: list[case_queries.Entry] | None = None, **forms: object
) -> Response:
    """The case beside its queue; htmx gets the case alone, or more of its timeline."""
    actor, alone = signin.me(), wants_block()
    before, then = request.args.get("before", type=int), request.args.get("then", "")
    file = casefile.load(actor, code, before=before)
    head, resolvable = file.head, casefile.resolvable(file, actor)
    return page(
        "staff/cases/show.html",
        block="entries" if before else "case",
        status=status,
        nav_current="desk",
        file=file,
        head=head,
        title=(words.language() == "en" and head.title_en) or head.title,
        path=f"/desk/cases/{code}",
        then=then if then.isalnum() else "",
        now=clock.now(),
        clock=case_clock.lines(head, clock.now()),
        priorities=case_clock.PRIORITIES,
        alone=alone,
        before=before,
        conflict=conflict,
        lane=desk.STAGES.get(desk.came_from().get("stage", ""), _("All open")),
        moves=actions_for(head.kind, head.state, actor, outcome=head.outcome, money=head.owed is not None),
        resolvable=resolvable,
        offered=[(name, outcome.staff) for name, outcome in resolvable.items()],
        answers=told_answers(file.kind, head.answers or {}, head.currency, words.language()),
        may_solve=_may(file, actor, E.SOLVE),
        may_take_in=head.kind in WORKED_ON and head.state in TAKES_IN,
        may_book=_may(file, actor, E.BOOK),
        may_ask=_may(file, actor, E.ASK),
        may_decide=_may(file, actor, E.DECIDE),
        reply=forms.get("reply"),
        decision=forms.get("decision"),
        resolve=forms.get("resolve"),
        booking=forms.get("booking"),
        leg=forms.get("leg"),
        move_form=forms.get("move"),
        draft=talk.draft(code) if "reply" in request.args else "",
        query=desk.query(),
        back=desk.query().lstrip("?"),
        **proposals(file),
        **talk.thread_words(file.kind),
        directions=DIRECTIONS,
        statuses=STATUSES,
    )


def _may(file: casefile.CaseFile, actor: Actor, event: str) -> bool:
    move = file.kind.moves.get((file.head.state, event))
    return move is not None and actor.may(move.by)


def _here(code: str, then: str = "") -> str:
    """The address of a case in the same list; `then` is the case that was below it before it was touched."""
    query = desk.query()
    if then:
        query += f"{'&' if query else '?'}then={then}"
    return f"/desk/cases/{code}{query}"


@bp.get("/<code>/next")
@requires(Permission.CASE_VIEW)
def following(code: str) -> Response:
    """The next case of the same list, or the list when there is none."""
    actor = signin.me()
    case = one_or_404(case_queries.visible_to(actor).where(Case.code == code))
    found = desk.next_case(actor, desk.came_from(), case)
    return redirect(_here(found), 303) if found else leave_for(f"/desk{desk.query()}")
