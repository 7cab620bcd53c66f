"""What a long silence leaves behind: referrals that waited for the broker, and events that waited for their receiver.

Real services, a real broker, each message and commit on its disk.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

import asyncpg

from deploy.demo.office import Office, eventually
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench.arriving import Pace, call_at
from tests.bench.posting import POLICE, a_referral
from tests.bench.processes import forget_peak, peak
from tests.bench.servers import servers

AT_ONCE, PATIENCE, FEW = 1_000_000, 3600.0, 100
NOT_AGAIN = {"QORGAU_RESEND_AFTER": "3600"}  # what is sent again while it waits is a question of its own: `heard_again`
LEFT = "select count(*) from outbox where organisation_id = $1 and state = any($2)"
SENT = "select coalesce(sum(attempts), 0)::int from outbox where organisation_id = $1"
AGAIN = "update outbox set next_attempt_at = now() where organisation_id = $1 and state = 'sent'"


@dataclass(frozen=True)
class Two:
    """The police and a shelter that know each other, and what the police's service is asked to send."""

    network: Network
    token: str
    body: bytes
    database: asyncpg.Connection

    async def refer(self, count: int) -> None:
        """So many referrals, as quickly as can be."""
        await call_at(self.network.url(Agency.POLICE), self.token, self.body, Pace(AT_ONCE, count))

    async def none_left(self, *states: str) -> float:
        """When no event was in one of these states any more."""

        async def none() -> bool:
            return bool(await self.database.fetchval(LEFT, POLICE, states) == 0)

        await eventually(f"nothing is {' or '.join(states)}", none, seconds=PATIENCE)
        return perf_counter()

    async def sent(self) -> int:
        """How often events were sent, all in all."""
        return int(await self.database.fetchval(SENT, POLICE))


async def drained(waiting: int) -> dict[str, float]:
    """So many referrals were made while the broker was down: how quickly they are all receipted once it is back.

    With settings as they are delivered: what has no receipt after ten seconds is sent again.
    """
    async with _two() as two:
        await two.network.nats.kill()
        await two.refer(waiting)
        police, shelter = (two.network.services[agency].pid for agency in (Agency.POLICE, Agency.SHELTER))
        forget_peak(police)
        forget_peak(shelter)
        begun = perf_counter()
        await two.network.nats.start()
        seconds = await two.none_left("waiting", "sent") - begun
        return {
            "events receipted a second": waiting / seconds,
            "times each was sent": await two.sent() / waiting,
            "MB of the sender at most": peak(police),
            "MB of the receiver at most": peak(shelter),
        }


async def caught_up(waiting: int) -> dict[str, float]:
    """So many events lie in the stream, once each, for a receiver that was down: how quickly it receipts them all."""
    async with _two(NOT_AGAIN) as two:
        return await _starting_late(two, waiting, times=1)


async def heard_again(times: int) -> dict[str, float]:
    """A few events lie in the stream so many times, as what waits for a receipt is sent again and again.

    One more lies behind all of them: how long what is new waits, until its receiver has looked at each copy.
    """
    async with _two(NOT_AGAIN) as two:
        return await _starting_late(two, FEW, times=times)


async def _starting_late(two: Two, waiting: int, *, times: int) -> dict[str, float]:
    await two.network.services[Agency.SHELTER].stop()
    await two.refer(waiting)
    await two.none_left("waiting")
    for time in range(2, times + 1):
        await two.database.execute(AGAIN, POLICE)

        async def sent_again(time: int = time) -> bool:
            return await two.sent() == waiting * time

        await eventually("each was sent again", sent_again, seconds=PATIENCE)
    await two.refer(1)
    await two.none_left("waiting")
    begun = perf_counter()
    await two.network.start_service(Agency.SHELTER)
    seconds = await two.none_left("sent") - begun
    return {
        "events receipted a second": (waiting + 1) / seconds,
        "messages looked at a second": (waiting * times + 1) / seconds,
        "MB of the receiver at most": peak(two.network.services[Agency.SHELTER].pid),
    }


@asynccontextmanager
async def _two(settings: dict[str, str] | None = None) -> AsyncIterator[Two]:
    async with servers(Agency.POLICE, Agency.SHELTER, settings=settings) as network:
        await network.start_services()
        token = network.enrolment.token(organisation=POLICE, roles=["worker"])
        office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
        body = await a_referral(office)
        await office.close()
        database = await network.postgres.connect("qorgau_police")
        yield Two(network, token, body, database)
        await database.close()
