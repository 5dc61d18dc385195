"""Filters that combine read no rows to leave them out; words are found the newest cases first, however common."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ON_DESK = {"sqlite_where": sa.text("on_desk"), "postgresql_where": sa.text("on_desk")}
ASKED = ("kind", "stage", "acts", "priority", "outlet_id", "assignee_id")
LISTS = (  # of cases; the most telling filter last, which SQLite looks at first
    ("ix_cases_stage", ("stage", "touched_at", "id"), {}),
    *(
        (f"ix_cases_desk_{name}", columns, ON_DESK)
        for name, columns in (
            ("touched", ("touched_at", "id")),
            ("due", ("due_at", "id")),
            ("kind", ("kind", "touched_at", "id")),
            ("acts", ("acts", "touched_at", "id")),
            ("outlet", ("outlet_id", "touched_at", "id")),
            ("assignee", ("assignee_id", "touched_at", "id")),
            ("priority", ("priority", "touched_at", "id")),
        )
    ),
)
DUE_FIRST = (("ix_cases_desk_outlet_due", "outlet_id"), ("ix_cases_desk_assignee_due", "assignee_id"))
WORDS = "CREATE VIRTUAL TABLE case_search USING fts5(search_text, content='cases', content_rowid='id', prefix='{}')"


def upgrade():
    for name, columns, where in LISTS:
        op.drop_index(name, "cases")
        op.create_index(name, "cases", [*columns, *(c for c in ASKED if c not in columns)], **where)
    for name, column in DUE_FIRST:
        columns = [column, "due_at", "id", *(c for c in ASKED if c != column)]
        op.create_index(name, "cases", columns, **ON_DESK)
    if op.get_bind().dialect.name == "sqlite":
        _index_words("2 3 4 5 6 7 8")
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    op.execute("DROP INDEX ix_cases_words")
    op.execute("DROP INDEX ix_cases_words_parts")
    op.execute(  # what is not yet sorted in is read with each block: little of it, in kilobytes
        """CREATE INDEX ix_cases_words ON cases USING gin
        ((id / 8192), to_tsvector('simple', search_text), search_text gin_trgm_ops)
        WITH (gin_pending_list_limit = 64)"""
    )


def downgrade():
    for name, _column in DUE_FIRST:
        op.drop_index(name, "cases")
    for name, columns, where in LISTS:
        op.drop_index(name, "cases")
        op.create_index(name, "cases", list(columns), **where)
    if op.get_bind().dialect.name == "sqlite":
        _index_words("2 3 4")
        return
    op.execute("DROP INDEX ix_cases_words")
    op.execute("CREATE INDEX ix_cases_words ON cases USING gin (to_tsvector('simple', search_text))")
    op.execute("CREATE INDEX ix_cases_words_parts ON cases USING gin (search_text gin_trgm_ops)")


def _index_words(beginnings):
    """Anew, with the beginnings of words of so many signs; the triggers of `cases` fill it by its name."""
    op.execute("DROP TABLE case_search")
    op.execute(WORDS.format(beginnings))
    op.execute("INSERT INTO case_search(case_search) VALUES ('rebuild')")
