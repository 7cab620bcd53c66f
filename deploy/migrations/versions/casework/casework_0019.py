"""Joint assessments with who is invited and who has signed; preventive conversations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0019"
down_revision = "casework_0018"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("organisation_id", "side", "basis")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("counterpart_id", "seat", "place", "answer", "end")),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("person_id", "referral_id", "consent_id")),
        sa.Column("proof", postgresql.JSONB(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("sealed", "outcome")),
        *(_moment(name) for name in ("meets_at", "agreed_at", "concluded_at", "ended_at")),
        *(_moment(name, nullable=False) for name in ("created_at", "updated_at")),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("assessments_page", "assessments", ["organisation_id", "created_at", "id"])
    for column in ("person_id", "referral_id", "consent_id"):
        op.create_index(f"ix_assessments_{column}", "assessments", [column])
    op.create_table(
        "assessment_invitations",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("invited_id", "organisation_id", "seat")),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        *(_moment(name) for name in ("suggests", "answered_at")),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("assessment_id", "invited_id"),
    )
    op.create_table(
        "assessment_signatures",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("organisation_id", "seat", "signer_id")),
        sa.Column("round", sa.Integer(), nullable=False),
        _moment("signed_at", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("assessment_id", "organisation_id", "round", "seat"),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("organisation_id", "subject")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("counterpart_id", "place")),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("person_id", "referral_id")),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recipients", postgresql.JSONB(), nullable=True),
        _moment("created_at", nullable=False),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("conversations_page", "conversations", ["organisation_id", "created_at", "id"])
    op.create_index("ix_conversations_person_id", "conversations", ["person_id"])


def downgrade() -> None:
    for table in ("conversations", "assessment_signatures", "assessment_invitations", "assessments"):
        op.drop_table(table)
