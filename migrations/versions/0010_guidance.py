"""Help articles, troubleshooting trees and the index over them"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "help_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("event", sa.String(length=8), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "subject", "event", name=op.f("pk_help_counts")),
    )
    op.create_table(
        "help_talks",
        sa.Column("who", sa.String(length=48), nullable=False),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_help_talks")),
    )
    op.create_index("ix_help_talks_touched", "help_talks", ["touched_at"], unique=False)
    op.create_table(
        "help_terms",
        sa.Column("term", sa.String(length=32), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_help_terms")),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("title_id", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(about = 'product') = (product_id IS NOT NULL) AND (about IN ('sector', 'category')) = (value <> '')",
            name=op.f("ck_articles_reaches"),
        ),
        sa.CheckConstraint(
            "about IN ('everything', 'sector', 'category', 'product')", name=op.f("ck_articles_about")
        ),
        sa.CheckConstraint("kind IN ('guide', 'issue', 'notice')", name=op.f("ck_articles_kind")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_articles_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("code", name=op.f("uq_articles_code")),
    )
    op.create_index("ix_articles_changed", "articles", ["changed_at", "id"], unique=False)
    op.create_table(
        "help_passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_help_passages_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_passages")),
        sa.UniqueConstraint(
            "source",
            "source_id",
            "language",
            "place",
            name=op.f("uq_help_passages_source_source_id_language_place"),
        ),
    )
    op.create_index("ix_help_passages_about", "help_passages", ["language", "place", "about", "value"])
    op.create_index("ix_help_passages_product", "help_passages", ["product_id"])
    op.create_table(
        "help_trees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(about = 'product') = (product_id IS NOT NULL) AND (about IN ('sector', 'category')) = (value <> '')",
            name=op.f("ck_help_trees_reaches"),
        ),
        sa.CheckConstraint(
            "about IN ('everything', 'sector', 'category', 'product')", name=op.f("ck_help_trees_about")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_help_trees_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_trees")),
        sa.UniqueConstraint("code", name=op.f("uq_help_trees_code")),
    )
    op.create_table(
        "help_postings",
        sa.Column("term", sa.String(length=32), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_id"],
            ["help_passages.id"],
            name=op.f("fk_help_postings_passage_id_help_passages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("term", "passage_id", name=op.f("pk_help_postings")),
    )
    op.create_index("ix_help_postings_passage", "help_postings", ["passage_id"], unique=False)
    op.create_index(
        "ix_help_postings_weight", "help_postings", ["term", "weight", "passage_id"], unique=False
    )
    op.create_table(
        "help_tree_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tree_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_id", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tree_id"], ["help_trees.id"], name=op.f("fk_help_tree_versions_tree_id_help_trees")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_tree_versions")),
        sa.UniqueConstraint("tree_id", "number", name=op.f("uq_help_tree_versions_tree_id_number")),
    )
    op.create_index(
        "uq_help_tree_versions_draft",
        "help_tree_versions",
        ["tree_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "help_handovers",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_help_handovers_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_help_handovers_unit_id_units")),
        sa.PrimaryKeyConstraint("customer_id", "unit_id", name=op.f("pk_help_handovers")),
    )
    op.create_index("ix_help_handovers_at", "help_handovers", ["at"], unique=False)


def downgrade():
    op.drop_index("ix_help_handovers_at", table_name="help_handovers")
    op.drop_table("help_handovers")
    op.drop_index("uq_help_tree_versions_draft", table_name="help_tree_versions")
    op.drop_table("help_tree_versions")
    op.drop_index("ix_help_postings_weight", table_name="help_postings")
    op.drop_index("ix_help_postings_passage", table_name="help_postings")
    op.drop_table("help_postings")
    op.drop_table("help_trees")
    op.drop_index("ix_help_passages_product", table_name="help_passages")
    op.drop_index("ix_help_passages_about", table_name="help_passages")
    op.drop_table("help_passages")
    op.drop_index("ix_articles_changed", table_name="articles")
    op.drop_table("articles")
    op.drop_table("help_terms")
    op.drop_index("ix_help_talks_touched", table_name="help_talks")
    op.drop_table("help_talks")
    op.drop_table("help_counts")
