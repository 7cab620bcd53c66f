"""What a page of the desk costs: how often it asks the database, what travels, and how long its server takes.

After every writing call of an agency, so that each page has something to show; milliseconds are the service's own.
`make bench` measures long; the tests measure shortly, and hold only how often the database is asked, and how much
travels. Goal: 30 ms. Measured: `notes.md` beside this file.
"""

import os
import re
from collections.abc import Iterable
from statistics import median
from time import process_time
from typing import NamedTuple

import httpx
import pytest
from rich.console import Console
from rich.table import Table
from structlog.testing import capture_logs
from structlog.typing import EventDict

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_writes import calls_of, came, do
from tests.asked import asked_of
from tests.deploy.test_security import OURS
from tests.desk.conftest import SignIn, signed_in
from tests.desk.test_every_text import addresses
from tests.workbench import Bench, bench

__all__ = ["signed_in"]
LONG = "QORGAU_BENCH" in os.environ
ROUNDS, PEOPLE = (15, 100) if LONG else (1, 2)
GOAL_MS, MOST_QUESTIONS, HEAVIEST = 30, 20, 10  # the last in kB
ON_PAPER = re.compile(r"/(letter|recall)$")
WHOLE_FILES = re.compile(r"/(file|letter|recall)$")  # of everything that there is: pages by the hundred, or on paper
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class PageCost(NamedTuple):
    """A page; how often it asks the database; what travels, in kB; milliseconds: first, median, median of the processor
    alone, longest."""

    page: str
    questions: int
    weight: float
    first: float
    median: float
    processor: float
    longest: float


def served(said: list[EventDict]) -> float:
    """How long the service says that its answer took, in milliseconds."""
    (ms,) = [one["ms"] for one in said if one["event"] == "http"]
    return float(ms)


async def cost_of(service: Bench, browser: httpx.AsyncClient, page: str) -> PageCost | None:
    """One page, asked for again and again; None where there is none, as of a thing that has ended."""
    spent = []
    for _ in range(ROUNDS + 1):
        with asked_of(service.database) as asked, capture_logs() as said:
            worked = process_time()
            answer = await browser.get(page)
            spent.append((served(said), (process_time() - worked) * 1000))
        if answer.status_code != httpx.codes.OK:
            return None
    (first, _), *rest = spent
    walls, worked_for = zip(*rest, strict=True)
    weight = int(answer.headers["content-length"]) / 1000
    return PageCost(page, len(asked), weight, first, median(walls), median(worked_for), max(walls))


def show(agency: Agency, costs: Iterable[PageCost]) -> None:
    heads = ("page", "questions", "kB", "first, ms", "median, ms", "of the processor", "longest, ms")
    table = Table(*heads, title=f"{agency}: goal {GOAL_MS} ms")
    for one in sorted(costs, key=lambda one: -one.median):
        times = (f"{value:.1f}" for value in one[2:])
        table.add_row(ID.sub("…", one.page), str(one.questions), *times)
    Console(width=120).print(table)


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_a_page_is_light_asks_the_database_a_few_times_and_its_cost_is_measured(
    network: Network, signed_in: SignIn, agency: Agency
) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await came(service)
        for call in calls_of(agency)[:-1]:  # the last erases
            await do(service, client, call, ids)
        for number in range(PEOPLE):
            await client.post("/persons", json={"role": "victim", "family_name": f"Сәрсенова {number}"})
        browser = await signed_in(service, OURS[agency], "supervisor")
        pages = sorted(set(addresses(service, ids)))
        costs = [one for page in pages if (one := await cost_of(service, browser, page))]
    show(agency, costs)
    assert len(costs) > 20
    assert [one for one in costs if one.questions > MOST_QUESTIONS and not WHOLE_FILES.search(one.page)] == []
    assert [one for one in costs if one.weight > HEAVIEST and not ON_PAPER.search(one.page)] == []
