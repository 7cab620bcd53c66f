"""Counting places reads the stays and holds of now, not those of years."""

from deploy.migrations.online import create_index, drop_index

revision = "units_0002"
down_revision = "units_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("stays_of_unit", "stays", ["organisation_id", "unit", "ended_at"])
    drop_index("ix_stays_organisation_id", "stays")
    create_index("bed_holds_of_unit", "bed_holds", ["organisation_id", "unit", "until"])


def downgrade() -> None:
    drop_index("bed_holds_of_unit", "bed_holds")
    create_index("ix_stays_organisation_id", "stays", ["organisation_id"])
    drop_index("stays_of_unit", "stays")
