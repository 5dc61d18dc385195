"""The desk's catalogue: care guides in two languages, previewed and published edition by edition."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import Field, TextAreaField
from wtforms.validators import ValidationError

from portal.adapters import drawings, markdown
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import actions, queries
from portal.domain.catalog.models import GuideVersion, Product
from portal.kernel import clock
from portal.kernel.errors import Stale
from portal.kernel.text import _
from portal.web import words
from portal.web.access import requires
from portal.web.fields import AtMost, Form
from portal.web.load import one_or_404
from portal.web.prose import prose
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save, stored_now, version_field
from portal.web.transaction import drop

bp = Blueprint("staff_catalog_guides", __name__)


def known_drawings(_form: Form, field: Field) -> None:
    """Refuses a drawing that does not exist: it would be left out of the booklet."""
    for name in markdown.drawings(field.data or ""):
        if name not in drawings.SHOWS["id"]:
            raise ValidationError(
                words.gettext("There is no drawing named %(name)s. Choose one from the list.", name=name)
            )


class GuideForm(Form):
    version = version_field()
    base = version_field()  # the newest edition when it was opened
    body_id = TextAreaField(_("In Indonesian"), [AtMost(60_000), known_drawings])
    body_en = TextAreaField(_("In English"), [AtMost(60_000), known_drawings])


@bp.get("/desk/catalog/products/<sku>/guide/<int(max=9999):number>")
@requires(Permission.CATALOG_VIEW)
def edition(sku: str, number: int) -> Response:
    product = _load(sku)
    found: GuideVersion = one_or_404(
        queries.limit_to(
            me(),
            select(GuideVersion).where(GuideVersion.product_id == product.id, GuideVersion.number == number),
        )
    )
    return page(
        "staff/catalog/guide.html", nav_current="catalog", product=product, edition=found,
        bodies=_html(found.body_id, found.body_en),
    )  # fmt: skip


@bp.get("/desk/catalog/products/<sku>/guide")
@requires(Permission.CATALOG_EDIT)
def edit(sku: str) -> Response:
    product = _load(sku)
    newest = _newest(product)
    return _form(product, newest, _stored(newest))


@bp.post("/desk/catalog/products/<sku>/guide")
@requires(Permission.CATALOG_EDIT)
def change(sku: str) -> Response:
    product, form, do = _load(sku), GuideForm(), request.form.get("do", "save")
    newest = _newest(product)
    if do == "preview":
        drop()
        return _form(product, newest, form, 200 if form.validate() else 422, block="preview")

    def act() -> GuideVersion:
        if (newest.number if newest else 0) != (form.base.data or 0):
            raise Stale
        draft = actions.save_guide_draft(
            product, form.version.data or 0, body_id=form.body_id.data or "", body_en=form.body_en.data or ""
        )
        if do == "publish":
            actions.publish_guide(draft, clock.now())
        return draft

    draft, status = save(form, act)
    if draft is None:
        conflict = stored_now(form, _stored(_newest(product))) if status == 409 else None
        return _form(product, newest, form, status, conflict=conflict)
    if do == "publish":
        return go_to(_path(product), _("Edition %(number)s of the guide is published.", number=draft.number))
    return go_to(
        _path(product) + "/guide", _("The draft is saved. Customers still read the published edition.")
    )


def _stored(newest: GuideVersion | None) -> GuideForm:
    """The form of the draft; without one, of the newest edition, from which the next one starts."""
    if newest is None:
        return GuideForm(formdata=None, version=0, base=0)
    return GuideForm(
        formdata=None, obj=newest, base=newest.number, version=0 if newest.published_at else newest.version
    )  # fmt: skip


def _form(
    product: Product, newest: GuideVersion | None, form: GuideForm, status: int = 200, *,
    block: str | None = None, conflict: Any = None,
) -> Response:  # fmt: skip
    draft = newest is not None and newest.published_at is None
    number = (newest.number if newest else 0) + (0 if draft else 1)
    return page(
        "staff/catalog/guide_form.html", block=block, status=status, nav_current="catalog", product=product,
        form=form, number=number, conflict=conflict, bodies=_html(form.body_id.data, form.body_en.data),
        drawings=drawings.SHOWS[words.language()],
    )  # fmt: skip


def _html(body_id: str | None, body_en: str | None) -> list[tuple[str, Markup]]:
    """(language, safe HTML) of both."""
    return [(lang, prose(body or "", lang)) for lang, body in (("id", body_id), ("en", body_en))]


def _newest(product: Product) -> GuideVersion | None:
    return db.session.scalar(
        select(GuideVersion)
        .where(GuideVersion.product_id == product.id)
        .order_by(GuideVersion.number.desc())
        .limit(1)
    )


def _load(sku: str) -> Product:
    found: Product = one_or_404(queries.visible_to(me()).where(Product.sku == sku))
    return found


def _path(product: Product) -> str:
    return f"/desk/catalog/products/{quote(product.sku)}"
