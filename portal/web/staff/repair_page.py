"""What all pages of a work order share: loading it, acting on it, and its heading."""

from collections.abc import Callable
from typing import Any

from flask import request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain.cases.models import Case
from portal.domain.repairs import queries
from portal.domain.repairs.models import WorkOrder
from portal.domain.repairs.rules import STATES
from portal.domain.units.models import Unit
from portal.kernel.text import Message, _
from portal.web import signin
from portal.web.fields import Form
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.staff.saving import save

WHOLE = (
    joinedload(WorkOrder.technician),
    joinedload(WorkOrder.supplier),
    joinedload(WorkOrder.case).joinedload(Case.outlet),
    joinedload(WorkOrder.case).joinedload(Case.customer),
    joinedload(WorkOrder.case).joinedload(Case.unit).joinedload(Unit.product),
)
Show = Callable[[WorkOrder, Form, int], Response]


def load(code: str) -> WorkOrder:
    """Raises NotFound."""
    found = queries.visible_to(signin.me()).where(WorkOrder.code == code).options(*WHOLE)
    order: WorkOrder = one_or_404(found)
    return order


def act(
    code: str, form: Form, do: Callable[[WorkOrder], Any], show: Show, said: Message | None = None,
    to: str = "",
) -> Response:  # fmt: skip
    """Do it and go back to the work order (or to `to` below it); or show the form with what is wrong.

    Of two who change it at once the second one gets what was typed with the new version.
    """
    order = load(code)

    def once() -> bool:
        do(order)
        db.session.flush()
        return True

    done, status = save(form, once)
    if done:
        return go_to(f"/desk/work-orders/{code}{to}", said or _("Saved."))
    order = load(code)
    if status == 409 and "version" in form:
        form.version.raw_data, form.version.data = None, order.version
    return show(order, form, status)


def shown(template: str, order: WorkOrder, status: int = 200, **values: Any) -> Response:
    """A page of a work order; with 409 it says that somebody was faster."""
    return page(
        f"staff/repairs/{template}.html", status=status, nav_current="work-orders", order=order,
        case=order.case, unit=order.case.unit, states=STATES, conflict=status == 409,
        path=f"/desk/work-orders/{order.code}",
        mark="Rp" if order.case.outlet.currency == "IDR" else order.case.outlet.currency,
        currency=order.case.outlet.currency, zone=order.case.outlet.timezone, **values,
    )  # fmt: skip


def typed(name: str) -> str:
    """A value of the form that was sent, without spaces around it."""
    return request.form.get(name, "").strip()
