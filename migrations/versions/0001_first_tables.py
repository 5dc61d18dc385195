"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("phone_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("code", name=op.f("uq_customers_code")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index("ix_customers_email", ["email"], unique=False)
        batch_op.create_index("ix_customers_phone", ["phone"], unique=False)
        batch_op.create_index(
            "uq_customers_email",
            ["email"],
            unique=True,
            sqlite_where=sa.text("email_verified_at IS NOT NULL"),
            postgresql_where=sa.text("email_verified_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_customers_phone",
            ["phone"],
            unique=True,
            sqlite_where=sa.text("phone_verified_at IS NOT NULL"),
            postgresql_where=sa.text("phone_verified_at IS NOT NULL"),
        )

    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'kept')", name=op.f("ck_files_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("code", name=op.f("uq_files_code")),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index("ix_files_owner", ["owner", "created_at"], unique=False)
        batch_op.create_index("ix_files_state", ["state", "created_at"], unique=False)

    op.create_table(
        "form_keys",
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_form_keys")),
    )
    op.create_table(
        "legs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("direction", sa.String(length=14), nullable=False),
        sa.Column("courier", sa.String(length=40), nullable=False),
        sa.Column("waybill", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "direction IN ('to_shop', 'to_supplier', 'from_supplier', 'to_customer')",
            name=op.f("ck_legs_direction"),
        ),
        sa.CheckConstraint(
            "status IN ('label_created', 'pickup_scheduled', 'picked_up', 'in_transit', 'out_for_delivery', 'available_for_pickup', 'delivered', 'attempt_failed', 'exception', 'return_in_transit', 'returned', 'cancelled', 'stale')",
            name=op.f("ck_legs_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legs")),
        sa.UniqueConstraint("code", name=op.f("uq_legs_code")),
    )
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.create_index("ix_legs_waybill", ["waybill"], unique=False)

    op.create_table(
        "limit_counters",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_counters")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'whatsapp')", name=op.f("ck_outbox_channel")),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f("ck_outbox_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_about", ["about"], unique=False)
        batch_op.create_index(
            "ix_outbox_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "outlets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=12), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "sector IN ('electronics', 'furniture', 'fashion', 'food', 'logistics', 'general')",
            name=op.f("ck_outlets_sector"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlets")),
        sa.UniqueConstraint("code", name=op.f("uq_outlets_code")),
    )
    op.create_table(
        "policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("code", name=op.f("uq_policies_code")),
    )
    op.create_table(
        "return_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_policies")),
        sa.UniqueConstraint("code", name=op.f("uq_return_policies_code")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('customer', 'agent', 'technician', 'manager', 'admin', 'system')",
            name=op.f("ck_staff_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("code", name=op.f("uq_staff_code")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "symptoms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sector", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("component", sa.String(length=24), nullable=False),
        sa.Column("name_id", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "sector IN ('electronics', 'furniture', 'fashion', 'food', 'logistics', 'general')",
            name=op.f("ck_symptoms_sector"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symptoms")),
        sa.UniqueConstraint("code", name=op.f("uq_symptoms_code")),
    )
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("raw", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('label_created', 'pickup_scheduled', 'picked_up', 'in_transit', 'out_for_delivery', 'available_for_pickup', 'delivered', 'attempt_failed', 'exception', 'return_in_transit', 'returned', 'cancelled', 'stale')",
            name=op.f("ck_checkpoints_status"),
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_checkpoints_leg_id_legs")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_checkpoints_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("leg_id", "at", "status", name=op.f("uq_checkpoints_leg_id_at_status")),
    )
    op.create_table(
        "login_secrets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(length=254), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_login_secrets_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_login_secrets_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_secrets")),
    )
    with op.batch_alter_table("login_secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_secrets_browser_hash"), ["browser_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_secrets_secret_hash"), ["secret_hash"], unique=False)

    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("replacement", sa.String(length=10), nullable=False),
        sa.Column("maker", sa.String(length=300), nullable=False),
        sa.Column("service_centre", sa.String(length=300), nullable=False),
        sa.Column("terms_id", sa.Text(), nullable=False),
        sa.Column("terms_en", sa.Text(), nullable=False),
        sa.Column("parts_id", sa.Text(), nullable=False),
        sa.Column("parts_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('resmi', 'distributor', 'toko', 'internasional')", name=op.f("ck_policy_versions_kind")
        ),
        sa.CheckConstraint(
            "replacement IN ('continues', 'restarts')", name=op.f("ck_policy_versions_replacement")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_policy_versions_policy_id_policies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_policy_versions_policy_id_number")),
    )
    with op.batch_alter_table("policy_versions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_policy_versions_draft",
            ["policy_id"],
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("brand", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("sector", sa.String(length=12), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("serialised", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=True),
        sa.Column("return_policy_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "sector IN ('electronics', 'furniture', 'fashion', 'food', 'logistics', 'general')",
            name=op.f("ck_products_sector"),
        ),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_products_policy_id_policies")),
        sa.ForeignKeyConstraint(
            ["return_policy_id"],
            ["return_policies.id"],
            name=op.f("fk_products_return_policy_id_return_policies"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("sku", name=op.f("uq_products_sku")),
    )
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.create_index("ix_products_name", ["name", "id"], unique=False)

    op.create_table(
        "purchases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("buyer_name", sa.String(length=120), nullable=False),
        sa.Column("buyer_phone", sa.String(length=16), nullable=True),
        sa.Column("buyer_email", sa.String(length=254), nullable=True),
        sa.Column("cashier", sa.String(length=80), nullable=False),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('sale', 'cancellation', 'adjustment')", name=op.f("ck_purchases_kind")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_purchases_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_purchases_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("code", name=op.f("uq_purchases_code")),
        sa.UniqueConstraint("outlet_id", "number", name=op.f("uq_purchases_outlet_id_number")),
    )
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        batch_op.create_index("ix_purchases_buyer_email", ["buyer_email"], unique=False)
        batch_op.create_index("ix_purchases_buyer_phone", ["buyer_phone"], unique=False)
        batch_op.create_index("ix_purchases_customer", ["customer_id", "bought_at", "id"], unique=False)
        batch_op.create_index("ix_purchases_newest", ["bought_at", "id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("reach", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("browser", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(customer_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_sessions_one_person")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_sessions_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sessions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_customer_id", ["customer_id"], unique=False)
        batch_op.create_index("ix_sessions_staff_id", ["staff_id"], unique=False)

    op.create_table(
        "guide_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body_id", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_guide_versions_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_versions")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_guide_versions_product_id_number")),
    )
    op.create_table(
        "policy_layers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_version_id", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(length=24), nullable=False),
        sa.Column("name_id", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("parts", sa.Boolean(), nullable=False),
        sa.Column("labour", sa.Boolean(), nullable=False),
        sa.Column("transport", sa.Boolean(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("starts", sa.String(length=12), nullable=False),
        sa.Column("provider", sa.String(length=12), nullable=False),
        sa.Column("exclusions_id", sa.Text(), nullable=False),
        sa.Column("exclusions_en", sa.Text(), nullable=False),
        sa.Column("how_id", sa.Text(), nullable=False),
        sa.Column("how_en", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "provider IN ('maker', 'distributor', 'shop', 'extended')", name=op.f("ck_policy_layers_provider")
        ),
        sa.CheckConstraint(
            "starts IN ('purchase', 'delivery', 'installation')", name=op.f("ck_policy_layers_starts")
        ),
        sa.CheckConstraint(
            "months >= 0 AND days >= 0 AND months + days > 0", name=op.f("ck_policy_layers_has_a_term")
        ),
        sa.CheckConstraint("parts OR labour OR transport", name=op.f("ck_policy_layers_covers_something")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"],
            ["policy_versions.id"],
            name=op.f("fk_policy_layers_policy_version_id_policy_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_layers")),
        sa.UniqueConstraint(
            "policy_version_id", "clause", name=op.f("uq_policy_layers_policy_version_id_clause")
        ),
    )
    op.create_table(
        "purchase_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.String(32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_purchase_lines_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_lines_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_lines")),
        sa.UniqueConstraint("purchase_id", "position", name=op.f("uq_purchase_lines_purchase_id_position")),
    )
    op.create_table(
        "receipt_links",
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_receipt_links_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_receipt_links_token_hash")),
    )
    with op.batch_alter_table("receipt_links", schema=None) as batch_op:
        batch_op.create_index(
            "uq_receipt_links_alive",
            ["purchase_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("policy_version_id", sa.Integer(), nullable=True),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("serial", sa.String(length=60), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("registration", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("void_on", sa.Date(), nullable=True),
        sa.Column("bought_at_shop", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "registration <> 'void' OR void_on IS NOT NULL", name=op.f("ck_units_void_has_a_day")
        ),
        sa.CheckConstraint(
            "registration IN ('pending', 'valid', 'rejected', 'void')", name=op.f("ck_units_registration")
        ),
        sa.CheckConstraint("pieces >= 1", name=op.f("ck_units_pieces")),
        sa.ForeignKeyConstraint(["holder_id"], ["customers.id"], name=op.f("fk_units_holder_id_customers")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["purchase_lines.id"], name=op.f("fk_units_line_id_purchase_lines")
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_units_outlet_id_outlets")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"],
            ["policy_versions.id"],
            name=op.f("fk_units_policy_version_id_policy_versions"),
        ),
        sa.ForeignKeyConstraint(["predecessor_id"], ["units.id"], name=op.f("fk_units_predecessor_id_units")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_units_product_id_products")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_units_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index("ix_units_holder", ["holder_id", "id"], unique=False)
        batch_op.create_index(
            "ix_units_pending",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("registration = 'pending'"),
            postgresql_where=sa.text("registration = 'pending'"),
        )
        batch_op.create_index(
            "ix_units_predecessor",
            ["predecessor_id"],
            unique=False,
            sqlite_where=sa.text("predecessor_id IS NOT NULL"),
            postgresql_where=sa.text("predecessor_id IS NOT NULL"),
        )
        batch_op.create_index("ix_units_purchase", ["purchase_id"], unique=False)
        batch_op.create_index("ix_units_serial", ["serial"], unique=False)
        batch_op.create_index(
            "uq_units_serial",
            ["product_id", "serial"],
            unique=True,
            sqlite_where=sa.text("serial IS NOT NULL AND registration <> 'rejected'"),
            postgresql_where=sa.text("serial IS NOT NULL AND registration <> 'rejected'"),
        )

    op.create_table(
        "card_links",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_card_links_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_card_links_token_hash")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_card_links_unit_id")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("on_desk", sa.Boolean(), nullable=False),
        sa.Column("acts", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "acts IN ('customer', 'agent', 'technician', 'courier', 'nobody')", name=op.f("ck_cases_acts")
        ),
        sa.CheckConstraint(
            "category IN ('draft', 'open', 'paused', 'resolved')", name=op.f("ck_cases_category")
        ),
        sa.CheckConstraint("on_desk = (category IN ('open', 'paused'))", name=op.f("ck_cases_on_desk")),
        sa.CheckConstraint(
            "stage IN ('draft', 'new', 'customer', 'review', 'item', 'decided', 'work', 'out', 'closed')",
            name=op.f("ck_cases_stage"),
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["staff.id"], name=op.f("fk_cases_assignee_id_staff")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_cases_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_cases_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cases_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_customer", ["customer_id", "touched_at", "id"], unique=False)
        batch_op.create_index(
            "ix_cases_desk_assignee",
            ["assignee_id", "touched_at", "id"],
            unique=False,
            sqlite_where=sa.text("on_desk"),
            postgresql_where=sa.text("on_desk"),
        )
        batch_op.create_index(
            "ix_cases_desk_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("on_desk"),
            postgresql_where=sa.text("on_desk"),
        )
        batch_op.create_index(
            "ix_cases_desk_outlet",
            ["outlet_id", "touched_at", "id"],
            unique=False,
            sqlite_where=sa.text("on_desk"),
            postgresql_where=sa.text("on_desk"),
        )
        batch_op.create_index(
            "ix_cases_desk_touched",
            ["touched_at", "id"],
            unique=False,
            sqlite_where=sa.text("on_desk"),
            postgresql_where=sa.text("on_desk"),
        )
        batch_op.create_index("ix_cases_stage", ["stage", "touched_at", "id"], unique=False)
        batch_op.create_index("ix_cases_touched", ["touched_at", "id"], unique=False)
        batch_op.create_index("ix_cases_unit", ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_cases_open_claim",
            ["unit_id"],
            unique=True,
            sqlite_where=sa.text("on_desk AND kind = 'warranty'"),
            postgresql_where=sa.text("on_desk AND kind = 'warranty'"),
        )

    op.create_table(
        "unit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_unit_events_staff_id_staff")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_events_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_events")),
    )
    with op.batch_alter_table("unit_events", schema=None) as batch_op:
        batch_op.create_index("ix_unit_events_unit", ["unit_id", "id"], unique=False)

    op.create_table(
        "unit_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file_code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_photos_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_photos")),
        sa.UniqueConstraint("unit_id", "file_code", name=op.f("uq_unit_photos_unit_id_file_code")),
    )
    with op.batch_alter_table("unit_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_photos_file_code"), ["file_code"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=True),
        sa.Column("after", sa.String(length=20), nullable=True),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_events_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index("ix_case_events_case", ["case_id", "id"], unique=False)

    op.create_table(
        "case_legs",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_legs_case_id_cases")),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_case_legs_leg_id_legs")),
        sa.PrimaryKeyConstraint("case_id", "leg_id", name=op.f("pk_case_legs")),
        sa.UniqueConstraint("leg_id", name=op.f("uq_case_legs_leg_id")),
    )
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_links")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_links_case_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_case_links_token_hash")),
    )
    op.create_table(
        "claims",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("symptom", sa.String(length=40), nullable=False),
        sa.Column("component", sa.String(length=24), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("draft_photos", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("payment", sa.String(length=10), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_claims_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_claims")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("payment", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("alternative", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(payment = 'rejected') = (outcome IS NULL)", name=op.f("ck_decisions_outcome_unless_rejected")
        ),
        sa.CheckConstraint(
            "outcome IN ('repair', 'replace', 'refund', 'part')", name=op.f("ck_decisions_outcome")
        ),
        sa.CheckConstraint(
            "payment IN ('free', 'partly', 'paid', 'rejected')", name=op.f("ck_decisions_payment")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_decisions_has_a_reason")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decisions_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_decisions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("ix_decisions_case", ["case_id", "id"], unique=False)

    op.create_table(
        "parts_owed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('owed', 'done')", name=op.f("ck_parts_owed_state")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_parts_owed_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts_owed")),
        sa.UniqueConstraint("case_id", "description", name=op.f("uq_parts_owed_case_id_description")),
    )
    with op.batch_alter_table("parts_owed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parts_owed_case_id"), ["case_id"], unique=False)

    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('owed', 'done')", name=op.f("ck_refunds_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_refunds_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refunds_case_id"), ["case_id"], unique=False)

    op.create_table(
        "replacements",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_replacements_case_id_cases")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_replacements_unit_id_units")),
        sa.PrimaryKeyConstraint("case_id", "unit_id", name=op.f("pk_replacements")),
    )
    op.create_table(
        "work_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'diagnosing', 'estimating', 'waiting_approval', 'approved', 'waiting_parts', 'at_supplier', 'in_progress', 'done', 'unrepairable', 'handed_over', 'uncollected', 'cancelled')",
            name=op.f("ck_work_orders_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_work_orders_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["staff.id"], name=op.f("fk_work_orders_technician_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_orders")),
        sa.UniqueConstraint("code", name=op.f("uq_work_orders_code")),
    )
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.create_index(
            "ix_work_orders_alive",
            ["touched_at", "id"],
            unique=False,
            sqlite_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
        )
        batch_op.create_index("ix_work_orders_case", ["case_id"], unique=False)
        batch_op.create_index(
            "uq_work_orders_case",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
        )

    op.create_table(
        "case_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("file_code", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_photos_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_events.id"], name=op.f("fk_case_photos_event_id_case_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_photos")),
        sa.UniqueConstraint("event_id", "file_code", name=op.f("uq_case_photos_event_id_file_code")),
    )
    with op.batch_alter_table("case_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_photos_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_photos_file_code"), ["file_code"], unique=False)


