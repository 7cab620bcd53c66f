"""What PostgreSQL itself keeps from the service's role: other organisations' rows, and all that is the owner's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from deploy.migrations.schema import LINEAGES
from deploy.migrations.security import ONLY_ADDED_TO, OWNER, SPECIAL, WITHHELD, rule_of, tables
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.workbench import Bench, bench

OURS = {
    Agency.POLICE: "police-19",
    Agency.SHELTER: "shelter-near-19",
    Agency.HEALTH: "hospital-19",
    Agency.SOCIAL: "social-19",
}
THEIRS = {
    Agency.POLICE: "police-rural-19",
    Agency.SHELTER: "shelter-far-19",
    Agency.HEALTH: "addictology-19",
    Agency.SOCIAL: "social-23",
}
A_VALUE = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "integer": "1",
    "bigint": "(random() * 1e15)::bigint",  # of a key that is one over all organisations
    "boolean": "true",
    "jsonb": "'[]'",
    "bytea": "''",
    "character varying": "gen_random_uuid()::text",
}


@pytest.fixture(scope="module", params=list(Agency), ids=str)
async def service(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """An agency with two organisations, in whose name calls were made, and a row of each in every table."""
    agency: Agency = request.param
    async with bench(network, agency) as made:
        for organisation in (OURS[agency], THEIRS[agency]):
            await calls(made, organisation)
            await fill(made, organisation)
        yield made


async def calls(made: Bench, organisation: str) -> None:
    async with made.client(organisation) as worker:
        person = (await worker.post("/persons", json={"role": "victim", "family_name": "Ахметова"})).json()["id"]
        terms = {"purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"]}
        given = {"granted_by": "self", "form": "spoken", "explained_in": "kk"}
        body: dict[str, Any] = {"person_id": person, "valid_until": "2026-06-01T00:00:00Z", **terms, **given}
        consent = (await worker.post("/consents", json=body)).json()["id"]
        body = {"to": {"organisation": "shelter-near-23"}, "purpose": "lodging", "person_id": person}
        body |= {"basis": {"kind": "consent", "consent_id": consent}, "call_back": "+7 727 000 00 01"}
        answer = await worker.post("/referrals", json=body, headers={"Idempotency-Key": person})
        assert answer.status_code == 201, answer.text
        referral = f"/referrals/{answer.json()['id']}"
        assert (await worker.post(f"{referral}/messages", json={"body": "Она ждёт."})).status_code == 201
        assert (await worker.post(f"{referral}/withdraw")).status_code == 200


async def fill(made: Bench, organisation: str) -> None:
    """Where calls left nothing of this organisation, a row that says nothing."""
    async with superuser(made) as connection:
        for table in await owned(connection):
            if not await connection.fetchval(f'select 1 from "{table}" where organisation_id = $1', organisation):
                await connection.execute(await an_insert(connection, table, organisation))


async def owned(connection: Any) -> list[str]:
    """The tables whose rows are one organisation's and nobody else's."""
    return [table for table, columns in (await tables(connection)).items() if OWNER in columns and table not in SPECIAL]


async def an_insert(connection: Any, table: str, organisation: str) -> str:
    needed = await connection.fetch(
        "select column_name, data_type from information_schema.columns where table_name = $1 and is_identity = 'NO' "
        "and is_nullable = 'NO' and column_name <> 'organisation_id' and column_default is null",
        table,
    )
    names = ", ".join(["organisation_id", *(f'"{row["column_name"]}"' for row in needed)])
    values = ", ".join([f"'{organisation}'", *(A_VALUE[row["data_type"]] for row in needed)])
    return f'insert into "{table}" ({names}) values ({values})'


@asynccontextmanager
async def superuser(made: Bench) -> AsyncIterator[Any]:
    connection = await made.network.postgres.connect(str(made.database.url.database))
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def as_service(made: Bench, organisation: str | None) -> AsyncIterator[Any]:
    """The service's own role, in a transaction that is begun for one organisation; undone at the end."""
    dsn = made.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    try:
        if organisation is not None:
            await connection.execute("select set_config('qorgau.organisation', $1, true)", organisation)
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


def us(made: Bench) -> str:
    return OURS[made.node.agency]


