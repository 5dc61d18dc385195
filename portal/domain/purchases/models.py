"""Receipts, their lines and the links printed on them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    case,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Exact, Model, Moment, one_of
from portal.domain.accounts.models import Customer
from portal.domain.catalog.models import Outlet, Product
from portal.domain.links.models import PaperLink
from portal.domain.purchases.rules import DoubtReason, PurchaseKind


class Purchase(Model):
    """One receipt. `customer_id` is the record it belongs to; the buyer_* are what the till knew.

    `source` and `external_id` are how the till that told of it calls it; `digest` is of all that it told, so
    that hearing it again changes nothing. `undoes` is the number of the sale that a cancellation names, and
    `undoes_id` the sale that it took back; without one it waits for it.
    """

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("outlet_id", "number"),
        one_of("kind", PurchaseKind),
        Index("ix_purchases_customer", "customer_id", "bought_at", "id"),
        Index("ix_purchases_newest", "bought_at", "id"),
        Index("ix_purchases_buyer_phone", "buyer_phone"),
        Index("ix_purchases_buyer_email", "buyer_email"),
        Index(
            "uq_purchases_external",
            "source",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(
            "ix_purchases_waiting",
            "outlet_id",
            "undoes",
            sqlite_where=text("undoes IS NOT NULL AND undoes_id IS NULL"),
            postgresql_where=text("undoes IS NOT NULL AND undoes_id IS NULL"),
        ),
        Index(
            "ix_purchases_undoes",
            "undoes_id",
            sqlite_where=text("undoes_id IS NOT NULL"),
            postgresql_where=text("undoes_id IS NOT NULL"),
        ),
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
    total: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(40), default="desk")
    external_id: Mapped[str | None] = mapped_column(String(80))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    undoes: Mapped[str | None] = mapped_column(String(40))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)

    outlet: Mapped[Outlet] = relationship()
    customer: Mapped[Customer | None] = relationship()
    lines: Mapped[list["PurchaseLine"]] = relationship(order_by="PurchaseLine.position")


class PurchaseLine(Model):
    """A line as sold. A till that books what the desk took back tells of the same pieces: the larger of both
    numbers, `gone`, is what came back."""

    __tablename__ = "purchase_lines"
    __table_args__ = (
        UniqueConstraint("purchase_id", "position"),
        CheckConstraint("returned >= 0", name="returned"),
        Index("ix_purchase_lines_product", "product_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"))
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    description: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    returned: Mapped[int] = mapped_column(default=0)  # pieces that came back, as the till says
    brought_back: Mapped[int] = mapped_column(default=0, server_default="0")  # that the desk took back
    unit_price: Mapped[Decimal] = mapped_column(Exact)
    amount: Mapped[int] = mapped_column(BigInteger)

    product: Mapped[Product | None] = relationship()

    @hybrid_property
    def gone(self) -> int:
        return max(self.returned, self.brought_back)

    @gone.inplace.expression
    @classmethod
    def _gone(cls) -> ColumnElement[int]:
        return case((cls.returned > cls.brought_back, cls.returned), else_=cls.brought_back)


class LineReturn(Model):
    """Pieces of a sold line that a line of a cancellation took back."""

    __tablename__ = "line_returns"
    __table_args__ = (
        UniqueConstraint("line_id", "sold_line_id"),
        Index("ix_line_returns_sold", "sold_line_id"),
        CheckConstraint("pieces >= 1", name="pieces"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("purchase_lines.id"))
    sold_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_lines.id"))
    pieces: Mapped[int]


class ReceiptLink(Model, PaperLink):
    """The QR code of a receipt; at most one is alive. A sticker leads to no receipt until it is sold with."""

    __tablename__ = "receipt_links"
    __table_args__ = (
        Index(
            "uq_receipt_links_alive", "purchase_id", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_receipt_links_sheet", "sheet"),
        CheckConstraint("purchase_id IS NOT NULL OR sticker IS NOT NULL", name="leads_somewhere"),
    )  # fmt: skip

    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"))
    sticker: Mapped[str | None] = mapped_column(String(8), unique=True)  # becomes the code of the receipt
    sheet: Mapped[str | None] = mapped_column(String(8))

    purchase: Mapped[Purchase | None] = relationship()


class PurchaseDoubt(Model):
    """A receipt whose buyer may be one of several records; a person decides."""

    __tablename__ = "purchase_doubts"
    __table_args__ = (
        one_of("reason", DoubtReason),
        Index(
            "ix_purchase_doubts_open", "id",
            sqlite_where=text("settled_at IS NULL"), postgresql_where=text("settled_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(16))
    candidates: Mapped[list[int]] = mapped_column(JSON)  # ids of customers
    created_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    purchase: Mapped[Purchase] = relationship()
