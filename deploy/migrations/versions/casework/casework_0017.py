"""The steps that are taken about a referral that nobody answers."""

import sqlalchemy as sa
from alembic import op

revision = "casework_0017"
down_revision = "casework_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("step", "side", "row", "calendar_version")),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=True),
        sa.Column("next_organisation", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "referral_id", "step"),
    )
    open_ = sa.text("done_at is null and moot_at is null")
    op.create_index("escalation_steps_due", "escalation_steps", ["due_at"], postgresql_where=open_)


def downgrade() -> None:
    op.drop_table("escalation_steps")
