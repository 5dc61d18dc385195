"""The desk's connected couriers: connecting one, its settings, its keys, its end."""

from typing import Any

from flask import Blueprint, current_app
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField

from portal import jobs
from portal.adapters.vault import Secrets
from portal.domain.accounts.rules import Permission
from portal.domain.shipments import accounts
from portal.domain.shipments.models import CourierAccount
from portal.kernel import clock
from portal.kernel.codes import new_token
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page
from portal.web.staff.courier_guides import GUIDES
from portal.web.staff.couriers import SecretsForm, load, secrets_of, show
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("staff_courier_settings", __name__, url_prefix="/desk/couriers")
KEYS = 2  # while one is being changed
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


class CourierForm(Form):
    version = version_field()
    format = RadioField(
        _("Service"),
        [Required(_("Choose the service."))],
        choices={name: guide.label for name, guide in GUIDES.items()},
    )
    name = StringField(_("Name"), [Required(), AtMost(80)])
    zone = SelectField(_("Zone of times without one"))

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        self.zone.choices = ZONES


@bp.get("/new")
@requires(Permission.TILL_CONNECT)
def new() -> Response:
    return _page(None, CourierForm(formdata=None))


@bp.post("/new")
@requires(Permission.TILL_CONNECT)
def create() -> Response:
    form = CourierForm()
    if not form.validate():
        return _page(None, form, 422)
    first = Secrets((new_token(),)) if GUIDES[form.format.data].ours else Secrets()
    made = accounts.connect(
        form.format.data, form.name.data or "", form.zone.data, _sealed(first), clock.now()
    )
    return go_to(_path(made), _("Almost done: follow the steps below."))


@bp.get("/<code>/settings")
@requires(Permission.TILL_CONNECT)
def settings(code: str) -> Response:
    found = load(code)
    return _page(found, _stored(found))


@bp.post("/<code>/settings")
@requires(Permission.TILL_CONNECT)
def change(code: str) -> Response:
    found, form = load(code), CourierForm()
    form.format.data, form.format.validators = found.format, ()
    saved, status = save(
        form,
        lambda: accounts.change(
            found, form.version.data or 0, name=form.name.data or "", zone=form.zone.data
        ),
    )
    if saved is not None:
        return go_to(_path(found), _("%(name)s is saved.", name=saved.name))
    conflict = stored_now(form, _stored(found)) if status == 409 else None
    return _page(found, form, status, conflict=conflict)


@bp.post("/<code>/secrets")
@requires(Permission.TILL_CONNECT)
def entrust(code: str) -> Response:
    """Keep what was pasted; a new key stands beside the one before until that is forgotten."""
    found, form = load(code), SecretsForm()
    held = secrets_of(found)
    if not form.validate():
        return show(found, form, 422)
    keys = (form.secret.data, *held.keys) if form.secret.data else held.keys
    kept = Secrets(tuple(dict.fromkeys(keys))[:KEYS], form.token.data or held.token)
    accounts.entrust(found, _sealed(kept))
    if kept.token:
        jobs.nudge("look_at_roads")
    return go_to(_path(found), _("It is kept, sealed."))


@bp.post("/<code>/key")
@requires(Permission.TILL_CONNECT)
def renew(code: str) -> Response:
    found = load(code)
    held = secrets_of(found)
    accounts.entrust(found, _sealed(Secrets((new_token(), *held.keys)[:KEYS], held.token)))
    return go_to(_path(found), _("The new key is made. Paste it there; until then the old one works, too."))


@bp.post("/<code>/forget")
@requires(Permission.TILL_CONNECT)
def forget(code: str) -> Response:
    found = load(code)
    held = secrets_of(found)
    accounts.entrust(found, _sealed(Secrets(held.keys[:1], held.token)))
    return go_to(_path(found), _("The old key no longer works."))


@bp.post("/<code>/end")
@requires(Permission.TILL_CONNECT)
def end(code: str) -> Response:
    found = load(code)
    accounts.end(found, _sealed(Secrets()), clock.now())
    return go_to(
        "/desk/couriers", _("%(name)s is not connected any more. Its parcels stay.", name=found.name)
    )


def _page(
    found: CourierAccount | None, form: CourierForm, status: int = 200, conflict: Any = None
) -> Response:
    return page(
        "staff/couriers/form.html", status=status, nav_current="legs", account=found, form=form,
        abouts=choices({name: guide.about for name, guide in GUIDES.items()}), conflict=conflict,
    )  # fmt: skip


def _stored(found: CourierAccount) -> CourierForm:
    kept = {"name": found.name, "zone": found.zone, "version": found.version, "format": found.format}
    return CourierForm(formdata=None, data=kept)


def _sealed(secrets: Secrets) -> bytes:
    sealed: bytes = current_app.extensions["vault"].seal(secrets)
    return sealed


def _path(found: CourierAccount) -> str:
    return f"/desk/couriers/{found.code}"
