"""One draft of a claim"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DRAFT = sa.text("category = 'draft' AND kind = 'warranty'")


def upgrade():
    op.create_index(
        "uq_cases_draft",
        "cases",
        ["unit_id", "customer_id"],
        unique=True,
        sqlite_where=DRAFT,
        postgresql_where=DRAFT,
    )


def downgrade():
    op.drop_index("uq_cases_draft", "cases")
