"""What the receiver of a referral told of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0015"
down_revision = "casework_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("counterpart_id", "purpose", "subject", "basis")),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("proof", postgresql.JSONB(), nullable=True),
        sa.Column("basis_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("ix_progress_referral_id", "progress", ["referral_id"], unique=False)
    op.create_index("ix_progress_consent_id", "progress", ["consent_id"], unique=False)
    unerased = sa.text("erased_at is null")
    op.create_index("progress_running", "progress", ["basis_until"], unique=False, postgresql_where=unerased)


def downgrade() -> None:
    op.drop_table("progress")
