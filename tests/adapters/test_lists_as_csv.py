"""Every list can be taken away as CSV: the same read, recorded alike, and nothing in it runs in a spreadsheet."""

import csv
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.adapters.lists_as_csv import BYTE_ORDER_MARK, harmless, table
from shared.contract.vocabulary import Agency
from tests.adapters.test_reads import QUERIES, entries, something_to_read
from tests.deploy.test_security import OURS
from tests.workbench import Bench, bench

AS_CSV = {"Accept": "text/csv"}
FORMULAS = ("=1+1", "+7 727 000 01 02", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1")


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


def read(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(answer.text.removeprefix(BYTE_ORDER_MARK), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "слово;", "строка\n", "колонка\t"])
def test_what_begins_like_a_formula_is_text(formula: str, before: str) -> None:
    assert harmless(before + formula).removeprefix(before).startswith("'")
    assert harmless(before + formula).replace("'", "") == before + formula


@pytest.mark.parametrize("text", ["Айгүл", "2026-03-20T12:00:00+05:00", "a=b", "Талғар қ., 5-үй", ""])
def test_what_does_not_is_left_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_every_name_and_value_is_quoted_and_what_has_fields_gets_a_column_for_each() -> None:
    items: list[dict[str, Any]] = [
        {"id": "1", "content": {"needs": ["a", "b"], "=x": -1}},
        {"id": "2", "content": None},
    ]
    lines = table(items, ["id", "content", "state"]).removeprefix(BYTE_ORDER_MARK).splitlines()
    assert lines == [
        '"id","content.needs","content.=x","state"',
        '"1","a; b","-1",""',
        '"2","","",""',
    ]


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_every_list_says_the_same_as_csv_and_leaves_the_same_entry(network: Network, agency: Agency) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await something_to_read(service, client)
        lists = 0
        paths = {path: verbs["get"] for path, verbs in service.app.openapi()["paths"].items() if "get" in verbs}
        for path, call in paths.items():
            if not path.startswith("/v1/"):
                continue
            where, asked = path.removeprefix("/v1").format_map(ids), QUERIES.get(path, {})
            page = await client.get(where, params=asked)
            if page.headers["content-type"] != "application/json" or "items" not in page.json():
                continue
            assert "text/csv" in call["responses"]["200"]["content"], path
            before = await entries(service)
            rows = read(await client.get(where, params=asked, headers=AS_CSV))
            after = await entries(service)
            assert len(rows) == len(page.json()["items"]), path
            for row, item in zip(rows, page.json()["items"], strict=True):
                assert row.get("id", "") == str(item.get("id", "")), path
            if len(after) > len(before):
                assert [e.details for e in after[len(before) :]] == [before[-1].details], path
            lists += 1
        assert lists >= 10


async def test_what_workers_wrote_does_not_run_and_the_next_page_is_in_the_link(police: Bench) -> None:
    body = {"to": {"organisation": "shelter-far-19"}, "purpose": "lodging", "basis": {"kind": "no_personal_data"}}
    async with police.client("police-19") as officer:
        referral = (await officer.post("/referrals", json={**body, "call_back": "+7 727 000 01 02"})).json()["id"]
        for number in range(3):
            written = await officer.post(f"/referrals/{referral}/messages", json={"body": f"=cmd|' /C calc'!A{number}"})
            assert written.status_code == 201, written.text
        path, bodies = f"/referrals/{referral}/messages", []
        answer = await officer.get(path, params={"limit": 2}, headers=AS_CSV)
        bodies += [row["body"] for row in read(answer)]
        following = answer.headers["link"].partition(">")[0].removeprefix("<")
        last = await officer.get(path + following, headers=AS_CSV)
        bodies += [row["body"] for row in read(last)]
    assert sorted(bodies) == [f"'=cmd|' /C calc'!A{number}" for number in range(3)]
    assert "link" not in last.headers
    assert answer.headers["content-disposition"] == 'attachment; filename="messages.csv"'


async def test_a_problem_stays_a_problem(police: Bench) -> None:
    async with police.client("police-19") as officer:
        answer = await officer.get("/referrals", params={"cursor": "mine"}, headers=AS_CSV)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
