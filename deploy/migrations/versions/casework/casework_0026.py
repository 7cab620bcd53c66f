"""What happened, for an agency's own systems: told of from now on, with each new link of the record."""

import sqlalchemy as sa
from alembic import op

revision = "casework_0026"
down_revision = "casework_0025"
branch_labels = None
depends_on = None
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("concerning", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("changes_in_order", "changes", ["organisation_id", "position"])


def downgrade() -> None:
    op.drop_table("changes")
