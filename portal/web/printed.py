"""From rows to what the printed documents say, in the language of the request."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from portal.adapters import drawings, markdown, stationery
from portal.adapters.documents import CardLayer, CareGuide, Place, WarrantyCard
from portal.db import db
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.applying import applied, load_rules
from portal.domain.catalog.models import Outlet, PolicyVersion
from portal.domain.catalog.rules import Sector, in_city
from portal.domain.units import queries as units
from portal.domain.units.coverage import LayerStanding, Standing, Terms, coverage
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.text import _
from portal.web import catalog_words, cover, look, words

MOST_PLACES = 6  # outlets on the back of a guide


def care_guide(row: Any, sku: str, lang: str) -> CareGuide:
    """`row` has the columns that web/documents.py asks for."""
    shop = look.current().look
    source = row.body_en if lang == "en" else row.body_id
    headings = markdown.headings(source)
    version = _policy_version(applied(row, "", load_rules()).policy_id)
    return CareGuide(
        look=shop,
        product_name=row.name,
        product_code=sku,
        product_icon=row.icon,
        product_url=public_address(f"/guides/{sku}"),
        version=row.number,
        published=words.day(row.published_at.date()),
        language=lang,
        title=next((text for level, text, _i in headings if level == 1), row.name),
        body_html=markdown.to_html(_without_title(source), _pen(stationery.strong(shop.colour), lang)),
        contents=[(name, text) for level, text, name in headings if level == 2],
        places=_places(row.sector),
        service_centre=version.service_centre if version else "",
        maker=version.maker if version else "",
    )


def warranty_card(unit: Unit, token: str, lang: str) -> WarrantyCard:
    outlet, version = unit.outlet, unit.policy_version
    terms = units.terms(*(getattr(unit, column.key) for column in units.TERMS))
    standings = coverage(terms, "", day_in(outlet.timezone, clock.now())).layers
    return WarrantyCard(
        look=look.current().look,
        language=lang,
        registration_number=unit.code,
        product_name=unit.product.name,
        product_icon=unit.product.icon,
        brand=unit.product.brand,
        model=unit.product.model,
        serial=unit.serial or "",
        bought_on=words.day(unit.bought_on),
        valid_from=words.day(min((s.since for s in standings if s.since), default=None)),
        outlet=place(outlet),
        maker=version.maker if version else "",
        service_centre=version.service_centre if version else "",
        terms=_text(version, "terms", lang),
        parts_terms=_text(version, "parts", lang),
        kind_label=words.translate(catalog_words.KINDS[version.kind]) if version else "",
        layers=_layers(standings, terms, lang),
        check_url=public_address(f"/w/{token}"),
        version=version.number if version else 1,
    )


def covers_by_line(purchase_id: int, on: date) -> dict[int | None, tuple[str, ...]]:
    """What the receipt says below each line: every layer of cover with the day on which it ends."""
    found: dict[int | None, dict[str, None]] = {}
    for row in db.session.execute(
        select(Unit.line_id, *units.TERMS).where(Unit.purchase_id == purchase_id).order_by(Unit.id)
    ):
        said = found.setdefault(row.line_id, {})
        for layer in cover.layers(units.terms(*row[1:]), on, words.language()):
            said[f"{layer.name}: {words.translate(layer.left)}"] = None
    return {line_id: tuple(said) for line_id, said in found.items()}


def public_address(path: str) -> str:
    """The full address of an own path, as it stands on paper."""
    base: str = current_app.extensions["settings"].public_url
    return base.rstrip("/") + path


def _without_title(source: str) -> str:
    """The cover carries the title; the text begins below it."""
    first, _newline, rest = source.lstrip().partition("\n")
    return rest if first.startswith("# ") else source


def _pen(colour: str, lang: str) -> markdown.Draw:
    return lambda name: (drawings.picture(name, colour), drawings.SHOWS[lang][name])


def _policy_version(policy_id: int | None) -> PolicyVersion | None:
    current = catalog.current_version(policy_id)
    return db.session.get(PolicyVersion, current) if current else None


def _places(sector: str) -> list[Place]:
    """The outlets that sell goods of this sector; every outlet where none is so special."""
    outlets = db.session.scalars(select(Outlet).order_by(Outlet.name)).all()
    fitting = [outlet for outlet in outlets if outlet.sector in (sector, Sector.GENERAL)] or outlets
    return [place(outlet) for outlet in fitting[:MOST_PLACES]]


def place(outlet: Outlet) -> Place:
    """Where to turn to, as it stands on paper."""
    address = f"{in_city(outlet.address, outlet.city)} {outlet.postal_code}".strip()
    return Place(outlet.name, address, words.show_phone(outlet.phone))


def _layers(standings: Sequence[LayerStanding], terms: Terms, lang: str) -> list[CardLayer]:
    first = min((s.since for s in standings if s.since), default=date.min)
    whole = max([(s.until - first).days for s in standings if s.until] + [1])
    return [
        CardLayer(
            clause=s.layer.clause,
            name=s.layer.say("name", lang),
            what=cover.what(s.layer),
            since=words.day(s.since),
            until=_until(s, terms),
            begins=round(100 * (s.since - first).days / whole) if s.since else 0,
            share=max(2, round(100 * (s.until - s.since).days / whole)) if s.since and s.until else 100,
            over=s.standing in (Standing.VOID, Standing.EXPIRED) or s.until is None,
            provider=words.translate(catalog_words.PROVIDERS[s.layer.provider]),
            exclusions=s.layer.say("exclusions", lang),
            how=s.layer.say("how", lang),
        )
        for s in standings
    ]


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
