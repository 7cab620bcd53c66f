"""Registers, who is in them, and their comparisons."""

import sqlalchemy as sa
from alembic import op

revision = "casework_0022"
down_revision = "casework_0021"
branch_labels = None
depends_on = None
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "register_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reviewed_at", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.Column("removed_at", Moment, nullable=True),
        sa.Column("removed_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("register_entries_page", "register_entries", ["organisation_id", "created_at", "id"])
    op.create_index("ix_register_entries_person_id", "register_entries", ["person_id"])
    standing = {"unique": True, "postgresql_where": sa.text("removed_at is null")}
    op.create_index(
        "register_entries_standing", "register_entries", ["organisation_id", "kind", "person_id"], **standing
    )
    op.create_table(
        "register_matches",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("comparison_id", sa.Uuid(), nullable=False),
        sa.Column("counterpart_id", sa.String(), nullable=False),
        sa.Column("their_kind", sa.String(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "entry_id", "comparison_id"),
    )
    op.create_table(
        "comparisons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("side", "counterpart_id", "kind", "their_kind", "state")
        ),
        sa.Column("end", sa.String(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("entries", "size", "their_size")),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("answered_at", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", "organisation_id"),
    )
    op.create_index("comparisons_page", "comparisons", ["organisation_id", "opened_at", "id"])
    under_way = sa.text("ended_at is null")
    op.create_index("comparisons_open", "comparisons", ["opened_at"], postgresql_where=under_way)
    op.create_table(
        "reconciliations",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "due_on"),
    )


def downgrade() -> None:
    for table in ("reconciliations", "comparisons", "register_matches", "register_entries"):
        op.drop_table(table)
