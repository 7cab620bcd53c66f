"""Old inbox marks can be deleted, and no list or loop reads more as history grows."""

import sqlalchemy as sa
from alembic import op

from deploy.migrations.online import create_index, drop_index

revision = "casework_0010"
down_revision = "casework_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default, so that the version before this one, which may still be running, can go on writing marks.
    kept_from = sa.Column("kept_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    op.add_column("inbox", kept_from)
    create_index("inbox_old", "inbox", ["kept_from"], postgresql_where=sa.text("not receipt_due"))
    create_index("ix_quarantine_last_at", "quarantine", ["last_at"])
    create_index("referrals_page_of_state", "referrals", ["organisation_id", "side", "state", "created_at", "id"])
    create_index("ix_referrals_person_id", "referrals", ["person_id"])
    create_index(
        "referrals_on_emergency",
        "referrals",
        ["proof"],
        postgresql_using="gin",
        postgresql_ops={"proof": "jsonb_path_ops"},
        postgresql_where=sa.text("erased_at is null"),
    )
    create_index("disclosures_of_person", "disclosures", ["person_id", "at", "id"])
    drop_index("ix_disclosures_person_id", "disclosures")
    create_index("reminders_newest", "reminders", ["organisation_id", "fired_at"])
    drop_index("ix_reminders_organisation_id", "reminders")
    create_index("emergencies_page", "emergencies", ["organisation_id", "declared_at", "id"])
    create_index(
        "emergencies_to_review",
        "emergencies",
        ["organisation_id", "declared_at", "id"],
        postgresql_where=sa.text("reviewed_at is null"),
    )
    drop_index("ix_emergencies_organisation_id", "emergencies")


def downgrade() -> None:
    create_index("ix_emergencies_organisation_id", "emergencies", ["organisation_id"])
    drop_index("emergencies_to_review", "emergencies")
    drop_index("emergencies_page", "emergencies")
    create_index("ix_reminders_organisation_id", "reminders", ["organisation_id"])
    drop_index("reminders_newest", "reminders")
    create_index("ix_disclosures_person_id", "disclosures", ["person_id"])
    drop_index("disclosures_of_person", "disclosures")
    drop_index("referrals_on_emergency", "referrals")
    drop_index("ix_referrals_person_id", "referrals")
    drop_index("referrals_page_of_state", "referrals")
    drop_index("ix_quarantine_last_at", "quarantine")
    drop_index("inbox_old", "inbox")
    op.drop_column("inbox", "kept_from")
