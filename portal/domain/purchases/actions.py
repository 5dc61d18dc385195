"""Recording receipts, handing out their links, and giving a receipt to the one who proves to be its buyer."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, update

from portal.db import among, db
from portal.domain.accounts import actions as accounts
from portal.domain.accounts import secrets
from portal.domain.accounts.models import Customer
from portal.domain.accounts.queries import UNOPENED
from portal.domain.accounts.rules import WRONG_RECEIPT_TRIES
from portal.domain.links import actions as links
from portal.domain.news import announce
from portal.domain.purchases import queries
from portal.domain.purchases.facts import PurchaseClaimed
from portal.domain.purchases.models import Purchase, ReceiptLink
from portal.kernel.codes import normalise, same
from portal.kernel.errors import Refused
from portal.kernel.text import _


def revoke_link(purchase: Purchase, now: datetime) -> None:
    """The paper that is out stops working; a new one can be issued."""
    db.session.execute(
        update(ReceiptLink)
        .where(ReceiptLink.purchase_id == purchase.id, ReceiptLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def reissue_link(purchase: Purchase, now: datetime) -> ReceiptLink:
    """End the old link and make a new one."""
    revoke_link(purchase, now)
    link = links.issue(ReceiptLink, now, purchase_id=purchase.id)
    db.session.flush()
    return link


def prove_by_phone(purchase: Purchase, typed: str) -> None:
    """Check the last four digits of the phone on file. Raises Refused; a wrong try counts, so commit."""
    if not purchase.buyer_phone:
        raise Refused(_("This receipt has no phone number on file."), "digits")
    tried = db.session.execute(
        update(Purchase)
        .where(Purchase.id == purchase.id, Purchase.wrong_tries < WRONG_RECEIPT_TRIES)
        .values(wrong_tries=Purchase.wrong_tries + 1)
        .returning(Purchase.wrong_tries)
    ).scalar()
    if tried is None:
        raise Refused(
            _("Too many wrong tries. Use a code, or ask the shop to open this receipt for you."), "digits"
        )
    if not same(purchase.buyer_phone[-4:], typed):
        left = WRONG_RECEIPT_TRIES - tried
        if left == 0:
            raise Refused(
                _("Too many wrong tries. Use a code, or ask the shop to open this receipt for you."), "digits"
            )
        raise Refused(
            _("These are not the last four digits of the phone on file. Tries left: %(left)s.", left=left),
            "digits",
        )
    db.session.execute(
        update(Purchase).where(Purchase.id == purchase.id).values(wrong_tries=Purchase.wrong_tries - 1)
    )


def prove_by_paper(code: str, digits: str) -> Purchase:
    """The receipt with this printed code whose buyer's phone ends in `digits`.

    Raises Refused, in the same words whatever is wrong, so that nobody learns which codes exist; a wrong try
    counts, so commit.
    """
    purchase = find_by_code(code)
    try:
        if purchase is None or queries.alive_link(purchase.id) is None:
            raise Refused(_("Nothing is here"))
        prove_by_phone(purchase, digits)
    except Refused as refusal:
        raise Refused(
            _("No receipt has this code and these digits. Look at both again, or ask the shop."), "code"
        ) from refusal
    return purchase


def contact_for_code(purchase: Purchase, *, phones: bool) -> tuple[str | None, str | None]:
    """(e-mail, phone) that a code for this receipt goes to: the account's proven one, else that on file.

    `phones` says whether messages to phones can be sent.
    """
    owner = purchase.customer
    if owner is not None and owner.proven:
        email = owner.email if owner.email_verified_at else None
        phone = owner.phone if owner.phone_verified_at and phones else None
    else:
        email, phone = purchase.buyer_email, purchase.buyer_phone if phones else None
    return (email, None) if email else (None, phone)


def send_code(
    purchase: Purchase, *, browser: str, address: str, language: str, phones: bool, now: datetime
) -> None:
    """Send a code that proves to be the buyer. Raises Refused, TooMany."""
    email, phone = contact_for_code(purchase, phones=phones)
    if not email and not phone:
        raise Refused(_("There is no contact on file that a code could be sent to. Please ask the shop."))
    secrets.send_code(
        f"receipt:{purchase.code}", who=f"receipt {purchase.code}", browser=browser, address=address,
        customer_id=purchase.customer_id, email=email, phone=phone, language=language, now=now,
    )  # fmt: skip


def prove_by_code(
    purchase: Purchase, typed: str, *, browser: str, now: datetime
) -> tuple[str | None, str | None]:
    """The contact (e-mail, phone) that was proven. Raises Refused, TooMany; the try counts, so commit."""
    secret = secrets.use_code(
        f"receipt:{purchase.code}", typed, who=f"receipt {purchase.code}", browser=browser, now=now
    )
    contact = secret.contact or ""
    return (contact, None) if "@" in contact else (None, contact)


def open_again(purchase: Purchase) -> None:
    """After too many wrong tries the shop lets the four digits count again."""
    db.session.execute(update(Purchase).where(Purchase.id == purchase.id).values(wrong_tries=0))


def counter_link(purchase: Purchase, now: datetime) -> str:
    """A one-time sign-in token for the one who holds the receipt at the counter.

    A receipt that nobody has gets an account first. Raises Refused when its account is closed.
    """
    if purchase.customer is None:
        give_to(purchase, new_record(purchase, now))
    owner = purchase.customer
    if owner is None or owner.disabled_at:
        raise Refused(_("This account is closed. An admin has to open it first."))
    return secrets.make_link(owner, now)


def new_record(purchase: Purchase, now: datetime, language: str = "id") -> Customer:
    """An account that knows of its owner what the receipt knows."""
    return accounts.new_customer(
        now, name=purchase.buyer_name, language=language, email=purchase.buyer_email,
        phone=purchase.buyer_phone,
    )  # fmt: skip


def give_to(purchase: Purchase, customer: Customer) -> bool:
    """Put a receipt that nobody has, or that lies in a record which only the shop keeps, into an account.

    False when somebody else has it. One UPDATE decides.
    """
    before = purchase.customer_id
    if before == customer.id:
        return True
    kept = Purchase.customer_id.in_(select(Customer.id).where(UNOPENED)) if before else false()
    taken = db.session.execute(
        update(Purchase)
        .where(Purchase.id == purchase.id, or_(Purchase.customer_id.is_(None), kept))
        .values(customer_id=customer.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(purchase)
    if not taken.rowcount:  # type: ignore[attr-defined]  # a CursorResult for UPDATE
        return purchase.customer_id == customer.id
    if not customer.name:
        customer.name = purchase.buyer_name
    announce(PurchaseClaimed(purchase.id, customer.id, before))
    return True


def gather(customer: Customer, email: str) -> None:
    """Put every receipt that carries an e-mail address the customer has just proven into the account.

    Those that nobody has, and those in records which only the shop keeps. A phone gathers nothing: numbers
    are given to new people.
    """
    free = or_(Purchase.customer_id.is_(None), Purchase.customer_id.in_(select(Customer.id).where(UNOPENED)))
    for purchase in db.session.scalars(select(Purchase).where(Purchase.buyer_email == email, free)):
        give_to(purchase, customer)


def move_all(source_id: int, target_id: int, only: Collection[int] | None = None) -> list[int]:
    """The receipts of one record go to another, all or `only` some; returns the ids of those that went."""
    found = update(Purchase).where(Purchase.customer_id == source_id)
    if only is not None:
        found = found.where(among(Purchase.id, only))
    return list(db.session.scalars(found.values(customer_id=target_id).returning(Purchase.id)))


def move_later(kept: Customer, merged: Customer, since: datetime) -> list[int]:
    """Receipts that came to the kept record `since` then and name the other one's contact alone go there."""

    def names(person: Customer) -> ColumnElement[bool]:
        return or_(
            and_(Purchase.buyer_email == person.email, Purchase.buyer_email.is_not(None)),
            and_(Purchase.buyer_phone == person.phone, Purchase.buyer_phone.is_not(None)),
        )

    late = Purchase.customer_id == kept.id, Purchase.created_at >= since, names(merged), ~names(kept)
    return list(
        db.session.scalars(update(Purchase).where(*late).values(customer_id=merged.id).returning(Purchase.id))
    )


def find_by_code(code: str) -> Purchase | None:
    """By the code as somebody typed it."""
    return db.session.scalar(select(Purchase).where(Purchase.code == normalise(code)))
