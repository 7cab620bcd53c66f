"""Voluntary treatment of addiction."""

import sqlalchemy as sa
from alembic import op

revision = "health_0006"
down_revision = "health_0005"
branch_labels = None
depends_on = None
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "voluntary_treatments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("began_at", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("voluntary_treatments_page", "voluntary_treatments", ["organisation_id", "created_at", "id"])
    op.create_index("ix_voluntary_treatments_person_id", "voluntary_treatments", ["person_id"])
    op.create_index("ix_voluntary_treatments_referral_id", "voluntary_treatments", ["referral_id"])


def downgrade() -> None:
    op.drop_table("voluntary_treatments")