def downgrade():
    with op.batch_alter_table("case_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_photos_file_code"))
        batch_op.drop_index(batch_op.f("ix_case_photos_event_id"))

    op.drop_table("case_photos")
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_work_orders_case",
            sqlite_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
        )
        batch_op.drop_index("ix_work_orders_case")
        batch_op.drop_index(
            "ix_work_orders_alive",
            sqlite_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('handed_over', 'cancelled')"),
        )

    op.drop_table("work_orders")
    op.drop_table("replacements")
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refunds_case_id"))

    op.drop_table("refunds")
    with op.batch_alter_table("parts_owed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parts_owed_case_id"))

    op.drop_table("parts_owed")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_decisions_case")

    op.drop_table("decisions")
    op.drop_table("claims")
    op.drop_table("case_links")
    op.drop_table("case_legs")
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.drop_index("ix_case_events_case")

    op.drop_table("case_events")
    with op.batch_alter_table("unit_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_photos_file_code"))

    op.drop_table("unit_photos")
    with op.batch_alter_table("unit_events", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_events_unit")

    op.drop_table("unit_events")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cases_open_claim",
            sqlite_where=sa.text("on_desk AND kind = 'warranty'"),
            postgresql_where=sa.text("on_desk AND kind = 'warranty'"),
        )
        batch_op.drop_index("ix_cases_unit")
        batch_op.drop_index("ix_cases_touched")
        batch_op.drop_index("ix_cases_stage")
        batch_op.drop_index(
            "ix_cases_desk_touched", sqlite_where=sa.text("on_desk"), postgresql_where=sa.text("on_desk")
        )
        batch_op.drop_index(
            "ix_cases_desk_outlet", sqlite_where=sa.text("on_desk"), postgresql_where=sa.text("on_desk")
        )
        batch_op.drop_index(
            "ix_cases_desk_due", sqlite_where=sa.text("on_desk"), postgresql_where=sa.text("on_desk")
        )
        batch_op.drop_index(
            "ix_cases_desk_assignee", sqlite_where=sa.text("on_desk"), postgresql_where=sa.text("on_desk")
        )
        batch_op.drop_index("ix_cases_customer")

    op.drop_table("cases")
    op.drop_table("card_links")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_units_serial",
            sqlite_where=sa.text("serial IS NOT NULL AND registration <> 'rejected'"),
            postgresql_where=sa.text("serial IS NOT NULL AND registration <> 'rejected'"),
        )
        batch_op.drop_index("ix_units_serial")
        batch_op.drop_index("ix_units_purchase")
        batch_op.drop_index(
            "ix_units_predecessor",
            sqlite_where=sa.text("predecessor_id IS NOT NULL"),
            postgresql_where=sa.text("predecessor_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_units_pending",
            sqlite_where=sa.text("registration = 'pending'"),
            postgresql_where=sa.text("registration = 'pending'"),
        )
        batch_op.drop_index("ix_units_holder")

    op.drop_table("units")
    with op.batch_alter_table("receipt_links", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_receipt_links_alive",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.drop_table("receipt_links")
    op.drop_table("purchase_lines")
    op.drop_table("policy_layers")
    op.drop_table("guide_versions")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_sessions_staff_id")
        batch_op.drop_index("ix_sessions_customer_id")

    op.drop_table("sessions")
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        batch_op.drop_index("ix_purchases_newest")
        batch_op.drop_index("ix_purchases_customer")
        batch_op.drop_index("ix_purchases_buyer_phone")
        batch_op.drop_index("ix_purchases_buyer_email")

    op.drop_table("purchases")
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_index("ix_products_name")

    op.drop_table("products")
    with op.batch_alter_table("policy_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_policy_versions_draft",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.drop_table("policy_versions")
    with op.batch_alter_table("login_secrets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_secrets_secret_hash"))
        batch_op.drop_index(batch_op.f("ix_login_secrets_browser_hash"))

    op.drop_table("login_secrets")
    op.drop_table("checkpoints")
    op.drop_table("symptoms")
    op.drop_table("staff")
    op.drop_table("return_policies")
    op.drop_table("policies")
    op.drop_table("outlets")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_due",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.drop_index("ix_outbox_about")

    op.drop_table("outbox")
    op.drop_table("limit_counters")
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_index("ix_legs_waybill")

    op.drop_table("legs")
    op.drop_table("form_keys")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index("ix_files_state")
        batch_op.drop_index("ix_files_owner")

    op.drop_table("files")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_customers_phone",
            sqlite_where=sa.text("phone_verified_at IS NOT NULL"),
            postgresql_where=sa.text("phone_verified_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_customers_email",
            sqlite_where=sa.text("email_verified_at IS NOT NULL"),
            postgresql_where=sa.text("email_verified_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_customers_phone")
        batch_op.drop_index("ix_customers_email")

    op.drop_table("customers")
