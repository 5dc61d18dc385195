"""Parts, labour and fees of a work order, and who pays each."""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.accounts.rules import Permission
from portal.domain.parts.models import Part
from portal.domain.repairs import lines, queries, settings, stock
from portal.domain.repairs.models import WorkLine, WorkOrder
from portal.domain.repairs.money import labour_price, totals, usual_billing
from portal.domain.repairs.rules import FINISHED, Billing, LineKind
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.text import Message, _
from portal.web import signin, words
from portal.web.access import requires
from portal.web.fields import Form
from portal.web.render import go_to
from portal.web.staff.repair_forms import BILLINGS, KINDS, BillForm, LineForm
from portal.web.staff.repair_page import act, load, shown

bp = Blueprint("work_lines", __name__, url_prefix="/desk/work-orders")


@bp.get("/<code>/lines")
@requires(Permission.WORK_MOVE)
def show(code: str) -> Response:
    return _page(load(code), LineForm(formdata=None), 200)


@bp.post("/<code>/lines")
@requires(Permission.WORK_MOVE)
def add(code: str) -> Response:
    form = LineForm()
    return act(code, form, lambda order: _add(order, form), _page, _("Added."), "/lines")


@bp.post("/<code>/lines/stock")
@requires(Permission.WORK_MOVE)
def set_aside(code: str) -> Response:
    """Try again to set aside what was not there."""
    order = load(code)
    lacking = stock.set_all_aside(signin.me(), order, clock.now())
    said: Message = _("Everything is set aside.")
    if lacking:
        said = _("Still missing: %(names)s.", names=", ".join(line.description for line in lacking))
    return go_to(f"/desk/work-orders/{code}/lines", said, "waiting" if lacking else "good")


@bp.post("/<code>/lines/<int(max=2147483647):number>")
@requires(Permission.WORK_MOVE)
def change(code: str, number: int) -> Response:
    """Say who pays a line, or take it away."""
    form = BillForm()

    def do(order: WorkOrder) -> None:
        line = db.session.get(WorkLine, number)
        if line is None or line.work_order_id != order.id:
            raise NotFound
        if "remove" in request.form:
            lines.remove(signin.me(), line, clock.now())
        else:
            billing = Billing(form.billing.data)
            reason = form.reason.data or ""
            lines.bill(signin.me(), line, billing, reason, version=form.version.data, now=clock.now())

    if "remove" in request.form:
        form.billing.validate_choice = False
    return act(
        code,
        form,
        do,
        lambda o, bad, status: _page(o, LineForm(formdata=None), status, bad, number),
        None,
        "/lines",
    )


def _add(order: WorkOrder, form: LineForm) -> WorkLine:
    """Name and price of a part are the catalogue's, labour's is that of an hour, unless others were typed."""
    kind, chosen, price = form.kind.data, form.part.data or "", form.price.data
    part = db.session.get(Part, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if kind != LineKind.PART:
        part = None
    description = form.description.data or (part.name_id if part else "")
    if price is None and part is not None:
        price = part.price
    if price is None and kind == LineKind.LABOUR and form.minutes.data:
        hour = settings.load().hour_price
        price = None if hour is None else labour_price(hour, form.minutes.data)
    if price is None:
        raise Refused(_("Write the price."), "price")
    if kind == LineKind.LABOUR and not description:
        description = words.translate(KINDS[LineKind.LABOUR])
    known = (part.id, part.cost) if part else (None, None)
    new = form.line(price, description, *known)
    return lines.add(signin.me(), order, new, clock.now())


def _page(
    order: WorkOrder, form: Form, status: int, bad: Form | None = None, number: int | None = None
) -> Response:
    rows, verdict = queries.lines(order.id), lines.verdict_of(order.case_id)
    fitting = [] if order.state in FINISHED else lines.fitting(order)
    none = ("", words.translate(_("Not in the catalogue")))
    form.part.choices = [none, *((str(part.id), _named(part, free)) for part, free in fitting)]
    return shown(
        "lines", order, status, form=form, lines=rows, totals=totals(rows), kinds=KINDS, billings=BILLINGS,
        usual={kind: BILLINGS[usual_billing(verdict, kind)] for kind in LineKind}, bad=bad, number=number,
        finished=order.state in FINISHED, hour_price=settings.load().hour_price,
    )  # fmt: skip


def _named(part: Part, free: int) -> str:
    return f"{part.name_id} · {part.number} · {words.translate(_('%(count)s in stock', count=free))}"
