"""PostgreSQL finds words and parts of words block by block, the newest cases first."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
        op.execute("DROP INDEX ix_cases_words")
        op.execute("DROP INDEX ix_cases_words_parts")
        op.execute(
            """CREATE INDEX ix_cases_words ON cases USING gin
            ((id / 2048), to_tsvector('simple', search_text), search_text gin_trgm_ops) WITH (fastupdate = off)"""
        )


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_cases_words")
        op.execute("CREATE INDEX ix_cases_words ON cases USING gin (to_tsvector('simple', search_text))")
        op.execute("CREATE INDEX ix_cases_words_parts ON cases USING gin (search_text gin_trgm_ops)")
