"""Orders that were told here; what may repeat, and the warnings that it does."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0014"
down_revision = "casework_0013"
branch_labels = None
depends_on = None
Time = sa.DateTime(timezone=True)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _times(*names: str, empty: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, Time, nullable=empty) for name in names]


def upgrade() -> None:
    op.create_table(
        "received_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_text("organisation_id", "counterpart_id"),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        *_text("subject", "purpose"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_times("received_at", "updated_at"),
        *_times("ended_at", empty=True),
        sa.Column("end", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    running = sa.text("ended_at is null")
    op.create_index("ix_received_orders_referral_id", "received_orders", ["referral_id"], unique=False)
    op.create_index("received_orders_page", "received_orders", ["organisation_id", "received_at", "id"], unique=False)
    op.create_index("received_orders_in_force", "received_orders", ["last_day"], postgresql_where=running)
    op.create_table(
        "received_order_breaches",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_text("organisation_id"),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        *_text("counterpart_id"),
        *_times("breached_at", empty=True),
        *_times("received_at"),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("ix_received_order_breaches_order_id", "received_order_breaches", ["order_id"], unique=False)
    _create_warnings()


def _create_warnings() -> None:
    op.create_table(
        "repetition_facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_text("pattern", "organisation_id"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *_times("at"),
        sa.PrimaryKeyConstraint("id", "pattern", "organisation_id"),
    )
    of_person = ["organisation_id", "person_id", "pattern"]
    op.create_index("repetition_facts_of_person", "repetition_facts", of_person, unique=False)
    op.create_table(
        "warnings",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_text("organisation_id"),
        sa.Column("counterpart_id", sa.String(), nullable=True),
        *_text("pattern"),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("trigger_id", sa.Uuid(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        *_times("created_at", "updated_at"),
        *_times("acknowledged_at", "shared_at", empty=True),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
        sa.UniqueConstraint("organisation_id", "pattern", "trigger_id"),
    )
    op.create_index("warnings_page", "warnings", ["organisation_id", "created_at", "id"], unique=False)
    op.create_index("warnings_of_person", "warnings", ["organisation_id", "person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("warnings")
    op.drop_table("repetition_facts")
    op.drop_table("received_order_breaches")
    op.drop_table("received_orders")
