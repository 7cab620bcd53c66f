"""The region's statistics: what its organisations published comes once, as it was shown, and is added up (F13)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from deploy.network import Network
from services.social.region import store
from services.social.region.tables import CollectedRow
from shared.casework.statistics.clock import publish_what_is_over
from shared.casework.statistics.tables import PublishedRow
from shared.contract.events import PublishedCell, PublishedTable, StatisticsPublished, cloud_type
from shared.contract.vocabulary import Agency
from tests.courier import collect, exchange
from tests.workbench import Bench, bench

POLICE, RURAL, SOCIAL = "police-19", "police-rural-19", "social-19"
MARCH = {"month": "2026-03"}
TABLE = "incidents-by-relation"
INCIDENT = {
    "occurred_at": "2026-03-20T01:40:00+05:00",
    "kinds": ["physical"],
    **dict.fromkeys(("at_home", "children_present", "inebriated", "weapon"), False),
}


@dataclass
class Region:
    """The police and the social service of a region at rest."""

    police: Bench
    social: Bench
    statistician: httpx.AsyncClient

    async def publish(self, organisation: str) -> dict[str, Any]:
        """A month is published by who asks for it."""
        async with self.police.client(organisation, "statistician") as client:
            return await answer(client, f"/statistics/{TABLE}")

    async def figures(self, table: str = TABLE) -> dict[str, Any]:
        """By code: (at least, withheld by how many)."""
        cells = (await answer(self.statistician, f"/region-statistics/{table}"))["cells"]
        return {",".join(cell["by"].values()): (cell["at_least"], cell["withheld_by"]) for cell in cells}


async def answer(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    came = await client.get(path, params=MARCH)
    assert came.status_code == 200, came.text
    return dict(came.json())


async def publish_all(service: Bench) -> int:
    """As the service's own loop does: month after month, each in a transaction of its own. How many."""
    done = 0
    while True:
        async with service.work() as work:
            if not await publish_what_is_over(work, service.app.state.parts.statistics):
                return done
        done += 1


@pytest.fixture
async def region(network: Network) -> AsyncIterator[Region]:
    async with AsyncExitStack() as stack:
        police, social = [
            await stack.enter_async_context(bench(network, one)) for one in (Agency.POLICE, Agency.SOCIAL)
        ]
        for organisation, relation, times in ((POLICE, "spouse", 9), (POLICE, "child", 2), (RURAL, "spouse", 6)):
            async with police.client(organisation) as officer:
                for _ in range(times):
                    victim = (await officer.post("/persons", json={"role": "victim"})).json()["id"]
                    made = {**INCIDENT, "relation": relation, "victim_id": victim}
                    assert (await officer.post("/incidents", json=made)).status_code == 201
        for service in (police, social):
            service.clock.turn_to("2026-05-02T09:00:00+05:00")
        yield Region(police, social, await stack.enter_async_context(social.client(SOCIAL, "statistician")))


async def test_what_is_published_comes_to_the_social_service_of_the_region_and_is_added_up(region: Region) -> None:
    await region.publish(POLICE)
    await region.publish(RURAL)
    await exchange(region.police, region.social)
    told = await answer(region.statistician, "/region-statistics")
    assert (told["region"], {POLICE, RURAL} <= set(told["reported"])) == ("19", True)
    assert "hospital-19" in told["not_reported"]
    assert TABLE in told["tables"]
    figures = await answer(region.statistician, f"/region-statistics/{TABLE}")
    assert sorted(figures["of"]) == [POLICE, RURAL]
    assert figures["total"] == {"by": {"relation": "total"}, "at_least": 17, "withheld_by": 0}


async def test_a_month_that_nobody_asks_for_is_published_by_itself_once_and_told(region: Region) -> None:
    assert await publish_all(region.police) > 0
    assert await publish_all(region.police) == 0
    await exchange(region.police, region.social)
    assert {POLICE, RURAL} <= set((await answer(region.statistician, "/region-statistics"))["reported"])
    assert (await region.figures())["total"] == (17, 0)


