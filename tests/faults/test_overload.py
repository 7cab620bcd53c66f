"""More calls than a service can carry: it says so at once, serves whom it lets in as quickly as ever, and recovers."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.adapters.settings import Settings
from tests.network import Access

SECONDS = 1.5
TIMES = 10
AT_ONCE = Settings.model_fields["calls_at_once"].default
SOMEONE = {"role": "victim"}


@pytest.fixture
async def officer(access: Access) -> AsyncIterator[httpx.AsyncClient]:
    """One who can open as many connections as it takes."""
    office = access.office("police-31")
    at, token = office.client.base_url, office.client.headers["authorization"]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=at, headers={"Authorization": token}, limits=limits, timeout=30) as client:
        yield client
    await office.close()


async def rush(client: httpx.AsyncClient, *, callers: int) -> Counter[int]:
    """So many callers, each calling again when it was answered, after a short breath where told to: status -> calls."""
    answers, end = Counter[int](), time.monotonic() + SECONDS

    async def call_again_and_again() -> None:
        while time.monotonic() < end:
            answer = await client.post("/persons", json=SOMEONE)
            answers[answer.status_code] += 1
            if answer.status_code == 503:
                assert answer.json()["title"] == "overloaded"
                await asyncio.sleep(float(answer.headers["retry-after"]) / 10)

    await asyncio.gather(*(call_again_and_again() for _ in range(callers)))
    return answers


async def served(client: httpx.AsyncClient) -> tuple[float, float]:
    """(calls that recorded a person, seconds they took together), as the service itself counts."""
    count = seconds = 0.0
    page = (await client.get(str(client.base_url.copy_with(path="/metrics")))).text
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            if sample.labels.get("route") == "/persons" and sample.labels.get("status") == "201":
                count += sample.value if sample.name.endswith("_count") else 0
                seconds += sample.value if sample.name.endswith("_sum") else 0
    return count, seconds


async def test_at_ten_times_what_it_carries_it_sheds_keeps_its_pace_and_recovers(officer: httpx.AsyncClient) -> None:
    begun = await served(officer)
    full = await rush(officer, callers=AT_ONCE)
    between = await served(officer)
    over = await rush(officer, callers=AT_ONCE * TIMES)
    ended = await served(officer)
    at_its_limit = (between[1] - begun[1]) / (between[0] - begun[0])
    beyond_it = (ended[1] - between[1]) / (ended[0] - between[0])
    print(f"\nfull: {dict(full)}, {at_its_limit * 1000:.0f} ms; over: {dict(over)}, {beyond_it * 1000:.0f} ms")  # noqa: T201
    assert set(full) == {201}
    assert set(over) == {201, 503}
    assert ended[0] - begun[0] == full[201] + over[201]
    assert beyond_it < 2 * at_its_limit
    assert [(await officer.post("/persons", json=SOMEONE)).status_code for _ in range(5)] == [201] * 5
