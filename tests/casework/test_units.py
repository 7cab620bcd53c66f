"""Beds: what is counted, what is held, what is free. `capacity - occupied - live holds` is never below zero."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import TO_SHELTER, envelope, request, sealed
from tests.workbench import Bench, bench, node_of

SHELTER = "shelter-far-19"


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
async def worker(shelter: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with shelter.client(SHELTER) as client:
        yield client


async def count(worker: httpx.AsyncClient, capacity: int, occupied: int) -> httpx.Response:
    body = {"for": "women_with_children", "capacity": capacity, "occupied": occupied}
    known = await worker.get("/units/rooms")
    return await worker.put("/beds/rooms", json=body, headers={"If-Match": "*"} if known.is_success else {})


async def ask_for_a_room(shelter: Bench) -> str:
    letter = envelope(request(hold="women_with_children"))
    await shelter.inbox.receive(TO_SHELTER, sealed(node_of(shelter.network, Agency.POLICE), letter))
    return str(letter.data.content.referral_id)  # type: ignore[attr-defined]  # a ReferralRequested


async def places(worker: httpx.AsyncClient) -> tuple[int, int, int]:
    unit: dict[str, Any] = (await worker.get("/units/rooms")).json()
    return unit["occupied"], unit["held"], unit["free"]


async def test_a_referral_holds_a_room_for_ninety_minutes_and_no_longer(
    shelter: Bench, worker: httpx.AsyncClient
) -> None:
    await count(worker, 4, 3)
    referral = await ask_for_a_room(shelter)
    held = (await worker.get(f"/referrals/{referral}")).json()
    shelter.clock.now += timedelta(minutes=89)
    assert (held["hold_state"], await places(worker)) == ("held", (3, 1, 0))
    shelter.clock.now += timedelta(minutes=1)
    assert await places(worker) == (3, 0, 1)


async def test_when_none_is_free_the_hold_is_refused(shelter: Bench, worker: httpx.AsyncClient) -> None:
    await count(worker, 2, 1)
    first, second = [await ask_for_a_room(shelter) for _ in range(2)]
    states = [(await worker.get(f"/referrals/{referral}")).json()["hold_state"] for referral in (first, second)]
    assert (states, await places(worker)) == (["held", "refused"], (1, 1, 0))


async def test_a_hold_that_lapsed_is_not_revived_by_accepting(shelter: Bench, worker: httpx.AsyncClient) -> None:
    await count(worker, 1, 0)
    referral = await ask_for_a_room(shelter)
    shelter.clock.now += timedelta(hours=2)
    assert (await worker.post("/stays", json={"unit": "rooms"})).status_code == 201
    await worker.post(f"/referrals/{referral}/accept")
    assert await places(worker) == (1, 0, 0)


async def test_moving_in_turns_the_hold_into_an_occupied_room(shelter: Bench, worker: httpx.AsyncClient) -> None:
    await count(worker, 1, 0)
    referral = await ask_for_a_room(shelter)
    await worker.post(f"/referrals/{referral}/accept")
    shelter.clock.now += timedelta(minutes=10)
    stay = await worker.post("/stays", json={"unit": "rooms", "referral_id": referral})
    assert (stay.status_code, await places(worker)) == (201, (1, 0, 0))
    assert (await worker.get(f"/referrals/{referral}")).json()["state"] == "in_progress"
    shelter.clock.now += timedelta(days=3)
    await worker.post(f"/stays/{stay.json()['id']}/end")
    assert await places(worker) == (0, 0, 1)


async def test_a_new_count_already_knows_the_stays_before_it(shelter: Bench, worker: httpx.AsyncClient) -> None:
    await count(worker, 3, 0)
    shelter.clock.now += timedelta(minutes=1)
    stay = (await worker.post("/stays", json={"unit": "rooms"})).json()["id"]
    shelter.clock.now += timedelta(minutes=1)
    await count(worker, 3, 1)
    assert await places(worker) == (1, 0, 2)
    shelter.clock.now += timedelta(minutes=1)
    await worker.post(f"/stays/{stay}/end")
    assert await places(worker) == (0, 0, 3)


async def test_nobody_moves_in_where_nothing_is_free_not_even_into_a_held_room(
    shelter: Bench, worker: httpx.AsyncClient
) -> None:
    await count(worker, 1, 0)
    await ask_for_a_room(shelter)
    answer = await worker.post("/stays", json={"unit": "rooms"})
    assert (answer.status_code, answer.json()["detail"]) == (409, "no place of this unit is free")


async def test_a_count_that_leaves_no_room_for_what_is_held_is_refused(
    shelter: Bench, worker: httpx.AsyncClient
) -> None:
    await count(worker, 2, 1)
    await ask_for_a_room(shelter)
    answer = await count(worker, 2, 2)
    assert (answer.status_code, answer.json()["held"]) == (409, 1)
    assert await places(worker) == (1, 1, 0)


async def test_more_occupied_than_there_are_is_refused(worker: httpx.AsyncClient) -> None:
    assert (await count(worker, 1, 2)).status_code == 409
    assert (await worker.get("/units")).json() == {"items": []}


async def test_a_stay_belongs_to_a_referral_that_was_accepted_here(worker: httpx.AsyncClient, shelter: Bench) -> None:
    await count(worker, 2, 0)
    referral = await ask_for_a_room(shelter)
    early = await worker.post("/stays", json={"unit": "rooms", "referral_id": referral})
    unknown = await worker.post("/stays", json={"unit": "rooms", "referral_id": str(uuid4())})
    assert (early.status_code, unknown.status_code) == (409, 404)
