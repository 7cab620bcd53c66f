"""Can I get there in time? Asked of the bed board by an officer with somebody drunk (F9; report, 2.2, no. 3)."""

from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from shared.adapters.audit_tables import AuditEntry
from shared.casework.beds import store as beds
from shared.casework.directory import store as directory
from shared.contract.events import BedsCounted, UnitCount
from shared.contract.vocabulary import BedKind
from tests.pair import NOW, Two

HOSPITAL, ASTANA = "hospital-19", "710000000"


async def counted(two: Two, *, free: int = 2, kind: BedKind = BedKind.DETOXIFICATION) -> str:
    """What came over the board of a hospital; where that is."""
    async with two.police.work() as work:
        unit = UnitCount(unit="detox", kind=kind, capacity=4, free=free, counted_at=work.now)
        await beds.replace(
            work.session, counted=BedsCounted(organisation=HOSPITAL, units=(unit,), at=work.now), at=work.now
        )
        place = await directory.get(work.session, organisation_id=HOSPITAL)
    assert place is not None
    return place.kato


async def asked(two: Two, **more: Any) -> httpx.Response:
    return await two.officer.post("/beds/reachable", json={"per_mille": 1.7, "measured_at": NOW, **more})


async def test_near_by_it_is_reached_in_time_and_from_the_other_end_of_the_country_it_is_not(two: Two) -> None:
    here = await counted(two)
    found = {}
    for near in (here, ASTANA):
        answer = await asked(two, near=near)
        assert answer.status_code == 200, answer.text
        found[near] = answer.json()["items"][0]
    assert [one["in_time"] for one in found.values()] == ["likely", "unlikely"]
    assert found[ASTANA]["minutes"] > 600
    assert all(set(one["says"]) == {"kk", "ru", "en"} for one in found.values())


async def test_it_says_that_it_is_an_estimate_and_of_what_it_is_made(two: Two) -> None:
    answer = (await asked(two, near=await counted(two))).json()
    assert answer["estimate"]["en"].startswith("This is an estimate")
    assert len(answer["assumed"]["sources"]) == 3
    assert answer["below_from"] < answer["below_by"]


async def test_it_is_about_detoxification_alone_and_names_a_full_unit_too(two: Two) -> None:
    here = await counted(two, kind=BedKind.ADDICTOLOGY)
    assert (await asked(two, near=here)).json()["items"] == []
    await counted(two, free=0)
    assert (await asked(two, near=here)).json()["items"][0]["unit"]["free"] == 0


async def test_a_shelter_asks_the_same_board(two: Two) -> None:
    answer = await two.warden.post("/beds/reachable", json={"near": ASTANA, "per_mille": 2, "measured_at": NOW})
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_mille": -0.1},
        {"per_mille": 8.1},
        {"per_mille": "2"},
        {"per_mille": True},
        {"near": "12"},
        {"measured_at": "2026-03-20T12:00:01+05:00"},
        {"measured_at": "2026-03-19T11:59:59+05:00"},
        {"name": "Жұмабаев"},
    ],
)
async def test_what_cannot_have_been_measured_is_refused(two: Two, wrong: dict[str, Any]) -> None:
    assert (await asked(two, **{"near": ASTANA, **wrong})).status_code == 422


async def test_it_keeps_nothing(two: Two) -> None:
    here = await counted(two)
    async with two.police.work() as work:
        before = (await work.session.exec(select(func.count()).select_from(AuditEntry))).one()
    await asked(two, near=here)
    async with two.police.work() as work:
        assert (await work.session.exec(select(func.count()).select_from(AuditEntry))).one() == before


async def test_who_only_counts_beds_may_not_ask(two: Two) -> None:
    async with two.police.client("police-19", "bed-counter") as machine:
        answer = await machine.post("/beds/reachable", json={"near": ASTANA, "per_mille": 2, "measured_at": NOW})
    assert answer.status_code == 403
