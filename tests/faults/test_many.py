"""In a network of many organisations a service does for one of them what it did when there were few.

PostgreSQL itself counts the rows that are read. What reads all organisations, or all of an agency, is listed here.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from deploy.network import Network
from shared.adapters.witnesses import Checkpoints
from shared.casework.directory import store
from shared.casework.directory.announcements import Entries
from shared.casework.directory.hosted import HostedOrganisation
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import POLICE, SHELTER
from tests.asked import asked_of
from tests.faults.test_growth import Meter, a_case, called, fill, in_the_loops
from tests.network import organisations
from tests.workbench import Bench, bench

MANY, FEW_ROWS, HERE = 12_000, 1_000, "196200000"
AGENCIES = "(array['police', 'shelter', 'health', 'social'])[1 + n % 4]"
PURPOSES = """(array['[]', '["lodging"]', '["medical_examination"]', '["social_services"]'])[1 + n % 4]::jsonb"""
DIRECTORY = (
    f"(id, agency, name_kk, name_ru, name_en, kato, purposes, responsible_for, hosted, hold_minutes, announced_at) "
    f"select {AGENCIES} || '-of-many-' || n, {AGENCIES}, 'a', 'b', 'c', '{HERE}', {PURPOSES}, "
    f"case when n % 100 = 0 then jsonb_build_array('63' || n) else '[]'::jsonb end, "
    f"{AGENCIES} = 'AGENCY', 90, timestamptz '2020-01-01'"
)
# What is for a list of all, or ranks all that there are.
READ_ALL = {"entries, first time", "GET /organisations?agency=police", "POST /referrals/suggestions"}
REFUSAL = {"refused_at": "2026-03-20T06:00:00Z"}
LOOKING = {"near": HERE, "purpose": "lodging"}


@asynccontextmanager
async def among_many(network: Network, agency: Agency, who: str) -> AsyncIterator[Bench]:
    """A service whose directory has so many, a quarter of them its own."""
    async with bench(network, agency) as service:
        await fill(service, {"organisations": DIRECTORY.replace("AGENCY", agency)}, who, rows=MANY)
        yield service


async def by_itself(meter: Meter) -> None:
    """What the loops do, and the announcer, which looks every second whether its entries changed."""
    await in_the_loops(meter, Checkpoints(every=60))
    entries = Entries()

    async def collect() -> None:
        async with meter.service.work() as work:
            assert len(await entries.collect(work)) > MANY // 4

    for time in ("first time", "again"):
        await meter.measure(f"entries, {time}", collect)


def read_much(meter: Meter) -> set[str]:
    """What read more than a few rows of the directory."""
    return {name for name, read in meter.read.items() if read.get("organisations", 0) > FEW_ROWS}


async def test_the_police_read_the_whole_directory_only_to_list_or_rank_it(network: Network) -> None:
    async with among_many(network, Agency.POLICE, POLICE) as police:
        meter = Meter(police)
        await by_itself(meter)
        async with police.client(POLICE, "supervisor") as officer:
            await a_case(meter, officer)
            await called(meter, officer, "GET /organisations?agency=police")
            await called(meter, officer, "POST /referrals/suggestions", json=LOOKING)
    assert read_much(meter) == READ_ALL


async def test_a_shelter_finds_the_police_of_its_district_without_reading_all_police(network: Network) -> None:
    async with among_many(network, Agency.SHELTER, SHELTER) as shelter:
        meter = Meter(shelter)
        await by_itself(meter)
        async with shelter.client(SHELTER, "supervisor") as warden:
            refusal = await called(meter, warden, "POST /refusals", json=REFUSAL)
    assert refusal["police_id"] == POLICE
    assert read_much(meter) == {"entries, first time"}


async def test_what_changed_of_our_own_organisations_is_seen_at_the_next_look(network: Network) -> None:
    async with bench(network, Agency.SHELTER) as shelter:
        entries, ours = Entries(), [one for one in organisations() if one.agency is Agency.SHELTER]
        renamed = [one.model_copy(update={"name_en": "Another name"}) for one in ours]
        for described, name in ((ours, ours[0].name_en), (renamed, "Another name"), (renamed[:1], "Another name")):
            shelter.clock.now += timedelta(seconds=1)
            async with shelter.work() as work:
                await store.host(work.session, organisations=described, at=work.now)
                said = await entries.collect(work)
            assert {one.organisation for one in said} == {one.id for one in described}
            assert next(one.event.name_en for one in said if one.organisation == ours[0].id) == name  # type: ignore[attr-defined]
        async with shelter.work() as work:
            await store.host(work.session, organisations=[], at=work.now)
            assert await entries.collect(work) == []


@pytest.mark.parametrize(("many", "statements"), [(1, 2), (500, 2), (1200, 4)])
async def test_a_start_describes_many_organisations_with_a_few_statements(
    network: Network, many: int, statements: int
) -> None:
    async with bench(network, Agency.SHELTER) as shelter:
        (one,) = [one for one in organisations() if one.id == SHELTER]
        ours = [HostedOrganisation(**one.model_dump() | {"id": f"shelter-{n}"}) for n in range(many)]
        with asked_of(shelter.database) as asked:
            async with shelter.work() as work:
                await store.host(work.session, organisations=ours, at=work.now)
                assert {row["id"] for row in await store.hosted(work.session)} == {one.id for one in ours}
    assert sum("organisations" in statement and "SELECT" not in statement for statement in asked) == statements
