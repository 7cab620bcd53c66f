"""Call those who subscribed: one event after the other, in their order, each until its receiver has taken it.

Nothing is queued. A subscription knows how far it is, and goes on from there: after a pause, a crash or a restart none
is left out, and one that was taken just before a crash comes again under the same `webhook-id`. Who can't be called is
tried ever more rarely, and given up after `GIVEN_UP_AFTER`, or at once if it says that it is gone (410, as Standard
Webhooks says); then a supervisor lets it go on. A row is locked while it is called: replicas don't both call.
"""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from shared.adapters import webhook
from shared.adapters.audit import Action, record
from shared.adapters.changes import ChangeRow
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.outbox import Work
from shared.adapters.settings import Settings
from shared.adapters.telemetry import METRICS
from shared.adapters.trust import Node
from shared.casework.changes import store as changes
from shared.casework.changes.models import change
from shared.casework.webhooks import store
from shared.casework.webhooks.tables import WebhookDeliveryRow, WebhookRow

log = structlog.get_logger()
LOOK_EVERY = 5.0  # seconds; what happens here is told at once, but for
GATHER_SECONDS = 0.1
AT_ONCE = 4  # of several systems: one that is slow to answer delays no other
WAITS = tuple(
    timedelta(seconds=s) for s in (5, 60, 300, 1800, 3600)
)  # after each failure; the last one again and again
GIVEN_UP_AFTER = timedelta(days=3)
GONE = "Status410"


class Dispatcher:
    """What looks who is to be called."""

    def __init__(self, *, database: Database, node: Node, clock: Callable[[], datetime], settings: Settings) -> None:
        self.database, self.node, self.clock, self.settings = database, node, clock, settings

        self._free = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[UUID] = set()

    async def run(self) -> None:
        """Call whenever something has happened, and look now and then for who is to be tried again. Who is slow to
        answer is called on, while the others are."""
        async with asyncio.TaskGroup() as group:
            while True:
                mark = self.database.told.mark
                if not await self._begin(group):
                    await asyncio.sleep(LOOK_EVERY)  # nobody is to be called
                elif await self.database.told.has_beaten(mark, within=LOOK_EVERY):
                    await asyncio.sleep(GATHER_SECONDS)
                else:
                    await self._measure()

    async def turn(self) -> None:
        """Call everybody who can be called now, until each knows all that happened."""
        async with asyncio.TaskGroup() as group:
            await self._begin(group)
        await self._measure()

    async def _begin(self, group: asyncio.TaskGroup) -> bool:
        """Call whom it is time to call; whether there is anybody to be called at some time."""
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            subscribed = await store.subscribed(session)
        for organisation, webhook_id, not_before in subscribed:
            if not_before <= self.clock() and webhook_id not in self._under_way:
                self._under_way.add(webhook_id)
                group.create_task(self._catch_up(organisation, webhook_id))
        return bool(subscribed)

    async def _measure(self) -> None:
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            since = await store.failing_since(session)
        METRICS.webhooks_failing.set((self.clock() - since).total_seconds() if since else 0)

    async def _catch_up(self, organisation: str, webhook_id: UUID) -> None:
        """One after the other, and after each it is the turn of whoever waits longest."""
        try:
            more = True
            while more:
                mark = self.database.told.mark
                async with self._free:
                    more = await self._next(organisation, webhook_id)
                more = more or mark != self.database.told.mark  # something happened since it looked
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one, the others are called
            log.warning("webhook.not_called", error=type(error).__name__)
        finally:
            self._under_way.discard(webhook_id)

    async def _next(self, organisation: str, webhook_id: UUID) -> bool:
        """Tell one thing; whether there may be more to tell. A system is on no side of any wall."""
        async with self.database.transaction(organisation=organisation, actor=f"webhook:{webhook_id}") as session:
            work = Work(session, self.node, self.clock())
            row = await store.claim(session, webhook_id=webhook_id, now=work.now)
            return row is not None and await call(work, row, self.settings)


async def call(work: Work, row: WebhookRow, settings: Settings) -> bool:
    """Tell a subscription what happened next; whether there may be more to tell at once."""
    batch = await changes.after(
        work.session, organisation_id=row.organisation_id, position=row.position, types=row.types, limit=1
    )
    if not batch.rows:
        row.position = batch.position
        return not batch.is_all
    (told,) = batch.rows
    began = time.perf_counter()
    failure = await _post(work, row, settings, message(told, now=work.now))
    ms = round((time.perf_counter() - began) * 1000)
    attempt = row.attempts + 1
    one = WebhookDeliveryRow(
        id=uuid4(),
        organisation_id=row.organisation_id,
        webhook_id=row.id,
        event_id=told.id,
        type=told.type,
        attempt=attempt,
        at=work.now,
        ms=ms,
        failure=failure,
    )
    work.session.add(one)
    if failure is None:
        row.position, row.attempts, row.failing_since = told.position, 0, None
        return True
    await _note_failure(work, row, failure)
    return False


async def _note_failure(work: Work, row: WebhookRow, failure: str) -> None:
    row.not_before = work.now + WAITS[min(row.attempts, len(WAITS) - 1)]
    row.attempts, row.failing_since = row.attempts + 1, row.failing_since or work.now
    log.warning("webhook.failed", error=failure, attempts=row.attempts)
    if failure == GONE or work.now - row.failing_since >= GIVEN_UP_AFTER:
        row.disabled_at = work.now
        ours, details = row.organisation_id, {"disabled": failure}
        await record(work, organisation_id=ours, action=Action.WEBHOOK_CHANGED, concerning=row.id, details=details)


async def try_out(work: Work, row: WebhookRow, settings: Settings) -> str | None:
    """Call with what tells of nothing. None, or what kind of failure it was; the subscription stays as it is."""
    told = {"type": "kz.qorgau.test.v1", "timestamp": work.now.isoformat()}
    data = {"source": f"/organisations/{row.organisation_id}"}
    one = webhook.Call(id=f"msg_{uuid4().hex}", body=json.dumps({**told, "data": data}).encode(), at=work.now)
    return await _post(work, row, settings, one)


def message(row: ChangeRow, *, now: datetime) -> webhook.Call:
    """A change as Standard Webhooks has it: `type`, `timestamp`, `data`. Its id is the event's, its time the call's."""
    told = change(row).model_dump(mode="json")
    data = {"source": told["source"], "subject": told["subject"]}
    body = {"type": told["type"], "timestamp": told["time"], "data": data}
    return webhook.Call(id=told["id"], body=json.dumps(body).encode(), at=now)


async def _post(work: Work, row: WebhookRow, settings: Settings, one: webhook.Call) -> str | None:
    (words,) = await store.words_of(work.session, [row])
    if words is None:
        return "VaultError"
    inside = settings.webhooks_private
    secret = webhook.secret_of(words.secret)
    return await webhook.send(words.url, secret, one, reach=webhook.Reach(host=inside, private=inside))
