"""Alembic's entry: run the migrations of one agency on its database."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from deploy.migrations.schema import LINEAGES, table_names
from deploy.migrations.security import LOCK_TIMEOUT
from shared.adapters.vault_tables import KEYRING

config = context.config


def include_name(name: str | None, kind: str, _: Any) -> bool:
    """Compare only the tables of the lineage that is being written, or of the whole agency; in our own schemas."""
    if kind == "schema":
        return name in (None, KEYRING)
    lineage = config.attributes.get("lineage")
    if lineage is not None:
        return kind != "table" or name in {str(t.__tablename__) for t in LINEAGES[lineage]}  # type: ignore[attr-defined]  # every SQLModel table has one
    return kind != "table" or name in table_names(config.attributes["agency"])


def include_object(_: Any, name: str | None, kind: str, __: bool, ___: Any) -> bool:  # noqa: FBT001  # Alembic's signature
    """The same, for the tables that the models have."""
    return kind != "table" or include_name(name, kind, None)


def run(connection: Connection) -> None:
    """Each step in a transaction of its own: one that waits for an index of a large table holds no lock meanwhile."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=include_name,
        include_object=include_object,
        include_schemas=True,
        transaction_per_migration=True,
        render_item=config.attributes.get("render_item"),
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_run() -> None:
    """On a connection of its own."""
    engine = create_async_engine(config.attributes["url"], poolclass=NullPool, hide_parameters=True)
    async with engine.connect() as connection:
        # A single role is bound by row-level security even as the owner; migrations see all rows.
        await connection.exec_driver_sql("select set_config('qorgau.organisation', '*', false)")
        await connection.exec_driver_sql(f"set lock_timeout = '{LOCK_TIMEOUT}'")  # services are running meanwhile
        # The steps reach the disk in their order, and all of them before what `secure` does then is committed.
        await connection.exec_driver_sql("set synchronous_commit = off")
        await connection.commit()
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(connect_and_run())