async def test_by_itself_no_month_is_published_before_it_is_over_nor_one_before_the_record_began(
    region: Region,
) -> None:
    region.police.clock.turn_to("2026-04-01T23:59:00+05:00")
    assert await publish_all(region.police) == 0
    region.police.clock.turn_to("2026-05-02T09:00:00+05:00")
    await publish_all(region.police)
    async with region.police.work() as work:
        months = set((await work.session.exec(select(col(PublishedRow.month)))).all())
    assert months == {date(2026, 3, 1), date(2026, 4, 1)}
    assert await publish_all(region.social) == 0  # nothing was ever recorded there


async def test_a_count_that_is_not_shown_does_not_cross_and_the_sum_says_that_it_is_at_least(region: Region) -> None:
    await region.publish(POLICE)
    await exchange(region.police, region.social)
    at_least, withheld_by = (await region.figures())["child"]
    assert (at_least, withheld_by) == (0, 1)
    async with region.social.work() as work:
        kept = (await work.session.exec(select(CollectedRow))).all()
    counts = [cell["count"] for row in kept for cell in row.content["cells"]]
    assert counts
    assert all(count is None or count == 0 or count >= 5 for count in counts)


async def test_only_the_social_services_of_the_same_region_are_told_and_each_once(region: Region) -> None:
    await region.publish(POLICE)
    await region.publish(POLICE)
    sent = [
        one
        for one in await region.police.waiting()
        if one is not None and one.type == cloud_type(StatisticsPublished.type)
    ]
    to = [one.recipient for one in sent]
    assert SOCIAL in to
    assert len(to) == len(set(to))
    assert all(one.startswith("social-19") for one in to)


async def test_a_month_counts_as_it_came_first_however_often_it_comes(region: Region) -> None:
    """A second publication hides by another lot: the two together would show what each hides."""
    await region.publish(POLICE)
    letters = (await collect(region.police)).letters
    for subject, payload in (*letters, *letters):
        await region.social.inbox.receive(subject, payload)
    before = await region.figures()
    again = PublishedTable(name=TABLE, by=("relation",), cells=(PublishedCell(codes=("child",), count=7),))
    event = StatisticsPublished(month=date(2026, 3, 1), published_at=region.social.clock(), tables=(again,))
    async with region.social.work() as work:
        who = {"organisation_id": SOCIAL, "reporter_id": POLICE}
        await store.keep_first(work.session, **who, event=event, at=work.now)
    assert await region.figures() == before


async def test_what_this_service_published_itself_is_in_the_sum(region: Region) -> None:
    table = "referrals-sent-by-purpose"
    assert (await region.statistician.get(f"/region-statistics/{table}", params=MARCH)).status_code == 404
    await answer(region.statistician, f"/statistics/{table}")
    figures = await answer(region.statistician, f"/region-statistics/{table}")
    assert (figures["of"], figures["total"]["at_least"]) == ([SOCIAL], 0)


async def test_only_who_may_see_statistics_is_shown_them_and_other_agencies_have_no_such_call(region: Region) -> None:
    await region.publish(POLICE)
    await exchange(region.police, region.social)
    async with region.social.client(SOCIAL) as worker, region.social.client("social-23", "statistician") as elsewhere:
        assert (await worker.get("/region-statistics", params=MARCH)).status_code == 403
        assert POLICE not in (await answer(elsewhere, "/region-statistics"))["reported"]
        assert (await elsewhere.get(f"/region-statistics/{TABLE}", params=MARCH)).status_code == 404
    async with region.police.client(POLICE, "statistician") as officer:
        assert (await officer.get("/region-statistics", params=MARCH)).status_code == 404


@pytest.mark.parametrize("query", [{}, {"month": "2026-13"}, {"month": "2026-03", "of": POLICE}])
async def test_nothing_but_a_month_can_be_asked_for(region: Region, query: dict[str, str]) -> None:
    assert (await region.statistician.get("/region-statistics", params=query)).status_code == 422


async def test_a_table_comes_as_csv_too(region: Region) -> None:
    await region.publish(POLICE)
    await exchange(region.police, region.social)
    headers = {"Accept": "text/csv"}
    text = (await region.statistician.get(f"/region-statistics/{TABLE}", params=MARCH, headers=headers)).text
    assert text.splitlines()[0] == "table,month,region,relation,at_least,withheld_by"
