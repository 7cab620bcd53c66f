"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "programmes_0002"
down_revision = "programmes_0001"
branch_labels = None
depends_on = None

INDEXES = (("enrolments_over", "enrolments", "ended_at"),)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
