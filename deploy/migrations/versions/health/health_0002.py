"""What was found is sealed. Nothing is in production yet: what was recorded in plain columns is not carried over."""

import sqlalchemy as sa
from alembic import op

revision = "health_0002"
down_revision = "health_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("examinations", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.drop_column("examinations", "findings")


def downgrade() -> None:
    op.add_column("examinations", sa.Column("findings", sa.String(), nullable=False, server_default=""))
    op.drop_column("examinations", "sealed")
