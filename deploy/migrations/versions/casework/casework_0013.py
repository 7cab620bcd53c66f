"""Who is signed in at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "casework_0013"
down_revision = "casework_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("created_at", "seen_at", "ends_at")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_sessions_ends_at", "desk_sessions", ["ends_at"], unique=False)


def downgrade() -> None:
    op.drop_table("desk_sessions")
