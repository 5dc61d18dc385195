"""The desk: views, rules of assignment, work on many cases at once, presence; finding parts of words"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
INDEXES = (  # of cases
    ("ix_cases_desk_acts", ["acts", "touched_at", "id"], "on_desk"),
    ("ix_cases_desk_priority", ["priority", "touched_at", "id"], "on_desk"),
    (
        "ix_cases_desk_outside",
        ["touched_at", "id"],
        "on_desk AND acts NOT IN ('agent', 'customer', 'technician', 'nobody')",
    ),
    ("ix_cases_desk_paused", ["touched_at", "id"], "category = 'paused'"),
)
TRIGGERS = ("case_search_parts_add", "case_search_parts_change", "case_search_parts_remove")
FORGET = """INSERT INTO case_search_parts(case_search_parts, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);"""
KEEP = "INSERT INTO case_search_parts(rowid, search_text) VALUES (new.id, new.search_text);"
SQLITE = (
    """CREATE VIRTUAL TABLE case_search_parts
    USING fts5(search_text, content='cases', content_rowid='id', tokenize='trigram')""",
    f"CREATE TRIGGER case_search_parts_add AFTER INSERT ON cases BEGIN {KEEP} END",
    f"""CREATE TRIGGER case_search_parts_change AFTER UPDATE OF search_text ON cases
    WHEN old.search_text <> new.search_text BEGIN {FORGET} {KEEP} END""",
    f"CREATE TRIGGER case_search_parts_remove AFTER DELETE ON cases BEGIN {FORGET} END",
    "INSERT INTO case_search_parts(case_search_parts) VALUES ('rebuild')",
)
AT_ONCE = 5000


def _one_of(table, column, values):
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _reference(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade():
    op.create_table(
        "case_marks",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        _reference("case_marks", "case_id", "cases"),
        sa.PrimaryKeyConstraint("mark", "case_id", name=op.f("pk_case_marks")),
    )
    op.create_index("ix_case_marks_case_id", "case_marks", ["case_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("saved_views", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("code", name=op.f("uq_saved_views_code")),
    )
    op.create_index("ix_saved_views_staff", "saved_views", ["staff_id", "name"])
    op.create_table(
        "assign_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _reference("assign_rules", "outlet_id", "outlets"),
        _reference("assign_rules", "tag_id", "tags"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_rules")),
    )
    op.create_index("ix_assign_rules_position", "assign_rules", ["position", "id"])
    op.create_table(
        "bulk_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("verb", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=5000), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _one_of("bulk_runs", "verb", ("assign", "tag", "untag", "priority", "reply", "close")),
        _one_of("bulk_runs", "state", ("held", "done", "undone")),
        _reference("bulk_runs", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_runs")),
        sa.UniqueConstraint("code", name=op.f("uq_bulk_runs_code")),
    )
    _partial("ix_bulk_runs_held", "bulk_runs", ["due_at"], "state = 'held'")
    op.create_table(
        "presences",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        _reference("presences", "case_id", "cases"),
        _reference("presences", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_presences")),
    )
    for name, columns, condition in INDEXES:
        _partial(name, "cases", columns, condition)
    op.create_index("ix_units_product", "units", ["product_id", "id"])
    op.create_index("ix_claims_symptom", "claims", ["symptom", "case_id"])
    _mark_all()
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX ix_cases_words_parts ON cases USING gin (search_text gin_trgm_ops)")


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE case_search_parts")
    else:
        op.execute("DROP INDEX ix_cases_words_parts")
    op.drop_index("ix_claims_symptom", "claims")
    op.drop_index("ix_units_product", "units")
    for name, _columns, _condition in INDEXES:
        op.drop_index(name, "cases")
    for table in ("presences", "bulk_runs", "assign_rules", "saved_views", "case_marks"):
        op.drop_table(table)


def _partial(name, table, columns, condition):
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _mark_all():
    """The marks of the cases that are there: telephone, serial and receipt number, backwards."""
    told = sa.text(
        """SELECT cases.id, customers.phone, units.serial, purchases.number FROM cases
        JOIN customers ON customers.id = cases.customer_id LEFT JOIN units ON units.id = cases.unit_id
        LEFT JOIN purchases ON purchases.id = units.purchase_id
        WHERE cases.id > :after ORDER BY cases.id LIMIT :most"""
    )
    write = sa.text("INSERT INTO case_marks (mark, case_id) VALUES (:mark, :case_id)")
    connection, after = op.get_bind(), 0
    while rows := connection.execute(told, {"after": after, "most": AT_ONCE}).all():
        after = rows[-1][0]
        marks = [
            {"mark": mark, "case_id": number}
            for number, phone, *others in rows
            for mark in {
                _backwards(text) for text in ("0" + (phone or "").removeprefix("+62"), *others) if text
            }
            if len(mark) > 3
        ]
        if marks:
            connection.execute(write, marks)


def _backwards(text):
    return "".join(sign for sign in text.lower() if sign.isascii() and sign.isalnum())[:-61:-1]
