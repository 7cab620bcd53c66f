"""A court's decision is sealed, and a record names the referral that it was taken over from.

Nothing is in production yet: a decision that lay in the open is not carried over, and reads as erased.
"""

import sqlalchemy as sa
from alembic import op

revision = "casework_0008"
down_revision = "casework_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referrals", sa.Column("court", sa.LargeBinary(), nullable=True))
    op.execute("update referrals set proof = proof - 'court' where proof ? 'court'")
    op.add_column("persons", sa.Column("taken_from", sa.Uuid(), nullable=True))
    op.create_index("ix_persons_taken_from", "persons", ["taken_from"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_persons_taken_from", table_name="persons")
    op.drop_column("persons", "taken_from")
    op.drop_column("referrals", "court")
