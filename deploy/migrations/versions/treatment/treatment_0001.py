"""Paths of compulsory treatment, and their steps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "treatment_0001"
down_revision = None
branch_labels = ("treatment",)
depends_on = None
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "treatment_paths",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("counterpart_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("search", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("stay_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("closed_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("treatment_paths_page", "treatment_paths", ["organisation_id", "opened_at", "id"])
    op.create_index(
        "treatment_paths_running", "treatment_paths", ["last_day"], postgresql_where=sa.text("closed_at is null")
    )
    op.create_index("ix_treatment_paths_person_id", "treatment_paths", ["person_id"])
    op.create_table(
        "treatment_steps",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("path_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("kept_back_by", sa.String(), nullable=True),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "path_id", "version", "by", "step"),
    )


def downgrade() -> None:
    op.drop_table("treatment_steps")
    op.drop_table("treatment_paths")
