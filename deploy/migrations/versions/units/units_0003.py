"""What a unit can serve, where that is not what its organisation serves."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "units_0003"
down_revision = "units_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("units", sa.Column("serves", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("units", "serves")
