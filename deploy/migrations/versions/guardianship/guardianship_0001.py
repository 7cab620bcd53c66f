"""Requests to the guardianship authority."""

import sqlalchemy as sa
from alembic import op

revision = "guardianship_0001"
down_revision = None
branch_labels = ("guardianship",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guardian_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("counterpart_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("guardian_requests_page", "guardian_requests", ["organisation_id", "asked_at", "id"])
    op.create_index("ix_guardian_requests_person_id", "guardian_requests", ["person_id"])


def downgrade() -> None:
    op.drop_table("guardian_requests")
