"""PostgreSQL: one engine per service, and the one place where a transaction begins and ends.

Stores and handlers get a session and never commit; `transaction()` does, and an error inside it, or in the commit
itself, reaches the caller.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import asyncpg
from sqlalchemy import DateTime, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.asking import ask, forget, remember
from shared.adapters.settings import Settings
from shared.adapters.waking import Pulse
from shared.adapters.wrapping import Wrapping
from shared.contract.errors import Problem

OUTBOX_CHANNEL = "qorgau_outbox"
INBOX_CHANNEL = "qorgau_inbox"
STATE_CHANNEL = "qorgau_state"
CHANGES_CHANNEL = "qorgau_changes"
# What works for the whole node, not for one organisation: relay, receipts, reminders, announcements, housekeeping.
WHOLE_NODE = "*"
CONNECT_SECONDS = 5
# SQLSTATE classes that pass: connection lost, resources short, server going away, another transaction in the way (a
# deadlock, a lock); and those of a database that lets nobody in: closed, gone, or with another password than ours.
IN_THE_WAY = ("40", "55")
PASSING = ("08", "53", "57", *IN_THE_WAY, "3D", "28")
UNAVAILABLE = 503
RECORDED = "qorgau_recorded"  # in `session.info`: this transaction added to the record
_FOR_WHOM = (
    "select set_config('qorgau.organisation', $1, true), set_config('qorgau.actor', $2, true), "
    "set_config('qorgau.chief', $3, true)"
)
_ACTOR = "qorgau_actor"  # in `session.info`
TOLD = "qorgau_told"  # the same: the channels to notify, and whether PostgreSQL was asked to already
MARK = "qorgau_mark"  # the same: what a notification says of which process it comes from
_NOTIFY = "select pg_notify(channel, $2) from unnest($1::text[]) channel"


class Moment(TypeDecorator[datetime]):
    """A point in time with its zone: naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Raises ValueError for a datetime without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        return value


class Json(TypeDecorator[Any]):
    """JSONB; null in Python is NULL in SQL."""

    impl = JSONB(none_as_null=True)
    cache_ok = True


