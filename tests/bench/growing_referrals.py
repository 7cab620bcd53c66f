"""What calls cost a service that has held more and more for years, and how much disk that takes.

What has just been written is vacuumed and on the disk before anything is measured, as what is years old would be.
That no call reads more rows after years than at first is a test (`tests/faults/test_growth.py`).
"""

from collections.abc import Awaitable, Callable, Mapping
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

import httpx

from shared.contract.vocabulary import Agency
from tests.bench.servers import servers
from tests.faults.test_growth import HISTORY, fill
from tests.pair import NOW, POLICE, SHELTER, made, person, referred
from tests.workbench import Bench, bench

SIZES = (10_000, 100_000, 1_000_000)
TIMES, WARM_UP, PATIENCE = 60, 10, 7200.0
MEGABYTE = 1_000_000
Act = Callable[[], Awaitable[httpx.Response]]


async def called(rows: int) -> dict[str, Any]:
    """With so many referrals, and rows of other kinds: median and p99 of each call in ms, and MB of disk."""
    async with (
        servers(Agency.POLICE) as network,
        bench(network, Agency.POLICE, at=NOW) as service,
        service.client(POLICE) as officer,
    ):
        await fill(service, HISTORY, POLICE, rows=rows)
        await _settle(service)
        calls = {name: await _times(act) for name, act in (await _calls(officer, rows)).items()}
        return {"calls": calls, "megabytes": await _megabytes(service)}


async def _settle(service: Bench) -> None:
    connection = await service.network.postgres.connect(str(service.database.url.database))
    for command in ("vacuum analyze", "checkpoint"):
        await connection.execute(command, timeout=PATIENCE)
    await connection.close()


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


def medians(values: Mapping[str, Any]) -> dict[str, float]:
    """Of each call, in milliseconds."""
    return {name: call["median"] for name, call in values["calls"].items()}


def disk(values: Mapping[str, Any]) -> dict[str, float]:
    """Of all that is held."""
    return {"MB of disk": values["megabytes"]}
