"""Plans have partners, reviews and an end; what was done about them."""

import sqlalchemy as sa
from alembic import op

from deploy.migrations.online import create_index, drop_index

revision = "social_0002"
down_revision = "social_0001"
branch_labels = None
depends_on = None
NEW = (
    ("sealed", sa.LargeBinary()),
    ("review_on", sa.Date()),
    ("reviewed_at", sa.DateTime(timezone=True)),
    ("closed_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in NEW:
        op.add_column("service_plans", sa.Column(name, kind, nullable=True))
    op.create_table(
        "plan_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("progress", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_plan_entries_plan_id", "plan_entries", ["plan_id"], unique=False)
    create_index("ix_service_plans_referral_id", "service_plans", ["referral_id"])


def downgrade() -> None:
    drop_index("ix_service_plans_referral_id", "service_plans")
    op.drop_table("plan_entries")
    for name, _ in NEW:
        op.drop_column("service_plans", name)
