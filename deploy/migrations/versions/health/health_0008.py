"""Examinations are listed, newest first."""

from deploy.migrations.online import create_index, drop_index

revision = "health_0008"
down_revision = "health_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("examinations_page", "examinations", ["organisation_id", "examined_at", "id"])
    drop_index("ix_examinations_organisation_id", "examinations")


def downgrade() -> None:
    create_index("ix_examinations_organisation_id", "examinations", ["organisation_id"])
    drop_index("examinations_page", "examinations")
