"""The desk's staff: who works here, in which role, and with which sessions."""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, RadioField, StringField

from portal.db import db
from portal.domain.accounts import actions, queries, sessions
from portal.domain.accounts.models import Staff
from portal.domain.accounts.rules import STAFF_ROLES, Permission, Role
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, EmailAddressField, Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("staff_people", __name__, url_prefix="/desk/staff")

ROLES: dict[str, Message] = {
    Role.AGENT: _("Agent"),
    Role.TECHNICIAN: _("Technician"),
    Role.MANAGER: _("Manager"),
    Role.ADMIN: _("Admin"),
}
DUTIES: dict[str, Message] = {
    Role.AGENT: _("Answers claims, decides on them, helps with receipts."),
    Role.TECHNICIAN: _("Inspects and repairs, moves work orders."),
    Role.MANAGER: _("All of that, and changes the catalogue and ends warranties."),
    Role.ADMIN: _("All of that, and manages the staff."),
}
assert tuple(ROLES) == STAFF_ROLES


class StaffForm(Form):
    version = version_field()
    name = StringField(_("Name"), [Required(), AtMost(120)])
    email = EmailAddressField(_("E-mail address"), [Required(), AtMost(254)])
    role = RadioField(_("Role"), choices=lambda: choices(ROLES), default=Role.AGENT)
    password = PasswordField(_("New password"), [AtMost(200)])
    disabled = BooleanField(_("No longer works here: cannot sign in"))


@bp.get("")
@requires(Permission.STAFF_EDIT)
def people() -> Response:
    columns = (Staff.code, Staff.name, Staff.email, Staff.role, Staff.disabled_at)
    found = queries.staff_visible_to(me()).with_only_columns(*columns)
    rows = db.session.execute(found.order_by(Staff.disabled_at.is_not(None), Staff.name).limit(500)).all()
    return page("staff/people/list.html", nav_current="staff", rows=rows, roles=ROLES)


@bp.get("/new")
@requires(Permission.STAFF_EDIT)
def new() -> Response:
    return _form(None, StaffForm())


@bp.post("/new")
@requires(Permission.STAFF_EDIT)
def create() -> Response:
    return _save(None)


@bp.get("/<code>")
@requires(Permission.STAFF_EDIT)
def edit(code: str) -> Response:
    found = _load(code)
    return _form(found, _stored(found))


@bp.post("/<code>")
@requires(Permission.STAFF_EDIT)
def change(code: str) -> Response:
    return _save(_load(code))


@bp.post("/<code>/sign-out")
@requires(Permission.STAFF_EDIT)
def end_sessions(code: str) -> Response:
    found = _load(code)
    sessions.end_all(found, clock.now(), but=me().session_id)
    return go_to(f"/desk/staff/{found.code}", _("%(name)s is signed out everywhere.", name=found.name))


def _save(found: Staff | None) -> Response:
    form = StaffForm()
    saved, status = save(
        form,
        lambda: actions.save_staff(
            found, name=form.name.data or "", email=form.email.data or "", role=Role(form.role.data),
            password=form.password.data or "", disabled=form.disabled.data, now=clock.now(),
            version=form.version.data or 0,
        ),
    )  # fmt: skip
    if saved is not None:
        return go_to("/desk/staff", _("%(name)s is saved.", name=saved.name))
    return _form(found, form, status, stored_now(form, _stored(found)) if found and status == 409 else None)


def _stored(found: Staff) -> StaffForm:
    return StaffForm(formdata=None, obj=found, data={"disabled": found.disabled_at is not None})


def _form(found: Staff | None, form: StaffForm, status: int = 200, conflict: Any = None) -> Response:
    return page(
        "staff/people/form.html", status=status, nav_current="staff", person=found, form=form,
        conflict=conflict, duties_shown=choices(DUTIES),
    )  # fmt: skip


def _load(code: str) -> Staff:
    found: Staff = one_or_404(queries.staff_visible_to(me()).where(Staff.code == normalise(code)))
    return found
