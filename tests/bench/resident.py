"""What a service keeps in memory: the largest of the network's services, in MiB of its resident set (VmRSS of proc(5)).

Idle: started anew, ready, its pages compiled. Under load: after `POST /referrals` in full by 32 callers, so that its
pool of connections, its statements and its sealing are at work. Nothing is shared between services but the files of
programs, which count for each of them: a service on a machine of its own takes no more.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx

from deploy.demo.office import Office
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.bench import load
from tests.bench.measure import OURS, Contenders, Effort
from tests.bench.posting import CONNECTIONS, POLICE, a_referral
from tests.bench.starting import HELLO, PATIENT, hello

MIB = 1024  # kB


@asynccontextmanager
async def idle(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Services that are ready, some seconds later."""
    async with hello() as (_, pid):
        yield {OURS: partial(_started_anew, network, effort.seconds), HELLO: partial(_of, [pid])}


@asynccontextmanager
async def loaded(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """The police's service with its callers, and the shelter's, which takes in what they send."""
    token = network.enrolment.token(organisation=POLICE, roles=["worker"])
    office = Office(POLICE, url=network.url(Agency.POLICE), token=token)
    body = await a_referral(office)
    headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: "

    def referral() -> bytes:
        return load.post("/v1/referrals", body, headers=f"{headers}{uuid4()}\r\n")

    async with hello() as (url, pid):
        services = [network.services[agency].pid for agency in network.services]
        yield {
            OURS: partial(_called, network.url(Agency.POLICE), referral, effort.seconds, services),
            HELLO: partial(_called, url, partial(load.post, "/", b"{}"), effort.seconds, [pid]),
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
    return await _of([service.pid for service in network.services.values()])


async def _called(url: str, request: load.Request, seconds: float, pids: list[int]) -> float:
    await load.calls_per_second(url, request, connections=CONNECTIONS, seconds=seconds)
    return await _of(pids)


async def _of(pids: list[int]) -> float:
    return max(_resident(pid) for pid in pids)


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS:"))
    return int(line.split()[1]) / MIB
