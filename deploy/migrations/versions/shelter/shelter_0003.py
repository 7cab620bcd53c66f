"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from typing import Any

import sqlalchemy as sa

from deploy.migrations.online import create_index, drop_index

revision = "shelter_0003"
down_revision = "shelter_0002"
branch_labels = None
depends_on = None

INDEXES: tuple[tuple[str, str, Any], ...] = (
    ("refusals_over", "refusals", sa.text("greatest(acknowledged_at, sent_at)")),
    ("ix_refusals_person_id", "refusals", "person_id"),
)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
