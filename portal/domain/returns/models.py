"""Lines of returns, what was handed out in exchange, and the ledger of store credit."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.catalog.models import Product
from portal.domain.purchases.models import Purchase, PurchaseLine
from portal.domain.returns.rules import Condition, Reason, Ruling, Wish


class ReturnLine(Model):
    """Pieces of one line of a receipt that shall come back, and what became of them.

    `until` is the last day of the window as it was when it was asked for; None: the product has none. `price`
    is that of one piece of what it is exchanged for. `note` is the customer's, `ruling_reason` why the shop
    refused it or allowed it all the same, `found` what state the pieces came in, `unit_ids` which items they
    are, where that can be told. `kept`: paid, and the customer keeps them. `line_id` ends when the till takes
    the line off its receipt.
    """

    __tablename__ = "return_lines"
    __table_args__ = (
        one_of("reason", Reason),
        one_of("condition", Condition),
        one_of("wish", Wish),
        one_of("ruling", Ruling),
        UniqueConstraint("case_id", "line_id"),
        Index("ix_return_lines_line", "line_id"),
        CheckConstraint("asked >= 1", name="asked"),
        CheckConstraint("received BETWEEN 0 AND asked", name="received"),
        CheckConstraint("paid >= 0", name="paid"),
        CheckConstraint("(wish = 'exchange') = (price IS NOT NULL)", name="exchange_has_a_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_lines.id", ondelete="SET NULL"))
    description: Mapped[str] = mapped_column(String(200))
    receipt: Mapped[str] = mapped_column(String(40))  # its number
    asked: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))
    condition: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(Text, default="")
    wish: Mapped[str] = mapped_column(String(8))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    price: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[date | None]
    late: Mapped[bool]
    ruling: Mapped[str] = mapped_column(String(8), default=Ruling.OPEN)
    ruling_reason: Mapped[str] = mapped_column(Text, default="")
    received: Mapped[int | None]
    found: Mapped[str] = mapped_column(Text, default="")
    unit_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    paid: Mapped[int | None] = mapped_column(BigInteger)
    kept: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    line: Mapped[PurchaseLine | None] = relationship()
    product: Mapped[Product | None] = relationship()


class Exchange(Model):
    """The new goods of a case: a sale of its own. `difference` is what the customer pays on top; below zero
    it is what the shop owes."""

    __tablename__ = "exchanges"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"), unique=True)
    difference: Mapped[int] = mapped_column(BigInteger)

    purchase: Mapped[Purchase] = relationship()


class StoreCredit(Model):
    """One entry of the ledger: given when above zero, spent when below. Entries are never changed; what was
    a mistake is undone by another one, once, with its reason in `note`."""

    __tablename__ = "store_credits"
    __table_args__ = (
        Index("ix_store_credits_customer", "customer_id", "currency", "id"),
        CheckConstraint("amount <> 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"), index=True)  # paid with it
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("store_credits.id"), unique=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Moment)
