"""Sales come in: uploads, tokens, tills, drafts of products, rules for policies, records of customers"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_api_tokens_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("code", name=op.f("uq_api_tokens_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_table(
        "connections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_connections_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("code", name=op.f("uq_connections_code")),
    )
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["customers.id"], name=op.f("fk_customer_merges_kept_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["customers.id"], name=op.f("fk_customer_merges_merged_id_customers")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_customer_merges_staff_id_staff")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_customer_merges_undone_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merges")),
        sa.UniqueConstraint("code", name=op.f("uq_customer_merges_code")),
    )
    with op.batch_alter_table("customer_merges", schema=None) as batch_op:
        batch_op.create_index("ix_customer_merges_kept", ["kept_id"], unique=False)

    op.create_table(
        "customer_refs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_refs_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_refs")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_customer_refs_source_external_id")),
    )
    with op.batch_alter_table("customer_refs", schema=None) as batch_op:
        batch_op.create_index("ix_customer_refs_customer", ["customer_id"], unique=False)

    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_key", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("guess", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("position", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("refused_key", sa.String(length=80), nullable=True),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "stage IN ('reading', 'matching', 'checking', 'checked', 'running', 'done', 'cancelled', 'failed')",
            name=op.f("ck_imports_stage"),
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_imports_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_imports_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("code", name=op.f("uq_imports_code")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(
            "ix_imports_at_work",
            ["id"],
            unique=False,
            sqlite_where=sa.text("stage IN ('reading', 'checking', 'running')"),
            postgresql_where=sa.text("stage IN ('reading', 'checking', 'running')"),
        )

    op.create_table(
        "policy_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("scope IN ('category', 'brand', 'outlet')", name=op.f("ck_policy_rules_scope")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_policy_rules_policy_id_policies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_rules")),
        sa.UniqueConstraint("scope", "value", name=op.f("uq_policy_rules_scope_value")),
    )
    op.create_table(
        "api_answers",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_api_answers_token_id_api_tokens")
        ),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_answers")),
    )
    with op.batch_alter_table("api_answers", schema=None) as batch_op:
        batch_op.create_index("ix_api_answers_created_at", ["created_at"], unique=False)

    op.create_table(
        "hook_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=160), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("order_key", sa.String(length=80), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('applied', 'kept', 'waiting', 'failed')", name=op.f("ck_hook_events_state")
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_hook_events_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_events")),
        sa.UniqueConstraint("connection_id", "event_id", name=op.f("uq_hook_events_connection_id_event_id")),
    )
    with op.batch_alter_table("hook_events", schema=None) as batch_op:
        batch_op.create_index("ix_hook_events_newest", ["connection_id", "id"], unique=False)
        batch_op.create_index("ix_hook_events_order", ["connection_id", "order_key"], unique=False)
        batch_op.create_index(
            "ix_hook_events_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "ix_hook_events_failed",
            ["connection_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )

    op.create_table(
        "purchase_doubts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('several', 'other_name', 'other_email')", name=op.f("ck_purchase_doubts_reason")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_doubts_purchase_id_purchases")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_purchase_doubts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_doubts")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_purchase_doubts_purchase_id")),
    )
    with op.batch_alter_table("purchase_doubts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_purchase_doubts_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "units_due",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("after_line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_units_due_product_id_products")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_units_due")),
    )
    op.create_table(
        "line_returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("sold_line_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_line_returns_pieces")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["purchase_lines.id"], name=op.f("fk_line_returns_line_id_purchase_lines")
        ),
        sa.ForeignKeyConstraint(
            ["sold_line_id"], ["purchase_lines.id"], name=op.f("fk_line_returns_sold_line_id_purchase_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_returns")),
        sa.UniqueConstraint("line_id", "sold_line_id", name=op.f("uq_line_returns_line_id_sold_line_id")),
    )
    op.create_index("ix_line_returns_sold", "line_returns", ["sold_line_id"])
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_customers_merged_into_id_customers"), "customers", ["merged_into_id"], ["id"]
        )
        batch_op.create_index("ix_customers_name", ["name", "id"])
        batch_op.create_index(
            "ix_customers_merged", ["merged_into_id"], **where("merged_into_id IS NOT NULL")
        )
    op.execute("UPDATE customers SET opened_at = created_at")  # until now only their owners made them

    with op.batch_alter_table("products") as batch_op:
        batch_op.add_column(sa.Column("draft", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("barcode", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("unwarranted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index("ix_products_drafts", ["name", "id"], **where("draft"))
        batch_op.create_index("uq_products_barcode", ["barcode"], unique=True, **where("barcode IS NOT NULL"))

    with op.batch_alter_table("purchases") as batch_op:
        batch_op.alter_column("total", existing_type=sa.Integer(), type_=sa.BigInteger())
        batch_op.add_column(sa.Column("source", sa.String(length=40), nullable=False, server_default="desk"))
        batch_op.add_column(sa.Column("external_id", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_purchases_undoes_id_purchases"), "purchases", ["undoes_id"], ["id"]
        )
        batch_op.create_index(
            "uq_purchases_external",
            ["source", "external_id"],
            unique=True,
            **where("external_id IS NOT NULL"),
        )
        batch_op.create_index("ix_purchases_undoes", ["undoes_id"], **where("undoes_id IS NOT NULL"))

    with op.batch_alter_table("purchase_lines") as batch_op:
        batch_op.alter_column("amount", existing_type=sa.Integer(), type_=sa.BigInteger())
        batch_op.add_column(sa.Column("returned", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(batch_op.f("ck_purchase_lines_returned"), "returned >= 0")
        batch_op.create_index("ix_purchase_lines_product", ["product_id", "id"])

    with op.batch_alter_table("receipt_links") as batch_op:
        batch_op.add_column(sa.Column("sticker", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("sheet", sa.String(length=8), nullable=True))
        batch_op.alter_column("purchase_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index("ix_receipt_links_sheet", ["sheet"])
        batch_op.create_unique_constraint(batch_op.f("uq_receipt_links_sticker"), ["sticker"])
        batch_op.create_check_constraint(
            batch_op.f("ck_receipt_links_leads_somewhere"), "purchase_id IS NOT NULL OR sticker IS NOT NULL"
        )

    states("pending", "valid", "rejected", "void", "returned", free="'rejected', 'returned'")


def downgrade():
    op.execute("UPDATE units SET registration = 'void' WHERE registration = 'returned'")
    states("pending", "valid", "rejected", "void", free="'rejected'")

    op.drop_table("line_returns")
    op.execute("DELETE FROM receipt_links WHERE purchase_id IS NULL")
    with op.batch_alter_table("receipt_links") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_receipt_links_leads_somewhere"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_receipt_links_sticker"), type_="unique")
        batch_op.drop_index("ix_receipt_links_sheet")
        batch_op.alter_column("purchase_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("sheet")
        batch_op.drop_column("sticker")

    with op.batch_alter_table("purchase_lines") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_purchase_lines_returned"), type_="check")
        batch_op.drop_index("ix_purchase_lines_product")
        batch_op.drop_column("returned")
        batch_op.alter_column("amount", existing_type=sa.BigInteger(), type_=sa.Integer())

    with op.batch_alter_table("purchases") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_purchases_undoes_id_purchases"), type_="foreignkey")
        batch_op.drop_index("uq_purchases_external")
        batch_op.drop_index("ix_purchases_undoes")
        for column in ("cancelled_at", "undoes_id", "digest", "external_id", "source"):
            batch_op.drop_column(column)
        batch_op.alter_column("total", existing_type=sa.BigInteger(), type_=sa.Integer())

    with op.batch_alter_table("products") as batch_op:
        batch_op.drop_index("uq_products_barcode")
        batch_op.drop_index("ix_products_drafts")
        for column in ("unwarranted", "barcode", "draft"):
            batch_op.drop_column(column)

    with op.batch_alter_table("customers") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_customers_merged_into_id_customers"), type_="foreignkey")
        batch_op.drop_index("ix_customers_name")
        batch_op.drop_index("ix_customers_merged")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("opened_at")

    for table in (
        "units_due", "purchase_doubts", "hook_events", "api_answers", "policy_rules", "imports", "customer_refs",
        "customer_merges", "connections", "api_tokens",
    ):  # fmt: skip
        op.drop_table(table)


def where(condition):
    """The condition of a partial index, for both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def states(*names, free):
    """The states that a unit can have, and those in which its serial number may be given to another."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("units") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_units_registration"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_units_registration"), f"registration IN ({listed})")
    op.drop_index("uq_units_serial", "units")
    few = f"registration <> {free}" if "," not in free else f"registration NOT IN ({free})"
    op.create_index(
        "uq_units_serial",
        "units",
        ["product_id", "serial"],
        unique=True,
        **where(f"serial IS NOT NULL AND {few}"),
    )