def them(made: Bench) -> str:
    return THEIRS[made.node.agency]


async def test_a_query_that_forgets_the_organisation_sees_its_own_rows_and_nobody_elses(service: Bench) -> None:
    async with superuser(service) as owner, as_service(service, us(service)) as connection:
        for table in await owned(owner):
            there = {row[0] for row in await owner.fetch(f'select distinct organisation_id from "{table}"')}
            assert {us(service), them(service)} <= there, table
            seen = {row[0] for row in await connection.fetch(f'select distinct organisation_id from "{table}"')}
            assert seen == {us(service)}, table


async def test_without_an_organisation_nothing_is_visible(service: Bench) -> None:
    async with as_service(service, None) as connection:
        for table in await tables(connection):
            if table not in WITHHELD:
                assert await connection.fetchval(f'select count(*) from "{table}"') == 0, table


async def test_what_works_for_the_whole_node_sees_everything(service: Bench) -> None:
    async with superuser(service) as owner, as_service(service, "*") as connection:
        for table in await owned(owner):
            count = f'select count(*) from "{table}"'
            assert await connection.fetchval(count) == await owner.fetchval(count), table


async def test_a_row_for_another_organisation_is_refused_by_the_database(service: Bench) -> None:
    async with superuser(service) as owner:
        for table in await owned(owner):
            async with as_service(service, us(service)) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    await connection.execute(await an_insert(owner, table, them(service)))


async def test_a_row_can_not_be_given_to_another_organisation_nor_taken_from_it(service: Bench) -> None:
    async with superuser(service) as owner:
        for table in set(await owned(owner)) - ONLY_ADDED_TO:
            async with as_service(service, us(service)) as connection:
                mine = [us(service), them(service)]
                taken = f'update "{table}" set organisation_id = $1 where organisation_id = $2'
                assert await connection.execute(taken, *mine) == "UPDATE 0", table
                gone = f'delete from "{table}" where organisation_id = $1'
                assert await connection.execute(gone, them(service)) == "DELETE 0", table
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    await connection.execute(f'update "{table}" set organisation_id = $1', them(service))


@pytest.mark.parametrize(
    "attempt",
    [
        "alter table persons add column more text",
        "drop table persons",
        "truncate persons",
        "alter table persons disable row level security",
        "alter table persons no force row level security",
        "drop policy its_own on persons",
        "create or replace function public.behind_walls() returns uuid[] language sql as $$ select '{}'::uuid[] $$",
        "alter function public.behind_walls() volatile",
        "create table more (id int)",
        "select version_num from alembic_version",
        "set role postgres",
        "set session authorization postgres",
    ],
)
async def test_the_services_role_can_not_change_what_protects_the_rows(service: Bench, attempt: str) -> None:
    async with as_service(service, "*") as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)


async def test_the_services_role_owns_nothing(service: Bench) -> None:
    role = service.database.url.username
    async with superuser(service) as owner:
        owned_by_it = "select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = $1)"
        assert await owner.fetchval(owned_by_it, role) == 0
        assert await owner.fetchval("select rolsuper or rolbypassrls from pg_roles where rolname = $1", role) is False


async def test_row_level_security_is_on_for_every_table(service: Bench) -> None:
    async with superuser(service) as owner:
        without = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        assert {r[0] for r in await owner.fetch(f"{without} and not relrowsecurity")} == set(WITHHELD)


async def test_directory_and_bed_board_are_read_by_all_and_written_by_their_own(service: Bench) -> None:
    async with as_service(service, us(service)) as connection:
        assert await connection.fetchval("select count(*) from organisations") > 1
        assert (
            await connection.execute("update organisations set hosted = false where id <> $1", us(service))
            == "UPDATE 0"
        )


def test_whose_rows_they_are_has_been_decided_for_every_table() -> None:
    undecided = [
        table
        for lineage in LINEAGES.values()
        for model in lineage
        if (table := str(model.__tablename__)) not in SPECIAL  # type: ignore[attr-defined]  # every SQLModel table has one
        if rule_of(table, list(model.model_fields)).owner is None  # type: ignore[attr-defined]  # as above
    ]
    assert undecided == []
