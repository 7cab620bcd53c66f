"""Local agreements as their parties draft, sign and end them (F16)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0021"
down_revision = "casework_0020"
branch_labels = None
depends_on = None
Time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "drafter_id")),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", Time, nullable=False),
        *(sa.Column(name, Time, nullable=True) for name in ("concluded_at", "declined_at", "ended_at")),
        sa.PrimaryKeyConstraint("organisation_id", "id", "version"),
    )
    op.create_index("agreements_page", "agreements", ["organisation_id", "created_at", "id"])
    lasting = sa.text("ended_at is null")
    op.create_index("agreements_ending", "agreements", ["ends_on"], postgresql_where=lasting)
    op.create_table(
        "agreement_answers",
        *_of_a_party(),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("signature", "sha256", "reason")),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("answered_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "agreement_id", "version", "party_id"),
    )
    op.create_table(
        "agreement_notices",
        *_of_a_party(),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("notice", "sha256")),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("given_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "agreement_id", "version", "party_id"),
    )


def _of_a_party() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.String(), nullable=False),
    )


def downgrade() -> None:
    for table in ("agreement_notices", "agreement_answers", "agreements"):
        op.drop_table(table)
