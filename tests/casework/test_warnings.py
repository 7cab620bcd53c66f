"""Warnings that violence repeats (F18): from what an agency holds itself, once, with its reasons."""

from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NOW, POLICE, SHELTER, Two, made, person, referred
from tests.workbench import bench

INCIDENT: dict[str, Any] = {"kinds": ["physical"], "relation": "spouse", "at_home": True, "children_present": True}
INCIDENT |= {"inebriated": False, "weapon": False}
FIRST, SECOND, THIRD = "2025-10-01T20:00:00+05:00", "2026-01-15T20:00:00+05:00", "2026-03-19T20:00:00+05:00"


async def incident(officer: httpx.AsyncClient, whom: str | None, when: str, **more: Any) -> str:
    body = {**INCIDENT, "victim_id": whom, "occurred_at": when, **more}
    return await made(await officer.post("/incidents", json=body))


async def warnings(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get("/warnings", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_third_incident_in_six_months_warns_the_police_with_its_reasons(two: Two) -> None:
    her, other = await person(two.officer), await person(two.officer)
    ids = [await incident(two.officer, her, when) for when in (SECOND, THIRD)]
    await incident(two.officer, other, SECOND)
    await incident(two.officer, None, SECOND)
    assert await warnings(two.officer) == []
    ids.insert(0, await incident(two.officer, her, FIRST))  # recorded last, and happened first
    (warning,) = await warnings(two.officer)
    assert (warning["pattern"], warning["person_id"], warning["times"]) == ("incidents", her, 3)
    assert [one["id"] for one in warning["facts"]] == ids
    assert (warning["first_on"], warning["last_on"]) == ("2025-10-01", "2026-03-19")
    assert warning["reason"]["en"] == "Three or more incidents of violence within six months."


async def test_while_it_waits_to_be_read_more_is_added_and_once_it_was_read_the_next_is_a_new_one(two: Two) -> None:
    her = await person(two.officer)
    for when in (FIRST, SECOND, THIRD, "2026-03-19T22:00:00+05:00"):
        await incident(two.officer, her, when)
    (warning,) = await warnings(two.officer)
    assert warning["times"] == 4
    for _ in range(2):
        read = await two.officer.post(f"/warnings/{warning['id']}/acknowledge")
        assert read.json()["acknowledged_at"] == "2026-03-20T07:00:00Z"
    assert await warnings(two.officer, unread="true") == []
    await incident(two.officer, her, "2026-03-20T09:00:00+05:00")
    (new,) = await warnings(two.officer, unread="true")
    assert (new["times"], len(await warnings(two.officer))) == (5, 2)


async def test_a_call_that_is_made_twice_with_its_key_counts_once(two: Two) -> None:
    her = await person(two.officer)
    for when in (FIRST, SECOND):
        await incident(two.officer, her, when)
    call = {"json": {**INCIDENT, "victim_id": her, "occurred_at": THIRD}, "headers": {"Idempotency-Key": "once"}}
    for _ in range(2):
        assert (await two.officer.post("/incidents", **call)).status_code == 201  # type: ignore[arg-type]  # a literal
    (warning,) = await warnings(two.officer)
    assert warning["times"] == 3


async def test_a_second_conciliation_warns_and_one_that_was_corrected_does_not_count(two: Two) -> None:
    her = await person(two.officer)
    first = await incident(two.officer, her, FIRST, outcome="conciliation")
    corrected = await two.officer.patch(
        f"/incidents/{first}", json={"outcome": "case_opened"}, headers={"If-Match": '"1"'}
    )
    assert corrected.status_code == 200
    second = await incident(two.officer, her, SECOND, outcome="conciliation")
    assert await warnings(two.officer) == []
    await two.officer.patch(f"/incidents/{first}", json={"outcome": "conciliation"}, headers={"If-Match": '"2"'})
    (warning,) = await warnings(two.officer)
    assert (warning["pattern"], {one["id"] for one in warning["facts"]}) == ("conciliations", {first, second})


async def test_a_second_refusal_to_report_warns_the_shelter_and_nobody_else(two: Two) -> None:
    her = await person(two.warden)
    for when in ("2026-03-01T10:00:00+05:00", NOW):
        refusal = await made(await two.warden.post("/refusals", json={"refused_at": when, "person_id": her}))
        await two.warden.post(f"/refusals/{refusal}/send")
    (warning,) = await warnings(two.warden)
    assert (warning["pattern"], warning["person_id"]) == ("refusals_to_report", her)
    await exchange(two.shelter, two.police)
    assert await warnings(two.officer) == []


@pytest.mark.parametrize(("agency", "organisation"), [(Agency.HEALTH, "hospital-19"), (Agency.SOCIAL, "social-19")])
async def test_health_and_social_services_count_what_they_reported_themselves(
    network: Network, agency: Agency, organisation: str
) -> None:
    async with bench(network, agency, at=NOW) as service, service.client(organisation) as worker:
        her = await person(worker)
        for day in ("2025-10-01", "2026-01-15", "2026-03-19"):
            said = {"kinds": ["physical"], "happened_on": day, "children_present": True, "weapon": False}
            body = {**said, "person_id": her, "call_back": "+7 727 000 00 01", "to": POLICE}
            assert (await worker.post("/violence-reports", json=body)).status_code == 201
        (warning,) = await warnings(worker)
        assert (warning["pattern"], warning["first_on"], warning["last_on"]) == (
            "incidents",
            "2025-10-01",
            "2026-03-19",
        )


async def shared(two: Two) -> tuple[str, dict[str, Any], httpx.Response]:
    """(referral, warning, the answer to sharing it)"""
    her = await person(two.officer)
    _, referral = await referred(two.officer, her)
    await exchange(two.police, two.shelter)
    await two.warden.post(f"/referrals/{referral}/accept")
    await exchange(two.shelter, two.police)
    for when in (FIRST, SECOND, THIRD):
        await incident(two.officer, her, when)
    (warning,) = await warnings(two.officer)
    answer = await two.officer.post(f"/warnings/{warning['id']}/share")
    await exchange(two.police, two.shelter)
    return referral, warning, answer


async def test_the_police_can_warn_who_protects_her_and_say_what_repeats_and_not_of_whom(two: Two) -> None:
    referral, warning, answer = await shared(two)
    assert (answer.status_code, answer.json()["told"]) == (200, [SHELTER])
    (came,) = await warnings(two.warden)
    assert (came["counterpart_id"], came["referral_id"], came["person_id"]) == (POLICE, referral, None)
    assert (came["pattern"], came["times"]) == ("incidents", 3)
    assert (came["first_on"], came["last_on"], came["facts"]) == ("2025-10-01", "2026-03-19", [])
    assert came["id"] != warning["id"]
    again = await two.officer.post(f"/warnings/{warning['id']}/share")
    assert again.json()["told"] == []
    await exchange(two.police, two.shelter)
    assert len(await warnings(two.warden)) == 1


async def test_by_itself_it_goes_nowhere_and_where_nobody_protects_her_to_nobody(two: Two) -> None:
    her = await person(two.officer)
    await referred(two.officer, her)
    for when in (FIRST, SECOND, THIRD):
        await incident(two.officer, her, when)
    (warning,) = await warnings(two.officer)
    answer = await two.officer.post(f"/warnings/{warning['id']}/share")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "nobody-to-warn")
    await exchange(two.police, two.shelter)
    assert await warnings(two.warden) == []


async def test_only_the_police_have_that_call(two: Two) -> None:
    _, warning, _ = await shared(two)
    assert (await two.warden.post(f"/warnings/{warning['id']}/share")).status_code == 404


async def test_when_she_is_erased_neither_what_happened_nor_a_warning_of_it_stays(two: Two) -> None:
    her = await person(two.officer)
    for when in (FIRST, SECOND, THIRD):
        await incident(two.officer, her, when)
    async with two.police.client(POLICE, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{her}")).status_code == 200
    assert await warnings(two.officer) == []


async def test_another_organisations_warning_does_not_exist(two: Two) -> None:
    _, warning, _ = await shared(two)
    async with two.police.client("police-rural-19") as stranger:
        assert await warnings(stranger) == []
        for what in ("acknowledge", "share"):
            assert (await stranger.post(f"/warnings/{warning['id']}/{what}")).status_code == 404
