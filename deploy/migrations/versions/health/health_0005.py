"""Admissions are listed page by page."""

from deploy.migrations.online import create_index, drop_index

revision = "health_0005"
down_revision = "health_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("admissions_page", "admissions", ["organisation_id", "created_at", "id"])
    drop_index("ix_admissions_organisation_id", "admissions")


def downgrade() -> None:
    create_index("ix_admissions_organisation_id", "admissions", ["organisation_id"])
    drop_index("admissions_page", "admissions")
