"""Partners without a service, and the letters to them."""

import sqlalchemy as sa
from alembic import op

revision = "casework_0023"
down_revision = "casework_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partners",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "kind", "name_kk", "name_ru", "name_en")),
        sa.Column("kato", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("partner_id", "kind")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("year", "serial")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("purpose", "subject", "basis")),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("consent_id", "order_id")),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("came_back_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_due_on", sa.Date(), nullable=True),
        sa.Column("recall_end", sa.String(), nullable=True),
        sa.Column("recall_ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "year", "serial"),
    )
    op.create_index("letters_page", "letters", ["organisation_id", "written_at", "id"])
    op.create_index("letters_on_consent", "letters", ["organisation_id", "consent_id"])
    op.create_index("letters_about", "letters", ["organisation_id", "person_id"])
    op.create_table(
        "letter_numbers",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "year"),
    )


def downgrade() -> None:
    op.drop_table("letter_numbers")
    op.drop_table("letters")
    op.drop_table("partners")
