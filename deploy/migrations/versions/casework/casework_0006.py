"""What is quarantined is sealed at rest, too: whoever sent it may have sealed nothing.

Nothing is in production yet: what was kept as it came is not carried over.
"""

import sqlalchemy as sa
from alembic import op

revision = "casework_0006"
down_revision = "casework_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("delete from quarantine")
    op.add_column("quarantine", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.drop_column("quarantine", "message")


def downgrade() -> None:
    op.execute("delete from quarantine")
    op.add_column("quarantine", sa.Column("message", sa.LargeBinary(), nullable=False))
    op.drop_column("quarantine", "sealed")
