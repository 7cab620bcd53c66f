"""Questions between agencies, and their answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0020"
down_revision = "casework_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("organisation_id", "side", "counterpart_id")),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "subject", "basis")),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("proof", postgresql.JSONB(), nullable=True),
        sa.Column("basis_until", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("court", "sealed", "answer")),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("ground", "handed_to")),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("calendar_version", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("settled_at", "erased_at")),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    for column in ("person_id", "consent_id"):
        op.create_index(f"ix_inquiries_{column}", "inquiries", [column])
    op.create_index("inquiries_page", "inquiries", ["organisation_id", "side", "created_at", "id"])
    op.create_index("inquiries_running", "inquiries", ["basis_until"], postgresql_where=sa.text("erased_at is null"))


def downgrade() -> None:
    op.drop_table("inquiries")
