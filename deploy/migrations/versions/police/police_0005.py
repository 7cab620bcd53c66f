"""Incidents are listed a page at a time."""

from deploy.migrations.online import create_index, drop_index

revision = "police_0005"
down_revision = "police_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("incidents_page", "incidents", ["organisation_id", "created_at", "id"])


def downgrade() -> None:
    drop_index("incidents_page", "incidents")
