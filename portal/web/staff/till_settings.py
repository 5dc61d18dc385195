"""The desk's connected tills: connecting one, its settings, its keys, its end."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, StringField

from portal.adapters.asking import check_host
from portal.adapters.vault import Secrets
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet
from portal.domain.intake import connecting
from portal.domain.intake.models import Connection
from portal.kernel import clock
from portal.kernel.codes import new_token
from portal.kernel.errors import Refused
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, Form, Required
from portal.web.render import go_to, page, refuse
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.staff.till_guides import GUIDES
from portal.web.staff.tills import SecretsForm, load, secrets_of, show

bp = Blueprint("staff_till_settings", __name__, url_prefix="/desk/tills")
KEYS = 2  # while one is being changed


class TillForm(Form):
    version = version_field()
    format = RadioField(
        _("System"),
        [Required(_("Choose what you sell with."))],
        choices={name: guide.label for name, guide in GUIDES.items()},
    )
    name = StringField(_("Name"), [Required(), AtMost(80)])
    outlet = SelectField(_("Outlet"), coerce=int)


@bp.get("/new")
@requires(Permission.TILL_CONNECT)
def new() -> Response:
    return _page(None, _opened(TillForm(formdata=None), catalog.outlets()))


@bp.post("/new")
@requires(Permission.TILL_CONNECT)
def create() -> Response:
    outlets = catalog.outlets()
    form = _opened(TillForm(), outlets)
    if not form.validate():
        return _page(None, form, 422)
    first = Secrets((new_token(),)) if GUIDES[form.format.data].ours else Secrets()
    made = connecting.connect(
        form.format.data, form.name.data or "", _chosen(form, outlets), _sealed(first), clock.now()
    )
    return go_to(_path(made), _("Almost done: follow the steps below at the till."))


@bp.get("/<code>/settings")
@requires(Permission.TILL_CONNECT)
def settings(code: str) -> Response:
    found, outlets = load(code), catalog.outlets()
    return _page(found, _stored(found, outlets), outlets=outlets, typed=_places(found))


@bp.post("/<code>/settings")
@requires(Permission.TILL_CONNECT)
def change(code: str) -> Response:
    found, outlets = load(code), catalog.outlets()
    form = _opened(TillForm(), outlets)
    form.format.data, form.format.validators = found.format, ()
    typed = {outlet.id: request.form.get(f"place-{outlet.id}", "")[:1000] for outlet in outlets}
    saved, status = save(
        form,
        lambda: connecting.change(
            found, form.version.data or 0, name=form.name.data or "", outlet=_chosen(form, outlets),
            places=_by_location(typed),
        ),
    )  # fmt: skip
    if saved is not None:
        return go_to(_path(found), _("%(name)s is saved.", name=saved.name))
    conflict = stored_now(form, _stored(found, outlets)) if status == 409 else None
    return _page(found, form, status, outlets=outlets, typed=typed, conflict=conflict)


@bp.post("/<code>/secrets")
@requires(Permission.TILL_CONNECT)
def entrust(code: str) -> Response:
    """Keep what was pasted; a new key stands beside the one before until that is forgotten."""
    found, form = load(code), SecretsForm()
    held = secrets_of(found)
    if not form.validate():
        return show(found, form, 422)
    try:
        site = _host(form.site.data) if form.site.data else held.site
    except Refused as refusal:
        refuse(form, refusal)
        return show(found, form, 422)
    keys = (form.secret.data, *held.keys) if form.secret.data else held.keys
    kept = Secrets(tuple(dict.fromkeys(keys))[:KEYS], form.token.data or held.token, site)
    connecting.entrust(found, _sealed(kept))
    return go_to(_path(found), _("It is kept, sealed. Now let the till send something."))


@bp.post("/<code>/key")
@requires(Permission.TILL_CONNECT)
def renew(code: str) -> Response:
    found = load(code)
    held = secrets_of(found)
    keys = (new_token(), *held.keys)[:KEYS]
    connecting.entrust(found, _sealed(Secrets(keys, held.token, held.site)))
    return go_to(
        _path(found), _("The new key is made. Paste it at the till; until then the old one works, too.")
    )


@bp.post("/<code>/forget")
@requires(Permission.TILL_CONNECT)
def forget(code: str) -> Response:
    found = load(code)
    held = secrets_of(found)
    connecting.entrust(found, _sealed(Secrets(held.keys[:1], held.token, held.site)))
    return go_to(_path(found), _("The old key no longer works."))


@bp.post("/<code>/end")
@requires(Permission.TILL_CONNECT)
def end(code: str) -> Response:
    found = load(code)
    connecting.end(found, _sealed(Secrets()), clock.now())
    return go_to("/desk/tills", _("%(name)s is not connected any more. Its receipts stay.", name=found.name))


def _page(found: Connection | None, form: TillForm, status: int = 200, **values: Any) -> Response:
    defaults: dict[str, Any] = {"outlets": [], "typed": {}, "conflict": None}
    return page(
        "staff/tills/form.html", status=status, nav_current="receipts", till=found, form=form,
        abouts=choices({name: guide.about for name, guide in GUIDES.items()}), **defaults | values,
    )  # fmt: skip


def _opened(form: TillForm, outlets: list[Outlet]) -> TillForm:
    form.outlet.choices = {outlet.id: outlet.name for outlet in outlets}
    return form


def _stored(found: Connection, outlets: list[Outlet]) -> TillForm:
    kept = {"name": found.name, "outlet": found.outlet_id, "version": found.version, "format": found.format}
    return _opened(TillForm(formdata=None, data=kept), outlets)


def _chosen(form: TillForm, outlets: list[Outlet]) -> Outlet:
    return next(outlet for outlet in outlets if outlet.id == form.outlet.data)


def _places(found: Connection) -> dict[int, str]:
    """The locations of each outlet, as they are typed."""
    typed: dict[int, list[str]] = {}
    for place, outlet in found.places.items():
        typed.setdefault(outlet, []).append(place)
    return {outlet: ", ".join(places) for outlet, places in typed.items()}


def _by_location(typed: dict[int, str]) -> dict[str, int]:
    """Outlets by location. Raises Refused for a location that stands at two of them."""
    places: dict[str, int] = {}
    for outlet, said in typed.items():
        for place in re.split(r"[,;\s]+", said.strip()):
            if place and places.setdefault(place[:80], outlet) != outlet:
                raise Refused(_("Location %(place)s stands at two outlets.", place=place[:80]))
    return places


def _host(typed: str) -> str:
    """The host of a site's address. Raises Refused when it cannot be reached."""
    host = urlsplit(typed if "//" in typed else f"//{typed}").hostname or ""
    check_host(host)
    return host


def _sealed(secrets: Secrets) -> bytes:
    sealed: bytes = current_app.extensions["vault"].seal(secrets)
    return sealed


def _path(found: Connection) -> str:
    return f"/desk/tills/{found.code}"
