"""Who is responsible for a place, and whether our own entries changed, is found without reading the directory."""

import sqlalchemy as sa

from deploy.migrations.online import create_index, drop_index

revision = "casework_0029"
down_revision = "casework_0028"
branch_labels = None
depends_on = None
RESPONSIBLE = sa.text("responsible_for <> '[]'::jsonb")


def upgrade() -> None:
    create_index("organisations_responsible", "organisations", ["agency"], postgresql_where=RESPONSIBLE)
    create_index("organisations_hosted", "organisations", ["announced_at"], postgresql_where=sa.text("hosted"))


def downgrade() -> None:
    drop_index("organisations_hosted", "organisations")
    drop_index("organisations_responsible", "organisations")
