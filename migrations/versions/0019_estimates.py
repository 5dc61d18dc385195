"""Estimates: what was asked of customers, and what they agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BEFORE = (
    "open", "diagnosing", "estimating", "waiting_approval", "approved", "waiting_parts", "at_supplier",
    "in_progress", "done", "unrepairable", "handed_over", "uncollected", "cancelled",
)  # fmt: skip


def where(condition):
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def states(names):
    with op.batch_alter_table("work_orders") as orders:
        orders.drop_constraint(op.f("ck_work_orders_state"), type_="check")
        said = ", ".join(f"'{name}'" for name in names)
        orders.create_check_constraint(op.f("ck_work_orders_state"), f"state IN ({said})")


def upgrade():
    states((*BEFORE[:5], "declined", *BEFORE[5:]))
    op.add_column("work_lines", sa.Column("agreed", sa.BigInteger(), nullable=True))
    op.create_table(
        "estimates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("how", sa.String(length=8), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'approved', 'declined', 'expired', 'superseded')",
            name=op.f("ck_estimates_state"),
        ),
        sa.CheckConstraint("how IN ('portal', 'counter', 'phone')", name=op.f("ck_estimates_how")),
        sa.CheckConstraint("total >= 0 AND fee >= 0 AND agreed >= 0", name=op.f("ck_estimates_amounts")),
        sa.CheckConstraint(
            "state <> 'approved' OR agreed IS NOT NULL", name=op.f("ck_estimates_approved_has_a_sum")
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_orders.id"], name=op.f("fk_estimates_work_order_id_work_orders")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["staff.id"], name=op.f("fk_estimates_sent_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff.id"], name=op.f("fk_estimates_recorded_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimates")),
        sa.UniqueConstraint("work_order_id", "number", name=op.f("uq_estimates_work_order_id_number")),
    )
    for state in ("sent", "approved"):
        op.create_index(
            f"uq_estimates_{state}",
            "estimates",
            ["work_order_id"],
            unique=True,
            **where(f"state = '{state}'"),
        )
    op.create_index("ix_estimates_until", "estimates", ["until", "id"], **where("state = 'sent'"))
    op.create_table(
        "estimate_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("work_line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("billing", sa.String(length=10), nullable=False),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("kind IN ('part', 'labour', 'fee')", name=op.f("ck_estimate_lines_kind")),
        sa.CheckConstraint(
            "billing IN ('warranty', 'no_charge', 'billable')", name=op.f("ck_estimate_lines_billing")
        ),
        sa.CheckConstraint("pieces >= 1 AND price >= 0", name=op.f("ck_estimate_lines_amounts")),
        sa.ForeignKeyConstraint(
            ["estimate_id"], ["estimates.id"], name=op.f("fk_estimate_lines_estimate_id_estimates")
        ),
        sa.ForeignKeyConstraint(
            ["work_line_id"], ["work_lines.id"], name=op.f("fk_estimate_lines_work_line_id_work_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_lines")),
    )
    op.create_index("ix_estimate_lines_estimate", "estimate_lines", ["estimate_id"])


def downgrade():
    op.drop_table("estimate_lines")
    op.drop_table("estimates")
    op.drop_column("work_lines", "agreed")
    op.execute("UPDATE work_orders SET state = 'cancelled' WHERE state = 'declined'")
    states(BEFORE)
