"""Statistics over the API: closed months only, published once, and no difference that is a person."""

import csv
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import httpx
import pytest
from sqlmodel import col, delete, select

from deploy.network import Network
from services.police.incidents.tables import IncidentRow
from shared.casework.statistics.counting import REFERRAL_TABLES
from shared.casework.statistics.tables import PublishedRow
from shared.contract.statistics import TOTAL
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import SHELTER, Two, made, person, referred
from tests.workbench import Bench, bench

POLICE, OTHERS = "police-19", "police-23"
INCIDENT = {
    "occurred_at": "2026-03-20T01:40:00+05:00",
    "kinds": ["psychological", "physical"],
    "relation": "spouse",
    "at_home": True,
    "children_present": True,
    "inebriated": True,
    "weapon": False,
}
MARCH = {"month": "2026-03"}
PLACE = "/statistics/incidents-by-place"


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def worker(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


@pytest.fixture
async def statistician(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE, "statistician") as client:
        yield client


async def record(worker: httpx.AsyncClient, times: int, **details: Any) -> None:
    """Incidents, each of another person unless the details say of whom."""
    for _ in range(times):
        whose = details if "victim_id" in details else {**details, "victim_id": await somebody(worker)}
        answer = await worker.post("/incidents", json={**INCIDENT, **whose})
        assert answer.status_code == 201


async def somebody(worker: httpx.AsyncClient) -> str:
    return str((await worker.post("/persons", json={"role": "victim"})).json()["id"])


async def figures(client: httpx.AsyncClient, table: str, **query: str) -> dict[str, Any]:
    """Counts by code, or codes joined by a comma."""
    answer = await client.get(f"/statistics/{table}", params={**MARCH, **query})
    assert answer.status_code == 200
    return {",".join(cell["by"].values()): cell["count"] for cell in answer.json()["cells"]}


async def test_a_month_is_counted_when_it_is_over_and_the_next_day_too(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 6)
    await record(worker, 7, at_home=False)
    for too_early in ("2026-03-31T23:59:59+05:00", "2026-04-01T12:00:00+05:00"):
        police.clock.turn_to(too_early)
        assert (await statistician.get(PLACE, params=MARCH)).status_code == 422
    police.clock.turn_to("2026-04-02T00:00:00+05:00")
    answer = (await statistician.get(PLACE, params=MARCH)).json()
    assert (answer["total"], answer["threshold"], answer["rule"]) == (13, 5, "T-SMALL-CELLS")
    assert set(answer["reason"]) == {"kk", "ru", "en"}
    assert "recorded" in answer["counted_by"]
    assert await figures(statistician, "incidents-by-place") == {"yes": 6, "no": 7, "total": 13}


async def test_one_more_case_between_two_questions_changes_no_answer(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    """The difference attack: with, and without, one person. Recorded late, corrected, or erased: the same answer."""
    await record(worker, 6)
    await record(worker, 7, at_home=False)
    police.clock.turn_to("2026-04-02T09:00:00+05:00")
    tables = [table["name"] for table in (await statistician.get("/statistics")).json()["items"]]
    before = await figures(statistician, "incidents-by-place")
    await record(worker, 1, occurred_at="2026-03-31T23:00:00+05:00", weapon=True)
    async with police.work() as work:
        first = (await work.session.exec(select(IncidentRow))).first()
        await work.session.delete(first)
    assert await figures(statistician, "incidents-by-place") == before
    totals = {name: (await figures(statistician, name)) for name in tables if name.startswith("incidents-")}
    assert {table.get("total", table.get("total,total")) for table in totals.values()} == {13}


async def test_what_is_recorded_late_counts_in_the_month_in_which_it_was_recorded(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    police.clock.turn_to("2026-04-01T00:00:00+05:00")
    await record(worker, 8, occurred_at="2026-03-31T23:00:00+05:00")
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert (await figures(statistician, "incidents-by-place"))["total"] == 0
    assert (await figures(statistician, "incidents-by-place", month="2026-04"))["total"] == 8


async def test_small_counts_are_suppressed_in_answer_and_database_with_what_would_give_them_away(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 9, relation="spouse")
    await record(worker, 8, relation="cohabitant")
    await record(worker, 1, relation="child")
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    shown = await figures(statistician, "incidents-by-relation")
    assert (shown["child"], shown["parent"], shown["total"]) == ("suppressed", 0, 18)
    assert sorted(map(str, (shown["spouse"], shown["cohabitant"])))[1] == "suppressed"
    async with police.work() as work:
        kept = (await work.session.exec(select(PublishedRow))).all()
    assert all(count is None or count == 0 or count >= 5 for row in kept for count in row.cells.values())
    assert not {"incident", "person", "victim_id", "id"} & set(PublishedRow.model_fields)


async def test_many_incidents_of_one_person_are_not_shown_and_what_would_give_them_away_neither(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 12, relation="child", victim_id=await somebody(worker))
    await record(worker, 9, relation="spouse")
    await record(worker, 8, relation="cohabitant")
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    shown = await figures(statistician, "incidents-by-relation")
    assert (shown["child"], shown["total"]) == ("suppressed", 29)
    assert "suppressed" in (shown["spouse"], shown["cohabitant"])


async def test_incidents_without_a_persons_record_may_all_be_of_one(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 9, victim_id=None)
    await record(worker, 3)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert (await figures(statistician, "incidents-by-place"))["total"] == "suppressed"


async def test_people_are_counted_once_in_a_total_however_many_of_its_cells_they_are_in(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    for whom in [await somebody(worker) for _ in range(4)]:
        for at_home in (True, True, False, False):
            await record(worker, 1, victim_id=whom, at_home=at_home)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert set((await figures(statistician, "incidents-by-place")).values()) == {"suppressed"}
    assert set((await figures(statistician, "incidents-by-victim")).values()) == {"suppressed"}


async def test_a_count_of_which_one_person_makes_up_nearly_all_is_not_shown(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 30, at_home=False)
    await record(worker, 4)
    await record(worker, 13, victim_id=await somebody(worker))
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert await figures(statistician, "incidents-by-place") == {"yes": "suppressed", "no": "suppressed", "total": 47}


async def test_an_incident_counts_under_its_gravest_kind_and_measures_when_they_are_recorded(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 6, measures=["protective_order"], outcome="conciliation")
    await record(worker, 5, kinds=["economic", "psychological"], measures=["protective_order", "transfer"])
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    kinds = await figures(statistician, "incidents-by-kind")
    measures = await figures(statistician, "measures-by-kind")
    outcomes = await figures(statistician, "outcomes-by-kind")
    assert (kinds["physical"], kinds["psychological"], kinds["sexual"]) == (6, 5, 0)
    assert (measures["protective_order"], measures["transfer"], measures["total"]) == (11, 5, 16)
    assert (outcomes["conciliation"], outcomes["total"]) == ("suppressed", 6)


async def test_a_month_with_few_cases_is_withheld_whole(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 4)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert set((await figures(statistician, "incidents-by-place")).values()) == {"suppressed"}
    assert set((await figures(statistician, "incidents-by-place", until="2026-04")).values()) == {"suppressed"}


async def test_several_months_are_the_sum_of_what_each_showed(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 6)
    await record(worker, 7, at_home=False)
    police.clock.turn_to("2026-04-20T09:00:00+05:00")
    await record(worker, 9)
    await record(worker, 5, at_home=False)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert await figures(statistician, "incidents-by-place", until="2026-04") == {"yes": 15, "no": 12, "total": 27}


async def test_nothing_can_be_asked_but_a_literal_table_of_closed_months(
    police: Bench, statistician: httpx.AsyncClient
) -> None:
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert (await statistician.get("/statistics/incidents-by-street", params=MARCH)).status_code == 404
    for query in (
        {},
        {"month": "2026-03-01"},
        {"month": "2026-05"},
        {"month": "2026-03", "until": "2026-05"},
        {"month": "2026-03", "until": "2026-02"},
        {"month": "2001-03", "until": "2026-03"},
        {"month": "2026-03", "relation": "spouse"},
    ):
        assert (await statistician.get(PLACE, params=query)).status_code == 422


async def test_another_organisations_cases_are_not_counted(police: Bench, statistician: httpx.AsyncClient) -> None:
    async with police.client(OTHERS) as stranger:
        await record(stranger, 9)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    assert (await figures(statistician, "incidents-by-place"))["total"] == 0
    async with police.client(OTHERS, "supervisor") as chief:
        assert (await figures(chief, "incidents-by-place"))["total"] == 9


async def test_a_statistician_sees_counts_and_no_case_and_a_worker_the_other_way_round(
    worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    made = (await worker.post("/incidents", json=INCIDENT)).json()
    assert (await statistician.get(f"/incidents/{made['id']}")).status_code == 403
    assert (await worker.get("/statistics")).status_code == 403
    assert (await worker.get(PLACE, params=MARCH)).status_code == 403


async def test_the_same_comes_as_csv(police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient) -> None:
    await record(worker, 6)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    asked = await statistician.get("/statistics/incidents-by-victim", params=MARCH, headers={"Accept": "text/csv"})
    named = await statistician.get("/statistics/incidents-by-victim", params={**MARCH, "format": "csv"})
    assert asked.text == named.text
    assert asked.headers["content-type"].startswith("text/csv")
    first, *_, last = csv.reader(StringIO(asked.text))
    assert first == ["table", "month", "until", "age_group", "sex", "count"]
    assert last == ["incidents-by-victim", "2026-03", "2026-03", "total", "total", "6"]


async def test_a_table_that_came_after_its_month_was_published_stays_withheld(
    police: Bench, worker: httpx.AsyncClient, statistician: httpx.AsyncClient
) -> None:
    await record(worker, 9)
    police.clock.turn_to("2026-05-02T09:00:00+05:00")
    await figures(statistician, "incidents-by-place")
    async with police.work() as work:
        await work.session.exec(delete(PublishedRow).where(col(PublishedRow.name) == "incidents-by-weapon"))
    police.clock.now += timedelta(days=1)
    assert set((await figures(statistician, "incidents-by-weapon")).values()) == {"suppressed"}


@pytest.mark.parametrize("agency", list(Agency))
async def test_every_agency_has_tables_that_can_be_counted(network: Network, agency: Agency) -> None:
    async with bench(network, agency) as service:
        organisation = {"police": POLICE, "shelter": "shelter-far-19", "health": "hospital-19", "social": "social-19"}
        async with service.client(organisation[agency], "statistician") as client:
            items = (await client.get("/statistics")).json()["items"]
            answers = [await figures(client, item["name"], month="2026-02") for item in items]
    assert all(
        0 in answer.values() and set(answer.values()) <= {0, "suppressed"} for answer in answers
    )  # lots are drawn
    assert {"referrals-sent-by-purpose", "referrals-received-by-outcome"} <= {item["name"] for item in items}


@pytest.mark.parametrize("agency", list(Agency))
def test_each_indicator_of_a_subject_stands_in_one_table_and_a_subject_counts_one_thing(agency: Agency) -> None:
    """Else two tables of the same people could be subtracted from each other."""
    tables = (*REFERRAL_TABLES, *import_module(f"services.{agency.value}.app").PARTS.statistics)
    stands = [(table.subject, indicator.name) for table in tables for indicator in table.by]
    assert len(stands) == len(set(stands))
    for subject in {table.subject for table in tables}:
        assert len({str(table.rows) for table in tables if table.subject == subject}) == 1
    assert not any(TOTAL in indicator.codes for table in tables for indicator in table.by)


@pytest.mark.parametrize(("taken_over", "shown"), [(0, "suppressed"), (6, 7)])
async def test_referrals_that_came_count_for_the_people_who_were_taken_over_from_them(
    two: Two, taken_over: int, shown: int | str
) -> None:
    came = [(await referred(two.officer, await person(two.officer)))[1] for _ in range(7)]
    await exchange(two.police, two.shelter)
    for referral in came[:taken_over]:
        await made(await two.warden.post("/persons/from-referral", json={"referral_id": referral}))
    two.turn_to("2026-05-10T12:00:00+05:00")
    async with two.shelter.client(SHELTER, "statistician") as statistician:
        assert (await figures(statistician, "referrals-received-by-purpose"))[TOTAL] == shown