class Database:
    """One service's database. `keys` wrap the keys of its vault; without them nothing sealed can be read or written.

    `patience`: seconds for a statement; a line that is up and answers nothing is lost.
    """

    def __init__(self, url: str, *, pool: int = 10, patience: float = 20.0, keys: Wrapping | None = None) -> None:
        self.url, self.keys = make_url(url), keys
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=5,
            hide_parameters=True,
            connect_args={"timeout": CONNECT_SECONDS, "command_timeout": patience},
        )
        self.recorded = asyncio.Event()  # something was added to the record and committed
        self.changed = Pulse()  # an event came, went or was receipted, by whichever process of this service
        self.told = Pulse()  # something happened that an agency's own systems are told of, as above
        self._mark, self._wakes = token_hex(8), dict[str, Callable[[], None]]()  # by which a process knows its own word

    @asynccontextmanager
    async def transaction(
        self, *, organisation: str, actor: str = "", chief: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end, or not at all; it sees the rows of one organisation.

        PostgreSQL itself keeps other organisations' rows out (deploy/migrations/security.py), whatever a query forgets;
        and where both parties of a case are here, from an `actor` the files on the other side of the wall.
        """
        async with await self._begin(organisation, actor, chief="yes" if chief else "") as session:
            try:
                yield session
                await _notify(session)
            finally:
                forget(session)
            await _commit(session)
            self._wake(session)

    def _wake(self, session: AsyncSession) -> None:
        """Whoever waits here for what this transaction did, at once. Other processes hear of it from PostgreSQL."""
        if RECORDED in session.info:
            self.recorded.set()
        for channel in session.info.get(TOLD, ()):
            self._wakes.get(channel, _nobody)()

    async def _begin(self, organisation: str, actor: str, *, chief: str) -> AsyncSession:
        """Say for whom. This also finds out that a pooled connection was lost meanwhile: all are made anew then."""
        for first in (True, False):
            session = AsyncSession(self.engine, expire_on_commit=False, info=self._info(actor))
            try:
                connection = await session.connection()
                await connection.exec_driver_sql(_FOR_WHOM, (organisation, actor, chief))
                remember(session, connection)
                break
            except BaseException as error:
                await session.close()
                if not (first and isinstance(error, DBAPIError) and error.connection_invalidated):
                    raise
        return session

    def _info(self, actor: str) -> dict[str, Any]:
        return {"wrapping": self.keys, _ACTOR: actor, MARK: self._mark}

    async def ping(self) -> None:
        """Raises if the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def listen(self, channels: dict[str, Callable[[], None]]) -> None:
        """Call back whenever a transaction that notified a channel has committed. Reconnects for ever."""
        self._wakes = channels
        while True:
            try:
                await self._listen_until_lost(channels)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(1)

    async def _listen_until_lost(self, channels: dict[str, Callable[[], None]]) -> None:
        dsn = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection: Any = await asyncpg.connect(dsn)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            for channel, wake in channels.items():
                await connection.add_listener(channel, partial(self._heard, wake))
                wake()
            await lost.wait()
        finally:
            await connection.close(timeout=1)

    def _heard(self, wake: Callable[[], None], _: Any, _pid: int, _channel: str, mark: str) -> None:
        """A notification came; what this process did itself it knows already."""
        if mark != self._mark:
            wake()

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


@asynccontextmanager
async def unwalled(session: AsyncSession) -> AsyncIterator[None]:
    """What must be right whoever asks: counts, times, who is who. What is read inside is not shown to the caller."""
    actor = session.info.get(_ACTOR, "")
    if actor:
        await _act_as(session, "")
    yield
    if actor:
        await _act_as(session, actor)


@asynccontextmanager
async def for_the_node(session: AsyncSession, organisation: str) -> AsyncIterator[None]:
    """What is no organisation's, as the record's chain, in a transaction of `organisation`: read it, and no more."""
    await _see_rows_of(session, WHOLE_NODE)
    yield
    await _see_rows_of(session, organisation)


async def plan_once(session: AsyncSession) -> None:
    """For the rest of a transaction that asks long statements, whose plan takes longer to make than to carry out, and
    is the same whatever their parameters: PostgreSQL makes it once a connection, not for each of the first callers."""
    await ask(session, "set local plan_cache_mode = force_generic_plan")


async def _see_rows_of(session: AsyncSession, organisation: str) -> None:
    await session.exec(select(func.set_config("qorgau.organisation", organisation, true())))


async def _act_as(session: AsyncSession, actor: str) -> None:
    await session.exec(select(func.set_config("qorgau.actor", actor, true())))


async def _commit(session: AsyncSession) -> None:
    """Raises Problem 503 where the connection was lost while committing: nobody can know whether it was done."""
    try:
        await session.commit()
    except (DBAPIError, OSError) as error:
        if isinstance(error, DBAPIError) and not error.connection_invalidated:
            raise
        detail = "the database was lost at the last moment: it may have been done; try again with the same key"
        raise Problem(UNAVAILABLE, "outcome-unknown", detail, headers={"Retry-After": "2"}) from error


def passes(error: Exception) -> bool:
    """Whether the database was away, lost, overloaded or full: what failed is nobody's fault and can be tried again."""
    if isinstance(error, Problem):
        return error.status == UNAVAILABLE
    lost = isinstance(error, OperationalError | InterfaceError | PoolTimeout | OSError)
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or invalidated or sqlstate(error).startswith(PASSING)


def collided(error: Exception) -> bool:
    """Whether another transaction was in the way: what is smaller may get by at once."""
    return sqlstate(error).startswith(IN_THE_WAY)


def sqlstate(error: Exception) -> str:
    """PostgreSQL's code for an error, or an empty string."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def notify(session: AsyncSession, channel: str) -> None:
    """Wake the listeners of a channel when, and only when, this transaction commits: once, however often it is said."""
    session.info.setdefault(TOLD, {})[channel] = False


async def _notify(session: AsyncSession) -> None:
    channels = [channel for channel, is_said in session.info.get(TOLD, {}).items() if not is_said]
    if channels:
        await ask(session, _NOTIFY, channels, session.info[MARK])


def _nobody() -> None:
    """Waits here."""


def open_database(settings: Settings, *, keys: Wrapping | None = None) -> Database:
    """The database that the settings name."""
    url = _with_password(make_url(settings.database_url), settings.database_password_file)
    pool, patience = settings.database_pool, settings.database_patience
    return Database(url.render_as_string(hide_password=False), pool=pool, patience=patience, keys=keys)


def owner_url(settings: Settings) -> str | None:
    """The same database as the role that owns it, or None where the settings name no such role.

    Where only its password is given, the owner is called like the service's role with `_owner` behind.
    """
    url = make_url(settings.database_url)
    if settings.owner_url is not None:
        url = make_url(settings.owner_url)
    elif settings.owner_password_file is not None:
        url = url.set(username=f"{url.username}_owner")
    else:
        return None
    return _with_password(url, settings.owner_password_file).render_as_string(hide_password=False)


def _with_password(url: URL, file: Path | None) -> URL:
    return url if file is None else url.set(password=file.read_text().strip())
