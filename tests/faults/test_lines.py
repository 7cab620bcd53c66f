"""Lines that are slow, cut, half open or all of it in turns: calls are answered, and what was answered arrives."""

import asyncio
import random
import time

import httpx
import pytest

from deploy.embedded.link import Link
from shared.contract.vocabulary import Agency
from tests.faults.cases import REFERRAL, begin
from tests.faults.figures import lasting
from tests.faults.two import AT, Two

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("faults")]
CHANCE = random.Random()  # noqa: S311  # a fault, not a secret


def all_lines(both: Two) -> list[Link]:
    return [line for agency in AT for line in (both.line(agency), both.database_line(agency))]


async def flap(lines: list[Link]) -> None:
    """Each line is cut again and again, for as long as it was whole."""
    while True:
        line = CHANCE.choice(lines)
        line.cut()
        await asyncio.sleep(CHANCE.random() / 4)
        line.mend()
        await asyncio.sleep(CHANCE.random() / 4)


async def test_lines_that_are_slow(both: Two) -> None:
    cases = await begin(both)
    for line in all_lines(both):
        line.latency = 0.01
    both.line(Agency.POLICE).latency = 0.1
    await cases.play(2)
    (await cases.nothing_is_lost_or_done_twice()).tell("slow lines")


async def test_lines_that_come_and_go(both: Two) -> None:
    cases = await begin(both)
    flapping = asyncio.create_task(flap(all_lines(both)))
    for _ in lasting(3):
        await cases.play(3)
    flapping.cancel()
    await asyncio.gather(flapping, return_exceptions=True)
    both.mend()
    (await cases.nothing_is_lost_or_done_twice()).tell("lines that come and go")


async def test_what_is_published_on_a_half_open_line_is_late_and_counts_once(both: Two) -> None:
    cases, line = await begin(both), both.line(Agency.POLICE)
    line.hush()
    referred = [await cases.refer()]
    await asyncio.sleep(7.5)  # a publication waits 5 s for its PubAck, and is tried again
    began = time.monotonic()
    referred += [await cases.refer() for _ in range(2)]
    took = time.monotonic() - began
    assert took < 3, "calls don't wait for the broker"
    line.mend()
    await asyncio.gather(*(cases.answer(referral) for referral in referred))
    figures = await cases.nothing_is_lost_or_done_twice()
    figures.tell("published on a half-open line")
    assert figures.duplicates > 0


async def test_a_database_that_no_longer_answers_is_said_to_the_caller(both: Two) -> None:
    cases, line = await begin(both), both.database_line(Agency.POLICE)
    await cases.play(1)
    line.hush()
    began = time.monotonic()
    answers = await asyncio.gather(*(both.officer.post("/referrals", json=REFERRAL) for _ in range(3)))
    took = time.monotonic() - began
    assert took < 8, took
    assert [(a.status_code, a.headers["retry-after"]) for a in answers] == [(503, "2")] * 3
    line.mend()
    await cases.play(1)
    (await cases.nothing_is_lost_or_done_twice()).tell("a database that no longer answers")


async def test_a_database_that_is_away_is_said_to_the_caller_at_once(both: Two) -> None:
    cases, line = await begin(both), both.database_line(Agency.POLICE)
    line.cut()
    ready = await both.officer.get(f"{both.network.url(Agency.POLICE)}/health/ready")
    answer = await both.officer.post("/referrals", json=REFERRAL)
    assert (ready.status_code, answer.status_code) == (503, httpx.codes.SERVICE_UNAVAILABLE)
    line.mend()
    await cases.play(1)
    (await cases.nothing_is_lost_or_done_twice()).tell("a database that is away")
