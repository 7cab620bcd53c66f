"""Walls between the files of two parties at one organisation; appointments; who worked on which file is found fast."""

import sqlalchemy as sa
from alembic import op

from deploy.migrations.online import create_index, drop_index

revision = "casework_0018"
down_revision = "casework_0017"
branch_labels = None
depends_on = None

# Who works on a walled file is on its side from then on, in the same transaction: a caller, not the node; nor a chief,
# who oversees both.
JOIN = """
create function join_wall() returns trigger language plpgsql as $$
begin
    insert into wall_staff (organisation_id, wall_id, staff, side, assigned_by, since)
    select f.organisation_id, f.wall_id, new.actor, f.side, null, new.at
    from wall_files f
    join walls w on w.organisation_id = f.organisation_id and w.id = f.wall_id and w.ended_at is null
    where f.organisation_id = new.organisation_id
        and (f.file_id = new.person_id or f.file_id::text = new.concerning)
        and new.actor = current_setting('qorgau.actor', true)
        and coalesce(current_setting('qorgau.chief', true), '') <> 'yes'
    on conflict do nothing;
    return null;
end
$$
"""


def upgrade() -> None:
    op.create_table(
        "walls",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hers", sa.Uuid(), nullable=False),
        sa.Column("his", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id"),
    )
    op.create_index("walls_page", "walls", ["organisation_id", "made_at", "id"])
    op.create_index("ix_walls_hers", "walls", ["hers"])
    op.create_index("ix_walls_his", "walls", ["his"])
    op.create_table(
        "wall_files",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("wall_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "wall_id", "file_id"),
    )
    op.create_index("ix_wall_files_file_id", "wall_files", ["file_id"])
    op.create_table(
        "wall_staff",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("wall_id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("assigned_by", sa.String(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "wall_id", "staff"),
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("starts_at", "ends_at")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("appointments_page", "appointments", ["organisation_id", "starts_at", "id"])
    op.create_index("ix_appointments_person_id", "appointments", ["person_id"])
    op.create_index("ix_appointments_referral_id", "appointments", ["referral_id"])
    op.execute(JOIN)
    op.execute(
        "create trigger works_on_walled_file after insert on audit for each row "
        "when (new.person_id is not null or new.concerning is not null) execute function join_wall()"
    )
    create_index("audit_of_person", "audit", ["person_id"], postgresql_where=sa.text("person_id is not null"))
    create_index("audit_of_object", "audit", ["concerning"], postgresql_where=sa.text("concerning is not null"))


def downgrade() -> None:
    drop_index("audit_of_object", "audit")
    drop_index("audit_of_person", "audit")
    op.execute("drop trigger works_on_walled_file on audit")
    op.execute("drop function join_wall()")
    for table in ("appointments", "wall_staff", "wall_files", "walls"):
        op.drop_table(table)
