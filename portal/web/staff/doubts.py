"""Receipts that wait for somebody to say whose they are: the list, and one beside the records in question."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response
from wtforms import RadioField

from portal.domain.accounts.matching import alike
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.purchases import doubts
from portal.domain.purchases.models import Purchase, PurchaseDoubt
from portal.domain.purchases.rules import DoubtReason
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.codes import normalise
from portal.kernel.paging import cut, decode
from portal.kernel.text import Message, _
from portal.web.access import requires
from portal.web.fields import Form, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.saving import save

bp = Blueprint("staff_doubts", __name__, url_prefix="/desk/customers/doubts")

NONE = "none"
REASONS: dict[DoubtReason, Message] = {
    DoubtReason.SEVERAL: _("More than one record has this contact"),
    DoubtReason.OTHER_NAME: _("The phone is known under another name"),
    DoubtReason.OTHER_EMAIL: _("The phone is known with another e-mail address"),
}


class ChoiceForm(Form):
    choice = RadioField(
        _("Whose receipt is it?"), [Required(_("Choose one of these records, or none of them."))]
    )


@dataclass(frozen=True)
class Candidate:
    """A record with what speaks for or against it: (label, value, whether it agrees or None)."""

    customer: Customer
    facts: list[tuple[Message, Any, bool | None]]


@bp.get("")
@requires(Permission.CUSTOMER_MATCH)
def waiting() -> Response:
    after = decode(request.args.get("after"), int)
    found = cut(doubts.waiting(me(), after=after), lambda row: [row.id])
    days = [day_in(row.timezone, row.bought_at) for row in found.rows]
    return page(
        "staff/customers/doubts.html", nav_current="customers", found=found, days=days, after=after,
        reasons=REASONS,
    )  # fmt: skip


@bp.get("/<code>")
@requires(Permission.CUSTOMER_MATCH)
def doubt(code: str) -> Response:
    return _page(_load(code), ChoiceForm(formdata=None))


@bp.post("/<code>")
@requires(Permission.CUSTOMER_MATCH)
def settle(code: str) -> Response:
    found, form = _load(code), ChoiceForm()
    people = {row.Customer.code: row.Customer for row in doubts.candidates(found)}
    form.choice.choices = [*people, NONE]
    _done, status = save(form, lambda: doubts.settle(me(), found, people.get(form.choice.data), clock.now()))
    if status == 303:
        return go_to("/desk/customers/doubts", _("Settled. The receipt and its items are in that record."))
    return _page(found, form, status)


def _page(found: PurchaseDoubt, form: ChoiceForm, status: int = 200) -> Response:
    purchase = found.purchase
    told = [_candidate(purchase, row.Customer, row.last) for row in doubts.candidates(found)]
    form.choice.choices = [*(one.customer.code for one in told), NONE]
    return page(
        "staff/customers/doubt.html", status=status, nav_current="customers", doubt=found, purchase=purchase,
        outlet=purchase.outlet, reason=REASONS[DoubtReason(found.reason)], candidates=told, form=form,
    )  # fmt: skip


def _candidate(purchase: Purchase, customer: Customer, last: Any) -> Candidate:
    def same(told: str | None, known: str | None) -> bool | None:
        return told == known if told and known else None

    name = alike(purchase.buyer_name, customer.name) if purchase.buyer_name and customer.name else None
    return Candidate(
        customer,
        [
            (_("Name"), customer.name, name),
            (_("Phone"), customer.phone, same(purchase.buyer_phone, customer.phone)),
            (_("E-mail address"), customer.email, same(purchase.buyer_email, customer.email)),
            (_("Last purchase"), last, None),
        ],
    )


def _load(code: str) -> PurchaseDoubt:
    found: PurchaseDoubt = one_or_404(
        doubts.limit_to(me(), select(PurchaseDoubt))
        .join(PurchaseDoubt.purchase)
        .join(Purchase.outlet)
        .where(Purchase.code == normalise(code))
        .options(contains_eager(PurchaseDoubt.purchase).contains_eager(Purchase.outlet))
    )
    return found
