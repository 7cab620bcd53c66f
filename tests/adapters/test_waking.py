"""Who waits for a beat learns of each, also of one that came while they did something else."""

import asyncio

import pytest

from shared.adapters.waking import Pulse


async def test_a_beat_wakes_all_who_wait() -> None:
    pulse = Pulse()
    waiting = [asyncio.create_task(pulse.wait(pulse.mark)) for _ in range(3)]
    await asyncio.sleep(0)
    pulse.beat()
    assert set(await asyncio.gather(*waiting)) == {pulse.mark}


async def test_a_beat_that_came_meanwhile_is_not_missed() -> None:
    pulse = Pulse()
    known = pulse.mark
    pulse.beat()
    assert await asyncio.wait_for(pulse.wait(known), 1) == pulse.mark


async def test_without_another_beat_one_waits() -> None:
    pulse = Pulse()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pulse.wait(pulse.mark), 0.05)


async def test_what_is_known_from_another_process_is_not_the_last_beat_here() -> None:
    assert await asyncio.wait_for(Pulse().wait(Pulse().mark), 1)


async def test_who_waits_for_a_while_learns_whether_it_beat() -> None:
    pulse = Pulse()
    known = pulse.mark
    assert not await pulse.has_beaten(known, within=0.05)
    pulse.beat()
    assert await pulse.has_beaten(known, within=1)
