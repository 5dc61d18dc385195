"""Articles, troubleshooting trees, the passages they are found by, and what is counted about them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, Moment, one_of
from portal.domain.catalog.models import Product
from portal.domain.guidance.rules import About, ArticleKind

_REACHES = (
    "(about = 'product') = (product_id IS NOT NULL) AND (about IN ('sector', 'category')) = (value <> '')"
)


class Article(Model):
    """`value` is the sector or category that it is about. A draft has no `published_at`."""

    __tablename__ = "articles"
    __table_args__ = (
        one_of("kind", ArticleKind),
        one_of("about", About),
        CheckConstraint(_REACHES, name="reaches"),
        Index("ix_articles_changed", "changed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    about: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(40), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    title_id: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    body_id: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Tree(Model):
    """A search for the cause, step by step; its steps stand in its versions."""

    __tablename__ = "help_trees"
    __table_args__ = (one_of("about", About), CheckConstraint(_REACHES, name="reaches"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    about: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(40), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    hidden: Mapped[bool] = mapped_column(default=False)  # taken from customers

    product: Mapped[Product | None] = relationship()


class TreeVersion(Model):
    """The steps as `rules.write` makes them; once published they never change."""

    __tablename__ = "help_tree_versions"
    __table_args__ = (
        UniqueConstraint("tree_id", "number"),
        Index(
            "uq_help_tree_versions_draft", "tree_id", unique=True,
            sqlite_where=text("published_at IS NULL"), postgresql_where=text("published_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    tree_id: Mapped[int] = mapped_column(ForeignKey("help_trees.id"))
    number: Mapped[int]
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    title_id: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    tree: Mapped[Tree] = relationship()

    __mapper_args__ = {"version_id_col": version}


class HelpPassage(Model):
    """A section of a published text in one language, with all that a list of findings shows.

    `source` is article, guide or tree, `source_id` the article's, product's or tree's number, `place` the
    section's number in its text: the same one in both languages.
    """

    __tablename__ = "help_passages"
    __table_args__ = (
        UniqueConstraint("source", "source_id", "language", "place"),
        Index("ix_help_passages_about", "language", "place", "about", "value"),
        Index("ix_help_passages_product", "product_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(8))
    source_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    path: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(40), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)


class HelpPosting(Model):
    """How much a passage is about a term."""

    __tablename__ = "help_postings"
    __table_args__ = (
        Index("ix_help_postings_weight", "term", "weight", "passage_id"),
        Index("ix_help_postings_passage", "passage_id"),
    )

    term: Mapped[str] = mapped_column(String(32), primary_key=True)
    passage_id: Mapped[int] = mapped_column(
        ForeignKey("help_passages.id", ondelete="CASCADE"), primary_key=True
    )
    weight: Mapped[float] = mapped_column(Float)


class HelpTerm(Model):
    """In how many passages a term stands; "" counts all passages."""

    __tablename__ = "help_terms"

    term: Mapped[str] = mapped_column(String(32), primary_key=True)
    passages: Mapped[int]


class HelpCount(Model):
    """How often self-service was asked, helped, or the customer went on to the shop; nobody's name in it."""

    __tablename__ = "help_counts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject: Mapped[str] = mapped_column(String(8), primary_key=True)  # code of an article or tree, or ""
    event: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int]


class Talk(Model):
    """What was said to the assistant in one session; forgotten an hour after the last word."""

    __tablename__ = "help_talks"
    __table_args__ = (Index("ix_help_talks_touched", "touched_at"),)

    who: Mapped[str] = mapped_column(String(48), primary_key=True)
    turns: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    touched_at: Mapped[datetime] = mapped_column(Moment)


class Handover(Model):
    """What a customer tried before writing a claim; it goes with the next case about this item."""

    __tablename__ = "help_handovers"
    __table_args__ = (Index("ix_help_handovers_at", "at"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    tried: Mapped[list[list[str]]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
