"""Registers: who is in one, why, since when; reviewed, removed, erased. Each agency keeps its own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.demo.people import iin
from deploy.network import Network
from shared.casework.comparisons.due import begin_next_year
from shared.casework.deadlines.clock import remind
from shared.contract.vocabulary import Agency
from tests.deploy.test_security import OURS, THEIRS
from tests.pair import NOW, made
from tests.registers import OF_AGENCY
from tests.workbench import Bench, bench

TODAY = "2026-03-20"
OFFENDER = {"role": "alleged_offender", "family_name": "Жұмабаев", "birth_date": "1988-09-30"}
CHILD = {"role": "victim", "family_name": "Ахметова", "birth_date": "2012-05-01"}


@dataclass
class Desk:
    """A worker of an agency that keeps registers, and a person there."""

    service: Bench
    worker: httpx.AsyncClient
    person: str

    async def enter(self, **more: Any) -> httpx.Response:
        body = {"person_id": self.person, "since": TODAY, **OF_AGENCY[self.service.node.agency], **more}
        return await self.worker.post("/register-entries", json=body)

    async def due(self) -> list[tuple[str, str]]:
        items = (await self.worker.get("/deadlines")).json()["items"]
        return [(one["kind"], one["due_on"]) for one in items]


@pytest.fixture(params=sorted(OF_AGENCY), ids=str)
async def desk(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    agency: Agency = request.param
    async with bench(network, agency, at=NOW) as service, service.client(OURS[agency], "supervisor") as worker:
        yield Desk(service, worker, await made(await worker.post("/persons", json=OFFENDER)))


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Desk]:
    async with bench(network, Agency.POLICE, at=NOW) as service, service.client("police-19", "supervisor") as officer:
        yield Desk(service, officer, await made(await officer.post("/persons", json=OFFENDER)))


async def test_an_entry_says_who_why_by_which_law_since_when_and_when_it_is_reviewed(desk: Desk) -> None:
    entry = (await desk.enter()).json()
    assert (entry["person_id"], entry["since"], entry["review_on"]) == (desk.person, TODAY, "2026-09-20")
    (reason,) = entry["reasons"]
    assert reason["code"] == OF_AGENCY[desk.service.node.agency]["codes"][0]
    assert "report, 1." in reason["source"]
    assert (await desk.worker.get(f"/register-entries/{entry['id']}")).json() == entry
    assert (await desk.worker.get("/register-entries")).json()["items"] == [entry]
    assert ("register_review", "2026-09-20") in await desk.due()


async def test_a_person_is_in_a_register_once_at_a_time(desk: Desk) -> None:
    first = await made(await desk.enter())
    again = await desk.enter()
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "already-entered")
    await desk.worker.post(f"/register-entries/{first}/remove", json={"because": "improved"})
    assert (await desk.enter()).status_code == 201


async def test_who_was_removed_is_reviewed_no_more_and_that_they_were_in_it_stays(desk: Desk) -> None:
    entry = await made(await desk.enter())
    where = f"/register-entries/{entry}"
    left = (await desk.worker.post(f"{where}/remove", json={"because": "ground_ended"})).json()
    assert (left["removed_because"], left["review_on"], left["since"]) == ("ground_ended", None, TODAY)
    assert left["reasons"] != []
    assert "register_review" not in {kind for kind, _ in await desk.due()}
    for path, body in (("remove", {"because": "improved"}), ("reviews", None)):
        answer = await desk.worker.post(f"{where}/{path}", json=body)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "removed")
    for wrong in ({"because": "erased"}, {}, {"because": "improved", "why": "x"}):
        assert (await desk.worker.post(f"{where}/remove", json=wrong)).status_code == 422


async def test_a_review_is_reminded_of_and_late_once_it_is(desk: Desk) -> None:
    entry = await made(await desk.enter())
    desk.service.clock.turn_to("2026-09-06T08:00:00+05:00")
    async with desk.service.work() as work:
        await remind(work)
    desk.service.clock.turn_to("2026-09-21T08:00:00+05:00")
    async with desk.service.work() as work:
        await remind(work)
    items = (await desk.worker.get("/reminders")).json()["items"]
    fired = [one["kind"] for one in items if one["deadline"]["concerning"] == entry]
    assert fired == ["overdue", "due_soon"]
    assert (await desk.worker.get(f"/register-entries/{entry}")).json()["review_overdue"] is True
    reviewed = (await desk.worker.post(f"/register-entries/{entry}/reviews")).json()
    assert (reviewed["review_on"], reviewed["review_overdue"]) == ("2027-03-21", False)
    assert [due for kind, due in await desk.due() if kind == "register_review"] == ["2027-03-21"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "troubled_families", "codes": ["duties_not_performed"]},
        {"kind": "dispensary", "codes": ["alcohol"]},
        {"codes": ["minor_suffered"]},
        {"codes": ["minor_accused"]},
        {"codes": ["minor_accused"], "since": "2014-07-14"},
        {"codes": []},
        {"codes": ["neighbours_say_so"]},
        {"since": "2026-03-21"},
        {"since": "2009-12-31"},
        {"note": "x"},
    ],
)
async def test_what_the_law_does_not_know_is_not_entered(police: Desk, wrong: dict[str, Any]) -> None:
    assert (await police.enter(**wrong)).status_code == 422
    assert (await police.worker.get("/register-entries")).json()["items"] == []


async def test_a_minor_is_looked_at_again_when_coming_of_age(network: Network) -> None:
    async with bench(network, Agency.SOCIAL, at=NOW) as service, service.client("social-19") as worker:
        born = {"birth_date": "2008-06-01", "iin": iin("2008-06-01", 4000, digit=6)}
        for known in ({"birth_date": born["birth_date"]}, {"iin": born["iin"]}):
            child = await made(await worker.post("/persons", json={"role": "victim", **known}))
            body = {"kind": "minors_who_suffered", "codes": ["minor_suffered"], "person_id": child, "since": TODAY}
            assert (await worker.post("/register-entries", json=body)).json()["review_on"] == "2026-06-01"


async def test_who_is_treated_anonymously_is_in_no_register(network: Network) -> None:
    async with bench(network, Agency.HEALTH, at=NOW) as service, service.client("addictology-19") as doctor:
        patient = await made(await doctor.post("/persons", json={"role": "victim", "anonymous": True, "code": "аққу"}))
        body = {**OF_AGENCY[Agency.HEALTH], "person_id": patient, "since": TODAY}
        answer = await doctor.post("/register-entries", json=body)
    assert (answer.status_code, "anonymously" in answer.json()["detail"]) == (422, True)


async def test_a_list_shows_one_register_or_all(network: Network) -> None:
    async with bench(network, Agency.SOCIAL, at=NOW) as service, service.client("social-19") as worker:
        for person, codes in ((OFFENDER, OF_AGENCY[Agency.SOCIAL]), (CHILD, {})):
            body = {"kind": "minors_who_suffered", "codes": ["minor_suffered"], **codes}
            body |= {"person_id": await made(await worker.post("/persons", json=person)), "since": TODAY}
            await made(await worker.post("/register-entries", json=body))
        one = (await worker.get("/register-entries", params={"kind": "troubled_families"})).json()["items"]
        every = (await worker.get("/register-entries")).json()["items"]
        assert (await worker.get("/register-entries", params={"kind": "people_we_dislike"})).status_code == 422
    assert ([entry["kind"] for entry in one], len(every)) == (["troubled_families"], 2)


async def test_another_organisations_entry_and_person_do_not_exist(desk: Desk) -> None:
    entry = await made(await desk.enter())
    async with desk.service.client(THEIRS[desk.service.node.agency], "supervisor") as stranger:
        assert (await stranger.get("/register-entries")).json()["items"] == []
        where = f"/register-entries/{entry}"
        answers = [await stranger.get(where), await stranger.post(f"{where}/reviews")]
        answers.append(await stranger.post(f"{where}/remove", json={"because": "improved"}))
        body = {**OF_AGENCY[desk.service.node.agency], "person_id": desk.person, "since": TODAY}
        answers.append(await stranger.post("/register-entries", json=body))
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_a_register_is_not_for_who_counts_beds_or_figures(desk: Desk) -> None:
    for role in ("bed-counter", "statistician"):
        async with desk.service.client(OURS[desk.service.node.agency], role) as somebody:
            assert (await somebody.get("/register-entries")).status_code == 403
            body = {**OF_AGENCY[desk.service.node.agency], "person_id": desk.person, "since": TODAY}
            assert (await somebody.post("/register-entries", json=body)).status_code == 403


async def test_shelters_keep_no_register(network: Network) -> None:
    async with bench(network, Agency.SHELTER, at=NOW) as service, service.client(OURS[Agency.SHELTER]) as warden:
        for path in ("/register-entries", "/comparisons"):
            assert (await warden.get(path)).status_code == 404


async def test_when_a_person_is_erased_why_they_were_in_it_goes_and_nothing_is_reviewed(desk: Desk) -> None:
    entry = await made(await desk.enter())
    assert (await desk.worker.delete(f"/persons/{desk.person}")).status_code == 200
    left = (await desk.worker.get(f"/register-entries/{entry}")).json()
    assert (left["reasons"], left["removed_because"], left["review_on"]) == ([], "erased", None)
    assert "register_review" not in {kind for kind, _ in await desk.due()}
    assert (await desk.enter()).status_code == 410


async def test_a_register_that_is_compared_at_all_is_due_once_a_year(desk: Desk) -> None:
    await desk.enter()
    compared = desk.service.node.agency is not Agency.HEALTH
    assert ("registers_reconciled" in {kind for kind, _ in await desk.due()}) == compared
    for day, expected in (("2026-12-01", ["2026-12-01"]), ("2026-12-02", ["2026-12-01", "2027-12-01"])):
        desk.service.clock.turn_to(f"{day}T12:00:00+05:00")
        for _ in range(2):
            async with desk.service.work() as work:
                await begin_next_year(work)
        due = [due_on for kind, due_on in await desk.due() if kind == "registers_reconciled"]
        assert due == (expected if compared else [])


async def test_of_a_register_without_entries_nothing_is_due_next_year(police: Desk) -> None:
    entry = await made(await police.enter())
    await police.worker.post(f"/register-entries/{entry}/remove", json={"because": "moved"})
    police.service.clock.turn_to("2026-12-02T12:00:00+05:00")
    async with police.service.work() as work:
        await begin_next_year(work)
    assert [due for kind, due in await police.due() if kind == "registers_reconciled"] == ["2026-12-01"]
