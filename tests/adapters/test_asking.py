"""Statements that are asked of the driver are part of the transaction, and fail as any other there."""

import pytest
from sqlalchemy import true
from sqlalchemy.exc import DBAPIError
from sqlmodel import func, select

from deploy.network import Network
from shared.adapters.asking import ask
from shared.adapters.database import passes, sqlstate
from shared.contract.vocabulary import Agency
from tests.pair import POLICE
from tests.workbench import Bench, bench

MARKED = "select current_setting('qorgau.organisation') as whose, current_setting('test.mark', true) as mark"
SECRET = "Айгүл"
GONE = "select pg_terminate_backend($1)"


async def test_it_is_part_of_the_transaction_in_which_all_else_happens(network: Network) -> None:
    async with bench(network, Agency.POLICE) as police:
        async with police.database.transaction(organisation="another") as session:
            await session.exec(select(func.set_config("test.mark", "here", true())))
            (row,) = await ask(session, MARKED)
            assert (row["whose"], row["mark"]) == ("another", "here")
        async with police.database.transaction(organisation=POLICE) as session:
            (row,) = await ask(session, MARKED)
            assert (row["whose"], row["mark"] or None) == (POLICE, None)


async def test_once_its_transaction_has_ended_nothing_more_is_asked_on_what_is_anothers_connection(
    network: Network,
) -> None:
    async with bench(network, Agency.POLICE) as police:
        async with police.database.transaction(organisation=POLICE) as session:
            await ask(session, MARKED)
        with pytest.raises(KeyError):
            await ask(session, MARKED)


async def test_a_fault_has_its_code_and_repeats_no_value(network: Network) -> None:
    async with bench(network, Agency.POLICE) as police:
        async with police.database.transaction(organisation=POLICE) as session:
            with pytest.raises(DBAPIError) as refused:
                await ask(session, "select 1 / (length($1::text) - 5)", SECRET)
        assert (sqlstate(refused.value), passes(refused.value)) == ("22012", False)
        assert SECRET not in str(refused.value)


async def test_a_line_that_was_lost_is_told_as_what_passes_and_the_next_transaction_has_another(
    network: Network,
) -> None:
    async with bench(network, Agency.POLICE) as police:
        with pytest.raises(DBAPIError) as lost:
            await _losing(police)
        assert passes(lost.value)
        async with police.database.transaction(organisation=POLICE) as session:
            (row,) = await ask(session, MARKED)
            assert row["whose"] == POLICE


async def _losing(service: Bench) -> None:
    async with service.database.transaction(organisation=POLICE) as session:
        (row,) = await ask(session, "select pg_backend_pid() as pid")
        admin = await service.network.postgres.connect()
        await admin.execute(GONE, row["pid"])
        await admin.close()
        await ask(session, MARKED)
