"""Whoever is killed, at whatever step: what was answered has taken effect once at both sides, and nothing else has."""

import asyncio
import random
from itertools import pairwise

import pytest

from shared.contract.vocabulary import Agency
from tests.faults.cases import begin
from tests.faults.dying import FAILING_STEPS, STEPS
from tests.faults.figures import IS_LONG, lasting
from tests.faults.two import AT, Two

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("killed")]
# Where the broker is gone in the middle of what it is for. CI: one of each kind.
WHERE_THE_BROKER_DIES = [name for name, step in STEPS.items() if "commit" not in step.at]
SHORT = ["before its PubAck is read"]
# (where the police die, where the shelter dies) while one and the same cases are played.
TOGETHER = list(zip(STEPS, STEPS, strict=True)) if IS_LONG else list(pairwise([*STEPS, next(iter(STEPS))]))[::2]


def test_somebody_dies_at_every_step() -> None:
    assert {step for steps in TOGETHER for step in steps} == set(STEPS)


CHANCE = random.Random()  # noqa: S311  # a fault, not a secret


@pytest.mark.parametrize("steps", TOGETHER, ids=" and ".join)
async def test_both_services_killed_at_a_step(both: Two, steps: tuple[str, str]) -> None:
    cases = await begin(both)
    for agency, step in zip(AT, steps, strict=True):
        both.order(agency, step, passes=CHANCE.randint(1, 2))
    await cases.play(3)
    for agency in AT:
        await both.carried_out(agency)
    await both.back_again(cases.deaths + 2)
    (await cases.nothing_is_lost_or_done_twice()).tell("killed " + " and ".join(steps))


@pytest.mark.parametrize("step", WHERE_THE_BROKER_DIES if IS_LONG else SHORT)
@pytest.mark.parametrize("agency", AT if IS_LONG else [Agency.POLICE])
async def test_the_broker_killed_at_a_step(both: Two, step: str, agency: Agency) -> None:
    cases, broker = await begin(both), both.network.nats
    both.order(agency, step, victim=broker.child.pid)
    playing = asyncio.create_task(cases.play(3))
    await both.carried_out(agency)
    await both.network.restart_broker()
    await playing
    (await cases.nothing_is_lost_or_done_twice(others=1)).tell(f"the broker killed {step}")


@pytest.mark.parametrize("step", FAILING_STEPS if IS_LONG else list(FAILING_STEPS)[:1])
async def test_a_service_killed_while_the_broker_does_not_take_what_it_sends(both: Two, step: str) -> None:
    cases, broker = await begin(both), both.network.nats
    both.order(Agency.POLICE, "before an event is published", victim=broker.child.pid)
    referred = await cases.refer()
    await both.carried_out(Agency.POLICE)
    both.order(Agency.POLICE, step)
    await both.carried_out(Agency.POLICE)
    await both.network.restart_broker()
    await cases.answer(referred)
    (await cases.nothing_is_lost_or_done_twice(others=1)).tell(f"the police killed {step}, the broker before")


async def test_any_process_killed_at_any_time(both: Two) -> None:
    cases, brokers = await begin(both), 0
    for _ in lasting(5):
        playing = asyncio.create_task(cases.play(4))
        for _ in range(CHANCE.randint(1, 3)):
            await asyncio.sleep(CHANCE.random() / 2)
            victim = CHANCE.choice([*AT, None])
            if victim is None:
                await both.network.restart_broker(wipe=CHANCE.random() < 0.3)
                brokers += 1
            else:
                both.kill(victim)
        await playing
    (await cases.nothing_is_lost_or_done_twice(others=brokers)).tell("killed at any time")
