"""What an agency's own systems are told of: everything that happened there, in one order, of nobody a word."""

from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.adapters.changes import TOLD
from shared.adapters.sequencer import link_waiting
from shared.casework.changes import store
from shared.casework.changes.streaming import MOST, MOST_OF_ONE
from shared.contract.vocabulary import Agency
from tests.adapters.test_reads import OCCURRED
from tests.casework.test_walls import HER, HIM, HIS_IIN, HOSPITAL, NAMED
from tests.courier import carry, exchange
from tests.pair import GIVEN, NAME, NOW, POLICE, SHELTER, SPOKEN, Two, made, person, referred
from tests.serving import serving
from tests.workbench import Bench, bench

Json = dict[str, Any]


async def told(service: Bench, client: httpx.AsyncClient, **query: Any) -> Json:
    await link_waiting(service.database)
    answer = await client.get("/events", params=query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def kinds(page: Json) -> list[str]:
    return [one["type"].removeprefix("kz.qorgau.").removesuffix(".v1") for one in page["events"]]


async def test_what_came_and_what_was_done_is_told_in_its_order_and_what_was_read_is_not(two: Two) -> None:
    her = await person(two.officer)
    consent, referral = await referred(two.officer, her)
    await carry(two.police, two.shelter)
    await two.warden.get(f"/referrals/{referral}")
    await two.warden.post(f"/referrals/{referral}/accept")
    await two.officer.post(f"/consents/{consent}/withdraw", json={"by": "self"})
    here, there = await told(two.police, two.officer), await told(two.shelter, two.warden)
    assert kinds(here) == ["recorded.person", "recorded.consent", "recorded.referral", "ended.consent"]
    assert [one["subject"] for one in here["events"]] == [her, consent, referral, consent]
    assert kinds(there) == ["received.referral.requested", "changed.referral"]
    assert {one["subject"] for one in there["events"]} == {referral}


async def test_an_event_is_a_cloud_event_and_says_nothing_of_anybody(two: Two) -> None:
    her = await person(two.officer)
    page = await told(two.police, two.officer)
    (event,) = page["events"]
    assert event.keys() == {"specversion", "id", "source", "type", "subject", "time"}
    assert (event["specversion"], event["source"]) == ("1.0", f"/organisations/{POLICE}")
    assert (event["type"], event["subject"]) == ("kz.qorgau.recorded.person.v1", her)
    assert NAME not in str(page)


async def test_who_asks_behind_the_last_answer_misses_nothing_and_gets_nothing_twice(two: Two) -> None:
    for _ in range(5):
        await person(two.officer)
    seen, page = [], await told(two.police, two.officer, limit=2)
    while page["more"]:
        seen += page["events"]
        page = await told(two.police, two.officer, limit=2, after=page["next"])
    seen += page["events"]
    assert [one["type"] for one in seen] == ["kz.qorgau.recorded.person.v1"] * 5
    assert len({one["id"] for one in seen}) == 5
    await person(two.officer)
    again = await told(two.police, two.officer, after=page["next"])
    assert len(again["events"]) == 1
    assert (await told(two.police, two.officer, after=again["events"][0]["id"]))["events"] == []


async def test_only_the_asked_kinds_are_told_and_the_next_place_is_behind_the_others_too(two: Two) -> None:
    her = await person(two.officer)
    await referred(two.officer, her)
    only = await told(two.police, two.officer, type=["recorded.referral", "ended"])
    assert kinds(only) == ["recorded.referral"]
    assert kinds(await told(two.police, two.officer, type="recorded")) == [
        "recorded.person",
        "recorded.consent",
        "recorded.referral",
    ]
    await person(two.officer)
    none_of_these = await told(two.police, two.officer, type="ended")
    assert none_of_these["events"] == []
    assert kinds(await told(two.police, two.officer, after=none_of_these["next"])) == []


async def test_a_type_is_not_taken_for_another_that_begins_with_its_letters(two: Two) -> None:
    await person(two.officer)
    assert kinds(await told(two.police, two.officer, type="recorded.pers")) == []


async def test_who_begins_now_is_told_of_what_is_still_to_come(two: Two) -> None:
    nothing_yet = await told(two.police, two.officer, after="now")
    assert (nothing_yet["events"], nothing_yet["next"]) == ([], None)
    await person(two.officer)
    page = await told(two.police, two.officer, after="now")
    assert page["events"] == []
    await referred(two.officer, await person(two.officer))
    assert kinds(await told(two.police, two.officer, after=page["next"])) == [
        "recorded.person",
        "recorded.consent",
        "recorded.referral",
    ]


@pytest.mark.parametrize("after", ["00000000-0000-4000-8000-000000000000", "yesterday"])
async def test_a_place_that_is_not_known_here_is_said_and_not_guessed(two: Two, after: str) -> None:
    answer = await two.officer.get("/events", params={"after": after})
    assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["Recorded", "recorded.%", "recorded referral", "a.b.c.d.e", "", "x" * 90])
async def test_a_kind_that_can_be_none_is_said(two: Two, kind: str) -> None:
    assert (await two.officer.get("/events", params={"type": kind})).status_code == 422


async def test_another_organisation_of_the_same_service_is_told_of_its_own(network: Network) -> None:
    async with (
        bench(network, Agency.POLICE, at=NOW) as service,
        service.client(POLICE) as ours,
        service.client("police-rural-19") as theirs,
    ):
        await person(ours)
        here = await told(service, ours)
        assert len(here["events"]) == 1
        assert (await told(service, theirs))["events"] == []
        foreign = await theirs.get("/events", params={"after": here["next"]})
        assert (foreign.status_code, foreign.json()["title"]) == (422, "invalid cursor")


