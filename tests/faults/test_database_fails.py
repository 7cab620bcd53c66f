"""The database goes away, loses a line, runs full or refuses: the caller is told, and nothing is half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, func, select

from deploy.network import Network
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.database import WHOLE_NODE
from shared.casework.persons.tables import PersonRow
from shared.contract.vocabulary import Agency
from tests.workbench import Bench, bench

POLICE = "police-19"
SOMEONE = {"role": "victim"}


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


@asynccontextmanager
async def failing(police: Bench, trigger: str, *, what: str) -> AsyncIterator[None]:
    """While a person is recorded the database itself does `what` (PL/pgSQL)."""
    connection = await police.network.postgres.connect(str(police.database.url.database))
    body = f"begin {what}; return new; end"
    await connection.execute(
        f"create function fail() returns trigger security definer language plpgsql as $$ {body} $$"
    )
    await connection.execute(trigger + " for each row execute function fail()")
    yield
    await connection.execute("drop function fail() cascade")
    await connection.close()


AT_ONCE = "create trigger failing after insert on persons"
AT_COMMIT = "create constraint trigger failing after insert on persons deferrable initially deferred"


async def rows(police: Bench) -> tuple[int, int]:
    """(persons, entries of the record)"""
    async with police.database.transaction(organisation=WHOLE_NODE) as session:
        persons = (await session.exec(select(func.count()).select_from(PersonRow))).one()
        entries = (await session.exec(select(func.count(col(AuditEntry.id))))).one()
    return persons, entries


def is_passing(answer: httpx.Response, kind: str) -> bool:
    """Whether the caller is told to try again, and when."""
    told = (answer.status_code, answer.json()["type"].rsplit("/", 1)[1], answer.headers["retry-after"])
    return told == (503, kind, "2")


async def test_without_a_database_the_caller_is_told_to_try_again_and_then_all_is_well(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    await officer.post("/persons", json=SOMEONE)
    before, name = await rows(police), police.database.url.database
    superuser = await police.network.postgres.connect()
    await superuser.execute(f'alter database "{name}" allow_connections false')
    await superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    assert is_passing(await officer.post("/persons", json=SOMEONE, headers=key), "database-unavailable")
    await superuser.execute(f'alter database "{name}" allow_connections true')
    await superuser.close()
    assert await rows(police) == before
    assert (await officer.post("/persons", json=SOMEONE, headers=key)).status_code == 201


async def test_a_line_that_is_lost_at_the_commit_is_said_so_and_the_same_key_settles_it(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    key, before = {"Idempotency-Key": str(uuid4())}, await rows(police)
    async with failing(police, AT_COMMIT, what="perform pg_terminate_backend(pg_backend_pid())"):
        assert is_passing(await officer.post("/persons", json=SOMEONE, headers=key), "outcome-unknown")
    assert await rows(police) == before
    first, second = [await officer.post("/persons", json=SOMEONE, headers=key) for _ in range(2)]
    assert first.status_code == 201
    assert first.json() == second.json()
    assert (await rows(police))[0] == before[0] + 1


async def test_a_full_disk_is_not_the_callers_fault_and_leaves_nothing_half_done(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    """The database says what it says when a file can't grow (SQLSTATE 53100)."""
    before = await rows(police)
    async with failing(police, AT_ONCE, what="raise exception using errcode = 'disk_full'"):
        answer = await officer.post("/persons", json=SOMEONE)
    assert (answer.status_code, answer.json()["title"]) == (507, "storage full")
    assert await rows(police) == before


async def test_of_changes_that_exclude_each_other_each_is_done_or_to_be_tried_again(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    superuser = await police.network.postgres.connect()
    name = police.database.url.database
    await superuser.execute(f"""alter database "{name}" set default_transaction_isolation = 'serializable'""")
    await superuser.close()
    await police.database.engine.dispose()
    person = (await officer.post("/persons", json=SOMEONE)).json()["id"]

    async def change(name_: str) -> httpx.Response:
        return await officer.patch(f"/persons/{person}", json={"given_name": name_}, headers={"If-Match": "*"})

    answers = await asyncio.gather(*(change(f"Дана{turn}") for turn in range(12)))
    done = [answer for answer in answers if answer.status_code == 200]
    again = [answer for answer in answers if answer not in done]
    assert done
    assert again
    assert all(is_passing(answer, "database-unavailable") for answer in again)
    assert (await officer.get(f"/persons/{person}")).headers["etag"] == f'"{len(done) + 1}"'


async def test_without_a_free_connection_the_caller_is_told_in_seconds(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    settings = police.app.state.settings
    async with AsyncExitStack() as taken:
        for _ in range(settings.database_pool * 2):
            await taken.enter_async_context(police.database.engine.connect())
        answer = await asyncio.wait_for(officer.post("/persons", json=SOMEONE), timeout=8)
        assert is_passing(answer, "database-unavailable")
    assert (await officer.post("/persons", json=SOMEONE)).status_code == 201
