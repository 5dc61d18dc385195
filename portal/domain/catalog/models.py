"""Products, the policies that cover them, the guides that explain them, the outlets that sell them."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.catalog.rules import Provider, Replacement, Scope, Sector, Start, WarrantyKind


class Outlet(Model):
    __tablename__ = "outlets"
    __table_args__ = (one_of("sector", Sector),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    sector: Mapped[str] = mapped_column(String(12))
    city: Mapped[str] = mapped_column(String(80))
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    currency: Mapped[str] = mapped_column(String(3), default="IDR")
    address: Mapped[str] = mapped_column(String(300), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(16), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    hours: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Holiday(Model):
    """A day on which an outlet, or the whole shop when none is named, keeps other hours than usual.

    `hours` are spans as `parse_hours` reads them, "" closed all day, USUAL as on any other day. An outlet's
    own row counts before the shop's. `key` is that of a national holiday in the file it was seeded from.
    """

    __tablename__ = "holidays"
    __table_args__ = (
        Index(
            "uq_holidays_shop", "day", unique=True,
            sqlite_where=text("outlet_id IS NULL"), postgresql_where=text("outlet_id IS NULL"),
        ),
        UniqueConstraint("outlet_id", "day"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    outlet_id: Mapped[int | None] = mapped_column(ForeignKey("outlets.id"))
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[str] = mapped_column(String(60), default="")
    estimate: Mapped[bool] = mapped_column(default=False)  # follows the moon; not fixed yet
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    outlet: Mapped[Outlet | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Policy(Model):
    """A warranty policy; what it says stands in its versions."""

    __tablename__ = "policies"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class PolicyVersion(Model):
    """What a policy says; once published it never changes, and units keep the version they were sold with."""

    __tablename__ = "policy_versions"
    __table_args__ = (
        UniqueConstraint("policy_id", "number"),
        one_of("kind", WarrantyKind),
        one_of("replacement", Replacement),
        Index(
            "uq_policy_versions_draft", "policy_id", unique=True,
            sqlite_where=text("published_at IS NULL"), postgresql_where=text("published_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    number: Mapped[int]
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(14))
    replacement: Mapped[str] = mapped_column(String(10), default=Replacement.CONTINUES)
    maker: Mapped[str] = mapped_column(String(300), default="")
    service_centre: Mapped[str] = mapped_column(String(300), default="")
    terms_id: Mapped[str] = mapped_column(Text, default="")
    terms_en: Mapped[str] = mapped_column(Text, default="")
    parts_id: Mapped[str] = mapped_column(Text, default="")
    parts_en: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    policy: Mapped[Policy] = relationship()
    layers: Mapped[list["PolicyLayer"]] = relationship(
        order_by="PolicyLayer.clause", cascade="all, delete-orphan", back_populates="policy_version"
    )

    __mapper_args__ = {"version_id_col": version}


class PolicyLayer(Model):
    __tablename__ = "policy_layers"
    __table_args__ = (
        UniqueConstraint("policy_version_id", "clause"),
        one_of("starts", Start),
        one_of("provider", Provider),
        CheckConstraint("months >= 0 AND days >= 0 AND months + days > 0", name="has_a_term"),
        CheckConstraint("parts OR labour OR transport", name="covers_something"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    clause: Mapped[int]
    component: Mapped[str] = mapped_column(String(24), default="")
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    parts: Mapped[bool]
    labour: Mapped[bool]
    transport: Mapped[bool]
    months: Mapped[int] = mapped_column(default=0)
    days: Mapped[int] = mapped_column(default=0)
    starts: Mapped[str] = mapped_column(String(12))
    provider: Mapped[str] = mapped_column(String(12))
    exclusions_id: Mapped[str] = mapped_column(Text, default="")
    exclusions_en: Mapped[str] = mapped_column(Text, default="")
    how_id: Mapped[str] = mapped_column(Text, default="")
    how_en: Mapped[str] = mapped_column(Text, default="")

    policy_version: Mapped[PolicyVersion] = relationship(back_populates="layers")


class ReturnPolicy(Model):
    __tablename__ = "return_policies"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    days: Mapped[int]
    text_id: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Product(Model):
    """Something the shop sells. Only what a policy applies to makes units.

    A draft was met on a receipt and waits for somebody to complete it. `unwarranted` says that no policy
    applies, whatever the rules say.
    """

    __tablename__ = "products"
    __table_args__ = (
        one_of("sector", Sector),
        Index("ix_products_name", "name", "id"),
        Index(
            "uq_products_barcode", "barcode", unique=True,
            sqlite_where=text("barcode IS NOT NULL"), postgresql_where=text("barcode IS NOT NULL"),
        ),
        Index(
            "ix_products_drafts", "name", "id",
            sqlite_where=text("draft"), postgresql_where=text("draft"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    brand: Mapped[str] = mapped_column(String(80), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    category: Mapped[str] = mapped_column(String(40))
    sector: Mapped[str] = mapped_column(String(12))
    icon: Mapped[str] = mapped_column(String(40), default="package")
    price: Mapped[int] = mapped_column(default=0)
    serialised: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    draft: Mapped[bool] = mapped_column(default=False)
    barcode: Mapped[str | None] = mapped_column(String(32))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    unwarranted: Mapped[bool] = mapped_column(default=False)
    return_policy_id: Mapped[int | None] = mapped_column(ForeignKey("return_policies.id"))
    version: Mapped[int] = mapped_column(default=1)

    policy: Mapped[Policy | None] = relationship()
    return_policy: Mapped[ReturnPolicy | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class PolicyRule(Model):
    """Which policy applies to a category, a brand or an outlet; none when `policy_id` is None."""

    __tablename__ = "policy_rules"
    __table_args__ = (one_of("scope", Scope), UniqueConstraint("scope", "value"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(80))  # as `scope_key` makes it; an outlet's is its code
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    version: Mapped[int] = mapped_column(default=1)

    policy: Mapped[Policy | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class GuideVersion(Model):
    """A product's care guide in Markdown; the newest published version is the one shown."""

    __tablename__ = "guide_versions"
    __table_args__ = (UniqueConstraint("product_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    number: Mapped[int]
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    body_id: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Symptom(Model):
    """What can be wrong with a category of goods, and which component that points to."""

    __tablename__ = "symptoms"
    __table_args__ = (one_of("sector", Sector),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    sector: Mapped[str] = mapped_column(String(12))
    category: Mapped[str] = mapped_column(String(40), default="")  # "" is every category of the sector
    component: Mapped[str] = mapped_column(String(24), default="")
    name_id: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
