"""Statements that are written by hand, asked of the driver itself: a third of what they take through SQLAlchemy.

In the same transaction as all else that a session does, and what fails does so as anything else there.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

_DRIVER = "qorgau_driver"  # in `session.info`


def remember(session: AsyncSession, connection: AsyncConnection) -> None:
    """The connection on which a session's transaction has begun."""
    session.info[_DRIVER] = connection.sync_connection.connection.driver_connection  # type: ignore[union-attr]  # it is


def forget(session: AsyncSession) -> None:
    """Its transaction ends: the connection will be somebody else's."""
    del session.info[_DRIVER]


async def ask(session: AsyncSession, statement: str, *values: Any) -> Sequence[Any]:
    """The rows, by the names of their columns. `$1` is the first value.

    Raises DBAPIError, which repeats no values (PostgreSQL's own detail of a conflict names the key that was there), and
    KeyError once the transaction has ended.
    """
    driver = session.info[_DRIVER]
    try:
        rows: Sequence[Any] = await driver.fetch(statement, *values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        lost = driver.is_closed()
        raise DBAPIError(None, None, error, hide_parameters=True, connection_invalidated=lost) from error
    return rows
