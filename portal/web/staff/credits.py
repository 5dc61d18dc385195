"""A customer's store credit at the desk and the counter: what is left, pay with it, put a mistake right."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import Permission
from portal.domain.purchases import queries as purchases
from portal.domain.purchases.models import Purchase
from portal.domain.returns import credit, queries
from portal.domain.returns.models import StoreCredit
from portal.kernel import clock
from portal.kernel.text import _
from portal.web import words
from portal.web.access import requires
from portal.web.fields import AtMost, Between, Form, MoneyField, Required
from portal.web.load import one_or_404
from portal.web.render import go_to, page
from portal.web.signin import me
from portal.web.staff.customers import load
from portal.web.staff.saving import save

bp = Blueprint("staff_credit", __name__, url_prefix="/desk/customers/<code>/credit")

RECEIPTS = 20  # to choose from
ENTRIES = 100  # shown


class SpendForm(Form):
    receipt = SelectField(_("Receipt that is paid"), [Required(_("Choose the receipt."))])
    amount = MoneyField(_("Amount"), [Optional()])


class UndoForm(Form):
    entry = IntegerField(widget=HiddenInput(), validators=[Between(1, 2**31 - 1)])
    reason = StringField(_("What was wrong?"), [AtMost(200)])

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, prefix="undo-", **values)


@bp.get("")
@requires(Permission.CUSTOMER_VIEW)
def show(code: str) -> Response:
    return _page(load(code))


@bp.post("")
@requires(Permission.PURCHASE_RECORD)
def spend(code: str) -> Response:
    customer = load(code)
    form = _spend_form(customer)

    def act() -> StoreCredit:
        mine = purchases.visible_to(me()).where(
            Purchase.code == form.receipt.data, Purchase.customer_id == customer.id
        )
        return credit.spend(me(), customer.id, form.amount.data, one_or_404(mine), clock.now())

    done, status = save(form, act)
    if done is None:
        return _page(load(code), status, spending=form)
    paid = words.money(-done.amount, done.currency)
    return go_to(_here(customer), _("%(amount)s paid with store credit.", amount=paid))


@bp.post("/undo")
@requires(Permission.PURCHASE_RECORD)
def undo(code: str) -> Response:
    customer, form = load(code), UndoForm()

    def act() -> StoreCredit:
        mine = select(StoreCredit).where(
            StoreCredit.id == form.entry.data, StoreCredit.customer_id == customer.id
        )
        return credit.undo(me(), one_or_404(mine), form.reason.data or "", clock.now())

    done, status = save(form, act)
    if done is None:
        return _page(load(code), status, undoing=form)
    return go_to(_here(customer), _("Put right. The entry and its correction stay in the list."))


def _spend_form(customer: Customer, **values: Any) -> SpendForm:
    form = SpendForm(**values)
    rows = queries.receipts(me(), customer.id, RECEIPTS)
    form.receipt.choices = {"": words.translate(_("Choose …"))} | {row.code: _name(row) for row in rows}
    return form


def _name(row: Any) -> str:
    total, day = words.money(row.total, row.currency), words.brief_day(row.bought_at, row.timezone)
    return f"{row.number} · {total} · {day}"


def _page(
    customer: Customer, status: int = 200, *, spending: Form | None = None, undoing: Form | None = None
) -> Response:
    entries = credit.history(customer.id, ENTRIES)
    undoing = undoing or UndoForm(formdata=None, entry=request.args.get("undo", type=int))
    return page(
        "staff/customers/credit.html", status=status, nav_current="customers", customer=customer,
        entries=entries, balances=credit.balances(customer.id), most=ENTRIES,
        spending=spending or _spend_form(customer, formdata=None, receipt=request.args.get("receipt")),
        undoing=undoing, wrong=next((entry for entry in entries if entry.id == undoing.entry.data), None),
    )  # fmt: skip


def _here(customer: Customer) -> str:
    return f"/desk/customers/{customer.code}/credit"