async def test_a_machine_that_counts_beds_is_told_of_no_case(two: Two) -> None:
    async with two.shelter.client(SHELTER, "bed-counter") as machine:
        assert (await machine.get("/events")).status_code == 403
        assert (await machine.get("/events/stream")).status_code == 403


async def test_who_works_with_the_other_party_is_not_told_of_what_is_behind_the_wall(network: Network) -> None:
    async with (
        bench(network, Agency.HEALTH, at=NOW) as service,
        service.client(HOSPITAL, who="surgeon") as surgeon,
        service.client(HOSPITAL, who="addictologist") as addictologist,
        service.client(HOSPITAL, "supervisor", who="chief") as chief,
    ):
        her = await surgeon.post("/persons", json={**HER, "other_party": NAMED})
        him = await addictologist.post("/persons", json={**HIM, "iin": HIS_IIN})
        ids = [answer.json()["id"] for answer in (her, him)]
        seen = [
            {one["subject"] for one in (await told(service, client))["events"]} & {*ids}
            for client in (surgeon, addictologist, chief)
        ]
        assert seen == [{ids[0]}, {ids[1]}, {*ids}]


def test_of_no_action_that_only_reads_anything_is_told() -> None:
    assert not [action for action in TOLD if action.startswith(("read_", "searched", "previewed", "exported"))]


async def test_a_stream_tells_what_happens_and_ends_when_its_token_is_good_no_more(two: Two) -> None:
    service, told_of = two.police, []
    async with serving(service) as url:
        headers = {"Authorization": two.officer.headers["Authorization"]}
        async with (
            httpx.AsyncClient(base_url=url, headers=headers, timeout=20) as client,
            client.stream("GET", "/v1/events/stream") as answer,
        ):
            lines = answer.aiter_lines()
            assert await anext(lines) == "retry: 3000"
            her = await person(two.officer)
            await link_waiting(service.database)
            service.database.told.beat()
            async for line in lines:
                told_of += [line] if line.startswith("data: ") else []
                if told_of:
                    break
            identity = service.app.state.identity
            identity.settings = identity.settings.model_copy(update={"oidc_audience": "another"})
            service.database.told.beat()
            assert [line async for line in lines if line] == []
    assert her in told_of[0]
    assert service.app.state.following.total() == 0


async def test_no_more_follow_than_a_service_can_carry(two: Two) -> None:
    following = two.police.app.state.following
    for full in ({"somebody else": MOST}, {POLICE: MOST_OF_ONE}):
        following.clear()
        following.update(full)
        answer = await two.officer.get("/events/stream")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert dict(following) == full


async def test_what_happens_between_two_looks_of_one_call_is_told_by_the_next(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = store._reach

    async def look_while_something_happens(*asked: Any) -> Any:
        found = await looked(*asked)
        monkeypatch.setattr(store, "_reach", looked)
        await person(two.officer)
        await link_waiting(two.police.database)
        return found

    monkeypatch.setattr(store, "_reach", look_while_something_happens)
    page = (await two.officer.get("/events")).json()
    assert (page["events"], page["next"]) == ([], None)
    assert kinds((await two.officer.get("/events")).json()) == ["recorded.person"]


async def test_what_came_for_the_other_party_is_not_told_over_the_wall_nor_that_there_is_one(network: Network) -> None:
    async with (
        bench(network, Agency.HEALTH, at=NOW) as service,
        bench(network, Agency.POLICE, at=NOW) as police,
        police.client(POLICE) as officer,
        service.client(HOSPITAL, who="surgeon") as surgeon,
        service.client(HOSPITAL, who="addictologist") as addictologist,
        service.client(HOSPITAL, "supervisor", who="chief") as chief,
    ):
        her = await made(await surgeon.post("/persons", json={**HER, "other_party": NAMED}))
        him = await made(await addictologist.post("/persons", json={**HIM, "iin": HIS_IIN}))
        report = await made(await surgeon.post("/violence-reports", json={**OCCURRED, "person_id": her, "to": POLICE}))
        await exchange(service, police)
        assert (await officer.post(f"/violence-reports/{report}/register", json={"number": "26-1"})).is_success
        await exchange(service, police)
        (wall,) = (await chief.get("/walls")).json()["items"]
        assert (await chief.post(f"/walls/{wall['id']}/staff", json={"staff": "nurse", "side": "victim"})).is_success
        his = (await told(service, addictologist))["events"]
        assert [(one["type"], one["subject"]) for one in his] == [("kz.qorgau.recorded.person.v1", him)]
        all_ = await told(service, chief)
        assert "received.violence_report.registered" in kinds(all_)
        assert wall["id"] not in str(all_)


async def test_an_erasure_opens_nothing_of_what_was_behind_a_wall(network: Network) -> None:
    async with (
        bench(network, Agency.HEALTH, at=NOW) as service,
        service.client(HOSPITAL, who="surgeon") as surgeon,
        service.client(HOSPITAL, who="addictologist") as addictologist,
        service.client(HOSPITAL, "supervisor", who="chief") as chief,
    ):
        her = await made(await surgeon.post("/persons", json={**HER, "other_party": NAMED}))
        him = await made(await addictologist.post("/persons", json={**HIM, "iin": HIS_IIN}))
        await made(await surgeon.post("/consents", json={"person_id": her, **GIVEN, **SPOKEN}))
        assert (await chief.delete(f"/persons/{her}")).is_success
        his = (await told(service, addictologist))["events"]
    assert [one["subject"] for one in his if one["type"] != "kz.qorgau.erased.person.v1"] == [him]
