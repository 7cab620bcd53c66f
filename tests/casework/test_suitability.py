"""Places are proposed by what is known here of them; which ones the alleged offender knows never leaves."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from shared.casework.beds import store as beds
from shared.casework.directory import store as directory
from shared.casework.directory.announcements import Entries
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.casework.units.announcements import counts
from shared.contract.events import BedsCounted, OrganisationAnnounced, UnitCount
from shared.contract.vocabulary import BedKind, Need
from tests.courier import exchange
from tests.network import SPARE
from tests.pair import POLICE, SHELTER, Two, made, person

HERE = "190000000"
NEAR, NEXT, FAR = "shelter-near-19", "shelter-near-19-b", SHELTER
CALL = "+7 727 000 00 01"
OPAQUE: dict[str, Any] = {"purpose": "lodging", "basis": {"kind": "no_personal_data"}, "call_back": CALL}


async def place_here(two: Two) -> str:
    async with two.police.work() as work:
        police = await directory.get(work.session, organisation_id=POLICE)
    assert police is not None
    return police.kato


async def suggested(two: Two, **more: Any) -> dict[str, dict[str, Any]]:
    """What is proposed, in its order, by organisation."""
    body = {"near": await place_here(two), "purpose": "lodging", **more}
    answer = await two.officer.post("/referrals/suggestions", json=body)
    assert answer.status_code == 200, answer.text
    return {one["organisation_id"]: one for one in answer.json()["items"]}


async def nearest(two: Two, **more: Any) -> httpx.Response:
    body = {**OPAQUE, "to": {"nearest": await place_here(two)}, **more}
    return await two.officer.post("/referrals", json=body)


async def counted(two: Two, organisation: str, *, serves: tuple[Need, ...] | None = None, hours: int = 0) -> None:
    """What came over the board: four free places for families."""
    async with two.police.work() as work:
        unit = UnitCount(
            unit="rooms",
            kind=BedKind.WOMEN_WITH_CHILDREN,
            capacity=4,
            free=4,
            counted_at=work.now - timedelta(hours=hours),
            serves=serves,
        )
        await beds.replace(
            work.session, counted=BedsCounted(organisation=organisation, units=(unit,), at=work.now), at=work.now
        )


async def test_the_nearest_comes_first_and_each_says_why(two: Two) -> None:
    proposed = await suggested(two)
    nearest = [NEAR, NEXT, *(f"{NEAR}{mark}" for mark in SPARE[1:]), FAR]
    assert list(proposed)[: len(nearest)] == nearest
    assert POLICE not in proposed
    first = proposed[NEAR]
    assert first["score"] == pytest.approx(sum(part["points"] for part in first["parts"]))
    assert {part["name"] for part in first["parts"]} == {"distance", "no_history"}
    assert first["parts"][0]["en"] == f"It is about {round(first['distance_km'])} km away."


async def test_a_referral_to_the_nearest_says_why_it_went_there(two: Two) -> None:
    sent = (await nearest(two)).json()
    assert (sent["counterpart_id"], sent["chosen"]["organisation_id"]) == (NEAR, NEAR)
    named = await two.officer.post("/referrals", json={**OPAQUE, "to": {"organisation": FAR}})
    assert named.json()["chosen"] is None


async def test_a_place_that_he_knows_is_shut_out_whoever_says_so(two: Two) -> None:
    whom = await person(two.officer, places_known_to_offender=[NEAR])
    by_record, by_call = await suggested(two, person_id=whom), await suggested(two, avoid=[NEAR])
    for proposed in (by_record, by_call):
        assert next(iter(proposed)) == NEXT
        assert [why["code"] for why in proposed[NEAR]["excluded"]] == ["known_to_offender"]
    assert (await nearest(two, person_id=whom)).json()["counterpart_id"] == NEXT
    assert (await nearest(two, avoid=[NEAR])).json()["counterpart_id"] == NEXT


async def test_nor_is_she_referred_there_by_name(two: Two) -> None:
    whom = await person(two.officer, places_known_to_offender=[NEAR])
    body = {**OPAQUE, "to": {"organisation": NEAR}, "person_id": whom}
    answer = await two.officer.post("/referrals", json=body)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "known-to-offender")
    tag = (await two.officer.get(f"/persons/{whom}")).headers["etag"]
    mended = {"json": {"places_known_to_offender": []}, "headers": {"If-Match": tag}}
    assert (await two.officer.patch(f"/persons/{whom}", **mended)).status_code == 200  # type: ignore[arg-type]  # a literal
    assert (await two.officer.post("/referrals", json=body)).status_code == 201


async def test_what_he_knows_lies_sealed_and_never_leaves(two: Two) -> None:
    whom = await person(two.officer, places_known_to_offender=[NEAR])
    sent = (await nearest(two, person_id=whom, avoid=["shelter-near-23"], speaks=["uz"])).json()
    (envelope,) = await two.police.waiting()
    for secret in (NEAR, "shelter-near-23", "uz", "avoid", "known_to_offender"):
        assert envelope is not None
        assert f'"{secret}"' not in envelope.model_dump_json()
    async with two.police.work() as work:
        row = (await work.session.exec(select(ReferralRow))).one()
        assert f"'{NEAR}'" not in str(row.model_dump(exclude={"sealed"}))
        wish = await referrals.wish_of(work.session, row)
        assert wish is not None
        assert set(wish["avoid"]) == {NEAR, "shelter-near-23"}
    await two.officer.post(f"/referrals/{sent['id']}/withdraw")
    async with two.police.work() as work:
        row = (await work.session.exec(select(ReferralRow))).one()
        assert (row.wish, await referrals.wish_of(work.session, row)) == (None, None)


async def test_a_place_without_what_she_needs_is_shut_out_if_it_says_so(two: Two) -> None:
    wanted = {"hold": "women_with_children", "needs": ["wheelchair"]}
    await counted(two, NEAR, serves=(Need.INFANT,))
    await counted(two, FAR, serves=(Need.WHEELCHAIR,))
    proposed = await suggested(two, **wanted)
    assert next(iter(proposed)) == FAR
    assert [why["code"] for why in proposed[NEAR]["excluded"]] == ["not_served"]
    assert (await nearest(two, **wanted)).json()["counterpart_id"] == FAR
    assert (await nearest(two, **wanted | {"needs": []})).json()["counterpart_id"] == NEAR


@pytest.mark.parametrize("limit", [1, 2, 200])
async def test_so_many_as_are_asked_for_are_shown_the_best_and_how_many_there_are(two: Two, limit: int) -> None:
    proposed = await suggested(two)
    answer = await two.officer.post(
        "/referrals/suggestions", json={"near": await place_here(two), "purpose": "lodging", "limit": limit}
    )
    assert [one["organisation_id"] for one in answer.json()["items"]] == [*proposed][:limit]
    assert answer.json()["of"] == len(proposed) > 2


async def test_without_room_anywhere_it_goes_nowhere_and_every_place_says_why(two: Two) -> None:
    answer = await nearest(two, hold="seniors")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "nowhere-suitable")
    proposed = await suggested(two, hold="seniors")
    assert {why["code"] for one in proposed.values() for why in one["excluded"]} == {"no_room"}


async def test_an_old_count_and_declined_referrals_cost_points(two: Two) -> None:
    await counted(two, FAR, hours=30)
    for _ in range(3):
        sent = await made(await two.officer.post("/referrals", json={**OPAQUE, "to": {"organisation": FAR}}))
        await exchange(two.police, two.shelter)
        assert (await two.warden.post(f"/referrals/{sent}/decline", json={"reason": "no_room"})).status_code == 200
        await exchange(two.police, two.shelter)
    parts = {part["name"]: part for part in (await suggested(two, hold="women_with_children"))[FAR]["parts"]}
    assert (parts["freshness"]["points"], parts["acceptance"]["points"]) == (0, 2)
    assert parts["acceptance"]["en"] == "Of our 3 referrals it accepted 0."


async def test_a_language_that_she_speaks_weighs_for_a_place_where_it_is_spoken(two: Two) -> None:
    async with two.police.work() as work:
        for organisation, languages in ((NEAR, ("ru",)), (FAR, ("uz", "kk"))):
            row = await directory.get(work.session, organisation_id=organisation)
            assert row is not None
            said = OrganisationAnnounced.model_validate({**row.model_dump(), "languages": languages})
            await directory.put(work.session, organisation=said, at=work.now, hosted=False)
    whom = await person(two.officer, languages=["uz"])
    proposed = await suggested(two, person_id=whom)
    assert [p["points"] for p in proposed[FAR]["parts"] if p["name"] == "languages"] == [5]
    assert [p["points"] for p in proposed[NEAR]["parts"] if p["name"] == "no_language"] == [0]
    listed = (await two.officer.get("/organisations", params={"agency": "shelter"})).json()["items"]
    assert {one["id"]: one["languages"] for one in listed}[FAR] == ["uz", "kk"]


async def test_what_a_unit_serves_is_announced_and_stays_until_it_is_said_anew(two: Two) -> None:
    count = {"for": "women_with_children", "capacity": 4, "occupied": 1}
    first = await two.warden.put("/beds/rooms", json={**count, "serves": ["wheelchair", "pets", "pets"]})
    assert first.json()["serves"] == ["wheelchair", "pets"]
    again = await two.warden.put("/beds/rooms", json=count, headers={"If-Match": "*"})
    assert again.json()["serves"] == ["wheelchair", "pets"]
    async with two.shelter.work() as work:
        (announced,) = await counts(work)
        (mine,) = [one for one in await Entries().collect(work) if one.organisation == SHELTER]
    assert isinstance(announced.event, BedsCounted)
    assert announced.event.units[0].serves == (Need.WHEELCHAIR, Need.PETS)
    assert isinstance(mine.event, OrganisationAnnounced)
    assert (mine.event.serves, mine.event.languages) == (None, None)
    async with two.police.work() as work:
        await beds.replace(work.session, counted=announced.event, at=work.now)
    (board,) = (await two.officer.get("/beds")).json()["items"]
    assert (board["unit"], board["serves"]) == ("rooms", ["wheelchair", "pets"])


async def test_looking_is_recorded_and_changes_nothing(two: Two) -> None:
    whom = await person(two.officer)
    await suggested(two, person_id=whom)
    assert await two.police.waiting() == []
    assert (await two.officer.get("/referrals", params={"box": "outgoing"})).json()["items"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"near": "19"},
        {"near": None},
        {"needs": ["a dog"]},
        {"avoid": ["Not An Id"]},
        {"limit": 0},
        {"limit": 201},
        {"limit": "7"},
    ],
)
async def test_what_is_not_a_question_is_refused(two: Two, wrong: dict[str, Any]) -> None:
    body = {"near": HERE, "purpose": "lodging", **wrong}
    assert (await two.officer.post("/referrals/suggestions", json=body)).status_code == 422
