"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "units_0004"
down_revision = "units_0003"
branch_labels = None
depends_on = None

INDEXES = (
    ("stays_over", "stays", "ended_at"),
    ("bed_holds_over", "bed_holds", "until"),
    ("ix_stays_person_id", "stays", "person_id"),
)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
