"""What was examined is sealed, too.

Nothing is in production yet: what was recorded before is not carried over and reads as erased.
"""

import sqlalchemy as sa
from alembic import op

revision = "health_0003"
down_revision = "health_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("update examinations set sealed = null")
    op.drop_column("examinations", "kind")


def downgrade() -> None:
    op.add_column("examinations", sa.Column("kind", sa.String(), nullable=False, server_default="injuries"))
