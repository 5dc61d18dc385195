"""Words of cases: FTS5 on SQLite, an expression index on PostgreSQL."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE case_search USING fts5(search_text, content='cases', content_rowid='id', prefix='2 3 4')",
    """CREATE TRIGGER case_search_add AFTER INSERT ON cases BEGIN
        INSERT INTO case_search(rowid, search_text) VALUES (new.id, new.search_text); END""",
    """CREATE TRIGGER case_search_change AFTER UPDATE OF search_text ON cases
        WHEN old.search_text <> new.search_text BEGIN
        INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
        INSERT INTO case_search(rowid, search_text) VALUES (new.id, new.search_text); END""",
    """CREATE TRIGGER case_search_remove AFTER DELETE ON cases BEGIN
        INSERT INTO case_search(case_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END""",
    "INSERT INTO case_search(case_search) VALUES ('rebuild')",
)


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX ix_cases_words ON cases USING gin (to_tsvector('simple', search_text))")


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("case_search_add", "case_search_change", "case_search_remove"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE case_search")
    else:
        op.execute("DROP INDEX ix_cases_words")
