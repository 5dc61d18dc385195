"""Cases of every kind: priority, tags, answers, decisions; cases can be merged"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WHO = ("customer", "agent", "technician", "courier", "nobody")
WITH_SUPPLIER = ("customer", "agent", "technician", "courier", "supplier", "nobody")
PRIORITIES = ("urgent", "high", "normal", "low")
# A batch on SQLite makes the table anew, without the triggers that keep its words.
TRIGGERS = {
    "case_search_add": """AFTER INSERT ON cases BEGIN
        INSERT INTO case_search(rowid, search_text) VALUES (new.id, new.search_text); END""",
    "case_search_change": """AFTER UPDATE OF search_text ON cases
        WHEN old.search_text <> new.search_text BEGIN
        INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
        INSERT INTO case_search(rowid, search_text) VALUES (new.id, new.search_text); END""",
    "case_search_remove": """AFTER DELETE ON cases BEGIN
        INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END""",
}

INDEXES = (
    ("ix_cases_alarm", ["alarm_at"], "alarm_at IS NOT NULL"),
    ("ix_cases_desk_kind", ["kind", "touched_at", "id"], "on_desk"),
    ("ix_cases_merged_into", ["merged_into_id"], "merged_into_id IS NOT NULL"),
)


def _one_of(column, values):
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_cases_{column}"))


def _alter():
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
    return op.batch_alter_table("cases")


def _watch():
    if op.get_bind().dialect.name == "sqlite":
        for name, what in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {what}")


def upgrade():
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )
    op.create_table(
        "case_tags",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_tags_case_id_cases")),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_case_tags_tag_id_tags")),
        sa.PrimaryKeyConstraint("case_id", "tag_id", name=op.f("pk_case_tags")),
    )
    with op.batch_alter_table("case_tags", schema=None) as batch_op:
        batch_op.create_index("ix_case_tags_tag", ["tag_id", "case_id"], unique=False)

    op.create_table(
        "requests",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_requests_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_requests")),
    )
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("alternative", sa.Text(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_resolutions_has_a_reason")),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_resolutions_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_resolutions_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_resolutions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
    )
    with op.batch_alter_table("resolutions", schema=None) as batch_op:
        batch_op.create_index("ix_resolutions_case", ["case_id", "id"], unique=False)

    with _alter() as batch_op:
        batch_op.add_column(
            sa.Column("priority", sa.String(length=8), nullable=False, server_default="normal")
        )
        batch_op.add_column(sa.Column("reply_by", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("paused_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_cases_merged_into_id_cases"), "cases", ["merged_into_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_cases_acts"), type_="check")
        for rule in (_one_of("acts", WITH_SUPPLIER), _one_of("priority", PRIORITIES)):
            batch_op.create_check_constraint(rule.name, rule.sqltext)
    for name, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "cases", columns, sqlite_where=where, postgresql_where=where)
    _watch()


def downgrade():
    for name, _columns, _condition in INDEXES:
        op.drop_index(name, "cases")
    op.execute("UPDATE cases SET acts = 'nobody' WHERE acts = 'supplier'")
    with _alter() as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cases_merged_into_id_cases"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_cases_priority"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_cases_acts"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_cases_acts"), _one_of("acts", WHO).sqltext)
        for column in ("merged_into_id", "alarm_at", "paused_minutes", "reply_by", "priority"):
            batch_op.drop_column(column)
    _watch()
    for table in ("resolutions", "requests", "case_tags", "tags"):
        op.drop_table(table)
