"""The bed board, page by page: the nearest first, each unit once, and none lost."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlmodel import col, update

from deploy.network import Network
from shared.adapters.jetstream import state_subject
from shared.casework.app import host
from shared.casework.beds import store
from shared.casework.beds.tables import BoardRow
from shared.casework.directory import store as directory
from shared.casework.directory.places import distance_km, places
from shared.contract.events import BedsCounted, OrganisationAnnounced, UnitCount
from shared.contract.identifiers import checked_kato
from shared.contract.vocabulary import Agency, BedKind, EventType
from tests.adapters.test_announcements import announced, hear
from tests.boards import fill
from tests.pair import NOW, POLICE
from tests.workbench import Bench, bench

TALGAR, ALMATY, ASTANA, SHYMKENT = "196200000", "750000000", "710000000", "790000000"
SHELTER = "shelter-far-19"
KIND = BedKind.WOMEN_WITH_CHILDREN


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE, at=NOW) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


async def lies(police: Bench, organisation: str, kato: str, **units: int) -> None:
    """An organisation, where it is, and how many places are free in each of its units."""
    async with police.work() as work:
        there = OrganisationAnnounced(
            id=organisation,
            agency=Agency.SHELTER,
            name_kk=organisation,
            name_ru=organisation,
            name_en=organisation,
            kato=kato,
        )
        await directory.put(work.session, organisation=there, at=work.now, hosted=False)
        counted = tuple(
            UnitCount(unit=unit, kind=KIND, capacity=9, free=free, counted_at=work.now) for unit, free in units.items()
        )
        said = BedsCounted(organisation=organisation, units=counted, at=work.now)
        await store.replace(work.session, counted=said, at=work.now)


async def page(officer: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await officer.get("/beds", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def pages(officer: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    """The units of all pages, one after the other."""
    found = await page(officer, **asked)
    units: list[dict[str, Any]] = found["items"]
    while found["next"] is not None:
        assert len(found["items"]) == asked.get("limit", 50)
        found = await page(officer, **asked, cursor=found["next"])
        units += found["items"]
    return units


def names(units: list[dict[str, Any]]) -> list[str]:
    return [f"{one['organisation_id']}/{one['unit']}" for one in units]


async def test_the_nearest_come_first_and_equally_far_ones_by_organisation_and_unit(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    await lies(police, "far", ASTANA, rooms=3)
    await lies(police, "second-in-almaty", ALMATY, b=1, a=1)
    await lies(police, "first-in-almaty", ALMATY, z=1)
    await lies(police, "here", TALGAR, rooms=0)
    found = (await page(officer, near=TALGAR))["items"]
    order = ["here/rooms", "first-in-almaty/z", "second-in-almaty/a", "second-in-almaty/b", "far/rooms"]
    assert names(found) == order
    assert [one["distance_km"] for one in found] == [distance_km(TALGAR, one["kato"]) for one in found]
    assert names((await page(officer))["items"]) == sorted(order)


async def test_two_places_with_one_centre_are_equally_far(police: Bench, officer: httpx.AsyncClient) -> None:
    region, its_city = "100000000", "101000000"
    assert distance_km(region, its_city) == 0
    await lies(police, "bbb", region, rooms=1)
    for organisation in ("aaa", "ccc"):
        await lies(police, organisation, its_city, rooms=1)
    assert names(await pages(officer, near=ASTANA, limit=1)) == ["aaa/rooms", "bbb/rooms", "ccc/rooms"]


async def test_a_full_unit_is_shown_where_it_is_nearest(police: Bench, officer: httpx.AsyncClient) -> None:
    await lies(police, "full", TALGAR, rooms=0)
    await lies(police, "with-room", ASTANA, rooms=9)
    (nearest,) = (await page(officer, near=TALGAR, limit=1, **{"for": KIND.value}))["items"]
    assert (nearest["organisation_id"], nearest["free"]) == ("full", 0)


@pytest.mark.parametrize("limit", [7, 50, 200])
@pytest.mark.parametrize("asked", [{}, {"for": KIND.value}, {"near": TALGAR}, {"near": TALGAR, "for": KIND.value}])
async def test_who_reads_all_pages_has_everything_once_and_in_order(
    police: Bench, officer: httpx.AsyncClient, asked: dict[str, str], limit: int
) -> None:
    connection = await police.network.postgres.connect(str(police.database.url.database))
    await fill(connection, organisations=250, units=3)
    await connection.close()
    async with police.work() as work:
        kind = BedKind(asked["for"]) if "for" in asked else None
        all_of_it = [dict(row) for row in await store.board(work.session, kind=kind)]
    near = asked.get("near")
    whole = [
        (distance_km(near, one["kato"]) if near else 0.0, one["organisation_id"], one["unit"]) for one in all_of_it
    ]
    read = await pages(officer, **asked, limit=limit)
    assert len(whole) == (150 if kind else 750)
    assert [(one["distance_km"] or 0.0, one["organisation_id"], one["unit"]) for one in read] == sorted(whole)


async def test_what_comes_and_goes_between_two_pages_makes_neither_gap_nor_repetition(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    for organisation, kato in (("aaa", TALGAR), ("bbb", ALMATY), ("ccc", ALMATY), ("ddd", ASTANA)):
        await lies(police, organisation, kato, rooms=1)
    first = await page(officer, near=TALGAR, limit=2)
    await lies(police, "aab", TALGAR, rooms=1)
    await lies(police, "bbb", ALMATY)  # the last that was shown has no beds any more
    await lies(police, "bbc", ALMATY, rooms=1)
    rest = await page(officer, near=TALGAR, cursor=first["next"])
    assert names(first["items"] + rest["items"]) == [f"{one}/rooms" for one in ("aaa", "bbb", "bbc", "ccc", "ddd")]
    assert rest["next"] is None


async def test_a_cursor_is_of_the_same_question_and_was_made_here(police: Bench, officer: httpx.AsyncClient) -> None:
    await lies(police, "aaa", TALGAR, rooms=1)
    await lies(police, "bbb", TALGAR, rooms=1)
    by_name, by_distance = [(await page(officer, limit=1, **asked))["next"] for asked in ({}, {"near": TALGAR})]
    made_up = ["x", "%00", "bmFufGF8Yg==", "LTF8YXxi", "MHwAfGI="]  # the last three: nan|a|b, -1|a|b, and a NUL
    for asked in [{"cursor": by_name, "near": TALGAR}, *({"cursor": one, "near": TALGAR} for one in made_up)]:
        answer = await officer.get("/beds", params=asked)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "invalid-cursor"), asked
    assert names((await page(officer, near=TALGAR, cursor=by_distance))["items"]) == ["bbb/rooms"]


async def test_an_organisation_that_moves_is_found_where_it_is_now(police: Bench, officer: httpx.AsyncClient) -> None:
    await lies(police, SHELTER, ASTANA, rooms=1)
    await lies(police, "between", ALMATY, rooms=1)
    async with police.work() as work:
        row = await directory.get(work.session, organisation_id=SHELTER)
        assert row is not None
        known = OrganisationAnnounced.model_validate(row, from_attributes=True)
    moved = known.model_copy(update={"kato": TALGAR})
    later = police.clock()
    on = state_subject("shelter", EventType.ORGANISATION_ANNOUNCED, SHELTER)
    assert await hear(police, announced(moved, time=later), subject=on) == []
    assert names(await pages(officer, near=TALGAR)) == [f"{SHELTER}/rooms", "between/rooms"]


async def test_beds_that_were_counted_before_their_organisation_was_known_are_shown_once_it_is(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    async with police.work() as work:
        unit = UnitCount(unit="rooms", kind=KIND, capacity=4, free=1, counted_at=work.now)
        early = BedsCounted(organisation="new", units=(unit,), at=work.now)
        await store.replace(work.session, counted=early, at=work.now)
    assert (await page(officer, near=TALGAR))["items"] == []
    await lies(police, "between", ALMATY, rooms=1)
    async with police.work() as work:
        there = OrganisationAnnounced(
            id="new", agency=Agency.SHELTER, name_kk="new", name_ru="new", name_en="new", kato=TALGAR
        )
        await directory.put(work.session, organisation=there, at=work.now, hosted=False)
        await store.settle(work.session, organisation_id="new")
    assert names(await pages(officer, near=TALGAR, limit=1)) == ["new/rooms", "between/rooms"]


async def test_what_an_older_version_counted_is_shown_last_and_in_its_place_once_a_service_starts(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    await lies(police, "here", TALGAR, rooms=1)
    await lies(police, "far", ASTANA, rooms=1)
    async with police.work() as work:
        here = update(BoardRow).where(col(BoardRow.organisation_id) == "here").values(place="")
        await work.session.exec(here)
    assert names(await pages(officer, near=TALGAR, limit=1)) == ["far/rooms", "here/rooms"]
    await host(police.app)
    assert names(await pages(officer, near=TALGAR, limit=1)) == ["here/rooms", "far/rooms"]


async def test_the_next_page_as_csv_is_in_the_link_header(police: Bench, officer: httpx.AsyncClient) -> None:
    await lies(police, "aaa", TALGAR, rooms=1)
    await lies(police, "bbb", TALGAR, rooms=1)
    asked = {"near": TALGAR, "limit": "1"}
    answer = await officer.get("/beds", params=asked, headers={"Accept": "text/csv"})
    assert ('"aaa"' in answer.text, '"bbb"' in answer.text) == (True, False)
    following = await officer.get(f"/beds{answer.links['next']['url']}", headers={"Accept": "text/csv"})
    assert ('"bbb"' in following.text, "next" in following.links) == (True, False)


def test_every_organisation_is_at_a_known_place() -> None:
    assert all(distance_km(checked_kato(f"{region}9999999"), TALGAR) for region in {kato[:2] for kato in places()})
