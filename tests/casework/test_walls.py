"""Both parties at one hospital: it notices, warns its own staff, parts the files; nobody else learns of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from deploy.demo.people import iin
from deploy.network import Network
from shared.adapters.tables import OutboxRow
from shared.casework.loops import watch_deadlines
from shared.casework.walls.tables import WallFileRow, WallRow, WallStaffRow
from shared.contract.vocabulary import Agency
from tests.pair import NOW, SPOKEN, UNTIL, made
from tests.workbench import Bench, bench

HOSPITAL = "hospital-19"
HIS_IIN = iin("1985-02-03", 4321, digit=3)
HIM: dict[str, Any] = {"role": "alleged_offender", "family_name": "Серіков", "given_name": "Дәурен"}
HER: dict[str, Any] = {"role": "victim", "family_name": "Серікова", "given_name": "Гүлнұр"}
NAMED = {"iin": HIS_IIN}


@dataclass
class Ward:
    """A hospital, her doctor, his addictologist, a nurse who has worked with neither, and the chief."""

    service: Bench
    surgeon: httpx.AsyncClient
    addictologist: httpx.AsyncClient
    nurse: httpx.AsyncClient
    chief: httpx.AsyncClient


@pytest.fixture
async def ward(network: Network) -> AsyncIterator[Ward]:
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(bench(network, Agency.HEALTH, at=NOW))
        names = ("surgeon", "addictologist", "nurse")
        surgeon, addictologist, nurse = [
            await stack.enter_async_context(service.client(HOSPITAL, who=name)) for name in names
        ]
        chief = await stack.enter_async_context(service.client(HOSPITAL, "supervisor", who="chief"))
        yield Ward(service, surgeon, addictologist, nurse, chief)


async def both(ward: Ward) -> tuple[str, str]:
    """She is recorded with him named; then he is, by somebody else."""
    her = await made(await ward.surgeon.post("/persons", json={**HER, "other_party": NAMED}))
    return her, await made(await ward.addictologist.post("/persons", json={**HIM, "iin": HIS_IIN}))


async def walls(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/walls")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def status(client: httpx.AsyncClient, path: str) -> int:
    return (await client.get(path)).status_code


async def found(client: httpx.AsyncClient, **whom: str) -> list[str]:
    return [one["id"] for one in (await client.post("/persons/search", json=whom)).json()["items"]]


async def reminders(ward: Ward, client: httpx.AsyncClient) -> set[str]:
    async with ward.service.work() as work:
        await watch_deadlines(work)
    return {one["deadline"]["kind"] for one in (await client.get("/reminders")).json()["items"]}


async def test_neither_side_sees_or_finds_the_other_and_each_sees_its_own(ward: Ward) -> None:
    her, him = await both(ward)
    assert [await status(ward.surgeon, f"/persons/{one}") for one in (her, him)] == [200, 404]
    assert [await status(ward.addictologist, f"/persons/{one}") for one in (her, him)] == [404, 200]
    assert [await found(ward.surgeon, iin=HIS_IIN), await found(ward.addictologist, iin=HIS_IIN)] == [[], [him]]
    assert await found(ward.addictologist, family_name="Серікова", given_name="Гүлнұр") == []
    tag = {"If-Match": "*"}
    changed = await ward.surgeon.patch(f"/persons/{him}", json={"given_name": "Данияр"}, headers=tag)
    assert changed.status_code == 404


@pytest.mark.parametrize("order", ["he came first", "named by name and birth date", "he names her"])
async def test_it_is_noticed_whoever_came_first_and_however_they_are_named(ward: Ward, order: str) -> None:
    born = {"birth_date": "1985-02-03"}
    his, hers = {**HIM, "iin": HIS_IIN, **born}, {**HER, "other_party": NAMED}
    if order == "named by name and birth date":
        hers["other_party"] = {"family_name": " серіков", "given_name": "ДӘУРЕН", **born}
    if order == "he names her":
        hers = {**HER, "birth_date": "1990-05-06"}
        his["other_party"] = {"family_name": "Серікова", "given_name": "Гүлнұр", "birth_date": "1990-05-06"}
    him = await made(await ward.addictologist.post("/persons", json=his))
    her = await made(await ward.surgeon.post("/persons", json=hers))
    (wall,) = await walls(ward.chief)
    assert {(one["file_id"], one["side"]) for one in wall["files"]} == {(her, "victim"), (him, "alleged_offender")}
    assert {(one["staff"], one["side"]) for one in wall["staff"]} == {
        (f"surgeon@{HOSPITAL}", "victim"),
        (f"addictologist@{HOSPITAL}", "alleged_offender"),
    }


async def test_a_name_alone_puts_up_no_wall_nor_does_another_hospitals_patient(ward: Ward) -> None:
    named = {"family_name": "Серіков", "given_name": "Дәурен"}
    await made(await ward.surgeon.post("/persons", json={**HER, "other_party": named}))
    await made(await ward.surgeon.post("/persons", json={**HER, "other_party": NAMED}))
    async with ward.service.client("addictology-19") as elsewhere:
        await made(await elsewhere.post("/persons", json={**HIM, "iin": HIS_IIN}))
    await made(await ward.addictologist.post("/persons", json=HIM))
    assert await walls(ward.chief) == []


async def test_staff_are_warned_each_of_their_own_side_alone(ward: Ward) -> None:
    her, him = await both(ward)
    for client, mine in ((ward.surgeon, her), (ward.addictologist, him)):
        (wall,) = await walls(client)
        assert [one["file_id"] for one in wall["files"]] == [mine]
        assert len(wall["staff"]) == 1
        assert await reminders(ward, client) == {"both_parties_here"}
        (due,) = (await client.get("/deadlines")).json()["items"]
        assert due["concerning"] == mine
    assert await walls(ward.nurse) == []
    assert await reminders(ward, ward.nurse) == set()
    assert await reminders(ward, ward.chief) == {"both_parties_here", "wall_staffed"}


async def test_who_is_on_no_side_is_let_in_by_a_colleague_or_the_chief_and_sees_that_side_alone(ward: Ward) -> None:
    her, him = await both(ward)
    (wall,) = await walls(ward.chief)
    nurse = {"staff": f"nurse@{HOSPITAL}"}
    assert [await status(ward.nurse, f"/persons/{one}") for one in (her, him)] == [404, 404]
    path = f"/walls/{wall['id']}/staff"
    assert (await ward.nurse.post(path, json={**nurse, "side": "victim"})).status_code == 404
    assert (await ward.surgeon.post(path, json={**nurse, "side": "alleged_offender"})).status_code == 409
    assert (await ward.surgeon.post(path, json={**nurse, "side": "victim"})).status_code == 200
    assert [await status(ward.nurse, f"/persons/{one}") for one in (her, him)] == [200, 404]
    assert (await ward.addictologist.post(path, json={**nurse, "side": "alleged_offender"})).status_code == 409
    assert (await ward.chief.post(path, json={**nurse, "side": "alleged_offender"})).status_code == 200
    assert [await status(ward.nurse, f"/persons/{one}") for one in (her, him)] == [404, 200]
    assert (await ward.chief.get("/deadlines")).json()["items"] == []


async def test_the_chief_oversees_both_until_assigned_to_one(ward: Ward) -> None:
    her, him = await both(ward)
    (wall,) = await walls(ward.chief)
    assert [await status(ward.chief, f"/persons/{one}") for one in (her, him)] == [200, 200]
    me = {"staff": f"chief@{HOSPITAL}", "side": "victim"}
    assert (await ward.chief.post(f"/walls/{wall['id']}/staff", json=me)).status_code == 200
    assert [await status(ward.chief, f"/persons/{one}") for one in (her, him)] == [200, 404]


async def test_who_worked_on_both_stays_with_her(ward: Ward) -> None:
    him = await made(await ward.surgeon.post("/persons", json={**HIM, "iin": HIS_IIN}))
    her = await made(await ward.surgeon.post("/persons", json={**HER, "other_party": NAMED}))
    assert [await status(ward.surgeon, f"/persons/{one}") for one in (her, him)] == [200, 404]
    assert await status(ward.addictologist, f"/persons/{him}") == 200  # nobody works on it: whoever does is on his side
    assert await status(ward.nurse, f"/persons/{him}") == 404
    (wall,) = await walls(ward.addictologist)
    assert wall["your_side"] == "alleged_offender"


async def test_everything_of_a_file_lies_behind_its_wall(ward: Ward) -> None:
    her, him = await both(ward)
    found_ = {"kind": "addictology", "findings": "Абстиненция.", "person_id": him}
    examination = await made(await ward.addictologist.post("/examinations", json=found_))
    opened = {"purposes": ["medical_examination"], "recipients": ["social"], "categories": ["identity"]}
    given = {"person_id": her, **opened, "valid_until": UNTIL, **SPOKEN}
    consent = await made(await ward.surgeon.post("/consents", json=given))
    body = {"to": {"organisation": "social-19"}, "purpose": "social_services", "person_id": her}
    body |= {"basis": {"kind": "own_request"}, "call_back": "+7 727 000 00 03"}
    referral = await made(await ward.surgeon.post("/referrals", json=body))
    for path in (f"/consents/{consent}", f"/referrals/{referral}", f"/persons/{her}/disclosures"):
        assert [await status(ward.surgeon, path), await status(ward.addictologist, path)] == [200, 404], path
    assert [await status(c, f"/examinations/{examination}") for c in (ward.addictologist, ward.surgeon)] == [200, 404]
    box = {"box": "outgoing"}
    assert len((await ward.surgeon.get("/referrals", params=box)).json()["items"]) == 1
    assert (await ward.addictologist.get("/referrals", params=box)).json()["items"] == []
    assert (await ward.addictologist.get("/disclosures")).json()["items"] == []


async def test_their_appointments_are_kept_an_hour_apart_and_the_answer_does_not_say_why(ward: Ward) -> None:
    her, him = await both(ward)
    ten = {"starts_at": "2026-03-23T10:00:00+05:00", "ends_at": "2026-03-23T10:30:00+05:00"}
    first = await ward.surgeon.post("/appointments", json={"person_id": her, **ten})
    assert first.status_code == 201
    clash = {"starts_at": "2026-03-23T11:29:00+05:00", "ends_at": "2026-03-23T12:00:00+05:00"}
    answer = await ward.addictologist.post("/appointments", json={"person_id": him, **clash})
    assert (answer.status_code, answer.json()["detail"]) == (409, "this time is taken; choose another")
    later = {"starts_at": "2026-03-23T11:30:00+05:00", "ends_at": "2026-03-23T12:00:00+05:00"}
    assert (await ward.addictologist.post("/appointments", json={"person_id": him, **later})).status_code == 201
    day = {"on": "2026-03-23"}
    (seen,) = (await ward.addictologist.get("/appointments", params=day)).json()["items"]
    assert seen["person_id"] == him
    hers = f"/appointments/{first.json()['id']}/cancel"
    assert (await ward.addictologist.post(hers)).status_code == 404
    assert (await ward.surgeon.post(hers)).json()["cancelled_at"]
    assert (await ward.addictologist.post("/appointments", json={"person_id": him, **clash})).status_code == 201


async def test_appointments_from_before_the_wall_in_which_they_would_meet_are_told_to_the_chief(ward: Ward) -> None:
    her = await made(await ward.surgeon.post("/persons", json=HER))
    him = await made(await ward.addictologist.post("/persons", json={**HIM, "iin": HIS_IIN}))
    ten = {"starts_at": "2026-03-23T10:00:00+05:00", "ends_at": "2026-03-23T10:30:00+05:00"}
    ids = [
        await made(await who.post("/appointments", json={"person_id": whom, **ten}))
        for who, whom in ((ward.surgeon, her), (ward.addictologist, him))
    ]
    named = {"json": {"other_party": NAMED}, "headers": {"If-Match": "*"}}
    assert (await ward.surgeon.patch(f"/persons/{her}", **named)).status_code == 200  # type: ignore[arg-type]  # a literal
    (wall,) = await walls(ward.chief)
    assert [set(pair) for pair in wall["clashes"]] == [set(ids)]
    assert (await walls(ward.surgeon))[0]["clashes"] == []


async def test_what_is_corrected_or_erased_takes_its_wall_down(ward: Ward) -> None:
    her, him = await both(ward)
    tag = {"If-Match": "*"}
    assert (await ward.surgeon.patch(f"/persons/{her}", json={"other_party": None}, headers=tag)).status_code == 200
    assert await walls(ward.chief) == []
    assert await status(ward.addictologist, f"/persons/{her}") == 200
    assert (await ward.surgeon.patch(f"/persons/{her}", json={"other_party": NAMED}, headers=tag)).status_code == 200
    assert len(await walls(ward.chief)) == 1
    assert (await ward.chief.delete(f"/persons/{him}")).status_code == 200
    async with ward.service.work() as work:
        for table in (WallRow, WallFileRow, WallStaffRow):
            assert (await work.session.exec(select(func.count()).select_from(table))).one() == 0


async def test_a_wall_that_is_none_is_ended_by_the_chief_and_not_put_up_again(ward: Ward) -> None:
    her, him = await both(ward)
    (wall,) = await walls(ward.chief)
    assert (await ward.surgeon.post(f"/walls/{wall['id']}/end")).status_code == 403
    assert (await ward.chief.post(f"/walls/{wall['id']}/end")).status_code == 200
    tag = {"If-Match": "*"}
    assert (await ward.surgeon.patch(f"/persons/{her}", json={"phone": "+7 701 000 0002"}, headers=tag)).is_success
    assert await walls(ward.chief) == []
    assert await status(ward.surgeon, f"/persons/{him}") == 200


async def test_nothing_of_it_waits_to_leave(ward: Ward) -> None:
    await both(ward)
    assert len(await walls(ward.chief)) == 1
    async with ward.service.work() as work:
        assert (await work.session.exec(select(func.count()).select_from(OutboxRow))).one() == 0


async def test_the_police_hear_both_and_have_no_walls(network: Network) -> None:
    async with bench(network, Agency.POLICE, at=NOW) as police, police.client("police-19") as officer:
        await made(await officer.post("/persons", json={**HER, "other_party": NAMED}))
        him = await made(await officer.post("/persons", json={**HIM, "iin": HIS_IIN}))
        assert await status(officer, f"/persons/{him}") == 200
        assert await status(officer, "/walls") == 404
