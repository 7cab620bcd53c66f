"""Change indexes of tables that a running service reads and writes meanwhile."""

from typing import Any

from alembic import op


def create_index(name: str, table: str, columns: list[str], **more: Any) -> None:
    """Build it beside the traffic, outside of a transaction; what an interrupted attempt left is built anew."""
    with op.get_context().autocommit_block():
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, columns, postgresql_concurrently=True, **more)


def drop_index(name: str, table: str) -> None:
    """The same for an index that nothing needs any more."""
    with op.get_context().autocommit_block():
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
