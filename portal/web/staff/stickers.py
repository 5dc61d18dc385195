"""Sheets of QR stickers: made and printed for goods without a receipt, and for the items of a receipt."""

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField

from portal.adapters import pdf
from portal.adapters.labels import FORMATS, Label, Sheets, Size, labels_pdf
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog.models import Product
from portal.domain.links import actions as links
from portal.domain.purchases import stickers
from portal.domain.units.models import CardLink, Unit
from portal.kernel import clock
from portal.kernel.codes import normalise
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web import look, words
from portal.web.access import requires
from portal.web.catalog_words import choices
from portal.web.fields import Between, Form, NumberField, Required
from portal.web.printed import public_address
from portal.web.render import go_to, page
from portal.web.staff.receipts import load

bp = Blueprint("staff_stickers", __name__, url_prefix="/desk")

SIZES: dict[str, Message] = {
    Size.LARGE: _("70 × 37 mm, 24 on a sheet"),
    Size.SMALL: _("38 × 21 mm, 65 on a sheet"),
}
SIZE_OF = {form.labels: size for size, form in FORMATS.items()}


class SheetsForm(Form):
    size = RadioField(_("Size of a sticker"), choices=lambda: choices(SIZES), default=Size.LARGE)
    sheets = NumberField(
        _("Sheets of A4"), [Required(_("Say how many.")), Between(1, stickers.MOST_SHEETS)], default=1
    )


@bp.get("/stickers")
@requires(Permission.PURCHASE_RECORD)
def show() -> AnyResponse:
    return _page(SheetsForm(formdata=None))


@bp.post("/stickers")
@requires(Permission.PURCHASE_RECORD)
def make() -> AnyResponse:
    form = SheetsForm()
    if not form.validate():
        return _page(form, 422)
    codes = stickers.make(form.sheets.data or 1, FORMATS[Size(form.size.data)].labels, clock.now())
    return go_to(f"/desk/stickers?made={'-'.join(codes)}", _("The stickers are ready to print."))


@bp.get("/stickers/<sheets>.pdf")
@requires(Permission.PURCHASE_RECORD)
def print_sheets(sheets: str) -> Response:
    """One sheet or several of one size, their codes joined by dashes."""
    codes = sheets.split("-")[: stickers.MOST_SHEETS]
    found = stickers.on_sheets(codes)
    sizes = {SIZE_OF.get(len(some)) for some in found.values()}
    size = sizes.pop() if len(sizes) == 1 else None
    if size is None:
        raise NotFound
    labels = [
        Label(public_address(f"/q/{token}"), words.code(code))
        for some in found.values()
        for code, token in some
    ]
    return _print(labels, size, [words.code(code) for code in found], f"stickers-{next(iter(found))}")


@bp.get("/receipts/<code>/stickers.pdf")
@requires(Permission.PURCHASE_VIEW)
def print_items(code: str) -> Response:
    """A sticker for each item with a warranty on a receipt: it leads to its warranty card. `?size=`."""
    try:
        size = Size(request.args.get("size", Size.SMALL))
    except ValueError as error:
        raise NotFound from error
    purchase = load(code)
    rows = db.session.execute(
        select(Unit.code, Unit.serial, Product.name, CardLink.seed, CardLink.token_hash)
        .join(Product, Product.id == Unit.product_id)
        .join(CardLink, CardLink.unit_id == Unit.id)
        .where(Unit.purchase_id == purchase.id, CardLink.revoked_at.is_(None))
        .order_by(Unit.id)
        .limit(FORMATS[size].labels * stickers.MOST_SHEETS)
    )
    labels = [
        Label(
            public_address(f"/w/{links.token(CardLink, row.seed, row.token_hash)}"),
            row.serial or row.code,
            row.name,
        )
        for row in rows
    ]
    if not labels:
        raise NotFound
    return _print(labels, size, [], f"stickers-{normalise(code)}")


def _print(labels: list[Label], size: Size, notes: list[str], name: str) -> Response:
    sheets = Sheets(look.current().look, words.language(), labels, notes)
    db.session.rollback()  # nothing holds the database while the sheets are made
    try:
        made = labels_pdf(sheets, size)
    except (pdf.Busy, pdf.RenderFailed) as error:
        current_app.logger.warning("stickers not made: %s", error)
        raise ServiceUnavailable from error
    answer = Response(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _page(form: Form, status: int = 200) -> AnyResponse:
    after = decode(request.args.get("after"), int)
    found = cut(stickers.newest(before=after[0] if after else None), lambda row: [row.id])
    made = [code for code in request.args.get("made", "").split("-") if code.isalnum()]
    return page(
        "staff/stickers.html", status=status, nav_current="receipts", form=form, found=found, after=after,
        made=made[: stickers.MOST_SHEETS],
    )  # fmt: skip
