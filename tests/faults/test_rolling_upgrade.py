"""A service of two replicas is upgraded, one after the other, under traffic: no call fails, nothing is done twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.demo.office import eventually
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.balancer import Balancer, Replica
from tests.network import Access

pytestmark = pytest.mark.processes
POLICE, SHELTER = "police-27", "shelter-far-27"
CALLERS = 5
DEADLINES = 40
DRAIN = 2.0  # seconds: longer than the balancer takes to notice, however busy the machine
OPAQUE = {
    "to": {"organisation": SHELTER},
    "purpose": "lodging",
    "basis": {"kind": "no_personal_data"},
    "call_back": "+7 727 000 00 01",
}


@pytest.fixture
async def replicas(network: Network) -> AsyncIterator[tuple[Replica, Replica]]:
    """Two in the place of the one police service."""
    settings = {"QORGAU_DRAIN_SECONDS": str(DRAIN), "QORGAU_CHECKPOINT_EVERY": "1"}
    both = Replica(network, "police-a", **settings), Replica(network, "police-b", **settings)
    await network.services[Agency.POLICE].stop()
    try:
        await asyncio.gather(*(replica.start() for replica in both))
        yield both
    finally:
        await asyncio.gather(*(replica.stop() for replica in both))
        await network.start_service(Agency.POLICE)


@dataclass
class Traffic:
    """Workers who call again and again, and what came of it."""

    url: str
    token: str
    sent: dict[str, str] = field(default_factory=dict)  # key -> the referral that it made
    calls: int = 0
    failed: list[str] = field(default_factory=list)
    over: bool = False

    async def run(self) -> None:
        await asyncio.gather(*(self._worker() for _ in range(CALLERS)))

    async def _worker(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=f"{self.url}/v1", headers=headers, timeout=20) as client:
            while not self.over:
                key = str(uuid4())
                made = await self._call(client, "POST", "/referrals", json=OPAQUE, headers={"Idempotency-Key": key})
                if made is not None:
                    self.sent[key] = made["id"]
                    await self._call(client, "GET", f"/referrals/{made['id']}")
                await self._call(client, "GET", "/referrals?box=outgoing&limit=5")
                await asyncio.sleep(0.05)

    async def _call(self, client: httpx.AsyncClient, method: str, path: str, **more: Any) -> Any:
        """The answer, or None where there is no good one."""
        self.calls += 1
        try:
            answer = await client.request(method, path, **more)
        except httpx.HTTPError as error:
            self.failed.append(type(error).__name__)
            return None
        if not answer.is_success:
            self.failed.append(f"{answer.status_code} {answer.text}")
            return None
        return answer.json()


@dataclass
class Eye:
    """A look into the databases of both sides, past the services."""

    police: asyncpg.Connection
    shelter: asyncpg.Connection

    async def fall_due(self) -> None:
        """Deadlines whose reminders are due one after the other during the upgrade."""
        soon = datetime.now(UTC) + timedelta(seconds=1)
        await self.police.execute(
            "insert into deadlines (id, organisation_id, kind, concerning, due_on, remind_at, due_at, "
            "calendar_version, created_at) select gen_random_uuid(), $1::text, 'emergency_review', gen_random_uuid(), "
            "current_date, $2::timestamptz + n * interval '0.1 s', $2 + interval '1 year', 'of this test', $2 "
            "from generate_series(1, $3::int) n",
            *(POLICE, soon, DEADLINES),
        )

    async def count_of(self, ids: list[UUID]) -> tuple[int, int]:
        """(referrals, events taken in) at the shelter of what was sent."""
        copies = await self.shelter.fetchval("select count(*) from referrals where id = any($1)", ids)
        events = await self.police.fetch("select id from outbox where concerning = any($1)", [str(one) for one in ids])
        marks = "select count(*) from inbox where event_id = any($1)"
        return copies, await self.shelter.fetchval(marks, [row["id"] for row in events])

    async def unreceipted(self) -> int:
        """What the police have sent and not heard of yet."""
        return int(await self.police.fetchval("select count(*) from outbox where next_attempt_at is not null"))

    async def keeps_somebody_waiting(self) -> bool:
        """Whether anybody at the police waits for a lock."""
        return bool(await self.police.fetchval("select exists (select from pg_locks where not granted)"))

    async def chained(self) -> tuple[int, int, int]:
        """(entries of the record, links of its chain, the last position)"""
        counts = "select (select count(*) from audit), count(*), max(position) from audit_links"
        entries, links, last = (await self.police.fetch(counts))[0]
        return entries, links, last


@pytest.fixture
async def eye(network: Network) -> AsyncIterator[Eye]:
    police, shelter = [await network.postgres.connect(f"qorgau_{name}") for name in ("police", "shelter")]
    yield Eye(police, shelter)
    await police.close()
    await shelter.close()


async def slow_call(
    replica: Replica, token: str, eye: Eye, *, meanwhile: Callable[[], Coroutine[Any, Any, None]]
) -> httpx.Response:
    """A call to one replica that the database keeps waiting until long after the replica was told to stop."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{replica.port}/v1", headers=headers, timeout=20) as client:
        async with eye.police.transaction():
            await eye.police.execute("lock table persons in exclusive mode")
            call = asyncio.create_task(client.post("/persons", json={"role": "victim"}))
            await eventually("the call waits for the database", eye.keeps_somebody_waiting)
            stopping = asyncio.create_task(meanwhile())
            await asyncio.sleep(DRAIN + 0.7)
        await stopping
        return await call


