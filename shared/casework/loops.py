"""Everything that a service does beside answering REST calls: loops, each started again when it fails."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from fastapi import FastAPI

from shared.adapters.announcer import Announcement, Announcer, Collect
from shared.adapters.database import (
    CHANGES_CHANNEL,
    INBOX_CHANNEL,
    OUTBOX_CHANNEL,
    STATE_CHANNEL,
    WHOLE_NODE,
    Database,
)
from shared.adapters.health import measure
from shared.adapters.intake import take_in
from shared.adapters.jetstream import DIRECTED, STATE, count_advisories
from shared.adapters.newest_links import watch_newest_links
from shared.adapters.outbox import Work
from shared.adapters.receipts import Receipts
from shared.adapters.relay import Relay
from shared.adapters.retention import BATCH, KEPT, delete_old, move_done
from shared.adapters.sequencer import sequence
from shared.adapters.trust_memory import remember
from shared.adapters.witnesses import Checkpoints
from shared.casework.agreements.moving import close_ended
from shared.casework.consents import store as consent_store
from shared.casework.consents.ending import erase_what_ran_out, expire
from shared.casework.deadlines.clock import count_overdue, remind
from shared.casework.directory.announcements import Entries
from shared.casework.escalation.clock import escalate
from shared.casework.files.removing import remove_old
from shared.casework.files.source import Source
from shared.casework.files.sources import SOURCES
from shared.casework.inbox import inbox_of
from shared.casework.notifications.telling import Teller
from shared.casework.parts import Clock
from shared.casework.reports.handlers import learn_receipts
from shared.casework.statistics.clock import publish_what_is_over
from shared.casework.webhooks.calling import Dispatcher
from shared.casework.webhooks.store import LOG as WEBHOOK_LOG

log = structlog.get_logger()
HOUSEKEEPING_SECONDS = 600
OVERDUE_SECONDS = 15

Loop = Callable[[], Coroutine[Any, Any, object]]


def loops_of(app: FastAPI) -> dict[str, Loop]:
    """Everything that runs beside the REST calls."""
    state = app.state
    database: Database = state.database
    common = {"database": database, "node": state.node, "clock": state.clock}
    inbox = inbox_of(state.parts, **common)
    relay = Relay(**common, broker=state.broker, settings=state.settings, consents_now=consent_store.all_terms_now)
    receipts = Receipts(**common, broker=state.broker)
    checkpoints = Checkpoints(every=state.settings.checkpoint_every)
    teller = Teller(**common, settings=state.settings)
    collect = _collect_all((Entries().collect, checkpoints.collect, *state.parts.announcements))
    announcer = Announcer(**common, broker=state.broker, collect=collect, every=state.settings.announce_every)
    wakes = {OUTBOX_CHANNEL: relay.wake.set, INBOX_CHANNEL: receipts.wake.set, STATE_CHANNEL: announcer.wake.set}
    woken = {channel: _both(wake, database.changed.beat) for channel, wake in wakes.items()}
    return {
        "inbox": lambda: take_in(inbox, state.broker, stream=DIRECTED),
        "state": lambda: take_in(inbox, state.broker, stream=STATE),
        "relay": relay.run,
        "receipts": receipts.run,
        "announcer": announcer.run,
        "sequencer": lambda: sequence(database),
        "reminders": lambda: _every(
            1, lambda: _in_transaction(app, lambda work: watch_deadlines(work, state.parts.clocks))
        ),
        "trust": lambda: _every(1, lambda: _in_transaction(app, remember)),
        "endings": lambda: _every(1, lambda: _in_transaction(app, end_what_ran_out)),
        "statistics": lambda: _every(HOUSEKEEPING_SECONDS, lambda: _publish(app)),
        "housekeeping": lambda: _every(HOUSEKEEPING_SECONDS, lambda: _until_done(app, _keeping(state.parts.files))),
        "measure": lambda: _every(1, lambda: measure(database, state.broker, clock=state.clock)),
        "overdue": lambda: _every(OVERDUE_SECONDS, lambda: _in_transaction(app, count_overdue)),
        "newest links": lambda: _every(HOUSEKEEPING_SECONDS, lambda: watch_newest_links(database)),
        **({"notifications": teller.run} if state.settings.notify_file else {}),
        "webhooks": Dispatcher(**common, settings=state.settings).run,
        "advisories": lambda: count_advisories(state.broker),
        "listen": lambda: database.listen({**woken, CHANGES_CHANNEL: database.told.beat}),
    }


def _both(one: Callable[[], None], other: Callable[[], None]) -> Callable[[], None]:
    def both() -> None:
        one()
        other()

    return both


def _collect_all(collectors: Sequence[Collect]) -> Collect:
    async def collect(work: Work) -> list[Announcement]:
        return [announcement for one in collectors for announcement in await one(work)]

    return collect


Job = Callable[[Work], Coroutine[Any, Any, int]]


async def _in_transaction(app: FastAPI, job: Job) -> int:
    async with app.state.database.transaction(organisation=WHOLE_NODE) as session:
        return await job(Work(session, app.state.node, app.state.clock()))


async def _until_done(app: FastAPI, job: Job) -> None:
    """Batch after batch, each a short transaction."""
    while await _in_transaction(app, job) == BATCH:
        pass


async def _publish(app: FastAPI) -> None:
    """Month after month that is over, each in a transaction of its own."""
    while await _in_transaction(app, lambda work: publish_what_is_over(work, app.state.parts.statistics)):
        pass


async def end_what_ran_out(work: Work) -> int:
    """Consents, emergencies and decisions of courts end by themselves, on time, once."""
    return await expire(work) + await erase_what_ran_out(work)


async def watch_deadlines(work: Work, clocks: Sequence[Clock] = ()) -> int:
    """Steps about unanswered referrals, reminders and alarms; none about what has arrived or ended by itself."""
    for clock in clocks:
        await clock(work)
    await close_ended(work)
    await learn_receipts(work)
    await escalate(work)
    return await remind(work)


def _keeping(files: Sequence[Source]) -> Job:
    return lambda work: keep_house(work, files)


async def keep_house(work: Work, files: Sequence[Source] = ()) -> int:
    """Move or delete a batch of what has had its time: of the exchange (`retention`), and of the cases (`files`)."""
    moved = await move_done(work.session, now=work.now)
    deleted = await delete_old(work.session, now=work.now, kept=(*KEPT, WEBHOOK_LOG))
    return max(moved, deleted, await remove_old(work, (*SOURCES, *files)))


async def _every(seconds: float, job: Loop) -> None:
    while True:
        await job()
        await asyncio.sleep(seconds)


async def for_ever(name: str, run: Loop) -> None:
    """A loop that fails is started again: a service that can't relay still answers its own staff."""
    while True:
        try:
            await run()
        except Exception as error:  # noqa: BLE001  # whatever it was, the loop goes on
            log.warning("loop.restarts", loop=name, error=type(error).__name__)
            await asyncio.sleep(1)
