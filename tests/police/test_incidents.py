"""Incidents by the report's indicators (F13): place, injury, and the articles of law of their own day."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from deploy.network import Network
from services.police.incidents.law import ARTICLES, Article, in_force, why_not_these
from shared.contract.vocabulary import Agency
from tests.pair import NOW, POLICE
from tests.workbench import bench

INCIDENT: dict[str, Any] = {"occurred_at": "2026-03-20T01:40:00+05:00", "kinds": ["physical"], "relation": "spouse"}
INCIDENT |= {"at_home": True, "children_present": True, "inebriated": False, "weapon": False}


@pytest.fixture
async def officer(network: Network) -> AsyncIterator[httpx.AsyncClient]:
    async with bench(network, Agency.POLICE, at=NOW) as police, police.client(POLICE) as client:
        yield client


@pytest.mark.parametrize(
    ("day", "light_harm", "beatings"),
    [
        (date(2014, 12, 31), set(), set()),
        (date(2015, 1, 1), {"cc-108"}, {"cc-109"}),
        (date(2017, 7, 2), {"cc-108"}, {"cc-109"}),
        (date(2017, 7, 3), {"cao-73-1"}, {"cao-73-2"}),
        (date(2024, 6, 15), {"cao-73-1"}, {"cao-73-2"}),
        (date(2024, 6, 16), {"cc-108-1"}, {"cc-109-1"}),
    ],
)
def test_beatings_and_light_harm_are_what_the_law_of_the_day_says(
    day: date, light_harm: set[str], beatings: set[str]
) -> None:
    titles = {row.article: row.title for row in ARTICLES}
    there = in_force(day)
    assert {a for a in there if titles[a] == "wilful infliction of light harm to health"} == light_harm
    assert {a for a in there if titles[a] == "beatings"} == beatings


def test_every_article_has_a_row_and_each_row_a_source() -> None:
    assert {row.article for row in ARTICLES} == set(Article)
    assert all(row.source and row.title for row in ARTICLES)


def test_a_refusal_names_the_articles_that_were_not_the_law() -> None:
    why = why_not_these([Article.CC_109_1, Article.CAO_73, Article.CC_108_1], date(2024, 6, 15))
    assert why == "not the law on the day of the incident: cc-108-1, cc-109-1"


async def test_an_incident_holds_place_injury_and_articles_as_codes(officer: httpx.AsyncClient) -> None:
    said = {"place": "home", "injury": "light", "articles": ["cao-73", "cc-108-1", "cao-73"]}
    made = await officer.post("/incidents", json={**INCIDENT, **said})
    assert made.status_code == 201, made.text
    read = (await officer.get(f"/incidents/{made.json()['id']}")).json()
    assert (read["place"], read["injury"], read["articles"]) == ("home", "light", ["cao-73", "cc-108-1"])


async def test_articles_are_added_as_they_come_and_only_those_of_the_day_it_happened(
    officer: httpx.AsyncClient,
) -> None:
    made = (await officer.post("/incidents", json={**INCIDENT, "occurred_at": "2024-06-15T23:00:00+05:00"})).json()
    where, match = f"/incidents/{made['id']}", {"If-Match": '"1"'}
    wrong = await officer.patch(where, json={"articles": ["cc-109-1"]}, headers=match)
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "not the law on the day of the incident: cc-109-1")
    right = await officer.patch(where, json={"articles": ["cao-73-2"]}, headers=match)
    assert (right.status_code, right.json()["articles"]) == (200, ["cao-73-2"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "street"},
        {"at_home": False, "place": "home"},
        {"injury": "a bruise"},
        {"articles": ["cao-1"]},
        {"articles": ["cao-73-1"]},
    ],
)
async def test_what_does_not_fit_together_is_refused(officer: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    assert (await officer.post("/incidents", json={**INCIDENT, **wrong})).status_code == 422
