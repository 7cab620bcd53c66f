"""Orders, who was told of them, when they were broken; more indicators of an incident, and its articles of law.

What had been recorded of incidents before counts from the first day: three within six months are a warning when the
next one comes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "police_0004"
down_revision = "police_0003"
branch_labels = None
depends_on = "casework_0014"
Time = sa.DateTime(timezone=True)
FACTS = (
    "insert into repetition_facts (id, pattern, organisation_id, person_id, at) select id, {pattern}, organisation_id, "
)
HAPPENED = FACTS.format(pattern="'incidents'") + "victim_id, occurred_at from incidents where victim_id is not null"
ENDED = (
    FACTS.format(pattern="case outcome when 'conciliation' then 'conciliations' else 'refusals_to_report' end")
    + "victim_id, outcome_at from incidents where victim_id is not null and outcome_at is not null "
    "and outcome in ('conciliation', 'no_complaint')"
)


def upgrade() -> None:
    op.add_column("incidents", sa.Column("place", sa.String(), nullable=True))
    op.add_column("incidents", sa.Column("injury", sa.String(), nullable=True))
    op.add_column("incidents", sa.Column("articles", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("protected_id", sa.Uuid(), nullable=False),
        sa.Column("dependants", postgresql.JSONB(), nullable=False),
        sa.Column("alleged_offender_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("ended_at", Time, nullable=True),
        sa.Column("end", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("orders_page", "orders", ["organisation_id", "created_at", "id"], unique=False)
    op.create_index("orders_in_force", "orders", ["last_day"], postgresql_where=sa.text("ended_at is null"))
    op.create_index("orders_protecting", "orders", ["organisation_id", "protected_id"], unique=False)
    _create_what_belongs_to_orders()
    op.execute(HAPPENED)
    op.execute(ENDED)


def _create_what_belongs_to_orders() -> None:
    op.create_table(
        "order_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("recipient_id", "purpose", "subject")),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("kept_back_by", sa.String(), nullable=True),
        sa.Column("told_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "recipient_id", "purpose"),
    )
    op.create_table(
        "order_breaches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("breached_at", Time, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_order_breaches_order_id", "order_breaches", ["order_id"], unique=False)


def downgrade() -> None:
    op.execute("delete from repetition_facts where pattern in ('incidents', 'conciliations', 'refusals_to_report')")
    op.drop_table("order_breaches")
    op.drop_table("order_copies")
    op.drop_table("orders")
    for name in ("articles", "injury", "place"):
        op.drop_column("incidents", name)
