"""A transaction: for whom it is, and what happens to it when the server was restarted meanwhile."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.network import Network
from shared.adapters.database import OUTBOX_CHANNEL, Database, notify, plan_once

WHOSE = text("select current_setting('qorgau.organisation', true)")


async def made(network: Network, name: str) -> Database:
    await network.postgres.ensure_database(name=name, password="app", owner_password="owner")
    return Database(network.postgres.url(role=name, password="app", database=name))


async def test_whom_a_transaction_is_for_ends_with_it(network: Network) -> None:
    database = await made(network, "for_whom")
    async with database.transaction(organisation="police-19") as session:
        assert (await (await session.connection()).execute(WHOSE)).scalar_one() == "police-19"
    async with database.engine.connect() as connection:
        assert (await connection.execute(WHOSE)).scalar_one() == ""
    await database.close()


async def test_lost_connections_are_made_anew_before_any_work_is_done(network: Network) -> None:
    database = await made(network, "cut_off")
    async with database.transaction(organisation="police-19"):
        pass
    superuser = await network.postgres.connect()
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'cut_off' and pid <> pg_backend_pid()"
    await superuser.execute(cut)
    await superuser.close()
    async with database.transaction(organisation="police-19") as session:
        assert (await (await session.connection()).execute(text("select 1"))).scalar_one() == 1
    await database.close()


async def test_what_fails_leaves_nothing_and_reaches_the_caller(network: Network) -> None:
    database = await made(network, "undone")

    async def fail() -> None:
        async with database.transaction(organisation="police-19") as session:
            await (await session.connection()).execute(text("select set_config('test.mark', 'here', false)"))
            await (await session.connection()).execute(text("select 1 / 0"))

    with pytest.raises(DBAPIError):
        await fail()
    async with database.transaction(organisation="police-19") as session:
        assert (
            await (await session.connection()).execute(text("select current_setting('test.mark', true)"))
        ).scalar_one() in (None, "")
    await database.close()


async def test_plans_are_made_once_only_for_the_transaction_that_asked_for_it(network: Network) -> None:
    database = await made(network, "planned")
    how = text("select current_setting('plan_cache_mode')")
    async with database.transaction(organisation="police-19") as session:
        await plan_once(session)
        assert (await (await session.connection()).execute(how)).scalar_one() == "force_generic_plan"
    async with database.transaction(organisation="police-19") as session:
        assert (await (await session.connection()).execute(how)).scalar_one() == "auto"
    await database.close()


async def test_who_waits_in_the_same_process_is_woken_once_and_other_processes_are_woken_too(network: Network) -> None:
    here = await made(network, "heard")
    there, told = Database(here.url.render_as_string(hide_password=False)), {"here": Counter(), "there": Counter()}
    listening = [
        asyncio.create_task(database.listen({OUTBOX_CHANNEL: told[name].count}))
        for name, database in (("here", here), ("there", there))
    ]
    for one in told.values():
        await one.reaches(1)  # it listens, and looks for what it has missed
    async with here.transaction(organisation="police-19") as session:
        notify(session, OUTBOX_CHANNEL)
        notify(session, OUTBOX_CHANNEL)
    assert told["here"].times == 2
    await told["there"].reaches(2)
    async with there.transaction(organisation="police-19") as session:
        notify(session, OUTBOX_CHANNEL)
    await told["here"].reaches(3)  # its own word came back by the same line, before this one
    assert (told["here"].times, told["there"].times) == (3, 3)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, here.close(), there.close(), return_exceptions=True)


class Counter:
    """How often somebody was woken."""

    def __init__(self) -> None:
        self.times, self.changed = 0, asyncio.Event()

    def count(self) -> None:
        self.times += 1
        self.changed.set()

    async def reaches(self, times: int) -> None:
        async with asyncio.timeout(10):
            while self.times < times:
                self.changed.clear()
                await self.changed.wait()
