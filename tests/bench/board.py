"""The bed board of a nation: how long a page of it takes, and until a count is seen by everybody else.

A page: the nearest of a thousand organisations with ten units each, for one kind of places, asked of a running service
by one officer again and again; beside as many rows by an index, asked of PostgreSQL by its driver alone.

A count: from the call at the shelter until the last of all other agencies' services has answered `GET /beds` with it,
one count after the other; each has a nation's board. Their databases are looked at every two milliseconds, and a
service is asked once its own has the count: who asked it all the time would be what is measured.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from deploy.demo.office import Office
from deploy.network import Network
from shared.casework.directory.places import places
from shared.contract.vocabulary import Agency, BedKind
from tests.bench import load
from tests.bench.broker import SUBJECT, bare_broker
from tests.bench.measure import OURS, Contenders, Effort, p99
from tests.bench.waiting import PATIENCE
from tests.boards import emptied, fill
from tests.network import organisations

DRIVER, NATS = "asyncpg alone, as many rows by an index", "NATS, the same bytes"
KIND, PAGE, ANNOUNCED_BYTES, EVERY = BedKind.WOMEN_WITH_CHILDREN, 50, 1300, 0.002
SHELTER, UNIT, CAPACITY = "shelter-near-19", "bench", 6
SEEN_BY = {Agency.POLICE: "police-19", Agency.HEALTH: "hospital-19", Agency.SOCIAL: "social-19"}
HERE = next(one.kato for one in organisations() if one.id == SHELTER)
ASKED = f"/v1/beds?for={KIND}&near={HERE}&limit="
ELSEWHERE = [place for place in places() if place != HERE]  # where the others are
FREE = "select free from bed_board where organisation_id = $1 and unit = $2"
PLAIN = """select b.*, o.name_kk, o.name_ru, o.name_en, o.kato from bed_board b
join organisations o on o.id = b.organisation_id where b.kind = $1 order by b.organisation_id, b.unit limit $2"""


@asynccontextmanager
async def reading(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Milliseconds within which 99 of 100 pages are read."""
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(_a_nations_board(network, Agency.POLICE))
        plain = partial(connection.fetch, PLAIN, KIND.value, PAGE)
        yield {OURS: partial(_read, network, effort.calls), DRIVER: partial(_p99, effort.calls, plain)}


@asynccontextmanager
async def showing(network: Network, effort: Effort) -> AsyncIterator[Contenders]:
    """Milliseconds within which half of the counts are seen by all others."""
    async with AsyncExitStack() as stack:
        everybody = await stack.enter_async_context(_of_all_agencies(network))
        boards = [await stack.enter_async_context(_a_nations_board(everybody, agency)) for agency in SEEN_BY]
        token = everybody.enrolment.token(organisation=SHELTER, roles=["worker", "bed-counter"])
        shelter = Office(SHELTER, url=everybody.url(Agency.SHELTER), token=token)
        stack.push_async_callback(shelter.close)
        await shelter.count(UNIT, kind=KIND, capacity=CAPACITY, occupied=CAPACITY)
        client = await stack.enter_async_context(bare_broker())
        yield {
            OURS: partial(_shown, everybody, boards, shelter, count(), effort.calls // 2),
            NATS: partial(_published, client, effort.calls),
        }


async def _read(network: Network, times: int) -> float:
    async with _somebody(network, Agency.POLICE) as get:
        return await _p99(times, partial(get, f"{ASKED}{PAGE}"))


async def _shown(network: Network, boards: Sequence[Any], shelter: Office, numbers: "count[int]", times: int) -> float:
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(_somebody(network, agency)) for agency in SEEN_BY]
        seers = list(zip(boards, lines, strict=True))
        return median(await _times(times, partial(_count, shelter, seers, numbers))) * 1000


async def _p99(times: int, act: Callable[[], Awaitable[object]]) -> float:
    return p99(await _times(times, act))


async def _times(times: int, act: Callable[[], Awaitable[object]]) -> list[float]:
    """Seconds that each took."""
    took = []
    for _ in range(times):
        begun = perf_counter()
        await act()
        took.append(perf_counter() - begun)
    return took


async def _count(shelter: Office, seers: Sequence[tuple[Any, load.Get]], numbers: "count[int]") -> None:
    """Another than before, until everybody sees it."""
    occupied = next(numbers) % CAPACITY
    seeing = asyncio.gather(*(_sees(board, get, CAPACITY - occupied) for board, get in seers))
    said = {"for": KIND, "capacity": CAPACITY, "occupied": occupied}
    answer = await shelter.client.put(f"/beds/{UNIT}", json=said, headers={"If-Match": "*"})
    assert answer.is_success, answer.text
    await seeing


async def _sees(board: Any, get: load.Get, free: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await board.fetchval(FREE, SHELTER, UNIT) != free:  # noqa: ASYNC110  # in another process
            await asyncio.sleep(EVERY)
    (nearest,) = json.loads(await get(f"{ASKED}1"))["items"]
    assert (nearest["organisation_id"], nearest["unit"], nearest["free"]) == (SHELTER, UNIT, free)


async def _published(client: Client, times: int) -> float:
    """JetStream alone: published, acknowledged, and pushed to who listens, one after the other."""
    heard = asyncio.Queue[bytes]()

    async def hear(message: Msg) -> None:
        heard.put_nowait(message.data)

    new: Any = "new"
    listening = await client.jetstream().subscribe(SUBJECT, cb=hear, ordered_consumer=True, deliver_policy=new)

    async def publish() -> None:
        await client.jetstream().publish(SUBJECT, bytes(ANNOUNCED_BYTES))
        await heard.get()

    took = median(await _times(times, publish)) * 1000
    await listening.unsubscribe()
    return took


@asynccontextmanager
async def _a_nations_board(network: Network, agency: Agency) -> AsyncIterator[Any]:
    """A connection to a service's database, in which a thousand organisations have announced their beds meanwhile."""
    connection = await network.postgres.connect(f"qorgau_{agency}")
    try:
        await fill(connection, at=ELSEWHERE)
        yield connection
    finally:
        await emptied(connection)
        await connection.close()


@asynccontextmanager
async def _somebody(network: Network, agency: Agency) -> AsyncIterator[load.Get]:
    token = network.enrolment.token(organisation=SEEN_BY[agency], roles=["worker"])
    async with load.line(network.url(agency), token) as get:
        yield get


@asynccontextmanager
async def _of_all_agencies(network: Network) -> AsyncIterator[Network]:
    """This network, or one of its own where not all agencies run: the other figures are measured without them."""
    if set(network.services) == set(Agency):
        yield network
        return
    with TemporaryDirectory() as folder:
        own = Network(Path(folder), [one for one in organisations() if one.id.endswith("-19")])
        try:
            await own.start()
            yield own
        finally:
            await own.stop()
            own.remove()
