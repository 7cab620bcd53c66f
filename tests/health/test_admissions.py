"""The trauma room (F15): the police are told of an admission by three criteria, and of nothing else."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import httpx
import pytest

from deploy.network import Network
from services.health.admissions.domain import CRITERIA, CriterionRow, criteria_met
from shared.casework.loops import watch_deadlines
from shared.contract.vocabulary import AdmissionCriterion, Agency
from tests.courier import exchange
from tests.pair import NOW, POLICE, made
from tests.workbench import Bench, bench

HOSPITAL, INJURY = "hospital-19", "Перелом левой лучевой кости, запах алкоголя."
FACTS = {row.fact: row.criterion for row in CRITERIA}
PLAIN: dict[str, Any] = {
    "admitted_at": "2026-03-20T02:10:00+05:00",
    "injuries": INJURY,
    **dict.fromkeys(FACTS, False),
    "call_back": "+7 727 000 01 03",
}


@pytest.fixture
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH, at=NOW) as service:
        yield service


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE, at=NOW) as service:
        yield service


async def admitted(doctor: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await doctor.post("/admissions", json={**PLAIN, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("holding", list(product([False, True], repeat=len(FACTS))), ids=str)
async def test_a_report_leaves_if_a_criterion_is_met_and_else_nothing_does(
    health: Bench, holding: tuple[bool, ...]
) -> None:
    facts = dict(zip(FACTS, holding, strict=True))
    async with health.client(HOSPITAL) as doctor:
        admission = await admitted(doctor, **facts)
    met = [FACTS[fact] for fact, holds in facts.items() if holds]
    assert admission["criteria"] == met
    assert (admission["report_id"] is not None, len(await health.waiting())) == (any(holding), int(any(holding)))


async def test_the_police_read_which_criterion_and_when_and_no_diagnosis(health: Bench, police: Bench) -> None:
    async with health.client(HOSPITAL) as doctor, police.client(POLICE) as officer:
        whom = await made(await doctor.post("/persons", json={"role": "victim", "family_name": "Ахметова"}))
        admission = await admitted(doctor, person_id=whom, complains_of_offence=True, died=True)
        await exchange(health, police)
        (came,) = (await officer.get("/violence-reports")).json()["items"]
        assert (came["id"], came["kind"], came["counterpart_id"]) == (admission["report_id"], "admission", HOSPITAL)
        assert came["content"] == {
            "report_id": admission["report_id"],
            "subject": "victim",
            "criteria": ["complaint_of_offence", "death"],
            "admitted_at": "2026-03-20T02:10:00+05:00",
            "call_back": "+7 727 000 01 03",
        }
        assert came["person_id"] is None
        await officer.post(f"/violence-reports/{came['id']}/register")
        await exchange(health, police)
        assert (await doctor.get(f"/violence-reports/{came['id']}")).json()["state"] == "registered"


async def test_an_admission_that_the_police_have_not_after_fifteen_minutes_gives_an_alarm(health: Bench) -> None:
    async with health.client(HOSPITAL) as doctor:
        admission = await admitted(doctor, criminal_in_nature=True)
        health.clock.turn_to("2026-03-20T12:15:00+05:00")
        async with health.work() as work:
            assert await watch_deadlines(work) == 1
        (alarm,) = (await doctor.get("/reminders")).json()["items"]
    assert (alarm["kind"], alarm["deadline"]["concerning"]) == ("overdue", admission["report_id"])


async def test_an_alleged_offenders_admission_is_recorded_and_policy_lets_no_report_leave(health: Bench) -> None:
    async with health.client(HOSPITAL) as doctor:
        him = await made(await doctor.post("/persons", json={"role": "alleged_offender"}))
        admission = await admitted(doctor, person_id=him, subject="alleged_offender", criminal_in_nature=True)
        assert (admission["report_id"], admission["kept_back_by"]) == (None, "NO-RULE")
        kept = (await doctor.get(f"/admissions/{admission['id']}")).json()
    assert (kept["injuries"], kept["criteria"], kept["kept_back_by"]) == (INJURY, ["criminal_in_nature"], "NO-RULE")
    assert await health.waiting() == []


async def test_what_was_found_goes_with_the_person_and_the_report_is_forgotten_here(health: Bench) -> None:
    async with health.client(HOSPITAL, "supervisor") as chief:
        whom = await made(await chief.post("/persons", json={"role": "victim"}))
        admission = await admitted(chief, person_id=whom, complains_of_offence=True)
        assert (await chief.delete(f"/admissions/{admission['id']}")).status_code == 409
        assert (await chief.delete(f"/persons/{whom}")).status_code == 200
        left = (await chief.get(f"/admissions/{admission['id']}")).json()
        assert {name for name, value in left.items() if value is not None} == {
            "id", "person_id", "admitted_at", "report_id",
        }  # fmt: skip
        assert (await chief.get(f"/violence-reports/{admission['report_id']}")).json()["content"] == {}


async def test_an_admission_that_names_no_person_is_erased_by_itself(health: Bench) -> None:
    async with health.client(HOSPITAL, "supervisor") as chief, health.client(HOSPITAL) as doctor:
        admission = await admitted(doctor)
        assert (await doctor.delete(f"/admissions/{admission['id']}")).status_code == 403
        assert (await chief.delete(f"/admissions/{admission['id']}")).json()["injuries"] is None
        assert (await doctor.get(f"/admissions/{admission['id']}")).json()["injuries"] is None


@pytest.mark.parametrize("admitted_at", ["2026-03-20T12:00:01+05:00", "2026-02-18T11:59:59+05:00"])
async def test_an_admission_is_neither_in_the_future_nor_long_ago(health: Bench, admitted_at: str) -> None:
    async with health.client(HOSPITAL) as doctor:
        answer = await doctor.post("/admissions", json={**PLAIN, "admitted_at": admitted_at})
    assert answer.status_code == 422


async def test_another_hospitals_admission_does_not_exist(health: Bench) -> None:
    async with health.client(HOSPITAL) as doctor, health.client("addictology-19", "supervisor") as stranger:
        admission = await admitted(doctor)
        assert (await stranger.get(f"/admissions/{admission['id']}")).status_code == 404
        assert (await stranger.delete(f"/admissions/{admission['id']}")).status_code == 404


def test_a_criterion_counts_while_its_row_is_valid() -> None:
    start, end = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7))
    row = CriterionRow("died", AdmissionCriterion.DEATH, "a law", start, end)
    moments = (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end)
    met = [criteria_met(frozenset({"died"}), at, rows=(row,)) for at in moments]
    assert met == [(), (AdmissionCriterion.DEATH,), (AdmissionCriterion.DEATH,), ()]


async def test_admissions_are_listed_page_by_page_and_another_hospitals_are_not(health: Bench) -> None:
    async with health.client(HOSPITAL) as doctor, health.client("addictology-19") as stranger:
        made_here = []
        for minute in range(3):
            health.clock.turn_to(f"2026-03-20T12:0{minute}:00+05:00")
            made_here.append((await admitted(doctor))["id"])
        first = (await doctor.get("/admissions", params={"limit": 2})).json()
        second = (await doctor.get("/admissions", params={"limit": 2, "cursor": first["next"]})).json()
        assert [one["id"] for one in first["items"] + second["items"]] == made_here[::-1]
        assert (first["items"][0]["injuries"], second["next"]) == (INJURY, None)
        assert (await stranger.get("/admissions")).json()["items"] == []
