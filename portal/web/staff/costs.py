"""What warranty work costs the shop: of one work order, and by product, item and supplier, also as a file."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request, send_file
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from portal.adapters.sheets import write_xlsx
from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.costs import actions as costs
from portal.domain.costs import queries
from portal.domain.costs.rules import ANSWERS, BY, By, Costs
from portal.domain.repairs import lines as work_lines
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.shipments.models import Leg
from portal.domain.suppliers import queries as suppliers
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.text import _
from portal.web import estimate_sheets, signin
from portal.web.access import requires
from portal.web.fields import AtMost, Form, MoneyField
from portal.web.render import go_to, page
from portal.web.staff.repair_page import load
from portal.web.staff.saving import save, version_field

bp = Blueprint("desk_costs", __name__, url_prefix="/desk")
ZONE = "Asia/Jakarta"  # of the shop's books
COLUMNS = ("parts", "labour", "fees", "freight", "billed", "recovered")


class AskForm(Form):
    supplier = SelectField(_("Supplier"))
    asked = MoneyField(_("Amount asked for"))
    reference = StringField(_("Their reference"), [AtMost(40)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="ask-", **values)
        self.supplier.choices = ["", *suppliers.choices(signin.me()).items()]


class AnswerForm(Form):
    version = version_field()
    paid = MoneyField(_("What the supplier pays"))
    note = StringField(_("Note"), [AtMost(300)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="answer-", **values)


@bp.get("/costs")
@requires(Permission.COSTS_VIEW)
def index() -> Response:
    by, since, until = _asked()
    return page(
        "staff/costs/index.html",
        nav_current="work-orders",
        rows=_rows(by, since, until),
        by=by,
        ways=BY,
        since=since,
        until=until,
        most=queries.MOST_ROWS,
    )


@bp.get("/costs.xlsx")
@requires(Permission.COSTS_VIEW)
def sheet() -> Response:
    """The same rows as a file, amounts as numbers."""
    by, since, until = _asked()
    head = [
        gettext("Code"), gettext("Name"), gettext("Serial or brand"), gettext("Currency"),
        gettext("Work orders"), gettext("Lines without a cost"), gettext("Parts"), gettext("Labour"),
        gettext("Fees"), gettext("Freight"), gettext("Spent"), gettext("Paid by customers"),
        gettext("Asked of suppliers"), gettext("Paid by suppliers"), gettext("Left with the shop"),
    ]  # fmt: skip
    rows = [
        [
            row.code, row.name, row.beside or "", row.currency, int(row.orders), int(row.unknown), sums.parts,
            sums.labour, sums.fees, sums.freight, sums.spent, sums.billed, int(row.asked), sums.recovered,
            sums.net,
        ]
        for row, sums in _rows(by, since, until)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "costs.xlsx"
        write_xlsx(made, [head, *rows])
        name = f"{gettext('costs')}-{since.isoformat()}-{until.isoformat()}.xlsx"
        return send_file(made.open("rb"), as_attachment=True, download_name=name)


@bp.get("/work-orders/<code>/costs")
@requires(Permission.COSTS_VIEW)
def of_order(code: str) -> Response:
    return _page(load(code))


@bp.post("/work-orders/<code>/costs")
@requires(Permission.COSTS_VIEW)
def write(code: str) -> Response:
    """What one piece of each line and each shipment cost."""
    order = load(code)
    form = _cost_form(work_lines.of_order(order.id), costs.legs_of(order))()

    def once() -> bool:
        told = {name: field.data for name, field in form._fields.items()}
        costs.write_costs(signin.me(), order, _numbered(told, "line"), _numbered(told, "leg"))
        return True

    return _after(code, "written", form, save(form, once))


@bp.post("/work-orders/<code>/costs/ask")
@requires(Permission.COSTS_VIEW)
def ask(code: str) -> Response:
    order, form = load(code), AskForm()

    def once() -> bool:
        chosen = form.supplier.data or ""
        number = int(chosen) if chosen.isdecimal() else None
        costs.ask(signin.me(), order, number, form.asked.data, form.reference.data or "", clock.now())
        return True

    return _after(code, "asking", form, save(form, once))


@bp.post("/work-orders/<code>/costs/answer")
@requires(Permission.COSTS_VIEW)
def answer(code: str) -> Response:
    order, form = load(code), AnswerForm()

    def once() -> bool:
        costs.hear(
            signin.me(), order, form.paid.data, form.note.data or "", version=form.version.data,
            now=clock.now(),
        )  # fmt: skip
        db.session.flush()
        return True

    return _after(code, "answer", form, save(form, once))


def _after(code: str, name: str, form: Form, saved: tuple[bool | None, int]) -> Response:
    done, status = saved
    if done:
        return go_to(f"/desk/work-orders/{code}/costs", _("Saved."))
    return _page(load(code), status, **{name: form})


def _asked() -> tuple[By, date, date]:
    """What is added up, and the first and the last day of it; the last three months when nothing is said."""
    today = day_in(ZONE, clock.now())
    by = request.args.get("by", By.PRODUCT)
    until = _day("until") or today
    since = _day("since") or until - timedelta(days=91)
    return By(by) if by in BY else By.PRODUCT, min(since, until), until


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None  # as in DayField


def _rows(by: By, since: date, until: date) -> list[tuple[Any, Costs]]:
    zone = ZoneInfo(ZONE)
    first = datetime.combine(since, time.min, zone).astimezone(UTC)
    end = datetime.combine(until + timedelta(days=1), time.min, zone).astimezone(UTC)
    return [
        (row, Costs(**{name: int(getattr(row, name)) for name in COLUMNS}))
        for row in queries.added_up(signin.me(), by, first, end)
    ]


def _cost_form(lines: Sequence[WorkLine], legs: Sequence[Leg]) -> type[Form]:
    """One field for each line and each shipment."""
    fields = {f"line_{line.id}": MoneyField(line.description) for line in lines}
    sent = {f"leg_{leg.id}": MoneyField(f"{leg.courier} {leg.waybill}".strip()) for leg in legs}
    made: type[Form] = type("CostForm", (Form,), {**fields, **sent})
    return made


def _numbered(told: dict[str, Any], kind: str) -> dict[int, int | None]:
    return {int(name[len(kind) + 1 :]): value for name, value in told.items() if name.startswith(f"{kind}_")}


def _page(order: WorkOrder, status: int = 200, **forms: Form) -> Response:
    lines, legs = work_lines.of_order(order.id), costs.legs_of(order)
    hour_cost, recovery = queries.beside(order.id)
    kept = {f"line_{line.id}": line.cost for line in lines} | {f"leg_{leg.id}": leg.cost for leg in legs}
    sums = queries.of_order(order, lines, legs, hour_cost, recovery.paid if recovery else 0)
    asking = {"supplier": str(order.supplier_id or ""), "asked": sums.spent or None}
    if recovery is not None:
        asking = {"supplier": str(recovery.supplier_id), "asked": recovery.asked}
    return page(
        "staff/costs/order.html",
        status=status,
        nav_current="work-orders",
        order=order,
        case=order.case,
        lines=lines,
        legs=legs,
        sums=sums,
        recovery=recovery,
        answers=ANSWERS,
        kinds=estimate_sheets.KINDS,
        written=forms.get("written") or _cost_form(lines, legs)(formdata=None, data=kept),
        asking=forms.get("asking") or AskForm(formdata=None, **asking),
        answer=forms.get("answer")
        or AnswerForm(formdata=None, version=recovery.version if recovery else None),
        conflict=status == 409,
    )
