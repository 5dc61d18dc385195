"""The conversation: names of files, mentions, quick replies, letters that came in, links that are replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OUTCOMES = ("filed", "cut", "other", "auto", "bounce", "held", "loop", "dropped")


def upgrade():
    op.add_column("files", sa.Column("name", sa.String(120), nullable=False, server_default=""))
    op.add_column("customers", sa.Column("email_bounced_at", MOMENT, nullable=True))
    with op.batch_alter_table("case_links") as links:
        links.drop_constraint(op.f("uq_case_links_case_id"), type_="unique")
    _partial("uq_case_links_case", "case_links", ["case_id"], "revoked_at IS NULL", unique=True)
    op.create_table(
        "mentions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_events.id"], name=op.f("fk_mentions_event_id_case_events")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mentions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("event_id", "staff_id", name=op.f("uq_mentions_event_id_staff_id")),
    )
    op.create_index("ix_mentions_staff", "mentions", ["staff_id", "id"])
    _partial("ix_mentions_unseen", "mentions", ["staff_id"], "seen_at IS NULL")
    op.create_table(
        "quick_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("word", sa.String(24), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_quick_replies_owner_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quick_replies")),
        sa.UniqueConstraint("code", name=op.f("uq_quick_replies_code")),
    )
    op.create_index("ix_quick_replies_owner", "quick_replies", ["owner_id", "title"])
    op.create_table(
        "inbound_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(
            f"outcome IN ({', '.join(repr(outcome) for outcome in OUTCOMES)})",
            name=op.f("ck_inbound_letters_outcome"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inbound_letters_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_letters")),
        sa.UniqueConstraint("code", name=op.f("uq_inbound_letters_code")),
        sa.UniqueConstraint("message_id", name=op.f("uq_inbound_letters_message_id")),
    )
    op.create_index("ix_inbound_letters_case", "inbound_letters", ["case_id", "sender", "at"])
    _partial("ix_inbound_letters_held", "inbound_letters", ["id"], "outcome = 'held'")


def downgrade():
    op.drop_table("inbound_letters")
    op.drop_table("quick_replies")
    op.drop_table("mentions")
    op.execute("DELETE FROM case_links WHERE revoked_at IS NOT NULL")
    op.drop_index("uq_case_links_case", table_name="case_links")
    with op.batch_alter_table("case_links") as links:
        links.create_unique_constraint(op.f("uq_case_links_case_id"), ["case_id"])
    op.drop_column("customers", "email_bounced_at")
    op.drop_column("files", "name")


def _partial(name, table, columns, where, *, unique=False):
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
