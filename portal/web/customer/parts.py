"""Spare parts for everybody: found by product, model, name or number, with their price and where they are."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import Blueprint, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.models import Product
from portal.domain.files.models import StoredFile
from portal.domain.parts import queries
from portal.domain.parts.models import Part
from portal.domain.parts.queries import Stock
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.access import public, requires
from portal.web.documents import FOR_EVER
from portal.web.load import one_or_404, row_or_404
from portal.web.render import page
from portal.web.uploads import store

bp = Blueprint("customer_parts", __name__)

HERE = "/parts"
WORDS = 80  # of a search, in letters
FEW = 4  # pieces; of fewer it is said how many


@bp.get(HERE)
@public()
def index() -> Response:
    return _list(request.args.get("q", "").strip()[:WORDS])


@bp.get("/units/<code>/parts")
@requires(Permission.OWN)
def of_unit(code: str) -> Response:
    """The parts that fit one item, to order several at once."""
    mine = units.visible_to(signin.me()).where(Unit.code == code).options(joinedload(Unit.product))
    return _list("", one_or_404(mine))


@bp.get(f"{HERE}/<code>")
@public()
def show(code: str) -> Response:
    actor = signin.actor_or_none()
    part: Part = one_or_404(queries.visible_to(actor).where(Part.code == code))
    return page(
        "customer/parts/show.html", area=area(), part=part, fits=queries.fit_names(part.id),
        where=where([part])[part.id], unit=_unit_code(),
    )  # fmt: skip


@bp.get(f"{HERE}/<code>/picture.jpg")
@public(cacheable=True)
def picture(code: str) -> Response:
    """A part's picture; `?v=` names which one it is, so that it can be kept for ever."""
    hung = queries.limit_to(
        signin.actor_or_none(),
        select(StoredFile.key, StoredFile.content_type, Part.picture).join(
            Part, Part.picture == StoredFile.code
        ),
    )
    row = row_or_404(hung.where(Part.code == code))
    key = row.key + (".thumb" if request.args.get("size") == "thumb" else "")
    try:
        answer = send_file(BytesIO(store().get(key)), row.content_type, etag=False)
    except (KeyError, FileNotFoundError):
        raise NotFound from None
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == row.picture else "no-cache"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def whereabouts(stock: Stock, lead_days: int | None) -> tuple[str, Message]:
    """(icon, sentence): whether a part is there, and when it can be."""
    if stock.free:
        few = [f"{name} ({count})" if count < FEW else name for name, count in stock.free.items()]
        return "circle-check", _("In stock: %(outlets)s", outlets=", ".join(few))
    if stock.coming and stock.expected:
        return "truck", _("On order, expected on %(day)s", day=stock.expected)
    if stock.coming:
        return "truck", _("On order; the day is not known yet")
    if lead_days is not None:
        return "clock", _("Not in stock; the shop can get it in about %(days)s days", days=lead_days)
    return "circle-help", _("Not in stock; the shop tells you whether it can be had")


def where(parts: Iterable[Any]) -> dict[int, tuple[str, Message]]:
    """`whereabouts` of parts or rows of parts, by their ids."""
    leads = {part.id: part.lead_days for part in parts}
    return {number: whereabouts(stock, leads[number]) for number, stock in queries.stock_of(leads).items()}


def area() -> str:
    """Staff read these pages in the public frame; customers in their own."""
    actor = signin.actor_or_none()
    return "customer" if actor and actor.is_customer else "public"


def _list(words: str, unit: Unit | None = None) -> Response:
    after, actor = decode(request.args.get("after"), str, int), signin.actor_or_none()
    product: Product | None = unit.product if unit else None
    found = cut(queries.search(actor, words, product=product, after=after), lambda row: [row.name_id, row.id])
    return page(
        "customer/parts/index.html", area=area(), nav_current="units" if unit else "", found=found, q=words,
        unit=unit, after=after, where=where(found.rows),
    )  # fmt: skip


def _unit_code() -> str:
    """Which item the page before was about."""
    code = request.args.get("unit", "")
    return code if code.isalnum() else ""


def parts_asked(codes: list[str]) -> list[Any]:
    """The parts in an address or form, in its order. Raises NotFound where one is not offered."""
    chosen = list(dict.fromkeys(code for code in codes if code.isalnum()))[:20]
    found = {
        part.code: part
        for part in db.session.scalars(
            queries.visible_to(signin.me()).where(Part.code.in_(chosen), Part.active)
        )
    }
    if not chosen or len(found) != len(chosen):
        raise NotFound
    return [found[code] for code in chosen]
