"""Spare parts, their stock and their orders."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('maker', 'distributor', 'workshop', 'parts')", name=op.f("ck_suppliers_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("code", name=op.f("uq_suppliers_code")),
    )
    op.create_index("ix_suppliers_name", "suppliers", ["name", "id"])
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("name_id", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("brand", sa.String(length=80), nullable=False),
        sa.Column("component", sa.String(length=24), nullable=False),
        sa.Column("about_id", sa.Text(), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=False),
        sa.Column("picture", sa.String(length=16), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("universal", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lead_days IS NULL OR lead_days >= 0", name=op.f("ck_parts_lead_days")),
        sa.CheckConstraint("price >= 0 AND cost >= 0", name=op.f("ck_parts_amounts")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_parts_supplier_id_suppliers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("code", name=op.f("uq_parts_code")),
        sa.UniqueConstraint("number", name=op.f("uq_parts_number")),
    )
    op.create_index("ix_parts_name", "parts", ["name_id", "id"])
    op.create_table(
        "supply_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'received', 'cancelled')", name=op.f("ck_supply_orders_state")),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_supply_orders_outlet_id_outlets")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_supply_orders_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_supply_orders_supplier_id_suppliers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_orders")),
        sa.UniqueConstraint("code", name=op.f("uq_supply_orders_code")),
    )
    op.create_index("ix_supply_orders_state", "supply_orders", ["state", "ordered_at", "id"])
    op.create_table(
        "part_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("on_order", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "kind IN ('order', 'receive', 'cancel', 'reserve', 'release', 'use', 'count', 'send', 'take')",
            name=op.f("ck_part_entries_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlets.id"], name=op.f("fk_part_entries_outlet_id_outlets")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_entries_part_id_parts")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_part_entries_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_entries")),
    )
    op.create_index("ix_part_entries_part", "part_entries", ["part_id", "id"])
    op.create_table(
        "part_fits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("brand", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("plain_model", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "product_id IS NOT NULL OR plain_model <> ''", name=op.f("ck_part_fits_fits_something")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_fits_part_id_parts")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_part_fits_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_fits")),
    )
    op.create_index("ix_part_fits_model", "part_fits", ["plain_model"])
    op.create_index(op.f("ix_part_fits_part_id"), "part_fits", ["part_id"])
    op.create_index("ix_part_fits_product", "part_fits", ["product_id"])
    op.create_table(
        "part_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('order', 'work')", name=op.f("ck_part_holds_purpose")),
        sa.CheckConstraint("state IN ('held', 'used', 'released')", name=op.f("ck_part_holds_state")),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_part_holds_pieces")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_part_holds_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_holds_part_id_parts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_holds")),
    )
    op.create_index(
        "ix_part_holds_held",
        "part_holds",
        ["part_id", "outlet_id"],
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "uq_part_holds_ref",
        "part_holds",
        ["purpose", "ref"],
        unique=True,
        sqlite_where=sa.text("state <> 'released'"),
        postgresql_where=sa.text("state <> 'released'"),
    )
    op.create_table(
        "part_levels",
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("on_order", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(length=40), nullable=False),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_part_levels_minimum")),
        sa.CheckConstraint(
            "on_hand >= 0 AND reserved >= 0 AND on_order >= 0", name=op.f("ck_part_levels_not_negative")
        ),
        sa.CheckConstraint("reserved <= on_hand", name=op.f("ck_part_levels_reserved_is_there")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_part_levels_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_levels_part_id_parts")),
        sa.PrimaryKeyConstraint("part_id", "outlet_id", name=op.f("pk_part_levels")),
    )
    op.create_index("ix_part_levels_outlet", "part_levels", ["outlet_id", "part_id"])
    op.create_table(
        "part_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=8), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("first_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("pieces > 0 AND checks >= 0", name=op.f("ck_part_marks_counts")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_marks_part_id_parts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_marks")),
        sa.UniqueConstraint("code", name=op.f("uq_part_marks_code")),
    )
    op.create_index(op.f("ix_part_marks_sheet"), "part_marks", ["sheet"])
    op.create_index("ix_part_marks_part", "part_marks", ["part_id", "id"])
    op.create_table(
        "part_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_words_part_id_parts")),
        sa.PrimaryKeyConstraint("word", "part_id", name=op.f("pk_part_words")),
    )
    op.create_index(op.f("ix_part_words_part_id"), "part_words", ["part_id"])
    op.create_table(
        "supply_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "pieces > 0 AND received >= 0 AND received <= pieces", name=op.f("ck_supply_lines_pieces")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["supply_orders.id"], name=op.f("fk_supply_lines_order_id_supply_orders")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_supply_lines_part_id_parts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_lines")),
        sa.UniqueConstraint("order_id", "part_id", name=op.f("uq_supply_lines_order_id_part_id")),
    )
    op.create_index("ix_supply_lines_part", "supply_lines", ["part_id"])
    op.create_table(
        "part_orders",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("paying", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        sa.Column("paid_way", sa.String(length=8), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_staff_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("paid_way IN ('cash', 'transfer', 'cod')", name=op.f("ck_part_orders_paid_way")),
        sa.CheckConstraint(
            "paying IN ('counter', 'delivery', 'nothing')", name=op.f("ck_part_orders_paying")
        ),
        sa.CheckConstraint("way IN ('collect', 'send', 'fit')", name=op.f("ck_part_orders_way")),
        sa.CheckConstraint("(paid IS NULL) = (paid_at IS NULL)", name=op.f("ck_part_orders_paid")),
        sa.CheckConstraint("freight IS NULL OR freight >= 0", name=op.f("ck_part_orders_freight")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_part_orders_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["paid_staff_id"], ["staff.id"], name=op.f("fk_part_orders_paid_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_part_orders")),
    )
    op.create_table(
        "part_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('wanted', 'held', 'picked', 'gone', 'cancelled')", name=op.f("ck_part_lines_state")
        ),
        sa.CheckConstraint("pieces > 0 AND price >= 0", name=op.f("ck_part_lines_pieces")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["part_orders.case_id"], name=op.f("fk_part_lines_case_id_part_orders")
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_part_lines_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_lines_part_id_parts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_lines")),
    )
    op.create_index("ix_part_lines_case", "part_lines", ["case_id", "id"])
    op.create_index(
        "ix_part_lines_wanted",
        "part_lines",
        ["part_id"],
        sqlite_where=sa.text("state = 'wanted'"),
        postgresql_where=sa.text("state = 'wanted'"),
    )


def downgrade():
    for table in (
        "part_lines",
        "part_orders",
        "supply_lines",
        "part_words",
        "part_marks",
        "part_levels",
        "part_holds",
        "part_fits",
        "part_entries",
        "supply_orders",
        "parts",
        "suppliers",
    ):
        op.drop_table(table)
