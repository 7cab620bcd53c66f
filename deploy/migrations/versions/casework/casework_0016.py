"""What places say that they serve; where the person was for whom a place was looked for, sealed; reports refused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0016"
down_revision = "casework_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("serves", postgresql.JSONB(), nullable=True))
    op.add_column("organisations", sa.Column("languages", postgresql.JSONB(), nullable=True))
    op.add_column("bed_board", sa.Column("serves", postgresql.JSONB(), nullable=True))
    op.add_column("referrals", sa.Column("wish", sa.LargeBinary(), nullable=True))
    op.add_column("violence_reports", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("violence_reports", sa.Column("refused_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("violence_reports", "refused_by")
    op.drop_column("violence_reports", "refused_at")
    op.drop_column("referrals", "wish")
    op.drop_column("bed_board", "serves")
    op.drop_column("organisations", "languages")
    op.drop_column("organisations", "serves")