async def contradictions(access: Access) -> float:
    """How often the shelter found that the police's record contradicts what they signed of it."""
    async with httpx.AsyncClient(base_url=access.urls[Agency.SHELTER], timeout=60) as client:
        families = text_string_to_metric_families((await client.get("/metrics")).text)
    found = [sample for family in families for sample in family.samples if "contradict" in sample.name]
    return sum(sample.value for sample in found if sample.name.endswith("_total"))


def reminded(*replicas: Replica) -> list[str]:
    """The deadlines that the replicas say they have reminded of."""
    lines = [line for one in replicas for line in one.process.log.read_text().splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    return [event["deadline"] for event in events if event["event"] == "deadline.due_soon"]


async def test_both_replicas_are_upgraded_under_traffic_and_no_call_fails(
    network: Network, access: Access, replicas: tuple[Replica, Replica], eye: Eye
) -> None:
    balancer = Balancer(*replicas)
    await balancer.start()
    token = network.enrolment.token(organisation=POLICE, roles=("worker",))
    traffic = Traffic(f"http://127.0.0.1:{balancer.port}", token)
    told_before, running = await contradictions(access), asyncio.create_task(traffic.run())
    await eye.fall_due()
    for replica in replicas:
        await asyncio.sleep(0.5)
        before, others = replica.port, traffic.calls
        assert (await slow_call(replica, token, eye, meanwhile=replica.stop)).status_code == 201
        assert traffic.calls > others
        await replica.start()
        assert replica.port != before
    await asyncio.sleep(0.5)
    traffic.over = True
    await running
    print(f"\n{traffic.calls} calls, {len(traffic.sent)} referrals")  # noqa: T201  # for whoever looks
    assert traffic.failed == []
    await balancer.stop()

    async def all_are_there() -> bool:
        return await eye.unreceipted() == 0

    await eventually("all that was sent is receipted", all_are_there)
    ids = [UUID(one) for one in traffic.sent.values()]
    assert len(set(ids)) == len(ids) > CALLERS * 10
    assert await eye.count_of(ids) == (len(ids), len(ids))
    entries, links, last = await eye.chained()
    assert entries - links < 50  # the rest waits for the next second
    assert links == last

    async def all_are_reminded() -> bool:
        return len(set(reminded(*replicas))) == DEADLINES

    await eventually("every deadline is reminded of", all_are_reminded)
    assert len(reminded(*replicas)) == DEADLINES
    assert await contradictions(access) == told_before
