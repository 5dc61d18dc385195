"""An estimate as PDF, for its customer and for staff."""

from flask import Response, current_app

from portal.adapters.documents import EstimateSheet, Place, SheetLine, estimate_pdf
from portal.domain.estimates.models import Estimate, EstimateLine
from portal.domain.estimates.rules import S
from portal.domain.repairs.rules import Billing, LineKind
from portal.kernel.money import Money
from portal.kernel.text import Message, _
from portal.web import documents, look, words

KINDS: dict[str, Message] = {
    LineKind.PART: _("Spare part"),
    LineKind.LABOUR: _("Labour"),
    LineKind.FEE: _("Fee"),
}
PAYS: dict[str, Message] = {  # who does, when it is not the customer
    Billing.WARRANTY: _("the warranty pays"),
    Billing.NO_CHARGE: _("free of charge"),
}


def standing(estimate: Estimate, zone: str) -> Message:
    """What became of an estimate, in a sentence for its customer."""
    at = words.moment(estimate.decided_at, zone)
    return {
        S.SENT: _("Please decide until %(day)s.", day=estimate.until),
        S.APPROVED: _("Approved by %(name)s on %(moment)s.", name=estimate.decided_by, moment=at),
        S.DECLINED: _("Declined by %(name)s on %(moment)s.", name=estimate.decided_by, moment=at),
        S.EXPIRED: _("No longer valid since %(day)s. You can ask for a new one.", day=estimate.until),
        S.SUPERSEDED: _("Replaced by a newer estimate."),
    }[S(estimate.state)]


def fee(estimate: Estimate) -> Message | None:
    """What the diagnosis costs if it is declined, and once it was."""
    amount = Money(estimate.fee, estimate.currency)
    told = {
        S.SENT: _("If you decline, the diagnosis costs %(amount)s.", amount=amount),
        S.DECLINED: _("The diagnosis costs %(amount)s; you pay it when you collect the item.", amount=amount),
    }
    return told.get(S(estimate.state)) if estimate.fee else None


def pdf(estimate: Estimate) -> Response:
    """In the reader's language; made once for what is on it."""
    answer = documents.kept_or_made("estimate", sheet(estimate), estimate_pdf)
    name = f"estimasi-{estimate.order.code}-{estimate.number}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def sheet(estimate: Estimate) -> EstimateSheet:
    case = estimate.order.case
    outlet, unit, currency = case.outlet, case.unit, estimate.currency
    base = current_app.extensions["settings"].public_url.rstrip("/")
    return EstimateSheet(
        look=look.current().look,
        language=words.language(),
        number=f"{words.code(estimate.order.code)} / {estimate.number}",
        made_on=words.brief_day(estimate.sent_at, outlet.timezone),
        until=words.day(estimate.until),
        outlet=Place(
            outlet.name, f"{outlet.address} {outlet.postal_code}".strip(), words.show_phone(outlet.phone)
        ),
        customer=case.customer.name or words.translate(_("No name")),
        product=unit.product.name if unit else case.title,
        serial=(unit.serial or "") if unit else "",
        lines=[_line(line, currency) for line in estimate.lines],
        total=words.money(estimate.total, currency),
        agreed="" if estimate.agreed is None else words.money(estimate.agreed, currency),
        fee=words.translate(fee(estimate)),
        note=estimate.note,
        standing=words.translate(standing(estimate, outlet.timezone)),
        url=f"{base}/cases/{case.code}/estimate",
    )


def _line(line: EstimateLine, currency: str) -> SheetLine:
    left_out = line.accepted is False
    return SheetLine(
        what=line.description,
        kind=words.translate(KINDS[line.kind]),
        quantity=str(line.pieces),
        price=words.money(line.price, currency),
        amount=words.money(line.amount, currency),
        pays=words.translate(_("left out") if left_out else PAYS.get(line.billing)),
        optional=line.optional and line.accepted is None,
    )
