"""What a proven receipt opens: whose record it lies in, how it was proven, and who is visiting decide."""

from enum import StrEnum, auto

from sqlalchemy import exists, select

from portal.db import db
from portal.domain.accounts import queries as accounts
from portal.domain.purchases.models import Purchase


class Owner(StrEnum):
    """The record that a receipt lies in."""

    NOBODY = auto()
    KEPT = auto()  # by the shop: no contact is proven, and its owner never had the whole of it
    OPENED = auto()  # by its owner, who has proven no contact
    PROVEN = auto()


class Proof(StrEnum):
    """How somebody has shown that a receipt is theirs."""

    HELD = auto()  # by holding the paper: it and its record know no contact
    DIGITS = auto()  # four of the phone
    OTHER = auto()  # a code to a contact that stands on the receipt, and not in its record
    PHONE = auto()  # a code to the record's phone
    EMAIL = auto()  # a code to the record's e-mail address


class Opens(StrEnum):
    TAKE = auto()  # the receipt and its items go into the visitor's own account
    NEW = auto()  # a new account with this receipt, whole
    WHOLE = auto()  # everything in the record that it lies in
    RECEIPT = auto()  # this receipt alone
    NOTHING = auto()


# (owner, proof) → what opens to a visitor without an account of their own that is whole and another one.
TABLE: dict[tuple[Owner, Proof], Opens] = {
    **{(Owner.NOBODY, proof): Opens.NEW for proof in Proof},
    (Owner.KEPT, Proof.HELD): Opens.NEW,
    (Owner.KEPT, Proof.DIGITS): Opens.RECEIPT,
    (Owner.KEPT, Proof.OTHER): Opens.NEW,
    (Owner.KEPT, Proof.PHONE): Opens.RECEIPT,  # numbers are given to new people
    (Owner.KEPT, Proof.EMAIL): Opens.WHOLE,
    (Owner.OPENED, Proof.HELD): Opens.NOTHING,
    (Owner.OPENED, Proof.DIGITS): Opens.RECEIPT,
    (Owner.OPENED, Proof.OTHER): Opens.RECEIPT,
    (Owner.OPENED, Proof.PHONE): Opens.RECEIPT,
    (Owner.OPENED, Proof.EMAIL): Opens.WHOLE,
    (Owner.PROVEN, Proof.HELD): Opens.NOTHING,
    (Owner.PROVEN, Proof.DIGITS): Opens.RECEIPT,
    (Owner.PROVEN, Proof.OTHER): Opens.RECEIPT,
    (Owner.PROVEN, Proof.PHONE): Opens.WHOLE,
    (Owner.PROVEN, Proof.EMAIL): Opens.WHOLE,
}


def opens(owner: Owner, proof: Proof, *, only: bool, own_account: bool) -> Opens:
    """`only`: the record is this receipt's alone. `own_account`: the visitor has all of another one open."""
    if own_account and owner in (Owner.NOBODY, Owner.KEPT):
        return Opens.TAKE
    if only and owner in (Owner.KEPT, Owner.OPENED) and proof in (Proof.DIGITS, Proof.PHONE):
        return Opens.WHOLE
    return TABLE[owner, proof]


def owner_of(purchase: Purchase) -> Owner:
    customer = purchase.customer
    if customer is None:
        return Owner.NOBODY
    if customer.proven:
        return Owner.PROVEN
    return Owner.KEPT if customer.unopened else Owner.OPENED


def is_free(purchase: Purchase) -> bool:
    """Whether holding the paper is proof enough: nothing else could ever prove it."""
    if purchase.buyer_phone or purchase.buyer_email:
        return False
    customer = purchase.customer
    return customer is None or (customer.unopened and not customer.phone and not customer.email)


def proof_by(purchase: Purchase, email: str | None, phone: str | None) -> Proof:
    """What a code to this contact shows: the record may have become another one since it was sent."""
    customer = purchase.customer
    if customer is None or not accounts.has_contact(customer, email, phone):
        return Proof.OTHER
    return Proof.EMAIL if email else Proof.PHONE


def is_only_one(purchase: Purchase) -> bool:
    """Whether its record holds no other receipt, and its owner, if it has one, is the buyer that it names."""
    customer = purchase.customer
    if customer is not None and not customer.unopened and customer.phone != purchase.buyer_phone:
        return False
    others = select(Purchase.id).where(
        Purchase.customer_id == purchase.customer_id, Purchase.id != purchase.id
    )
    return not db.session.scalar(select(exists(others)))
