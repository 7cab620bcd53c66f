"""The list of refusals reads a page."""

from deploy.migrations.online import create_index, drop_index

revision = "shelter_0002"
down_revision = "shelter_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("refusals_page", "refusals", ["organisation_id", "created_at", "id"])
    drop_index("ix_refusals_organisation_id", "refusals")


def downgrade() -> None:
    create_index("ix_refusals_organisation_id", "refusals", ["organisation_id"])
    drop_index("refusals_page", "refusals")
