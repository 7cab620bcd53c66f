"""One place is given away once, however many ask at once; whatever is done to beds, none is given away that is not."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import func, select

from deploy.network import Network
from shared.casework.referrals.tables import ReferralRow
from shared.casework.units import store
from shared.casework.units.tables import StayRow
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import TO_SHELTER, envelope, request, sealed
from tests.courier import collect, exchange
from tests.faults.cases import REFERRAL
from tests.faults.figures import IS_LONG
from tests.workbench import Bench, bench, node_of

POLICE, SHELTER = "police-19", "shelter-far-19"
KIND = "women_with_children"
AT_ONCE = 8


async def send_at_once(police: Bench, shelter: Bench, calls: int) -> None:
    """So many calls at once, then so many arrivals, each twice; as many at a time as the pool has connections."""
    few = asyncio.Semaphore(2 * AT_ONCE)

    async def call(officer: httpx.AsyncClient) -> None:
        async with few:
            assert (await officer.post("/referrals", json={**REFERRAL, "hold": KIND})).status_code == 201

    async def arrive(subject: str, payload: bytes) -> None:
        async with few:
            await shelter.inbox.receive(subject, payload)

    async with police.client(POLICE) as officer:
        await asyncio.gather(*(call(officer) for _ in range(calls)))
    letters = []
    while some := (await collect(police)).letters:
        letters += some
    assert len(letters) == calls
    await asyncio.gather(*(arrive(*letter) for letter in [*letters, *letters]))


async def test_of_two_hundred_who_ask_for_the_last_bed_one_gets_it_and_all_are_told(network: Network) -> None:
    async with (
        bench(network, Agency.POLICE) as police,
        bench(network, Agency.SHELTER) as shelter,
        shelter.client(SHELTER, "bed-counter") as warden,
    ):
        await warden.put("/beds/last", json={"for": KIND, "capacity": 1, "occupied": 0})
        await send_at_once(police, shelter, 200)
        await exchange(police, shelter)
        place = (await warden.get("/units/last")).json()
        for service in (police, shelter):
            async with service.work() as work:
                states = (await work.session.exec(select(ReferralRow.hold_state))).all()
            assert sorted(map(str, states)) == ["held", *["refused"] * 199]
    assert (place["held"], place["free"]) == (1, 0)


@dataclass
class House:
    """A shelter's rooms, and what has been done with them."""

    service: Bench
    worker: httpx.AsyncClient
    chance: random.Random
    referrals: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)

    async def ask(self) -> None:
        """A referral comes that asks for a room; what the database refuses at the moment comes again."""
        letter = envelope(request(hold=KIND), time=self.service.clock())
        node = node_of(self.service.network, Agency.POLICE)
        await self.service.inbox.receive(TO_SHELTER, sealed(node, letter))
        self.referrals.append(str(letter.data.content.referral_id))  # type: ignore[attr-defined]  # a ReferralRequested

    async def count(self) -> None:
        capacity = self.chance.randint(1, 6)
        body = {"for": KIND, "capacity": capacity, "occupied": self.chance.randint(0, capacity)}
        self._note(await self.worker.put("/beds/rooms", json=body, headers={"If-Match": "*"}))

    async def move(self) -> None:
        action = self.chance.choice(["accept", "accept", "decline", "withdraw", "complete"])
        body = {"reason": "no_room"} if action == "decline" else {}
        if self.referrals:
            path = f"/referrals/{self.chance.choice(self.referrals)}/{action}"
            self._note(await self.worker.post(path, json=body))

    async def move_in(self) -> None:
        body = {"unit": "rooms"}
        if self.referrals and self.chance.random() < 0.7:
            body["referral_id"] = self.chance.choice(self.referrals)
        answer = await self.worker.post("/stays", json=body)
        self._note(answer)
        if answer.is_success:
            self.stays.append(answer.json()["id"])

    async def move_out(self) -> None:
        if self.stays:
            self._note(await self.worker.post(f"/stays/{self.chance.choice(self.stays)}/end"))

    def _note(self, answer: httpx.Response) -> None:
        assert answer.status_code in (200, 201, 409), answer.text
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1

    async def is_in_order(self) -> None:
        """No place is given away twice, none that is not there, and nobody moved in twice."""
        async with self.service.work(SHELTER) as work:
            unit = await store.get(work.session, organisation_id=SHELTER, unit="rooms")
            assert unit is not None
            places = await store.places(work.session, unit=unit, now=work.now)
            living = select(func.count()).select_from(StayRow).where(StayRow.ended_at == None)  # noqa: E711  # SQL
            going_on = (await work.session.exec(living)).one()
            by_referral = select(StayRow.referral_id).where(StayRow.referral_id != None)  # noqa: E711  # SQL
            moved_in: list[UUID | None] = list((await work.session.exec(by_referral)).all())
            held = select(func.count()).select_from(ReferralRow).where(ReferralRow.hold_state == "asked")
            unanswered = (await work.session.exec(held)).one()
        assert places.balance >= 0
        assert going_on <= places.occupied <= unit.capacity
        assert len(moved_in) == len(set(moved_in))
        assert unanswered == 0


@pytest.fixture
async def house(network: Network) -> AsyncIterator[House]:
    seed = random.SystemRandom().randrange(10**6)
    print(f"\nseed {seed}")  # noqa: T201  # to play it again
    async with bench(network, Agency.SHELTER) as service, service.client(SHELTER, "worker", "bed-counter") as worker:
        counted = {"for": KIND, "capacity": 4, "occupied": 0}
        assert (await worker.put("/beds/rooms", json=counted)).is_success
        yield House(service, worker, random.Random(seed))  # noqa: S311  # a fault, not a secret


async def test_random_operations_at_once_never_give_away_a_bed_that_is_not_there(house: House) -> None:
    operations: list[Callable[[], Awaitable[None]]] = [house.ask, house.ask, house.move, house.move, house.move_in]
    operations += [house.move_out, house.count]
    for _ in range((1000 if IS_LONG else 160) // AT_ONCE):
        chosen = [house.chance.choice(operations) for _ in range(AT_ONCE)]
        await asyncio.gather(*(operation() for operation in chosen))
        await house.is_in_order()
        house.service.clock.now += timedelta(minutes=house.chance.randint(0, 45))
    print(f"\nrandom operations on beds: answers {house.answers}, referrals {len(house.referrals)}")  # noqa: T201  # figures
    assert {200, 201, 409} <= set(house.answers)


async def test_a_clock_that_jumps_back_gives_no_place_away_twice(house: House) -> None:
    await house.worker.put("/beds/rooms", json={"for": KIND, "capacity": 1, "occupied": 0}, headers={"If-Match": "*"})
    await house.ask()
    house.service.clock.now += timedelta(hours=2)
    assert (await house.worker.post("/stays", json={"unit": "rooms"})).status_code == 201
    house.service.clock.now -= timedelta(hours=2)
    await house.ask()
    assert (await house.worker.post("/stays", json={"unit": "rooms"})).status_code == 409
    last = (await house.worker.get(f"/referrals/{house.referrals[-1]}")).json()
    assert (last["hold_state"], (await house.worker.get("/units/rooms")).json()["free"]) == ("refused", 0)
