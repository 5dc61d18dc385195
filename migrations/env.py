"""How Alembic reaches the portal's tables: one transaction a migration, batches on SQLite."""

from alembic import context
from flask import current_app

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata

# Search tables are SQLite's or PostgreSQL's own, made by hand in a migration; no model describes them.
OWN_NAMES = ("case_search", "ix_cases_words")


def _ours(object_, name, kind, reflected, compare_to):
    return not (reflected and name and name.startswith(OWN_NAMES))


def _plain(kind, object_, autogen_context):
    """Our column types by what they are in the database, so that old revisions need none of our code."""
    if kind == "type" and type(object_).__module__ == "portal.db":
        return {"Moment": "sa.DateTime(timezone=True)", "Exact": "sa.String(32)"}[type(object_).__name__]
    return False


with engine.connect() as connection:
    # A batch makes a table anew; SQLite would take the rows that refer to it for orphans meanwhile.
    sqlite = connection.connection.dbapi_connection if engine.dialect.name == "sqlite" else None
    if sqlite:
        sqlite.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_ours,
        render_item=_plain,
        compare_type=True,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        if orphans := sqlite.execute("PRAGMA foreign_key_check").fetchall():
            raise SystemExit(f"The migration left rows that lead nowhere: {orphans[:5]}")
        sqlite.execute("PRAGMA foreign_keys=ON")
