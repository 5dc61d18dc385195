"""Receipts, their lines and the links printed on them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Exact, Model, Moment, one_of
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet, Product
from portal.domain.links.models import PaperLink
from portal.domain.purchases.rules import PurchaseKind


class Purchase(Model):
    """One receipt. `customer_id` is the account it was taken into; the buyer_* are what the till knew."""

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("outlet_id", "number"),
        one_of("kind", PurchaseKind),
        Index("ix_purchases_customer", "customer_id", "bought_at", "id"),
        Index("ix_purchases_newest", "bought_at", "id"),
        Index("ix_purchases_buyer_phone", "buyer_phone"),
        Index("ix_purchases_buyer_email", "buyer_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12), default=PurchaseKind.SALE)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    buyer_name: Mapped[str] = mapped_column(String(120), default="")
    buyer_phone: Mapped[str | None] = mapped_column(String(16))
    buyer_email: Mapped[str | None] = mapped_column(String(254))
    cashier: Mapped[str] = mapped_column(String(80), default="")
    bought_at: Mapped[datetime] = mapped_column(Moment)
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    total: Mapped[int]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)

    outlet: Mapped[Outlet] = relationship()
    customer: Mapped[Customer | None] = relationship()
    lines: Mapped[list["PurchaseLine"]] = relationship(order_by="PurchaseLine.position")


class PurchaseLine(Model):
    __tablename__ = "purchase_lines"
    __table_args__ = (UniqueConstraint("purchase_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"))
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    description: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Exact)
    amount: Mapped[int]

    product: Mapped[Product | None] = relationship()


class ReceiptLink(Model, PaperLink):
    """The QR code of a receipt; at most one is alive."""

    __tablename__ = "receipt_links"
    __table_args__ = (
        Index(
            "uq_receipt_links_alive", "purchase_id", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
    )  # fmt: skip

    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"))

    purchase: Mapped[Purchase] = relationship()
