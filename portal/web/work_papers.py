"""The receipt of intake as PDF, for staff and for its customer."""

from flask import Blueprint, Response
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.adapters.work_papers import IntakeReceipt, intake_receipt_pdf
from portal.domain.accounts.rules import Permission
from portal.domain.cases import queries as cases
from portal.domain.cases.models import Case
from portal.domain.repairs import queries
from portal.domain.repairs.models import WorkOrder
from portal.domain.units.models import Unit
from portal.kernel.text import _
from portal.web import documents, look, signin, words
from portal.web.access import requires
from portal.web.load import one_or_404
from portal.web.printed import place

bp = Blueprint("work_papers", __name__)


@bp.get("/cases/<code>/intake.pdf")
@requires(Permission.OWN)
def receipt_for_customer(code: str) -> Response:
    """Of the newest work order whose item was taken in."""
    case: Case = one_or_404(cases.visible_to(signin.me()).where(Case.code == code))
    order = queries.taken_in(
        case.id, joinedload(WorkOrder.case).joinedload(Case.unit).joinedload(Unit.product)
    )
    if order is None:
        raise NotFound
    return intake_receipt(order)


def intake_receipt(order: WorkOrder) -> Response:
    """Made once for the same values."""
    answer = documents.kept_or_made("intake", _values(order), intake_receipt_pdf)
    answer.headers["Content-Disposition"] = f'inline; filename="tanda-terima-{order.code}.pdf"'
    return answer


def _values(order: WorkOrder) -> IntakeReceipt:
    case, outlet = order.case, order.case.outlet
    unit = case.unit
    facts = [
        (_("Item"), unit.product.name if unit else case.title),
        (_("Brand and model"), f"{unit.product.brand} {unit.product.model}".strip() if unit else ""),
        (_("Serial number"), unit.serial or "" if unit else ""),
        (_("Case"), words.code(case.code)),
        (_("What the customer says"), order.said or order.symptom),
        (_("Condition and visible damage"), order.condition),
        (_("What came with it"), ", ".join(order.accessories) or words.translate(_("nothing"))),
    ]
    assert order.received_at is not None
    return IntakeReceipt(
        look=look.current().look,
        language=words.language(),
        code=words.code(order.code),
        received_at=words.moment(order.received_at, outlet.timezone),
        customer=case.customer.name,
        place=place(outlet),
        facts=[(words.translate(name), value) for name, value in facts if value],
    )
