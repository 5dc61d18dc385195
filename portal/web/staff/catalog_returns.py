"""The desk's catalogue: return policies."""

from typing import Any

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, queries
from portal.domain.catalog.models import ReturnPolicy
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.fields import AtMost, Between, Form, NumberField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("staff_catalog_returns", __name__)


class ReturnForm(Form):
    version = version_field()
    name = StringField(_("Name"), [Required(), AtMost(120)])
    code = StringField(_("Code"), [Required(), AtMost(24), plain_code], filters=[upper])
    days = NumberField(_("Days after the purchase"), [Between(1, 3650)])
    text_id = TextAreaField(_("What the customer reads, in Indonesian"), [Required(), AtMost(4000)])
    text_en = TextAreaField(_("What the customer reads, in English"), [AtMost(4000)])


@bp.get("/desk/catalog/returns")
@requires(Permission.CATALOG_VIEW)
def policies() -> Response:
    return page(
        "staff/catalog/returns.html", nav_current="catalog", tab="returns", policies=queries.return_policies()
    )


@bp.get("/desk/catalog/returns/new")
@requires(Permission.CATALOG_EDIT)
def new() -> Response:
    return _form(None, ReturnForm(days=7))


@bp.post("/desk/catalog/returns/new")
@requires(Permission.CATALOG_EDIT)
def create() -> Response:
    return _save(None)


@bp.get("/desk/catalog/returns/<code>")
@requires(Permission.CATALOG_EDIT)
def edit(code: str) -> Response:
    found = _load(code)
    return _form(found, ReturnForm(obj=found))


@bp.post("/desk/catalog/returns/<code>")
@requires(Permission.CATALOG_EDIT)
def change(code: str) -> Response:
    return _save(_load(code))


def _save(found: ReturnPolicy | None) -> Response:
    form = ReturnForm()
    fields = {name: value for name, value in form.data.items() if name != "version"}
    saved, status = save(form, lambda: actions.save_return_policy(found, form.version.data or 0, **fields))
    if saved is not None:
        return go_to("/desk/catalog/returns", _("The return policy is saved."))
    conflict = stored_now(form, ReturnForm(formdata=None, obj=found)) if status == 409 else None
    return _form(found, form, status, conflict)


def _form(found: ReturnPolicy | None, form: ReturnForm, status: int = 200, conflict: Any = None) -> Response:
    return page(
        "staff/catalog/return_form.html", status=status, nav_current="catalog", policy=found, form=form,
        conflict=conflict,
    )  # fmt: skip


def _load(code: str) -> ReturnPolicy:
    found: ReturnPolicy = one_or_404(
        queries.limit_to(me(), select(ReturnPolicy).where(ReturnPolicy.code == code))
    )
    return found
