"""The assistant: answers with their sources, says when it does not know, and hands over to a person."""

from flask import Blueprint, request, session
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from portal.domain.accounts import limits
from portal.domain.accounts.rules import Permission
from portal.domain.guidance import counting, talks
from portal.domain.guidance.counting import Event, Source
from portal.domain.workflows.registry import KINDS
from portal.kernel import clock
from portal.kernel.codes import digest
from portal.kernel.errors import Refused, TooMany
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import public, requires
from portal.web.customer.answering import answer
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page, refuse

bp = Blueprint("customer_assistant", __name__, url_prefix="/help/assistant")

HERE = "/help/assistant"
QUESTIONS, QUESTIONS_AN_ADDRESS = "20 per 10 minutes", "120 per hour"


class QuestionForm(Form):
    question = StringField(
        _("Your question"), [Required(_("Write your question.")), AtMost(talks.QUESTION_LIMIT)]
    )


class HandoverForm(Form):
    story = TextAreaField(
        _("What would you like to know?"), [Required(_("Write what you would like to know.")), AtMost(2000)]
    )


@bp.get("")
@public()
def show() -> Response:
    return _page(QuestionForm(formdata=None))


@bp.post("")
@public()
def ask() -> Response:
    form, now, actor = QuestionForm(), clock.now(), signin.actor_or_none()
    if not form.validate():
        return _page(form, 422)
    try:
        limits.hit(QUESTIONS, "assistant", _who())
        limits.hit(QUESTIONS_AN_ADDRESS, "assistant", request.remote_addr or "")
    except TooMany as refusal:
        refuse(form, refusal)
        return _page(form, 429)
    talks.say(_who(), answer(actor, form.question.data or "", now), now)
    counting.count(Source.ASSISTANT, Event.ASKED, now)
    return go_to(f"{HERE}#last")


@bp.post("/helped")
@public()
def helped() -> Response:
    """The answer was enough: the talk is forgotten."""
    if talks.turns_of(_who(), clock.now()):
        counting.count(Source.ASSISTANT, Event.HELPED, clock.now())
        talks.forget(_who())
    return go_to("/help", _("Good that it helped. What was said is deleted."))


@bp.post("/forget")
@public()
def forget() -> Response:
    talks.forget(_who())
    return go_to(HERE, _("What was said is deleted."))


@bp.get("/handover")
@requires(Permission.CLAIM_FILE)
def hand_over_form() -> Response:
    """What will be sent; a talk that began before signing in is taken along."""
    turns = _turns()
    last = turns[-1]["question"] if turns else ""
    return _handover(HandoverForm(formdata=None, story=last))


@bp.post("/handover")
@requires(Permission.CLAIM_FILE)
def hand_over() -> Response:
    form, now = HandoverForm(), clock.now()
    if not form.validate():
        return _handover(form, 422)
    try:
        case = talks.ask(signin.me(), None, talks.told(_turns()), form.story.data or "", now)
    except Refused as refusal:
        refuse(form, refusal)
        return _handover(form, 422)
    counting.count(Source.ASSISTANT, Event.WENT_ON, now)
    talks.forget(_who())
    talks.forget(_visitor())
    promise = words.moment(case.respond_by, case.outlet.timezone)
    return go_to(f"/cases/{case.code}", _("Sent. The shop answers by %(moment)s.", moment=promise))


def _who() -> str:
    """Whose talk it is: a session's, so that nobody with another way into the account reads along."""
    actor = signin.actor_or_none()
    return f"session:{actor.session_id}" if actor else _visitor()


def _visitor() -> str:
    return "visitor:" + digest(signin.browser()).hex()[:32]


def _turns() -> list[talks.Turn]:
    """What was said so far; by somebody who has just signed in, before that."""
    now, actor = clock.now(), signin.actor_or_none()
    turns = talks.turns_of(_who(), now) if actor else []
    return turns or (talks.turns_of(_visitor(), now) if "browser" in session else [])


def _page(form: QuestionForm, status: int = 200) -> Response:
    actor = signin.actor_or_none()
    turns = _turns()
    return page(
        "help/assistant.html", block="talk", status=status, live=True, form=form, turns=turns, kinds=KINDS,
        area="customer" if actor and actor.is_customer else "public",
        own=actor is not None and actor.may(Permission.CLAIM_FILE),
    )  # fmt: skip


def _handover(form: HandoverForm, status: int = 200) -> Response:
    return page(
        "help/handover.html", status=status, form=form, tried=talks.told(_turns()), area="customer",
    )  # fmt: skip
