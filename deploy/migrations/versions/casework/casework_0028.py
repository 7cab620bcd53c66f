"""The bed board is read page by page, the nearest first. Where a unit is, services write down when they start."""

import sqlalchemy as sa
from alembic import op

from deploy.migrations.online import create_index, drop_index

revision = "casework_0028"
down_revision = "casework_0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bed_board", sa.Column("place", sa.String(), server_default="", nullable=False), if_not_exists=True)
    create_index("bed_board_of_kind", "bed_board", ["kind", "organisation_id", "unit"])
    create_index("bed_board_at", "bed_board", ["place", "organisation_id", "unit"])
    create_index("bed_board_at_of_kind", "bed_board", ["place", "kind", "organisation_id", "unit"])
    drop_index("ix_bed_board_kind", "bed_board")


def downgrade() -> None:
    create_index("ix_bed_board_kind", "bed_board", ["kind"])
    for name in ("bed_board_at_of_kind", "bed_board_at", "bed_board_of_kind"):
        drop_index(name, "bed_board")
    op.drop_column("bed_board", "place")
