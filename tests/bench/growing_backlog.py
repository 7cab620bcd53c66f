"""What a long silence leaves behind: referrals that waited for the broker, and events that waited for their receiver.

Real services, a real broker, each message and commit on its disk, and settings as they are delivered: what has no
receipt after ten seconds is sent again, which a long queue brings with it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from deploy.demo.office import Office, eventually
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench.arriving import Pace, call_at
from tests.bench.posting import POLICE, a_referral
from tests.bench.servers import servers

KIBIBYTE, MEGABYTE, AT_ONCE = 1024, 1_000_000, 1_000_000
PATIENCE = 1800.0
LEFT = "select count(*) from outbox where organisation_id = $1 and state = any($2)"
Refer = Callable[[int], Awaitable[None]]
ATTEMPTS = """select avg(attempts)::float from (
    select organisation_id, attempts from outbox union all select organisation_id, attempts from outbox_done
) as every where organisation_id = $1"""


async def drained(waiting: int) -> dict[str, float]:
    """So many referrals were made while the broker was down: how quickly they are all receipted once it is back."""
    async with _two() as (network, refer):
        await network.nats.kill()
        await refer(waiting)
        police, shelter = (network.services[agency].pid for agency in (Agency.POLICE, Agency.SHELTER))
        _forget_peaks(police, shelter)
        begun = perf_counter()
        await network.nats.start()
        seconds = await _none_left(network, "waiting", "sent") - begun
        return {
            "events receipted a second": waiting / seconds,
            "times each was sent": await _asked(network, ATTEMPTS, POLICE),
            "MB of the sender at most": _peak(police),
            "MB of the receiver at most": _peak(shelter),
        }


async def caught_up(waiting: int) -> dict[str, float]:
    """So many events lie in the stream for a receiver that was down: how quickly they are all receipted once it runs."""
    async with _two() as (network, refer):
        await network.services[Agency.SHELTER].stop()
        await refer(waiting)
        await _none_left(network, "waiting")
        begun = perf_counter()
        await network.start_service(Agency.SHELTER)
        seconds = await _none_left(network, "sent") - begun
        return {
            "events receipted a second": waiting / seconds,
            "times each was sent": await _asked(network, ATTEMPTS, POLICE),
            "MB of the receiver at most": _peak(network.services[Agency.SHELTER].pid),
        }


@asynccontextmanager
async def _two() -> AsyncIterator[tuple[Network, Refer]]:
    """The police and a shelter that know each other; and what refers so many to it, as quickly as can be."""
    async with servers(Agency.POLICE, Agency.SHELTER) as network:
        await network.start_services()
        token = network.enrolment.token(organisation=POLICE, roles=["worker"])
        office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
        body = await a_referral(office)
        await office.close()

        async def refer(count: int) -> None:
            await call_at(network.url(Agency.POLICE), token, body, Pace(AT_ONCE, count))

        yield network, refer


async def _none_left(network: Network, *states: str) -> float:
    """When there was none in these states any more."""
    async def none() -> bool:
        return await _asked(network, LEFT, POLICE, list(states)) == 0

    await eventually(f"nothing is {' or '.join(states)}", none, seconds=PATIENCE)
    return perf_counter()


async def _asked(network: Network, question: str, *about: object) -> float:
    connection = await network.postgres.connect("qorgau_police")
    try:
        return float(await connection.fetchval(question, *about))
    finally:
        await connection.close()


def _forget_peaks(*pids: int) -> None:
    """What they held at most, from now on (proc(5): clear_refs)."""
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak(pid: int) -> float:
    """The megabytes of memory that a process held at most."""
    said = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(said["VmHWM"].split()[0]) * KIBIBYTE / MEGABYTE
