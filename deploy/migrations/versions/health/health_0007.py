"""The file of a case is found by whom it is of, and what is kept no longer by when it ended."""

from deploy.migrations.online import create_index, drop_index

revision = "health_0007"
down_revision = "health_0006"
branch_labels = None
depends_on = None

INDEXES = (
    ("examinations_over", "examinations", "examined_at"),
    ("admissions_over", "admissions", "admitted_at"),
    ("voluntary_treatments_over", "voluntary_treatments", "ended_at"),
    ("ix_examinations_person_id", "examinations", "person_id"),
    ("ix_examinations_referral_id", "examinations", "referral_id"),
    ("ix_admissions_person_id", "admissions", "person_id"),
)


def upgrade() -> None:
    for name, table, what in INDEXES:
        create_index(name, table, [what])


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        drop_index(name, table)
