"""Which items came back, what store credit paid for, and until when couriers take claims."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("cases", sa.Column("outside_by", sa.DateTime(timezone=True), nullable=True))
    _promises("first", "next", "done", "outside", length=7)
    op.add_column("return_lines", sa.Column("unit_ids", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("store_credits") as batch:
        batch.add_column(sa.Column("purchase_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_store_credits_purchase_id_purchases"), "purchases", ["purchase_id"], ["id"]
        )
        batch.create_foreign_key(
            batch.f("fk_store_credits_undoes_id_store_credits"), "store_credits", ["undoes_id"], ["id"]
        )
        batch.create_unique_constraint(batch.f("uq_store_credits_undoes_id"), ["undoes_id"])
        batch.create_index(batch.f("ix_store_credits_purchase_id"), ["purchase_id"])


def downgrade():
    op.execute("DELETE FROM case_alarms WHERE promise = 'outside'")
    with op.batch_alter_table("store_credits") as batch:
        batch.drop_index(batch.f("ix_store_credits_purchase_id"))
        batch.drop_constraint(batch.f("uq_store_credits_undoes_id"), type_="unique")
        batch.drop_constraint(batch.f("fk_store_credits_undoes_id_store_credits"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_store_credits_purchase_id_purchases"), type_="foreignkey")
        batch.drop_column("undoes_id")
        batch.drop_column("purchase_id")
    op.drop_column("return_lines", "unit_ids")
    _promises("first", "next", "done", length=5)
    op.drop_column("cases", "outside_by")


def _promises(*known, length):
    listed = ", ".join(f"'{promise}'" for promise in known)
    with op.batch_alter_table("case_alarms") as batch:
        batch.drop_constraint(op.f("ck_case_alarms_promise"), type_="check")
        batch.alter_column("promise", existing_type=sa.String(length=7), type_=sa.String(length=length))
        batch.create_check_constraint(op.f("ck_case_alarms_promise"), f"promise IN ({listed})")
