"""Who was told outside of the desk that something waits; and what waits, found quickly."""

import sqlalchemy as sa
from alembic import op

from deploy.migrations.online import create_index, drop_index

revision = "casework_0024"
down_revision = "casework_0023"
branch_labels = None
depends_on = None

UNREAD, UNREGISTERED, HELD = "messages_unread", "violence_reports_to_register", "referrals_held"


def upgrade() -> None:
    op.create_table(
        "notified",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("organisation_id", "target", "kind")),
        sa.Column("concerning", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "target", "kind", "concerning"),
    )
    op.create_table(
        "notification_targets",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("organisation_id", "target")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "target"),
    )
    create_index(UNREAD, "messages", ["organisation_id"], postgresql_where=sa.text("read_at is null"))
    unregistered = sa.text("registered_at is null")
    create_index(UNREGISTERED, "violence_reports", ["organisation_id"], postgresql_where=unregistered)
    held = sa.text("held_until is not null")
    create_index(HELD, "referrals", ["organisation_id", "held_until"], postgresql_where=held)


def downgrade() -> None:
    drop_index(HELD, "referrals")
    drop_index(UNREGISTERED, "violence_reports")
    drop_index(UNREAD, "messages")
    op.drop_table("notification_targets")
    op.drop_table("notified")
