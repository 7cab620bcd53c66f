"""what statistics need of an incident: indicators of the victim, measures, the outcome."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "police_0002"
down_revision = "police_0001"
branch_labels = None
depends_on = None
# What incidents have that were recorded before these columns.
BEFORE = (
    ("victim_age_group", sa.String(), "unknown"),
    ("victim_sex", sa.String(), "unknown"),
    ("measures", postgresql.JSONB(), "[]"),
    ("revision", sa.Integer(), "1"),
)


def upgrade() -> None:
    for name, kind, before in BEFORE:
        op.add_column("incidents", sa.Column(name, kind, nullable=False, server_default=before))
        op.alter_column("incidents", name, server_default=None)
    op.add_column("incidents", sa.Column("outcome", sa.String(), nullable=True))
    op.add_column("incidents", sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("incidents", "revision")
    op.drop_column("incidents", "outcome_at")
    op.drop_column("incidents", "outcome")
    op.drop_column("incidents", "measures")
    op.drop_column("incidents", "victim_sex")
    op.drop_column("incidents", "victim_age_group")
