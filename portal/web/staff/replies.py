"""Replies that staff keep ready: the list, and the form that writes one."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.cases.actions import BODY_LIMIT
from portal.domain.mailbox import replies
from portal.domain.mailbox.models import QuickReply
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import _
from portal.web import signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page, refuse
from portal.web.words import translate

bp = Blueprint("desk_replies", __name__, url_prefix="/desk/replies")


CHANGED = _("Somebody changed this reply meanwhile. Look at what you have here and save it again.")


class ReplyTextForm(Form):
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    title = StringField(_("What it is about"), [Required(), AtMost(60)])
    word = StringField(_("Short word"), [Required(), AtMost(24)])
    text_id = TextAreaField(_("In Indonesian"), [Required(), AtMost(BODY_LIMIT)])
    text_en = TextAreaField(_("In English"), [Required(), AtMost(BODY_LIMIT)])
    shared = BooleanField(_("For everybody at the desk"))


@bp.get("")
@requires(Permission.CASE_NOTE)
def index() -> Response:
    actor = signin.me()
    found = list(db.session.scalars(replies.visible_to(actor)))
    return page(
        "staff/replies/list.html",
        nav_current="desk",
        shared=[reply for reply in found if reply.owner_id is None],
        own=[reply for reply in found if reply.owner_id is not None],
        may_share=actor.may(Permission.DESK_EDIT),
    )


@bp.get("/new")
@requires(Permission.CASE_NOTE)
def new() -> Response:
    return _form(ReplyTextForm(formdata=None), None)


@bp.post("/new")
@requires(Permission.CASE_NOTE)
def create() -> Response:
    return _save(None)


@bp.get("/<code>")
@requires(Permission.CASE_NOTE)
def edit(code: str) -> Response:
    reply = _load(code)
    return _form(ReplyTextForm(formdata=None, obj=reply, shared=reply.owner_id is None), reply)


@bp.post("/<code>")
@requires(Permission.CASE_NOTE)
def save(code: str) -> Response:
    return _save(_load(code))


@bp.post("/<code>/delete")
@requires(Permission.CASE_NOTE)
def delete(code: str) -> Response:
    replies.delete(_load(code))
    return go_to("/desk/replies", _("The reply is deleted. What was sent with it stays."))


def _load(code: str) -> QuickReply:
    found: QuickReply = one_or_404(replies.editable_by(signin.me()).where(QuickReply.code == code))
    return found


def _save(reply: QuickReply | None) -> Response:
    form = ReplyTextForm()
    if not form.validate():
        return _form(form, reply, 422)
    texts = {name: form[name].data for name in ("word", "title", "text_id", "text_en")}
    try:
        replies.save(signin.me(), reply, form.version.data, shared=bool(form.shared.data), **texts)
    except Refused as refusal:
        refuse(form, refusal)
        return _form(form, reply, 422)
    except Stale:
        form.form_errors.append(translate(CHANGED))
        form.version.data = reply.version if reply else None
        return _form(form, reply, 409)
    return go_to("/desk/replies", _("Saved."))


def _form(form: ReplyTextForm, reply: QuickReply | None, status: int = 200) -> Response:
    return page(
        "staff/replies/form.html",
        nav_current="desk",
        status=status,
        form=form,
        reply=reply,
        places=replies.PLACES,
        may_share=signin.me().may(Permission.DESK_EDIT),
    )
