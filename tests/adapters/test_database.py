"""A transaction: for whom it is, and what happens to it when the server was restarted meanwhile."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.network import Network
from shared.adapters.database import Database, plan_once

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
