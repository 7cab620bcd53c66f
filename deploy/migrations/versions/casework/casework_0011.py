"""Reports of violence and of admissions; a deadline of minutes has no reminder before it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "casework_0011"
down_revision = "casework_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "violence_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("side", "kind", "counterpart_id")),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("subject", "purpose", "basis")),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("proof", postgresql.JSONB(), nullable=True),
        sa.Column("basis_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            for name in ("received_at", "registered_at", "erased_at")
        ),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("ix_violence_reports_consent_id", "violence_reports", ["consent_id"], unique=False)
    op.create_index("ix_violence_reports_person_id", "violence_reports", ["person_id"], unique=False)
    op.create_index("violence_reports_page", "violence_reports", ["organisation_id", "created_at", "id"], unique=False)
    running, on_their_way = sa.text("basis_until is not null"), sa.text("received_at is null")
    op.create_index("violence_reports_running", "violence_reports", ["basis_until"], postgresql_where=running)
    op.create_index("violence_reports_on_their_way", "violence_reports", ["id"], postgresql_where=on_their_way)
    op.alter_column("deadlines", "remind_at", nullable=True)


def downgrade() -> None:
    op.execute("delete from deadlines where remind_at is null")
    op.alter_column("deadlines", "remind_at", nullable=False)
    op.drop_table("violence_reports")
