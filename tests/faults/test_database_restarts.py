"""PostgreSQL itself is killed and started again under traffic: what was answered is there, once; the rest was told."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.cases import REFERRAL, begin
from tests.faults.figures import lasting
from tests.faults.two import Two, two

pytestmark = pytest.mark.processes
CHANCE = random.Random()  # noqa: S311  # a fault, not a secret


@pytest.fixture
async def durable(tmp_path: Path) -> AsyncIterator[Two]:
    """A pair on a PostgreSQL that keeps what it has committed when it is killed, as in production."""
    async with two(tmp_path, durable=True) as both:
        yield both


async def crash(both: Two) -> None:
    """As `pg_ctl stop -m immediate`: no checkpoint, nothing of its memory is kept, sessions are cut off."""
    await both.network.postgres.child.stop(signal.SIGQUIT)


async def test_postgresql_crashes_and_recovers_under_traffic(durable: Two) -> None:
    cases, crashes = await begin(durable), 0
    for _ in lasting(3):
        playing = asyncio.create_task(cases.play(4))
        await asyncio.sleep(CHANCE.random() / 2)
        await crash(durable)
        told = await durable.officer.post("/referrals", json=REFERRAL)
        assert (told.status_code, told.headers["retry-after"]) == (503, "2")
        await durable.network.postgres.start()
        await playing
        crashes += 1
    (await cases.nothing_is_lost_or_done_twice(others=crashes)).tell("PostgreSQL crashed under traffic")
