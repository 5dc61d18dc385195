"""The desk's suppliers: who parts come from and who repairs for the shop."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from portal.domain.accounts.rules import Permission
from portal.domain.suppliers import actions, queries
from portal.domain.suppliers.models import Supplier
from portal.domain.suppliers.rules import KINDS, SupplierKind
from portal.kernel.paging import cut, decode
from portal.kernel.text import _
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import AtMost, EmailAddressField, Form, PhoneField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.catalog_outlets import plain_code, upper
from portal.web.staff.saving import save, stored_now, version_field

bp = Blueprint("staff_suppliers", __name__)

HERE = "/desk/suppliers"


class SupplierForm(Form):
    version = version_field()
    name = StringField(_("Name"), [Required(), AtMost(120)])
    code = StringField(_("Code"), [Required(), AtMost(24), plain_code], filters=[upper])
    kind = SelectField(_("Kind"), choices=lambda: choices(KINDS), default=SupplierKind.PARTS)
    phone = PhoneField(_("Phone"))
    email = EmailAddressField(_("E-mail address"))
    address = StringField(_("Address"), [AtMost(300)])
    note = TextAreaField(_("Note"), [AtMost(2000)])
    active = BooleanField(_("We still buy from them"), default=True)


@bp.get(HERE)
@requires(Permission.CATALOG_VIEW)
def index() -> Response:
    words = request.args.get("q", "").strip()[:100]
    after = decode(request.args.get("after"), str, int)
    found = cut(queries.rows(me(), words, after=after), lambda row: [row.name, row.id])
    return page(
        "staff/suppliers/index.html", nav_current="catalog", tab="suppliers", found=found, words=words,
        after=after, kinds=KINDS,
    )  # fmt: skip


@bp.get(f"{HERE}/new")
@requires(Permission.CATALOG_EDIT)
def new() -> Response:
    return _form(None, SupplierForm())


@bp.post(f"{HERE}/new")
@requires(Permission.CATALOG_EDIT)
def create() -> Response:
    return _save(None)


@bp.get(f"{HERE}/<code>")
@requires(Permission.CATALOG_EDIT)
def edit(code: str) -> Response:
    found = _load(code)
    return _form(found, SupplierForm(obj=found))


@bp.post(f"{HERE}/<code>")
@requires(Permission.CATALOG_EDIT)
def change(code: str) -> Response:
    return _save(_load(code))


def _save(found: Supplier | None) -> Response:
    form = SupplierForm()
    fields = {name: value or "" for name, value in form.data.items() if name not in ("version", "active")}
    fields["active"] = form.active.data
    saved, status = save(form, lambda: actions.save(found, form.version.data or 0, **fields))
    if saved is not None:
        return go_to(HERE, _("The supplier is saved."))
    conflict = stored_now(form, SupplierForm(formdata=None, obj=found)) if status == 409 else None
    return _form(found, form, status, conflict)


def _form(found: Supplier | None, form: SupplierForm, status: int = 200, conflict: Any = None) -> Response:
    way = f"{HERE}/{quote(found.code) if found else 'new'}"
    return page(
        "staff/suppliers/form.html", status=status, nav_current="catalog", supplier=found, form=form,
        conflict=conflict, way=way,
    )  # fmt: skip


def _load(code: str) -> Supplier:
    found: Supplier = one_or_404(queries.visible_to(me()).where(Supplier.code == code))
    return found
