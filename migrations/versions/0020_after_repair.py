"""The guarantee on a repair, and what warranty work costs and brings back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("units", sa.Column("guarantees", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("workshop", sa.Column("guarantee_days", sa.Integer(), nullable=False, server_default="90"))
    op.add_column("workshop", sa.Column("hour_cost", sa.BigInteger(), nullable=True))
    op.add_column("legs", sa.Column("cost", sa.BigInteger(), nullable=True))
    op.create_table(
        "recoveries",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('asked', 'paid', 'refused')", name=op.f("ck_recoveries_answer")),
        sa.CheckConstraint("asked > 0", name=op.f("ck_recoveries_asked")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_recoveries_paid")),
        sa.CheckConstraint("(answer = 'asked') = (answered_on IS NULL)", name=op.f("ck_recoveries_answered")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_orders.id"], name=op.f("fk_recoveries_work_order_id_work_orders")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_recoveries_supplier_id_suppliers")
        ),
        sa.PrimaryKeyConstraint("work_order_id", name=op.f("pk_recoveries")),
    )
    op.create_index("ix_recoveries_supplier", "recoveries", ["supplier_id", "work_order_id"])


def downgrade():
    op.drop_table("recoveries")
    op.drop_column("legs", "cost")
    op.drop_column("workshop", "hour_cost")
    op.drop_column("workshop", "guarantee_days")
    op.drop_column("units", "guarantees")
