"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from typing import Any

import sqlalchemy as sa

from deploy.migrations.online import create_index, drop_index

revision = "casework_0025"
down_revision = "casework_0024"
branch_labels = None
depends_on = None

REVIEWED = sa.text("reviewed_at is not null")
INDEXES: tuple[tuple[str, str, Any], ...] = (
    ("consents_over", "consents", sa.text("least(withdrawn_at, expired_at)")),
    ("referrals_over", "referrals", "updated_at"),
    ("violence_reports_over", "violence_reports", sa.text("greatest(registered_at, refused_at)")),
    ("received_orders_over", "received_orders", "ended_at"),
    ("warnings_over", "warnings", "acknowledged_at"),
    ("repetition_facts_over", "repetition_facts", "at"),
    ("assessments_over", "assessments", sa.text("greatest(concluded_at, ended_at)")),
    ("conversations_over", "conversations", "created_at"),
    ("ix_conversations_referral_id", "conversations", "referral_id"),
    ("appointments_over", "appointments", "ends_at"),
    ("inquiries_over", "inquiries", sa.text("greatest(settled_at, erased_at)")),
    ("letters_over", "letters", "closed_at"),
    ("register_entries_over", "register_entries", "removed_at"),
    ("disclosures_of_case", "disclosures", "concerning"),
    ("ix_emergencies_person_id", "emergencies", "person_id"),
    ("ix_warnings_referral_id", "warnings", "referral_id"),
)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])
    create_index(
        "emergencies_over", "emergencies", [sa.text("greatest(until, reviewed_at)")], postgresql_where=REVIEWED
    )


def downgrade() -> None:
    drop_index("emergencies_over", "emergencies")
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
