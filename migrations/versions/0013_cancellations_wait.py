"""A cancellation keeps the number of the sale that it names, and waits for it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WAITING = sa.text("undoes IS NOT NULL AND undoes_id IS NULL")


def upgrade():
    op.add_column("purchases", sa.Column("undoes", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_purchases_waiting", "purchases", ["outlet_id", "undoes"],
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_purchases_waiting", "purchases")
    op.drop_column("purchases", "undoes")
