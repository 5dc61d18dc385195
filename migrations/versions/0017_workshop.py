"""What a workshop writes down: intake, diagnosis, lines, time, suppliers, loans, hand-over, reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# What is asked for when anything is taken in, until the shop writes lists of its own.
ACCESSORIES = ["Kardus", "Adaptor", "Kabel daya", "Remote", "Buku petunjuk", "Kartu garansi"]

# Columns of a work order, with what those that are there already get (None: nothing).
COLUMNS = (
    ("place", sa.String(length=8), "shop"),
    ("received_at", MOMENT, None),
    ("said", sa.Text(), ""),
    ("condition", sa.Text(), ""),
    ("accessories", sa.JSON(), "[]"),
    ("shelf", sa.String(length=24), ""),
    ("symptom", sa.String(length=200), ""),
    ("cause", sa.String(length=200), ""),
    ("component", sa.String(length=24), ""),
    ("minutes", sa.Integer(), "0"),
    ("supplier_id", sa.Integer(), None),
    ("supplier_ref", sa.String(length=40), ""),
    ("supplier_sent_on", sa.Date(), None),
    ("supplier_due_on", sa.Date(), None),
    ("supplier_back_on", sa.Date(), None),
    ("supplier_pays", sa.Boolean(), None),
    ("supplier_pays_reason", sa.Text(), ""),
    ("ready_at", MOMENT, None),
    ("remind_at", MOMENT, None),
    ("reminded", sa.Integer(), "0"),
    ("handed_at", MOMENT, None),
    ("handed_to", sa.String(length=120), ""),
    ("handed_proof", sa.String(length=12), None),
    ("signature", sa.Text(), ""),
    ("wrong_codes", sa.Integer(), "0"),
)
CHECKS = {
    "place": "place IN ('shop', 'home')",
    "handed_proof": "handed_proof IN ('signature', 'code', 'paper')",
    "minutes": "minutes >= 0",
}


def where(condition):
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


ALIVE = where("state NOT IN ('handed_over', 'cancelled')")


def refers(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade():
    with op.batch_alter_table("work_orders") as orders:
        for name, kind, value in COLUMNS:
            orders.add_column(sa.Column(name, kind, nullable=value is None, server_default=value))
        for name, rule in CHECKS.items():
            orders.create_check_constraint(op.f(f"ck_work_orders_{name}"), rule)
        orders.create_foreign_key(
            op.f("fk_work_orders_supplier_id_suppliers"), "suppliers", ["supplier_id"], ["id"]
        )
    op.add_column("cases", sa.Column("loaned", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_work_orders_technician", "work_orders", ["technician_id", "touched_at", "id"], **ALIVE
    )
    op.create_index("ix_work_orders_remind", "work_orders", ["remind_at"], **where("remind_at IS NOT NULL"))
    op.create_index(
        "ix_work_orders_supplier", "work_orders", ["supplier_due_on"], **where("state = 'at_supplier'")
    )
    op.create_table(
        "work_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("billing", sa.String(length=10), nullable=False),
        sa.Column("billing_reason", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "billing IN ('warranty', 'no_charge', 'billable')", name=op.f("ck_work_lines_billing")
        ),
        sa.CheckConstraint("kind IN ('part', 'labour', 'fee')", name=op.f("ck_work_lines_kind")),
        sa.CheckConstraint("part_id IS NULL OR kind = 'part'", name=op.f("ck_work_lines_part")),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_work_lines_cost")),
        sa.CheckConstraint("minutes IS NULL OR minutes >= 0", name=op.f("ck_work_lines_minutes")),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_work_lines_pieces")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_work_lines_price")),
        refers("work_lines", "work_order_id", "work_orders"),
        refers("work_lines", "part_id", "parts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_lines")),
    )
    op.create_index("ix_work_lines_order", "work_lines", ["work_order_id", "id"])
    op.create_index("ix_work_lines_part", "work_lines", ["part_id"], **where("part_id IS NOT NULL"))
    op.create_table(
        "work_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (minutes IS NULL)", name=op.f("ck_work_times_ended")),
        sa.CheckConstraint("minutes IS NULL OR minutes >= 0", name=op.f("ck_work_times_minutes")),
        refers("work_times", "work_order_id", "work_orders"),
        refers("work_times", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_times")),
    )
    op.create_index("ix_work_times_order", "work_times", ["work_order_id", "id"])
    op.create_index(
        "uq_work_times_running", "work_times", ["staff_id"], unique=True, **where("ended_at IS NULL")
    )
    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=120), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("out_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.Column("condition_back", sa.Text(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        refers("loans", "work_order_id", "work_orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
    )
    op.create_index("ix_loans_order", "loans", ["work_order_id", "id"])
    op.create_index("ix_loans_out", "loans", ["due_on", "id"], **where("back_at IS NULL"))
    workshop = op.create_table(
        "workshop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remind_days", sa.JSON(), nullable=False),
        sa.Column("hour_price", sa.BigInteger(), nullable=True),
        sa.Column("supplier_days", sa.Integer(), nullable=False),
        sa.Column("loan_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
    )
    op.bulk_insert(
        workshop,
        [{"id": 1, "remind_days": [3, 7, 14, 30], "supplier_days": 14, "loan_days": 14, "version": 1}],
    )
    lists = op.create_table(
        "accessory_lists",
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_accessory_lists")),
    )
    op.bulk_insert(lists, [{"category": "", "names": ACCESSORIES, "version": 1}])


def downgrade():
    for table in ("accessory_lists", "workshop", "loans", "work_times", "work_lines"):
        op.drop_table(table)
    for index in ("supplier", "remind", "technician"):
        op.drop_index(f"ix_work_orders_{index}", "work_orders")
    op.drop_column("cases", "loaned")
    with op.batch_alter_table("work_orders") as orders:
        orders.drop_constraint(op.f("fk_work_orders_supplier_id_suppliers"), type_="foreignkey")
        for name in CHECKS:
            orders.drop_constraint(op.f(f"ck_work_orders_{name}"), type_="check")
        for name, _kind, _value in reversed(COLUMNS):
            orders.drop_column(name)
