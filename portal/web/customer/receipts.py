"""The QR code of a receipt: what it shows to whoever holds it, and how somebody proves to be the buyer."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response
from wtforms import StringField

from portal.db import db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import limits
from portal.domain.accounts import queries as accounts_queries
from portal.domain.accounts.models import Customer
from portal.domain.accounts.rules import WRONG_RECEIPT_TRIES, Permission, Reach
from portal.domain.cases import legs
from portal.domain.purchases import actions as purchases
from portal.domain.purchases import paper
from portal.domain.purchases.models import Purchase, PurchaseLine, ReceiptLink
from portal.domain.purchases.paper import Opens, Proof
from portal.domain.units import queries as units
from portal.domain.units.models import Unit
from portal.kernel import clock
from portal.kernel.clock import day_in
from portal.kernel.errors import Refused, TooMany
from portal.kernel.text import _
from portal.web import cover, road_words, signin, words
from portal.web.access import public
from portal.web.fields import Digits, Form
from portal.web.paper import link_or_404
from portal.web.render import go_to, page, refuse
from portal.web.transaction import keep

bp = Blueprint("receipts", __name__)

_TAKEN = _("This receipt is in somebody's account already. If it is yours, please ask the shop.")

_WITH_PURCHASE = joinedload(ReceiptLink.purchase).options(
    joinedload(Purchase.outlet), joinedload(Purchase.customer)
)


class DigitsForm(Form):
    digits = StringField(_("Last four digits of your phone number"), [Digits(4, _("Write four digits."))])


class CodeForm(Form):
    code = StringField(_("Code"), [Digits(6, _("Write the six digits from the message."))])


@bp.get("/q/<token>")
@public(paper=True)
def show(token: str) -> Response:
    """What the paper says: products and until when they are covered. Nothing about the buyer.

    A sticker that nothing was sold with yet says so; it leads staff to the sale.
    """
    link = link_or_404(ReceiptLink, token, _WITH_PURCHASE)
    purchase, actor = link.purchase, signin.actor_or_none()
    if purchase is None:
        if actor is not None and actor.may(Permission.PURCHASE_RECORD):
            return redirect(f"/desk/sell?sticker={link.sticker}", 303)
        return page("customer/receipts/blank.html", area="public", code=link.sticker)
    mine = actor is not None and actor.is_customer and purchase.customer_id == actor.id
    if mine and (actor.reach is None or purchase.id in actor.reach.purchases):  # type: ignore[union-attr]
        return redirect(f"/purchases/{purchase.code}", 303)
    return _page(purchase, token)


@bp.post("/q/<token>/phone")
@public(paper=True)
def prove_by_phone(token: str) -> Response:
    purchase, form, status = _load(token), DigitsForm(), 422
    if form.validate():
        keep()
        try:
            limits.hit("30 per 15 minutes", "receipt-phone", request.remote_addr or "")
            purchases.prove_by_phone(purchase, form.digits.data or "")
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            return enter(purchase, clock.now())
    return _page(purchase, token, status=status, digits=form)


@bp.post("/q/<token>/code")
@public(paper=True)
def send_code(token: str) -> Response:
    purchase = _load(token)
    try:
        purchases.send_code(
            purchase, browser=signin.browser(), address=request.remote_addr or "", language=words.language(),
            phones=_phones(), now=clock.now(),
        )  # fmt: skip
    except Refused as refusal:
        keep()
        form = CodeForm(formdata=None)
        refuse(form, refusal)
        return _page(purchase, token, status=429 if isinstance(refusal, TooMany) else 409, code=form)
    return redirect(f"/q/{token}/code", 303)


@bp.get("/q/<token>/code")
@public(paper=True)
def ask_code(token: str) -> Response:
    return _code_page(_load(token), token, CodeForm())


@bp.post("/q/<token>/code/check")
@public(paper=True)
def prove_by_code(token: str) -> Response:
    purchase, form, status = _load(token), CodeForm(), 422
    if form.validate():
        keep()
        now = clock.now()
        try:
            contact = purchases.prove_by_code(
                purchase, form.code.data or "", browser=signin.browser(), now=now
            )
        except Refused as refusal:
            refuse(form, refusal)
            status = 429 if isinstance(refusal, TooMany) else 422
        else:
            return enter(purchase, now, paper.proof_by(purchase, *contact), contact)
    return _code_page(purchase, token, form, status)


@bp.post("/q/<token>/keep")
@public(paper=True)
def take(token: str) -> Response:
    """A receipt without any contact goes once to whoever holds it."""
    purchase = _load(token)
    if not paper.is_free(purchase):
        raise Refused(_TAKEN)
    return enter(purchase, clock.now(), Proof.HELD)


def enter(
    purchase: Purchase,
    now: datetime,
    proof: Proof = Proof.DIGITS,
    contact: tuple[str | None, str | None] | None = None,
) -> Response:
    """Let the one in who has proven a receipt, as far as domain/purchases/paper.py says."""
    actor, owner = signin.actor_or_none(), purchase.customer
    if owner is not None and owner.disabled_at:
        raise Refused(_("This account is closed. Please ask the shop."))
    whole = actor is not None and actor.is_customer and actor.reach is None
    if whole and actor.id == purchase.customer_id:  # type: ignore[union-attr]  # whole implies an actor
        return redirect(f"/purchases/{purchase.code}", 303)
    opens = paper.opens(paper.owner_of(purchase), proof, only=paper.is_only_one(purchase), own_account=whole)
    if opens is Opens.NOTHING:
        raise Refused(_TAKEN)
    if opens is Opens.TAKE:
        _give(purchase, db.session.get_one(Customer, actor.id))  # type: ignore[union-attr]
        return go_to(f"/purchases/{purchase.code}", _("The receipt is in your account."))
    if owner is None or owner.unopened:
        known = accounts_queries.customer_by_contact(*contact) if contact else None
        if known is not None or owner is None or opens is Opens.NEW:
            owner = known or purchases.new_record(purchase, now, words.language())
            _give(purchase, owner)
    if contact is not None and opens is not Opens.RECEIPT and not owner.proven:
        accounts.verify_contact(owner, *contact, now)
    reach = Reach(purchases=(purchase.id,)) if opens is Opens.RECEIPT else None
    if reach is not None and actor is not None and actor.id == owner.id and actor.reach is not None:
        reach = reach | actor.reach
    signin.sign_in(owner, reach=reach)
    return go_to(f"/purchases/{purchase.code}", _("Welcome. The receipt is in your account."))


def _give(purchase: Purchase, customer: Customer) -> None:
    if not purchases.give_to(purchase, customer):
        raise Refused(_TAKEN)


def _load(token: str) -> Purchase:
    """The receipt that a printed token leads to; 404 for a blank sticker."""
    purchase = link_or_404(ReceiptLink, token, _WITH_PURCHASE).purchase
    if purchase is None:
        raise NotFound
    return purchase


def _page(
    purchase: Purchase, token: str, *, status: int = 200, digits: Form | None = None, code: Form | None = None
) -> Response:
    to_email, to_phone = purchases.contact_for_code(purchase, phones=_phones())
    locked = purchase.wrong_tries >= WRONG_RECEIPT_TRIES
    return page(
        "customer/receipts/show.html",
        status=status,
        area="public",
        purchase=purchase,
        outlet=purchase.outlet,
        lines=_lines(purchase),
        deliveries=road_words.deliveries(legs.of_purchase(purchase.id)),
        token=token,
        digits=(digits or DigitsForm(formdata=None)) if purchase.buyer_phone and not locked else None,
        locked=locked,
        code=code or CodeForm(formdata=None),
        code_by="email" if to_email else "phone" if to_phone else None,
        free=paper.is_free(purchase),
    )


def _code_page(purchase: Purchase, token: str, form: Form, status: int = 200) -> Response:
    to_email, to_phone = purchases.contact_for_code(purchase, phones=_phones())
    code_by = "email" if to_email else "phone" if to_phone else None
    return page(
        "customer/receipts/code.html", status=status, area="public", form=form, token=token, code_by=code_by
    )


def _lines(purchase: Purchase) -> list[tuple[Any, cover.Mark | None]]:
    """The receipt's lines, each with what covers it: of its newest unit. Two queries."""
    today = day_in(purchase.outlet.timezone, clock.now())
    found = select(Unit.line_id, *units.TERMS).where(Unit.purchase_id == purchase.id).order_by(Unit.id)
    told = {row.line_id: cover.mark(units.terms(*row[1:]), today) for row in db.session.execute(found)}
    lines = db.session.execute(
        select(
            PurchaseLine.id,
            PurchaseLine.description,
            PurchaseLine.quantity,
            PurchaseLine.amount,
            PurchaseLine.gone.label("returned"),
        )
        .where(PurchaseLine.purchase_id == purchase.id)
        .order_by(PurchaseLine.position)
    )
    return [(line, told.get(line.id)) for line in lines]


def _phones() -> bool:
    return bool(current_app.extensions["settings"].whatsapp)
