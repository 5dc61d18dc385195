"""Requests: a case may be about a receipt; the price list of services."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "ix_cases_purchase"
WHERE = "purchase_id IS NOT NULL"
SECTORS = ("electronics", "furniture", "fashion", "food", "logistics", "general")


def upgrade():
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("sector", sa.String(length=12), nullable=False),
        sa.Column("name_id", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            f"sector IN ({', '.join(repr(sector) for sector in SECTORS)})", name=op.f("ck_services_sector")
        ),
        sa.CheckConstraint("price IS NULL OR price >= 0", name=op.f("ck_services_price")),
        sa.CheckConstraint("days IS NULL OR days >= 0", name=op.f("ck_services_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("code", name=op.f("uq_services_code")),
    )
    # As one statement SQLite adds the column where it is; a batch would make the table anew.
    op.execute(
        "ALTER TABLE cases ADD COLUMN purchase_id INTEGER "
        "CONSTRAINT fk_cases_purchase_id_purchases REFERENCES purchases (id)"
    )
    op.create_index(
        INDEX, "cases", ["purchase_id"], sqlite_where=sa.text(WHERE), postgresql_where=sa.text(WHERE)
    )


def downgrade():
    op.drop_index(INDEX, table_name="cases")
    op.drop_column("cases", "purchase_id")
    op.drop_table("services")
