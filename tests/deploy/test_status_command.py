"""`qorgau exchange status`: what waits for whom, since when, and who was heard when."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.network import Network
from shared.adapters.jetstream import directed_subject
from shared.casework.network.standing import Standing
from shared.contract.vocabulary import Agency
from tests.courier import carry, collect
from tests.pair import POLICE, SHELTER, Two, person, referred
from tests.workbench import Bench, bench

QORGAU = Path(sys.executable).parent / "qorgau"


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE) as police,
        bench(network, Agency.SHELTER) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


async def status(service: Bench, *words: str) -> str:
    url = service.database.url.render_as_string(hide_password=False)
    settings = {**service.network.environment(Agency.POLICE), "QORGAU_DATABASE_URL": url, "COLUMNS": "250"}
    process = await asyncio.create_subprocess_exec(
        str(QORGAU), "exchange", "status", *words, stdout=-1, stderr=-1, env={**os.environ, **settings}
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def line(service: Bench, node: str) -> dict[str, Any]:
    (found,) = [one for one in json.loads(await status(service, "--json")) if one["node"] == node]
    return dict(found)


async def test_the_figures_follow_an_event_from_the_outbox_to_its_receipt(two: Two) -> None:
    await referred(two.officer, await person(two.officer))
    waiting = await line(two.police, "shelter")
    assert (waiting["unsent"], waiting["unreceipted"]) == (1, 0)
    assert waiting["oldest_unsent"].startswith("2026-03-20T07:00:00")
    courier = await collect(two.police)
    sent = await line(two.police, "shelter")
    assert (sent["unsent"], sent["unreceipted"], sent["oldest_unsent"]) == (0, 1, None)
    two.turn_to("2026-03-20T12:01:00+05:00")
    for subject, payload in courier.letters:
        await two.shelter.inbox.receive(subject, payload)
    await carry(two.shelter, two.police)
    done = await line(two.police, "shelter")
    assert (done["unsent"], done["unreceipted"]) == (0, 0)
    assert done["last_heard"].startswith("2026-03-20T07:01:00")
    assert done["connected"] is False  # that day is long past


@pytest.mark.parametrize(("minutes", "connected"), [(0, True), (9, True), (10, False), (None, False)])
def test_who_was_heard_of_within_ten_minutes_is_connected(minutes: int | None, connected: bool) -> None:
    now = datetime(2026, 3, 20, 7, 0, tzinfo=UTC)
    heard = None if minutes is None else now - timedelta(minutes=minutes)
    standing = Standing("shelter", heard, 0, None, 0, None, 0)
    assert standing.is_connected(now) is connected
    assert standing.as_json(now)["connected"] is connected


async def test_what_is_in_quarantine_counts_for_the_node_under_whose_name_it_came(two: Two) -> None:
    for _ in range(2):
        await two.police.inbox.receive(directed_subject("health", "police"), b"whatever")
    await two.police.inbox.receive(directed_subject("health", "police"), b"something else")
    assert [(await line(two.police, node))["quarantined"] for node in ("health", "social")] == [2, 0]
    printed = await status(two.police)
    assert all(word in printed for word in ("without receipt", "connected", "health", "social", "shelter"))
