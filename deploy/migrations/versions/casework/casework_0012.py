"""What became of an event moves out of the outbox some time after it was done."""

import sqlalchemy as sa
from alembic import op

from deploy.migrations.online import create_index, drop_index

revision = "casework_0012"
down_revision = "casework_0011"
branch_labels = None
depends_on = None
BACK = (
    "insert into outbox (id, organisation_id, recipient_id, recipient_node, event_type, concerning, consent_id, "
    "created_at, state, rule, attempts, sent_at, done_at) select id, organisation_id, recipient_id, recipient_node, "
    "event_type, concerning, consent_id, created_at, state, rule, attempts, sent_at, done_at from outbox_done"
)


def upgrade() -> None:
    create_index("outbox_settled", "outbox", ["done_at"], postgresql_where=sa.text("done_at is not null"))
    op.create_table(
        "outbox_done",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("organisation_id", "recipient_id", "recipient_node", "event_type", "concerning")
        ),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_done_concerning", "outbox_done", ["concerning"], unique=False)
    op.create_index("ix_outbox_done_consent_id", "outbox_done", ["consent_id"], unique=False)


def downgrade() -> None:
    drop_index("outbox_settled", "outbox")
    op.execute(BACK)
    op.drop_table("outbox_done")
