"""What has to be ordered from suppliers, as a page and a sheet; the orders, and what came of them."""

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from flask import Blueprint, request, send_file
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.adapters.sheets import write_xlsx
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.catalog import queries as catalog
from portal.domain.catalog.models import Outlet
from portal.domain.parts import supply
from portal.domain.parts.models import SupplyOrder
from portal.domain.parts.rules import Supply
from portal.domain.repairs.stock import missing
from portal.domain.suppliers.models import Supplier
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web import words
from portal.web.access import requires
from portal.web.fields import Form, NumberField
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.parts import HERE
from portal.web.staff.saving import save

bp = Blueprint("staff_part_supply", __name__)

ORDERS: dict[str, tuple[Message, str]] = {
    Supply.OPEN: (_("Ordered"), "waiting"),
    Supply.RECEIVED: (_("Received"), "good"),
    Supply.CANCELLED: (_("Cancelled"), "quiet"),
}


@bp.get(f"{HERE}/reorder")
@requires(Permission.CATALOG_VIEW)
def reorder() -> Response:
    return _reorder(supply.short(me(), missing(), _outlet_id()), _order_form([]))


@bp.post(f"{HERE}/reorder")
@requires(Permission.STOCK_KEEP)
def order() -> Response:
    """One order for each supplier and outlet, of the pieces that were written."""
    short = supply.short(me(), missing(), _outlet_id())
    form = _order_form(short)
    made, status = save(form, lambda: _order(short, form))
    if made is None:
        return _reorder(supply.short(me(), missing(), _outlet_id()), form, status)
    if len(made) == 1:
        return go_to(f"{HERE}/orders/{made[0]}", _("The order is written down. Send it to the supplier."))
    return go_to(
        f"{HERE}/orders", _("%(count)s orders are written down. Send them to the suppliers.", count=len(made))
    )


@bp.get(f"{HERE}/reorder.xlsx")
@requires(Permission.CATALOG_VIEW)
def sheet() -> Response:
    """The same list as a file, for the supplier or the accountant."""
    lang = words.language()
    head = [
        gettext("Supplier"), gettext("Part number"), gettext("Part"), gettext("Outlet"), gettext("Free"),
        gettext("On order"), gettext("Waited for"), gettext("Minimum"), gettext("To order"),
        gettext("Cost of one"),
    ]  # fmt: skip
    rows = [
        [
            row.part.supplier or "", row.part.number, (lang == "en" and row.part.name_en) or row.part.name_id,
            row.outlet,
            *map(str, (row.free, row.on_order, row.wanted, row.minimum, row.pieces, row.part.cost)),
        ]
        for row in supply.short(me(), missing(), _outlet_id())
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "reorder.xlsx"
        write_xlsx(made, [head, *rows])
        return send_file(made.open("rb"), as_attachment=True, download_name=f"{gettext('reorder')}.xlsx")


@bp.get(f"{HERE}/orders")
@requires(Permission.CATALOG_VIEW)
def orders() -> Response:
    state = request.args.get("state", "")
    state = state if state in ORDERS else Supply.OPEN
    before = decode(request.args.get("before"), int)
    found = supply.orders(me(), state, before=before[0] if before else None)
    return page(
        "staff/parts/orders.html", nav_current="catalog", tab="orders", state=state, states=ORDERS,
        found=cut(found, lambda row: [row.id]), before=before, today=clock.now().date(),
    )  # fmt: skip


@bp.get(f"{HERE}/orders/<code>")
@requires(Permission.CATALOG_VIEW)
def show(code: str) -> Response:
    found = _load(code)
    return _page(found, _receive_form(found))


@bp.post(f"{HERE}/orders/<code>")
@requires(Permission.STOCK_KEEP)
def receive(code: str) -> Response:
    found = _load(code)
    form = _receive_form(found)
    came = {line.id: form[f"came_{line.id}"].data or 0 for line in found.lines}
    _done, status = save(form, lambda: supply.receive(me(), found, came, clock.now()))
    if status == 303:
        return go_to(f"{HERE}/orders/{code}", _("The stock is updated."))
    return _page(_load(code), form, status)


@bp.post(f"{HERE}/orders/<code>/cancel")
@requires(Permission.STOCK_KEEP)
def cancel(code: str) -> Response:
    supply.cancel(me(), _load(code), clock.now())
    return go_to(f"{HERE}/orders/{code}", _("The rest of the order is cancelled."))


def _order(short: list[supply.Short], form: Form) -> list[str]:
    """The codes of the orders that were made."""
    by_supplier: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for row in short:
        pieces = form[f"order_{row.key}"].data
        if pieces and row.part.supplier_id:
            by_supplier[row.part.supplier_id, row.outlet_id][row.part.id] = pieces
    made = [
        supply.order(
            me(), db.session.get_one(Supplier, supplier), db.session.get_one(Outlet, outlet), wanted,
            clock.now(),
        )
        for (supplier, outlet), wanted in by_supplier.items()
    ]  # fmt: skip
    if not made:
        raise Refused(_("Write how many of at least one part."))
    return [order.code for order in made]


def _order_form(short: list[supply.Short]) -> Form:
    fields = {f"order_{row.key}": NumberField(_("To order")) for row in short}
    made: Form = type("OrderForm", (Form,), fields)()
    return made


def _receive_form(order: SupplyOrder) -> Form:
    fields = {f"came_{line.id}": NumberField(_("Pieces that came")) for line in order.lines}
    made: Form = type("ReceiveForm", (Form,), fields)()
    return made


def _reorder(short: list[supply.Short], form: Form, status: int = 200) -> Response:
    groups: dict[str | None, list[supply.Short]] = defaultdict(list)
    for row in short:
        groups[row.part.supplier].append(row)
    return page(
        "staff/parts/reorder.html", status=status, nav_current="catalog", tab="reorder", groups=groups,
        form=form, outlets=catalog.outlets(), chosen_code=request.args.get("outlet", ""),
        most=supply.REORDER_MOST, count=len(short),
    )  # fmt: skip


def _outlet_id() -> int | None:
    """Of the outlet in the address. Raises NotFound for one that does not exist."""
    code = request.args.get("outlet", "")
    if not code:
        return None
    found: int = one_or_404(catalog.limit_to(me(), select(Outlet.id).where(Outlet.code == code)))
    return found


def _load(code: str) -> SupplyOrder:
    found: SupplyOrder = one_or_404(supply.whole(supply.visible_to(me()).where(SupplyOrder.code == code)))
    return found


def _page(order: SupplyOrder, form: Form, status: int = 200) -> Response:
    values: dict[str, Any] = {"state": ORDERS[order.state], "open": order.state == Supply.OPEN}
    return page(
        "staff/parts/order.html",
        status=status,
        nav_current="catalog",
        order=order,
        form=form,
        handed=supply.handed_on(order),
        **values,
    )
