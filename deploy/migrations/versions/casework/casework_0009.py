"""What is quarantined can be given to the inbox again, or dropped; a message that comes again is counted.

Nothing is in production yet: what was kept without its whole subject is not carried over.
"""

import sqlalchemy as sa
from alembic import op

revision = "casework_0009"
down_revision = "casework_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from quarantine")
    op.add_column("quarantine", sa.Column("mark", sa.LargeBinary(), nullable=False))
    op.add_column("quarantine", sa.Column("state", sa.String(), nullable=False))
    op.add_column("quarantine", sa.Column("times", sa.Integer(), nullable=False))
    op.add_column("quarantine", sa.Column("last_at", sa.DateTime(timezone=True), nullable=False))
    op.add_column("quarantine", sa.Column("replays", sa.Integer(), nullable=False))
    op.create_unique_constraint("quarantine_mark_key", "quarantine", ["mark"])


def downgrade() -> None:
    op.execute("delete from quarantine")
    op.drop_constraint("quarantine_mark_key", "quarantine")
    for column in ("mark", "state", "times", "last_at", "replays"):
        op.drop_column("quarantine", column)
