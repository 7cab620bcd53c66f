"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "police_0006"
down_revision = "police_0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("incidents_over", "incidents", "outcome_at"),
    ("orders_over", "orders", "ended_at"),
    ("ix_incidents_victim_id", "incidents", "victim_id"),
    ("ix_incidents_alleged_offender_id", "incidents", "alleged_offender_id"),
    ("ix_orders_alleged_offender_id", "orders", "alleged_offender_id"),
)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])
    create_index("orders_of_dependants", "orders", ["dependants"], postgresql_using="gin")


def downgrade() -> None:
    drop_index("orders_of_dependants", "orders")
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
