"""How the shop presents itself"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "shop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_greeting", sa.String(length=200), nullable=False),
        sa.Column("receipt_terms", sa.String(length=600), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_shop_only_one")),
        sa.CheckConstraint("length(logo) <= 65536", name=op.f("ck_shop_logo_size")),
        sa.ForeignKeyConstraint(["updated_by"], ["staff.id"], name=op.f("fk_shop_updated_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
    )


def downgrade():
    op.drop_table("shop")
