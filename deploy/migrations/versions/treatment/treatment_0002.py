"""What the file of a case keeps no longer is found by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "treatment_0002"
down_revision = "treatment_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("treatment_paths_over", "treatment_paths", ["closed_at"])


def downgrade() -> None:
    drop_index("treatment_paths_over", "treatment_paths")
