"""What couriers report."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATUSES = (
    "label_created", "pickup_scheduled", "picked_up", "in_transit", "out_for_delivery",
    "available_for_pickup", "delivered", "attempt_failed", "exception", "return_in_transit", "returned",
    "cancelled", "stale",
)  # fmt: skip
UNDER_WAY = "status NOT IN ('delivered', 'returned', 'cancelled')"
LEG_INDEXES = (
    ("ix_legs_moved", ["moved_at", "id"], None),
    ("ix_legs_under_way", ["moved_at", "id"], UNDER_WAY),
    ("ix_legs_attention", ["moved_at", "id"], "attention IS NOT NULL"),
    ("ix_legs_alarm", ["alarm_at"], "alarm_at IS NOT NULL"),
    ("ix_legs_ask", ["ask_at"], "ask_at IS NOT NULL"),
)
EVENT_INDEXES = (
    ("ix_courier_events_leg", ["leg_id"], "leg_id IS NOT NULL"),
    ("ix_courier_events_newest", ["account_id", "id"], None),
    ("ix_courier_events_ref", ["ref"], "leg_id IS NULL"),
    ("ix_courier_events_waybill", ["waybill"], "leg_id IS NULL"),
    ("ix_courier_events_failed", ["account_id", "id"], "state = 'failed'"),
)


def _one_of(column, values):
    said = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({said})"


def _index(name, table, columns, condition):
    where = sa.text(condition) if condition else None
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def upgrade():
    op.create_table(
        "courier_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_accounts")),
        sa.UniqueConstraint("code", name=op.f("uq_courier_accounts_code")),
    )
    op.create_table(
        "courier_words",
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_one_of("status", STATUSES), name=op.f("ck_courier_words_status")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_courier_words_staff_id_staff")),
        sa.PrimaryKeyConstraint("format", "word", name=op.f("pk_courier_words")),
    )
    _alter_legs()
    _alter_checkpoints()
    op.create_table(
        "leg_numbers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_leg_numbers_leg_id_legs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg_numbers")),
        sa.UniqueConstraint("leg_id", "number", name=op.f("uq_leg_numbers_leg_id_number")),
    )
    op.create_index("ix_leg_numbers_number", "leg_numbers", ["number"])
    op.execute(
        "INSERT INTO leg_numbers (leg_id, number)"
        " SELECT id, upper(replace(waybill, ' ', '')) FROM legs WHERE replace(waybill, ' ', '') <> ''"
    )
    op.create_table(
        "purchase_legs",
        sa.Column("leg_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_purchase_legs_leg_id_legs")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_legs_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_purchase_legs")),
    )
    op.create_index("ix_purchase_legs_purchase", "purchase_legs", ["purchase_id"])
    op.create_table(
        "courier_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.String(length=160), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=True),
        sa.Column("waybill", sa.String(length=60), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            _one_of("state", ("applied", "kept", "waiting", "failed")), name=op.f("ck_courier_events_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["courier_accounts.id"],
            name=op.f("fk_courier_events_account_id_courier_accounts"),
        ),
        sa.ForeignKeyConstraint(["leg_id"], ["legs.id"], name=op.f("fk_courier_events_leg_id_legs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_events")),
        sa.UniqueConstraint("account_id", "event_id", name=op.f("uq_courier_events_account_id_event_id")),
    )  # fmt: skip
    for name, columns, condition in EVENT_INDEXES:
        _index(name, "courier_events", columns, condition)


def _alter_legs():
    with op.batch_alter_table("legs") as batch:
        batch.add_column(sa.Column("outlet_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("eta_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("eta_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("eta_by", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("received_by", sa.String(length=120), nullable=False, server_default=""))
        batch.add_column(sa.Column("proof", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("attention", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("settled", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("ask_problem", sa.JSON(none_as_null=True), nullable=True))
        batch.create_foreign_key(batch.f("fk_legs_outlet_id_outlets"), "outlets", ["outlet_id"], ["id"])
        batch.create_foreign_key(
            batch.f("fk_legs_account_id_courier_accounts"), "courier_accounts", ["account_id"], ["id"]
        )
        batch.create_check_constraint(
            batch.f("ck_legs_attention"), _one_of("attention", ("exception", "unknown", "late", "stale"))
        )
    op.execute(
        "UPDATE legs SET moved_at = coalesce("
        "(SELECT max(checkpoints.at) FROM checkpoints WHERE checkpoints.leg_id = legs.id), created_at)"
    )
    op.execute(
        "UPDATE legs SET outlet_id = (SELECT cases.outlet_id FROM case_legs"
        " JOIN cases ON cases.id = case_legs.case_id WHERE case_legs.leg_id = legs.id)"
    )
    op.execute(f"UPDATE legs SET alarm_at = moved_at WHERE {UNDER_WAY}")  # noqa: S608  # a constant
    with op.batch_alter_table("legs") as batch:
        batch.alter_column("moved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    for name, columns, condition in LEG_INDEXES:
        _index(name, "legs", columns, condition)


def _alter_checkpoints():
    with op.batch_alter_table("checkpoints") as batch:
        batch.add_column(sa.Column("said", sa.String(length=300), nullable=False, server_default=""))
        batch.add_column(sa.Column("word", sa.String(length=120), nullable=False, server_default=""))
        batch.add_column(sa.Column("mark", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("struck_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(batch.f("fk_checkpoints_struck_by_staff"), "staff", ["struck_by"], ["id"])
    op.execute("UPDATE checkpoints SET mark = 'row:' || id")
    with op.batch_alter_table("checkpoints") as batch:
        batch.alter_column("mark", existing_type=sa.String(length=40), nullable=False)
        batch.alter_column("status", existing_type=sa.String(length=20), nullable=True)
        batch.drop_constraint(batch.f("uq_checkpoints_leg_id_at_status"), type_="unique")
        batch.create_unique_constraint(batch.f("uq_checkpoints_leg_id_mark"), ["leg_id", "mark"])
    _index("ix_checkpoints_odd", "checkpoints", ["word"], "word <> ''")


def downgrade():
    """What the tables before cannot hold is left out: words that nobody knows, and second ones at a moment."""
    op.drop_index("ix_checkpoints_odd", "checkpoints")
    op.execute("DELETE FROM checkpoints WHERE status IS NULL OR struck_by IS NOT NULL")
    op.execute(
        "DELETE FROM checkpoints WHERE id NOT IN"
        " (SELECT min(id) FROM checkpoints GROUP BY leg_id, at, status)"
    )
    with op.batch_alter_table("checkpoints") as batch:
        batch.drop_constraint(batch.f("uq_checkpoints_leg_id_mark"), type_="unique")
        batch.drop_constraint(batch.f("fk_checkpoints_struck_by_staff"), type_="foreignkey")
        batch.create_unique_constraint(batch.f("uq_checkpoints_leg_id_at_status"), ["leg_id", "at", "status"])
        batch.alter_column("status", existing_type=sa.String(length=20), nullable=False)
        for column in ("said", "word", "mark", "struck_by"):
            batch.drop_column(column)
    for table in ("courier_events", "purchase_legs", "leg_numbers"):
        op.drop_table(table)
    for name, _columns, _condition in LEG_INDEXES:
        op.drop_index(name, "legs")
    with op.batch_alter_table("legs") as batch:
        batch.drop_constraint(batch.f("ck_legs_attention"), type_="check")
        batch.drop_constraint(batch.f("fk_legs_account_id_courier_accounts"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_legs_outlet_id_outlets"), type_="foreignkey")
        for column in (
            "outlet_id", "account_id", "moved_at", "eta_from", "eta_until", "eta_by", "received_by", "proof",
            "attention", "settled", "alarm_at", "ask_at", "asked", "ask_problem",
        ):  # fmt: skip
            batch.drop_column(column)
    op.drop_table("courier_words")
    op.drop_table("courier_accounts")
