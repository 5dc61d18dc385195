"""Care guides and warranty cards as PDF: made once, kept in the file store, then served as files."""

from dataclasses import astuple
from datetime import date
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.utils import secure_filename

from portal.adapters import markdown, pdf
from portal.adapters.documents import CardLayer, CareGuide, WarrantyCard, care_guide_pdf, warranty_card_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.models import GuideVersion, PolicyVersion, Product
from portal.domain.units import queries as units
from portal.domain.units.coverage import LayerStanding, Standing, Terms, coverage
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.text import _
from portal.web import catalog_words, cover, look, signin, words
from portal.web.access import public, requires
from portal.web.load import one_or_404, row_or_404
from portal.web.uploads import store

bp = Blueprint("documents", __name__)

EDITION = "2"  # raised when the templates of the documents change
FOR_EVER = "public, max-age=31536000, immutable"

_GUIDES = (
    select(
        GuideVersion.number, GuideVersion.published_at, GuideVersion.body_id, GuideVersion.body_en,
        Product.name,
    )
    .join(Product, Product.id == GuideVersion.product_id)
    .where(GuideVersion.published_at.is_not(None))
    .order_by(GuideVersion.number.desc())
)  # fmt: skip


@bp.get("/guides/<sku>")
@public()
def newest_guide(sku: str) -> Any:
    """The newest care guide of a product; the QR code on the printed ones leads here."""
    row = row_or_404(_GUIDES.where(Product.sku == sku))
    return redirect(f"/guides/{sku}/{row.number}.{words.language()}.pdf", 302)


@bp.get("/guides/<sku>/<int(max=9999):number>.<any(id, en):lang>.pdf")
@public(cacheable=True)
def guide(sku: str, number: int, lang: str) -> Response:
    """A published version never changes, so its file is looked for before the database is asked."""
    settings = current_app.extensions["settings"]
    shop = look.current().look
    key = _key("guide", shop.name, shop.colour, settings.public_url, sku, number, lang)
    kept = _kept(key)
    if kept is not None:
        _serve_as_static(key)
    else:
        row = row_or_404(_GUIDES.where(Product.sku == sku, GuideVersion.number == number))
        words.speak(lang)
        kept = _make(key, care_guide_pdf, _guide(row, sku, lang))
    kept.headers["Cache-Control"] = FOR_EVER
    kept.headers["Content-Disposition"] = f'inline; filename="{secure_filename(sku)}-{number}-{lang}.pdf"'
    return kept


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
    values = _values(unit, token, lang)
    key = _key("card", *map(str, astuple(values)))
    answer = _kept(key) or _make(key, warranty_card_pdf, values)
    answer.headers["Content-Disposition"] = f'inline; filename="garansi-{code}-{lang}.pdf"'
    return answer


def _key(kind: str, *parts: Any) -> str:
    """Where a document is kept: another key when anything printed on it is different."""
    name = sha256("\0".join(map(str, (EDITION, *parts))).encode()).hexdigest()[:40]
    return f"documents/{kind}-{name}.pdf"


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


def _guide(row: Any, sku: str, lang: str) -> CareGuide:
    settings = current_app.extensions["settings"]
    source = row.body_en if lang == "en" else row.body_id
    headings = markdown.headings(source)
    title = next((text for level, text, _i in headings if level == 1), row.name)
    return CareGuide(
        shop_name=look.current().name,
        brand_colour=look.current().look.colour,
        product_name=row.name,
        product_code=sku,
        product_url=f"{settings.public_url.rstrip('/')}/guides/{sku}",
        version=row.number,
        published=words.day(row.published_at.date()),
        language=lang,
        title=title,
        body_html=markdown.to_html(_without_title(source)),
        contents=[(name, text) for level, text, name in headings if level == 2],
    )


def _without_title(source: str) -> str:
    """The cover carries the title; the text begins below it."""
    first, _newline, rest = source.lstrip().partition("\n")
    return rest if first.startswith("# ") else source


def _values(unit: Unit, token: str, lang: str) -> WarrantyCard:
    settings, outlet, version = current_app.extensions["settings"], unit.outlet, unit.policy_version
    terms = units.terms(*(getattr(unit, column.key) for column in units.TERMS))
    layers, begins = _layers(terms, day_in(outlet.timezone, clock.now()), lang)
    return WarrantyCard(
        shop_name=look.current().name,
        brand_colour=look.current().look.colour,
        language=lang,
        registration_number=unit.code,
        product_name=unit.product.name,
        brand=unit.product.brand,
        model=unit.product.model,
        serial=unit.serial or "",
        bought_on=words.day(unit.bought_on),
        valid_from=begins,
        outlet_name=outlet.name,
        outlet_address=f"{outlet.address}, {outlet.city} {outlet.postal_code}".strip(),
        outlet_phone=words.show_phone(outlet.phone),
        maker=version.maker if version else "",
        service_centre=version.service_centre if version else "",
        terms=_text(version, "terms", lang),
        parts_terms=_text(version, "parts", lang),
        kind_label=words.translate(catalog_words.KINDS[version.kind]) if version else "",
        layers=layers,
        check_url=f"{settings.public_url.rstrip('/')}/w/{token}",
        version=version.number if version else 1,
    )


def _layers(terms: Terms, on: date, lang: str) -> tuple[list[CardLayer], str]:
    """(the card's layers, the first day of cover as text)."""
    standings = coverage(terms, "", on).layers
    layers = [
        CardLayer(
            clause=s.layer.clause,
            name=s.layer.say("name", lang),
            what=cover.what(s.layer),
            until=_until(s, terms),
            provider=words.translate(catalog_words.PROVIDERS[s.layer.provider]),
            exclusions=s.layer.say("exclusions", lang),
            how=s.layer.say("how", lang),
        )
        for s in standings
    ]
    return layers, words.day(min((s.since for s in standings if s.since), default=None))


def _until(standing: LayerStanding, terms: Terms) -> str:
    if standing.standing is Standing.VOID:
        return words.translate(_("Ended early on %(day)s", day=terms.void_on))
    if standing.until is None:
        return catalog_words.term(standing.layer)
    return words.day(standing.until)


def _text(version: PolicyVersion | None, name: str, lang: str) -> str:
    if version is None:
        return ""
    text: str = getattr(version, f"{name}_{lang}") or getattr(version, f"{name}_id")
    return text
