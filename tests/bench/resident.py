"""What a service keeps in memory: the largest of the network's services, in MiB, as the kernel counts it (proc(5)).

Its proportional set (PSS): a page that several processes have in common counts for each by its share, so that the sum
of all is what the machine has spent. Services that began as one process, as those of `qorgau up`, have much in common;
the bench runs two of them. The process that forks them is not in it: with four services it keeps three quarters of what
one of them does. Beside it the same service's resident set (RSS), where what is common counts for each in full: about
what it takes where it runs alone. Idle: started anew, ready, its pages compiled. Under load: after `POST /referrals` in
full by 32 callers, with its connections, statements and sealing at work.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx

from deploy.demo.office import Office
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench import load
from tests.bench.measure import OURS, Contenders, Effort, Run
from tests.bench.posting import CONNECTIONS, POLICE, a_referral
from tests.bench.starting import HELLO, PATIENT, hello

ALONE = "all that is common in full (RSS)"
MIB = 1024  # kB

Processes = Callable[[], Iterable[int]]


@asynccontextmanager
async def idle(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Services that are ready, some seconds later."""
    async with hello() as (_, pid):
        yield {
            OURS: partial(_started_anew, network, effort.seconds),
            ALONE: partial(_largest, partial(_services, network), "Rss"),
            HELLO: partial(_largest, lambda: [pid], "Rss"),
        }


@asynccontextmanager
async def loaded(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """The police's service with its callers, and the shelter's, which takes in what they send."""
    token = network.enrolment.token(organisation=POLICE, roles=["worker"])
    office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
    body = await a_referral(office)
    headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: "
    services = partial(_services, network)

    def referral() -> bytes:
        return load.post("/v1/referrals", body, headers=f"{headers}{uuid4()}\r\n")

    async with hello() as (url, pid):
        ours = partial(_called, network.url(Agency.POLICE), referral, effort.seconds)
        theirs = partial(_called, url, partial(load.post, "/", b"{}"), effort.seconds)
        yield {
            OURS: partial(ours, partial(_largest, services, "Pss")),
            ALONE: partial(_largest, services, "Rss"),
            HELLO: partial(theirs, partial(_largest, lambda: [pid], "Rss")),
        }
    await office.close()


async def _started_anew(network: Network, seconds: float) -> float:
    for agency, service in network.services.items():
        await service.stop()
        await network.start_service(agency)
    async with httpx.AsyncClient(timeout=PATIENT) as client:
        for agency in network.services:
            (await client.get(f"{network.url(agency)}/health/ready")).raise_for_status()
    await asyncio.sleep(seconds)
    return await _largest(partial(_services, network), "Pss")


async def _called(url: str, request: load.Request, seconds: float, read: Run) -> float:
    await load.calls_per_second(url, request, connections=CONNECTIONS, seconds=seconds)
    return await read()


def _services(network: Network) -> list[int]:
    return [service.pid for service in network.services.values()]


async def _largest(processes: Processes, what: str) -> float:
    return max(_kept(pid, what) for pid in processes())


def _kept(pid: int, what: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith(f"{what}:"))
    return int(line.split()[1]) / MIB
