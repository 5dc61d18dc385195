"""Lines of returns, exchanges, store credit; rules of couriers and claims against them."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

REASONS = ("mind", "size", "colour", "not_as_said", "defective", "wrong_item", "other")
DAY = date(2026, 11, 22)
# (code, name, damage_days, damage_since, loss_days, loss_since, claimant, fee_times, uninsured_most,
#  insured_most, channel, source, note): what each courier says itself or was quoted with; NULL is not known.
RULES = (
    ("ANTERAJA", "AnterAja", 3, "arrived", 7, "expected", "unknown", None, None, None, "",
     "https://blog.anteraja.id/syarat-klaim-asuransi-anteraja/", "Video saat membuka paket diminta."),
    ("JNE", "JNE", 14, "arrived", None, "expected", "sender", None, None, None, "",
     "https://money.kompas.com/read/2023/05/22/131000626/cara-klaim-asuransi-jne",
     "Dikutip Kompas.com (22 Mei 2023) dari situs JNE, untuk kiriman berasuransi. Diminta: resi asli, bukti "
     "asuransi, surat klaim, identitas, faktur pembelian."),
    ("JNT", "J&T Express", None, "arrived", None, "expected", "unknown", 10, 1_000_000, 20_000_000,
     "021-8066-1888, lalu formulir di drop point", "https://www.jet.co.id/information/terms/privacy",
     "Premi asuransi 0,2% dari nilai faktur. Batas hari tidak disebut di sumber; tanyakan ke J&T."),
    ("LION", "Lion Parcel", 14, "shipped", 14, "shipped", "either", 10, None, 1_000_000_000,
     "lionparcel.com/claim", "https://id.scribd.com/document/512521566/POSTER-KLAIM",
     "Poster klaim Lion Parcel; tanggal terbit tidak tertulis. Dengan asuransi barang elektronik paling banyak "
     "Rp100.000.000."),
    ("POS", "POS Indonesia", None, "arrived", None, "expected", "sender", None, None, None, "Kantor pos",
     "https://www.posindonesia.co.id/en/content/43", "Batas hari tidak terbaca di sumber; tanyakan ke kantor pos."),
)  # fmt: skip


def one_of(table, column, values):
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def upgrade():
    op.add_column(
        "purchase_lines", sa.Column("brought_back", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_table(
        "return_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("condition", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("wish", sa.String(length=8), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("ruling", sa.String(length=8), nullable=False),
        sa.Column("ruling_reason", sa.Text(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        one_of("return_lines", "reason", REASONS),
        one_of("return_lines", "condition", ("sealed", "unused", "used", "damaged")),
        one_of("return_lines", "wish", ("money", "credit", "exchange")),
        one_of("return_lines", "ruling", ("open", "approved", "refused")),
        sa.CheckConstraint("asked >= 1", name=op.f("ck_return_lines_asked")),
        sa.CheckConstraint("received BETWEEN 0 AND asked", name=op.f("ck_return_lines_received")),
        sa.CheckConstraint("paid >= 0", name=op.f("ck_return_lines_paid")),
        sa.CheckConstraint(
            "(wish = 'exchange') = (price IS NOT NULL)", name=op.f("ck_return_lines_exchange_has_a_price")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_return_lines_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["purchase_lines.id"], ondelete="SET NULL",
            name=op.f("fk_return_lines_line_id_purchase_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_return_lines_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_lines")),
        sa.UniqueConstraint("case_id", "line_id", name=op.f("uq_return_lines_case_id_line_id")),
    )  # fmt: skip
    op.create_index("ix_return_lines_line", "return_lines", ["line_id"])
    op.create_table(
        "exchanges",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_exchanges_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_exchanges_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_exchanges")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_exchanges_purchase_id")),
    )
    op.create_table(
        "store_credits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_store_credits_amount")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_store_credits_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_store_credits_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_store_credits_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_credits")),
    )
    op.create_index("ix_store_credits_customer", "store_credits", ["customer_id", "currency", "id"])
    op.create_index(op.f("ix_store_credits_case_id"), "store_credits", ["case_id"])
    rules = op.create_table(
        "courier_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("damage_days", sa.Integer(), nullable=True),
        sa.Column("damage_since", sa.String(length=8), nullable=False),
        sa.Column("loss_days", sa.Integer(), nullable=True),
        sa.Column("loss_since", sa.String(length=8), nullable=False),
        sa.Column("claimant", sa.String(length=8), nullable=False),
        sa.Column("fee_times", sa.Integer(), nullable=True),
        sa.Column("uninsured_most", sa.BigInteger(), nullable=True),
        sa.Column("insured_most", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        one_of("courier_rules", "damage_since", ("arrived", "shipped", "expected")),
        one_of("courier_rules", "loss_since", ("arrived", "shipped", "expected")),
        one_of("courier_rules", "claimant", ("sender", "either", "unknown")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_courier_rules_has_a_source")),
        sa.CheckConstraint("damage_days > 0 AND loss_days > 0", name=op.f("ck_courier_rules_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_rules")),
        sa.UniqueConstraint("code", name=op.f("uq_courier_rules_code")),
        sa.UniqueConstraint("name", name=op.f("uq_courier_rules_name")),
    )
    names = (
        "code", "name", "damage_days", "damage_since", "loss_days", "loss_since", "claimant", "fee_times",
        "uninsured_most", "insured_most", "channel", "source", "note",
    )  # fmt: skip
    op.bulk_insert(
        rules, [{**dict(zip(names, row, strict=True)), "checked_on": DAY, "version": 1} for row in RULES]
    )
    op.create_table(
        "damage_claims",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("peril", sa.String(length=12), nullable=False),
        sa.Column("courier", sa.String(length=40), nullable=False),
        sa.Column("waybill", sa.String(length=60), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("insured", sa.BigInteger(), nullable=True),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("proofs", sa.JSON(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "insured >= 0 AND value >= 0 AND fee >= 0 AND claimed >= 0", name=op.f("ck_damage_claims_amounts")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_damage_claims_answered")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_damage_claims_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_damage_claims")),
    )


def downgrade():
    for table in ("damage_claims", "courier_rules", "store_credits", "exchanges", "return_lines"):
        op.drop_table(table)
    op.drop_column("purchase_lines", "brought_back")
