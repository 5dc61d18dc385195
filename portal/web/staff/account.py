"""One's own account at the desk: name, language, signed-in browsers, password."""

from flask import Blueprint, g, request, session
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, StringField

from portal.domain.accounts import actions, sessions
from portal.domain.accounts.rules import PASSWORD_LENGTH, Permission
from portal.kernel import clock
from portal.kernel.errors import Refused, TooMany
from portal.kernel.text import _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.browsers import LANGUAGES, browser_name
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page, refuse
from portal.web.transaction import keep

bp = Blueprint("staff_account", __name__, url_prefix="/desk/account")


class NameForm(Form):
    name = StringField(_("Your name, as colleagues and customers read it"), [Required(), AtMost(120)])
    language = RadioField(_("Language"), choices=LANGUAGES)


class PasswordForm(Form):
    old = PasswordField(_("Your current password"), [Required(), AtMost(200)])
    password = PasswordField(_("New password"), [Required(), AtMost(200)])


@bp.get("")
@requires(Permission.STAFF_AREA)
def show() -> Response:
    return _page()


@bp.post("")
@requires(Permission.STAFF_AREA)
def rename() -> Response:
    form = NameForm()
    if not form.validate():
        return _page(name=form, status=422)
    actions.rename(signin.me(), form.name.data or "", form.language.data)
    session["lang"] = form.language.data
    words.speak(form.language.data)
    return go_to("/desk/account", _("Saved."))


def _compare_password() -> None:
    g.compared = actions.compare_own_password(signin.me(), PasswordForm().old.data or "")


@bp.post("/password")
@requires(Permission.STAFF_AREA, before=_compare_password)
def password() -> Response:
    form, status = PasswordForm(), 422
    if form.validate():
        keep()
        try:
            actions.change_password(signin.me(), g.compared, form.password.data or "", clock.now())
            return go_to("/desk/account", _("Your password is changed. Other browsers are signed out."))
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
    return _page(password=form, status=status)


@bp.post("/devices/end")
@requires(Permission.STAFF_AREA)
def end_device() -> Response:
    actor, number = signin.me(), request.form.get("device", "")
    if number.isdecimal() and len(number) < 19 and int(number) != actor.session_id:
        sessions.end(actor, int(number), clock.now())
    return go_to("/desk/account", _("That browser is signed out."))


def _page(*, name: Form | None = None, password: Form | None = None, status: int = 200) -> Response:
    actor = signin.me()
    return page(
        "staff/people/account.html",
        status=status,
        nav_current="account",
        devices=[(one, browser_name(one.browser)) for one in sessions.open_ones(actor, clock.now())],
        name=name or NameForm(formdata=None, data={"name": actor.name, "language": words.language()}),
        password=password or PasswordForm(formdata=None),
        least=PASSWORD_LENGTH,
    )
