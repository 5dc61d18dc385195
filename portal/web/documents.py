"""Care guides and warranty cards as PDF: made once, kept in the file store, then served as files."""

from dataclasses import astuple
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, request
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.utils import secure_filename

from portal.adapters import pdf, stationery
from portal.adapters.documents import CareGuide, care_guide_pdf, warranty_card_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.applying import SOLD
from portal.domain.catalog.models import GuideVersion, Product
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.web import printed, signin, words
from portal.web.access import public, requires
from portal.web.load import one_or_404, row_or_404
from portal.web.uploads import store

bp = Blueprint("documents", __name__)

FOR_EVER = "public, max-age=31536000, immutable"

_GUIDES = (
    select(
        GuideVersion.number, GuideVersion.published_at, GuideVersion.body_id, GuideVersion.body_en,
        Product.name, Product.icon, Product.sector, *SOLD,
    )
    .join(Product, Product.id == GuideVersion.product_id)
    .where(GuideVersion.published_at.is_not(None))
    .order_by(GuideVersion.number.desc())
)  # fmt: skip


@bp.get("/guides/<sku>")
@public()
def newest_guide(sku: str) -> Any:
    """The newest care guide of a product; the QR code on the printed ones leads here."""
    return _lead_to(_guide(_GUIDES.where(Product.sku == sku), sku, words.language()))


@bp.get("/guides/<sku>/<int(max=9999):number>.<any(id, en):lang>.pdf")
@public()
def edition_of_guide(sku: str, number: int, lang: str) -> Any:
    return _lead_to(_guide(_GUIDES.where(Product.sku == sku, GuideVersion.number == number), sku, lang))


@bp.get("/guides/<sku>/<int(max=9999):number>.<any(id, en):lang>.<state>.pdf")
@public(cacheable=True)
def guide(sku: str, number: int, lang: str, state: str) -> Any:
    """What stands at an address never changes, so its file is looked for before the database is asked."""
    key = _key("guide", sku, number, lang, state)
    kept = _kept(key)
    if kept is not None:
        _serve_as_static(key)
    else:
        values = _guide(_GUIDES.where(Product.sku == sku, GuideVersion.number == number), sku, lang)
        if _state(values) != state:  # printed in another look, or made up
            return _lead_to(values)
        kept = _make(key, care_guide_pdf, values)
    kept.headers["Cache-Control"] = FOR_EVER
    kept.headers["Content-Disposition"] = f'inline; filename="{secure_filename(sku)}-{number}-{lang}.pdf"'
    return kept


def _guide(found: Select[*tuple[Any, ...]], sku: str, lang: str) -> CareGuide:
    row = row_or_404(found)
    words.speak(lang)
    return printed.care_guide(row, sku, lang)


def _lead_to(guide: CareGuide) -> Any:
    """To the guide as it would be printed now: another address when anything on it is different."""
    name = f"{guide.version}.{guide.language}.{_state(guide)}.pdf"
    answer = redirect(f"/guides/{quote(guide.product_code)}/{name}", 302)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/units/<code>/card.<any(id, en):lang>.pdf")
@requires(Permission.OWN)
def card(code: str, lang: str) -> Response:
    return _card(code, lang)


@bp.get("/desk/units/<code>/card.<any(id, en):lang>.pdf")
@requires(Permission.CASE_VIEW)
def card_for_staff(code: str, lang: str) -> Response:
    return _card(code, lang)


def _card(code: str, lang: str) -> Response:
    unit: Unit = one_or_404(
        units.visible_to(signin.me())
        .where(Unit.code == code)
        .options(joinedload(Unit.product), joinedload(Unit.outlet), joinedload(Unit.policy_version))
    )
    token = units.card_token(unit.id)
    if token is None:  # not registered yet
        raise NotFound
    words.speak(lang)
    answer = kept_or_made("card", printed.warranty_card(unit, token, lang), warranty_card_pdf)
    answer.headers["Content-Disposition"] = f'inline; filename="garansi-{code}-{lang}.pdf"'
    return answer


def kept_or_made(kind: str, values: Any, render: Any) -> Response:
    """A document for those who may see it, made once for the same values."""
    key = _key(kind, _state(values))
    return _kept(key) or _make(key, render, values)


def _key(kind: str, *parts: Any) -> str:
    """Where a document is kept."""
    name = sha256("\0".join(map(str, parts)).encode()).hexdigest()[:40]
    return f"documents/{kind}-{name}.pdf"


def _state(values: Any) -> str:
    """A few letters that are others when anything printed is different."""
    return sha256(repr((stationery.edition(), astuple(values))).encode()).hexdigest()[:16]


def _serve_as_static(key: str) -> None:
    """From the next request on a kept public document is a static file like the style sheet."""
    path = store().path(key)
    if path is not None:
        current_app.extensions["static"].add_file_to_dictionary(request.path, str(path))


def _kept(key: str) -> Response | None:
    try:
        return Response(store().get(key), content_type="application/pdf")
    except KeyError:
        return None


def _make(key: str, render: Any, values: Any) -> Response:
    """Render and keep. The read ends first: nothing holds the database while a document is made."""
    db.session.rollback()
    try:
        made = render(values)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("document not made: %s", error)
        raise ServiceUnavailable from error
    store().put(key, made)
    return Response(made, content_type="application/pdf")
