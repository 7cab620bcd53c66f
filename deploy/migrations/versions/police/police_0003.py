"""The list of notices reads a page."""

from deploy.migrations.online import create_index, drop_index

revision = "police_0003"
down_revision = "police_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("refusal_notices_page", "refusal_notices", ["organisation_id", "received_at", "id"])


def downgrade() -> None:
    drop_index("refusal_notices_page", "refusal_notices")
