"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "social_0004"
down_revision = "social_0003"
branch_labels = None
depends_on = None

INDEXES = (
    ("service_plans_over", "service_plans", "closed_at"),
    ("ix_service_plans_person_id", "service_plans", "person_id"),
)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
