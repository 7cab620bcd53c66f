"""How cost grows with what is held: `python -m tests.bench.growing [rows …]` fills a service with years of history,
calls it, and writes growth.json and a curve of each call, growth.svg. That no call reads more rows after years than at
first is a test (`tests/faults/test_growth.py`); this says what that is in milliseconds, and how much disk it takes.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

import httpx

from deploy.network import Network, Options
from shared.contract.vocabulary import Agency
from tests.bench.curves import curves
from tests.bench.page import machine
from tests.faults.test_growth import HISTORY, fill
from tests.network import organisations
from tests.pair import NOW, POLICE, SHELTER, made, person, referred
from tests.workbench import Bench, bench

HERE = Path(__file__).parent
ROWS = (10_000, 100_000, 1_000_000)
TIMES, WARM_UP = 60, 10
REGION = "19"
MEGABYTE = 1_000_000
Act = Callable[[], Awaitable[httpx.Response]]


async def measured(rows: tuple[int, ...]) -> dict[str, Any]:
    """For each number of referrals (and as many rows of other kinds): median and p99 of each call in ms, and MB."""
    with tempfile.TemporaryDirectory() as folder:
        here = [one for one in organisations() if one.id.endswith(f"-{REGION}")]
        network = Network(Path(folder), here, Options(agencies=(Agency.POLICE,)))
        try:
            await network.start_servers()
            found = {number: await _with(network, number) for number in rows}
            return {"machine": machine(), "rows": found}
        finally:
            await network.stop()
            network.remove()


async def _with(network: Network, rows: int) -> dict[str, Any]:
    async with bench(network, Agency.POLICE, at=NOW) as service, service.client(POLICE) as officer:
        await fill(service, HISTORY, POLICE, rows=rows)
        calls = {name: await _times(act) for name, act in (await _calls(officer, rows)).items()}
        return {"calls": calls, "megabytes": await _megabytes(service)}


async def _calls(officer: httpx.AsyncClient, rows: int) -> dict[str, Act]:
    her = await person(officer)
    consent, _ = await referred(officer, her)
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": her}
    body |= {"basis": {"kind": "consent", "consent_id": consent}, "call_back": "+7 727 000 00 01"}
    some = UUID(int=rows // 2)

    async def post() -> httpx.Response:
        answer = await officer.post("/referrals", json=body)
        await made(answer)
        return answer

    return {
        "POST /referrals": post,
        "GET /referrals": lambda: officer.get("/referrals", params={"box": "outgoing"}),
        "GET /referrals/{id}": lambda: officer.get(f"/referrals/{some}"),
        "GET /disclosures": lambda: officer.get("/disclosures"),
        "GET /events": lambda: officer.get("/events", params={"after": str(some)}),
    }


async def _times(act: Act) -> dict[str, float]:
    took = []
    for number in range(WARM_UP + TIMES):
        begun = perf_counter()
        answer = await act()
        assert answer.is_success, answer.text
        took += [(perf_counter() - begun) * 1000] if number >= WARM_UP else []
    cut = quantiles(took, n=100)
    return {"median": round(cut[49], 2), "p99": round(cut[98], 2)}


async def _megabytes(service: Bench) -> int:
    connection = await service.network.postgres.connect(str(service.database.url.database))
    size: int = await connection.fetchval("select pg_database_size(current_database())")
    await connection.close()
    return round(size / MEGABYTE)


def drawn(found: Mapping[str, Any]) -> str:
    """The curves of what was measured."""
    rows = {int(number): one for number, one in found["rows"].items()}
    names = list(next(iter(rows.values()))["calls"])
    lines = {name: [(number, one["calls"][name]["median"]) for number, one in rows.items()] for name in names}
    return curves(lines, across="referrals held, and as many of each other kind", up="ms, median")


if __name__ == "__main__":
    found = asyncio.run(measured(tuple(int(word) for word in sys.argv[1:]) or ROWS))
    (HERE / "growth.json").write_text(json.dumps(found, indent=1) + "\n")
    (HERE / "growth.svg").write_text(drawn(found))
