"""Hours and targets: holidays, the shop's own targets, alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "holidays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.String(length=60), nullable=False),
        sa.Column("estimate", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_holidays_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("key", name=op.f("uq_holidays_key")),
        sa.UniqueConstraint("outlet_id", "day", name=op.f("uq_holidays_outlet_id_day")),
    )
    op.create_index(
        "uq_holidays_shop", "holidays", ["day"], unique=True,
        sqlite_where=sa.text("outlet_id IS NULL"), postgresql_where=sa.text("outlet_id IS NULL"),
    )  # fmt: skip
    op.create_table(
        "case_targets",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("again", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "priority IN ('urgent', 'high', 'normal', 'low')", name=op.f("ck_case_targets_priority")
        ),
        sa.PrimaryKeyConstraint("kind", "priority", name=op.f("pk_case_targets")),
    )
    op.create_table(
        "clock_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("after_case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_clock_changes_outlet_id_outlets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_changes")),
    )
    op.create_table(
        "case_alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("promise", sa.String(length=5), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("promise IN ('first', 'next', 'done')", name=op.f("ck_case_alarms_promise")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_alarms_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_alarms")),
    )
    op.create_index("ix_case_alarms_case_id", "case_alarms", ["case_id"])
    op.create_index(
        "ix_case_alarms_untold", "case_alarms", ["id"],
        sqlite_where=sa.text("told_at IS NULL"), postgresql_where=sa.text("told_at IS NULL"),
    )  # fmt: skip
    op.add_column("cases", sa.Column("step_by", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE cases SET step_by = due_at")


def downgrade():
    op.drop_column("cases", "step_by")
    for table in ("case_alarms", "clock_changes", "case_targets", "holidays"):
        op.drop_table(table)
