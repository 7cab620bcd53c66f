"""What the file of a case keeps no longer is found by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "guardianship_0002"
down_revision = "guardianship_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("guardian_requests_over", "guardian_requests", ["answered_at"])


def downgrade() -> None:
    drop_index("guardian_requests_over", "guardian_requests")
