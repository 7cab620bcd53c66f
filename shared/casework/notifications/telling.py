"""Tell each target what waits, once per new thing.

Nothing is queued: what waits is counted anew at each look, and what a target was told of is kept. So nothing is lost
while a mail server is down, what was done meanwhile is not told any more, and a restart changes nothing. The row of a
target is locked while it is told: replicas don't both tell. Who ends between telling and committing tells the same
again under the same id.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog

from shared.adapters import mail, webhook
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.outbox import Work
from shared.adapters.settings import Settings
from shared.adapters.telemetry import METRICS
from shared.adapters.trust import Node
from shared.adapters.watched import Watched
from shared.casework.notifications import store
from shared.casework.notifications.kinds import SUBJECT, URGENT, WHERE, lines
from shared.casework.notifications.tables import TargetRow
from shared.casework.notifications.targets import Target, Targets, reading
from shared.casework.notifications.waiting import Thing, counted, waiting

log = structlog.get_logger()
LOOK_EVERY = 15.0  # seconds
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=10)
EVENT = "work.waits"


class Teller:
    """What looks whether somebody is to be told. Raises SettingsError, OSError or ValueError for a bad file."""

    def __init__(self, *, database: Database, node: Node, clock: Callable[[], datetime], settings: Settings) -> None:
        self.database, self.node, self.clock, self.settings = database, node, clock, settings
        self._file: Watched[Targets] | None = None
        if settings.notify_file is not None:
            self._file = Watched(settings.notify_file, name="notify", take=reading(settings, node))

    async def run(self) -> None:
        """Look for ever; not at all where nobody is to be told."""
        while self._file is not None:
            await self.turn()
            await asyncio.sleep(LOOK_EVERY)

    async def turn(self) -> int:
        """Look once: how many were told."""
        targets = self._file.now() if self._file is not None else ()
        told = 0
        for target in targets:
            async with self.database.transaction(organisation=WHOLE_NODE) as session:
                told += await tell(Work(session, self.node, self.clock()), target, self.settings)
        async with self.database.transaction(organisation=WHOLE_NODE) as session:
            await store.keep_only(session, targets=[target.key for target in targets])
            since = await store.failing_since(session)
        METRICS.untold.set((self.clock() - since).total_seconds() if since else 0)
        return told


async def tell(work: Work, target: Target, settings: Settings) -> int:
    """Tell a target what waits, if something is new and its time has come: 1 if it was told."""
    ours = target.organisation
    row = await store.claim(work.session, organisation_id=ours, target=target.key, now=work.now)
    if row is None:
        return 0
    things = await waiting(work.session, organisation_id=ours, now=work.now)
    known = await store.told(work.session, row=row)
    await store.forget(work.session, row=row, things=known - things)
    new = things - known
    if not new:
        row.failing_since, row.attempts = None, 0  # nothing is untold
    elif _may(row, new, now=work.now):
        failure = await _deliver(target, settings, new=new, counts=counted(things), now=work.now)
        _note(row, target, failure, now=work.now, every=timedelta(seconds=settings.notify_every))
        if failure is None:
            await store.add_told(work.session, row=row, things=new, at=work.now)
            return 1
    return 0


def _may(row: TargetRow, new: Collection[Thing], *, now: datetime) -> bool:
    """What is urgent does not wait for the next digest; after a failure everything waits for the next try."""
    urgent = row.attempts == 0 and any(thing.kind in URGENT for thing in new)
    return urgent or now >= row.not_before


def _note(row: TargetRow, target: Target, failure: str | None, *, now: datetime, every: timedelta) -> None:
    if failure is None:
        row.attempts, row.failing_since, row.not_before = 0, None, now + every
        log.info("notification.told", way=target.way)
        return
    row.not_before = now + min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
    row.attempts, row.failing_since = row.attempts + 1, row.failing_since or now
    log.warning("notification.failed", way=target.way, error=failure, attempts=row.attempts)


async def _deliver(
    target: Target, settings: Settings, *, new: Collection[Thing], counts: Mapping[str, int], now: datetime
) -> str | None:
    told_id = _id(target, new, counts)
    if target.webhook is not None and target.secret_file is not None:
        data = {"waits": [{"kind": kind, "count": count} for kind, count in sorted(counts.items())]}
        body = json.dumps({"type": EVENT, "timestamp": now.isoformat(), "data": data}).encode()
        call = webhook.Call(id=told_id, body=body, at=now)
        return await webhook.post(target.webhook, target.secret_file, call, private=settings.notify_private)
    return await mail.send(settings, _mail(told_id, target, settings, counts=counts, now=now))


def _mail(told_id: str, target: Target, settings: Settings, *, counts: Mapping[str, int], now: datetime) -> mail.Mail:
    """In each language of the target: what waits, and where to sign in."""
    where = f"{settings.public_url.rstrip('/')}/desk" if settings.public_url else ""
    parts = [
        "\n".join([*lines(counts, one), f"{WHERE[one]}: {where}" if where else f"{WHERE[one]}."])
        for one in target.languages
    ]
    subject = " / ".join(SUBJECT[one] for one in target.languages)
    return mail.Mail(id=told_id, to=target.mail or "", subject=subject, text="\n\n".join(parts) + "\n", at=now)


def _id(target: Target, new: Collection[Thing], counts: Mapping[str, int]) -> str:
    """The same for the same news, and nobody can read from it whose."""
    whole = [target.key, sorted(f"{thing.kind} {thing.id}" for thing in new), sorted(counts.items())]
    return f"msg_{hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:32]}"
