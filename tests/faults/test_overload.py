"""More calls than a service can carry: it says so at once, serves whom it lets in as quickly as ever, and recovers."""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.adapters.settings import Settings
from tests.network import Access

SECONDS = 3
TIMES = 10
AT_ONCE = Settings.model_fields["calls_at_once"].default
SOMEONE = {"role": "victim"}
LENGTH = re.compile(rb"content-length: (\d+)")
RETRY = re.compile(rb"retry-after: (\d+)")


@pytest.fixture
async def officer(access: Access) -> AsyncIterator[httpx.AsyncClient]:
    office = access.office("police-31")
    yield office.client
    await office.close()


async def rush(client: httpx.AsyncClient, *, callers: int) -> Counter[int]:
    """So many callers, each calling again when it was answered, after as long as it was told to wait: status -> calls.

    By bare sockets: a client that does more would be the bottleneck itself.
    """
    answers, end, body = Counter[int](), time.monotonic() + SECONDS, json.dumps(SOMEONE)
    head = f"POST /v1/persons HTTP/1.1\r\nHost: {client.base_url.host}\r\nContent-Type: application/json\r\n"
    head += f"Authorization: {client.headers['authorization']}\r\nContent-Length: {len(body)}\r\n\r\n"

    async def call_again_and_again() -> None:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        over = False
        while not over:  # once at least: to connect them all may take that long
            writer.write((head + body).encode())
            told = await reader.readuntil(b"\r\n\r\n")
            said = await reader.readexactly(int(LENGTH.findall(told)[0]))
            answers[int(told[9:12])] += 1
            if told[9:12] == b"503":
                assert b'"overloaded"' in said
                assert b"cache-control: no-store" in told
                await asyncio.sleep(int(RETRY.findall(told)[0]))
            over = time.monotonic() >= end
        writer.close()
        await writer.wait_closed()

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
    between, at = await served(officer), time.monotonic()
    over = await rush(officer, callers=AT_ONCE * TIMES)
    lasted, ended = time.monotonic() - at, await served(officer)
    at_its_limit = (between[1] - begun[1]) / (between[0] - begun[0])
    beyond_it = (ended[1] - between[1]) / (ended[0] - between[0])
    print(f"\nfull: {dict(full)}, {at_its_limit * 1000:.0f} ms; over: {dict(over)}, {beyond_it * 1000:.0f} ms")  # noqa: T201
    assert set(full) == {201}
    assert set(over) == {201, 503}
    assert ended[0] - begun[0] == full[201] + over[201]
    assert ended[1] - between[1] <= AT_ONCE * lasted, "more were at work at once than it lets in"
    assert beyond_it < TIMES / 2 * at_its_limit, "without shedding each would take ten times as long"
    assert [(await officer.post("/persons", json=SOMEONE)).status_code for _ in range(5)] == [201] * 5
