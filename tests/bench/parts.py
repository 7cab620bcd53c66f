"""What a referral costs each part, as `qorgau simulate` wants to know it; and two workers, beside what that predicts.

Processor time is the kernel's own count (/proc), from before the first call until the last referral has arrived and
its receipt is back: what the loops do meanwhile is in it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import httpx

from deploy.demo.office import Office, eventually
from deploy.embedded.processes import Child
from deploy.network import Network
from deploy.simulation.costs import Costs
from deploy.simulation.model import Size, calling
from shared.contract.vocabulary import Agency
from tests.bench import load
from tests.bench.measure import OURS, Contenders, Effort
from tests.bench.posting import CONNECTIONS, POLICE, a_referral, listening
from tests.bench.processes import processor

SIMULATED = "as simulated"
UNDER_WAY = "select count(*) from outbox where state in ('waiting', 'sent')"
CORES = 2


async def costs(network: Network, machine: str, seconds: float) -> Costs:
    """Measured with as many callers as the benchmark has, on one worker of each service."""
    request, office = await requesting(network)
    async with _counted(network) as spent:
        rate = await load.calls_per_second(
            network.url(Agency.POLICE), request, connections=CONNECTIONS, seconds=seconds
        )
        await until_all_is_there(network)
    await office.close()
    each = {name: value / (rate * seconds) for name, value in spent.items()}
    return Costs(machine=machine, **each)


async def requesting(network: Network) -> tuple[load.Request, Office]:
    """A referral by the police, for a call; and who makes it."""
    token = network.enrolment.token(organisation=POLICE, roles=["worker"])
    office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
    body = await a_referral(office)
    headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: "
    return lambda: load.post("/v1/referrals", body, headers=f"{headers}{uuid4()}\r\n"), office


@asynccontextmanager
async def _counted(network: Network) -> AsyncIterator[dict[str, float]]:
    """What is spent inside: seconds of a processor, and bytes of the two databases."""
    before, spent = await _so_far(network), dict[str, float]()
    yield spent
    after = await _so_far(network)
    spent |= {name: after[name] - before[name] for name in after}


async def _so_far(network: Network) -> dict[str, float]:
    connection = await network.postgres.connect()
    sizes = [
        await connection.fetchval("select pg_database_size($1::text)", f"qorgau_{agency}")
        for agency in (Agency.POLICE, Agency.SHELTER)
    ]
    await connection.close()
    return {
        "sender": processor(network.services[Agency.POLICE].pid),
        "receiver": processor(network.services[Agency.SHELTER].pid),
        "database": processor(network.postgres.child.pid, with_children=True),
        "broker": processor(network.nats.child.pid),
        "caller": processor(os.getpid()),
        "sender_bytes": float(sizes[0]),
        "receiver_bytes": float(sizes[1]),
    }


async def until_all_is_there(network: Network) -> None:
    """Every referral that the police sent has its receipt."""
    connection = await network.postgres.connect("qorgau_police")

    async def nothing_is_under_way() -> bool:
        return bool(await connection.fetchval(UNDER_WAY) == 0)

    await eventually("every referral has its receipt", nothing_is_under_way, seconds=120)
    await connection.close()


@asynccontextmanager
async def two_workers(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """A second process of the police's service; and the model, with what one worker was measured to cost."""
    found = await costs(network, "", effort.seconds)
    request, office = await requesting(network)
    async with _another_worker(network) as second:
        urls = (network.url(Agency.POLICE), second)
        yield {
            OURS: partial(_both, network, urls, request, effort.seconds),
            SIMULATED: partial(_predicted, found),
        }
    await office.close()


async def _both(network: Network, urls: Sequence[str], request: load.Request, seconds: float) -> float:
    half = CONNECTIONS // len(urls)
    rates = await asyncio.gather(
        *(load.calls_per_second(url, request, connections=half, seconds=seconds) for url in urls)
    )
    await until_all_is_there(network)
    return sum(rates)


async def _predicted(found: Costs) -> float:
    return calling(found, Size(senders=2, cores=CORES), callers=CONNECTIONS, seconds=30).rate


@asynccontextmanager
async def _another_worker(network: Network) -> AsyncIterator[str]:
    with listening() as socket:
        child = Child("police-2", log=network.folder / "logs" / "police-2.log")
        command = [sys.executable, *network.options.program, "police", "--fd", str(socket.fileno())]
        await child.start(command, env=network.environment(Agency.POLICE), pass_fds=[socket.fileno()])
        url = f"http://127.0.0.1:{socket.getsockname()[1]}"
        try:
            await eventually("the second worker is ready", partial(_is_ready, url), seconds=60)
            yield url
        finally:
            await child.stop()


async def _is_ready(url: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{url}/health/ready")).is_success
        except httpx.HTTPError:
            return False
