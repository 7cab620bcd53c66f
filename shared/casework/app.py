"""Put a service together: routes, handlers, loops. Each agency's `app.py` calls this with what is its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from shared.adapters import http
from shared.adapters.announcer import Announcement, Announcer, Collect
from shared.adapters.database import INBOX_CHANNEL, OUTBOX_CHANNEL, STATE_CHANNEL, WHOLE_NODE, Database, open_database
from shared.adapters.health import measure
from shared.adapters.health import router as health_router
from shared.adapters.identity import Identity
from shared.adapters.inbox import Handlers, Inbox
from shared.adapters.jetstream import DIRECTED, STATE, Broker, count_advisories
from shared.adapters.judging import Judge
from shared.adapters.middleware import LimitBody, Observe, Shed
from shared.adapters.newest_links import watch_newest_links
from shared.adapters.outbox import Work
from shared.adapters.receipts import Receipts
from shared.adapters.relay import Relay
from shared.adapters.retention import BATCH, delete_old
from shared.adapters.sequencer import sequence
from shared.adapters.settings import Settings
from shared.adapters.tasks import end
from shared.adapters.telemetry import configure_logging, configure_tracing
from shared.adapters.trust import Node, load_node
from shared.adapters.trust_memory import refuse_older, remember
from shared.adapters.witnesses import Checkpoints, on_audit_checkpointed
from shared.adapters.wrapping_program import read_wrapping
from shared.casework.beds.endpoints import router as beds
from shared.casework.beds.handlers import on_beds_counted
from shared.casework.consents import store as consent_store
from shared.casework.consents.ending import erase_what_ran_out, expire
from shared.casework.consents.endpoints import router as consents
from shared.casework.consents.handlers import on_consent_withdrawn
from shared.casework.deadlines.clock import count_overdue, remind
from shared.casework.deadlines.endpoints import router as deadlines
from shared.casework.directory import store as directory_store
from shared.casework.directory.announcements import organisations
from shared.casework.directory.endpoints import router as directory
from shared.casework.directory.handlers import on_organisation_announced
from shared.casework.disclosures.endpoints import router as disclosures
from shared.casework.disclosures.of_person import router as disclosures_of_person
from shared.casework.emergencies.endpoints import router as emergencies
from shared.casework.messages.endpoints import router as messages
from shared.casework.messages.handlers import on_message_posted, on_messages_read
from shared.casework.persons.endpoints import router as persons
from shared.casework.persons.taking_over import router as taking_over
from shared.casework.referrals.endpoints import router as referrals
from shared.casework.referrals.handlers import on_bed_hold_answered, on_referral_moved, on_referral_requested
from shared.casework.reports.handlers import learn_receipts, on_violence_report_registered
from shared.casework.reports.reading import router as reports
from shared.casework.statistics.counting import CountedTable
from shared.casework.statistics.endpoints import router as statistics
from shared.contract.errors import Problem, SettingsError
from shared.contract.vocabulary import Agency, EventType

log = structlog.get_logger()
HOUSEKEEPING_SECONDS = 600
OVERDUE_SECONDS = 15
ROUTERS = (
    taking_over,
    persons,
    consents,
    emergencies,
    referrals,
    messages,
    reports,
    beds,
    directory,
    disclosures,
    disclosures_of_person,
    deadlines,
    statistics,
)

# What each event does at every agency. An agency adds its own; see its `handlers.py`.
HANDLERS: Handlers = {
    EventType.REFERRAL_REQUESTED: (on_referral_requested,),
    EventType.REFERRAL_MOVED: (on_referral_moved,),
    EventType.BED_HOLD_ANSWERED: (on_bed_hold_answered,),
    EventType.MESSAGE_POSTED: (on_message_posted,),
    EventType.MESSAGES_READ: (on_messages_read,),
    EventType.CONSENT_WITHDRAWN: (on_consent_withdrawn,),
    EventType.VIOLENCE_REPORT_REGISTERED: (on_violence_report_registered,),
    EventType.ORGANISATION_ANNOUNCED: (on_organisation_announced,),
    EventType.BEDS_COUNTED: (on_beds_counted,),
    EventType.AUDIT_CHECKPOINTED: (on_audit_checkpointed,),
}


@dataclass(frozen=True)
class AgencyParts:
    """What makes a service that agency's: its mandate, its own calls, events, announcements and what it counts."""

    agency: Agency
    mandate: str
    routers: Sequence[APIRouter]
    handlers: Handlers
    announcements: Sequence[Collect] = ()
    statistics: Sequence[CountedTable] = ()


def create_app(parts: AgencyParts, settings: Settings, *, clock: Callable[[], datetime] | None = None) -> FastAPI:
    """The service. Raises SettingsError for another agency's settings, OSError or SealError for a bad file."""
    if settings.agency is not parts.agency:
        raise SettingsError(f"QORGAU_AGENCY is {settings.agency}, this is the service of {parts.agency}")
    clock = clock or now_in_utc
    files = (settings.keys_file, settings.trust_file, settings.operator_key_file)
    node = load_node(settings.node, settings.agency, *files, clock=clock)
    app = FastAPI(
        title=f"Qorgau: {parts.agency.value}",
        description=parts.mandate,
        version="1",
        lifespan=_lifespan,
        servers=[{"url": settings.public_url}] if settings.public_url else None,
        exception_handlers=ON_ERROR,
        telemetry=NO_NATIVE_TELEMETRY,
    )
    _equip(app, parts, settings, node)
    app.state.clock = clock
    app.include_router(health_router)
    for router in (*ROUTERS, *parts.routers):
        app.include_router(router, prefix="/v1", dependencies=[Depends(http.bearer)])
    app.add_middleware(LimitBody, limit=settings.max_body_bytes)
    app.add_middleware(Observe)
    app.add_middleware(Shed, limit=settings.calls_at_once)
    return app


def now_in_utc() -> datetime:
    """The clock of a running service."""
    return datetime.now(UTC)


def _equip(app: FastAPI, parts: AgencyParts, settings: Settings, node: Node) -> None:
    """What routes and loops find at `app.state`."""
    app.state.stopping = False  # set by who runs the service, before it ends
    app.state.parts, app.state.settings, app.state.node = parts, settings, node
    app.state.database = open_database(settings, keys=read_wrapping(settings.vault_keys))
    app.state.broker = Broker(url=settings.nats_url, seed_file=settings.nats_seed_file, node=node.name)
    app.state.identity = Identity(settings, node)


# FastAPI's own spans and logs repeat paths and queries as the caller typed them; ours name the route (`middleware`).
NO_NATIVE_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
ON_ERROR: dict[int | type[Exception], Any] = {
    Problem: http.on_problem,
    RequestValidationError: http.on_invalid,
    HTTPException: http.on_http,
    SQLAlchemyError: http.on_database,
    OSError: http.on_database,
}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Host the organisations, then run the loops until the service stops."""
    settings: Settings = app.state.settings
    configure_logging(node=settings.node)
    tracing = configure_tracing(node=settings.node, endpoint=settings.otlp_endpoint)
    await host(app)
    tasks = [asyncio.create_task(_for_ever(name, run)) for name, run in _loops(app).items()]
    log.info("service.started", agency=settings.agency)
    yield
    await end(tasks)
    await app.state.broker.close()
    await app.state.database.close()
    tracing.shutdown()


async def host(app: FastAPI) -> None:
    """The operator's file says which organisations live here; the trust list must agree, and be no older than one that
    was taken before. Raises SettingsError."""
    hosted = directory_store.read_file(app.state.settings.organisations_file)
    node: Node = app.state.node
    for organisation in hosted:
        if not node.hosts(organisation.id) or organisation.agency is not node.agency:
            raise SettingsError("the organisations file names one that the trust list does not give to this node")
    async with app.state.database.transaction(organisation=WHOLE_NODE) as session:
        work = Work(session, node, app.state.clock())
        await refuse_older(work)
        await remember(work)
        await directory_store.host(session, organisations=hosted, at=work.now)


Loop = Callable[[], Coroutine[Any, Any, object]]


def _loops(app: FastAPI) -> dict[str, Loop]:
    """Everything that runs beside the REST calls."""
    state = app.state
    database: Database = state.database
    common = {"database": database, "node": state.node, "clock": state.clock}
    judge = Judge(consent_store.has_ended, consent_store.terms_now)
    inbox = Inbox(**common, handlers=handlers_of(state.parts), judge=judge)
    relay = Relay(**common, broker=state.broker, settings=state.settings, consent_now=consent_store.terms_now)
    receipts = Receipts(**common, broker=state.broker)
    checkpoints = Checkpoints(every=state.settings.checkpoint_every)
    collect = _collect_all((organisations, checkpoints.collect, *state.parts.announcements))
    announcer = Announcer(**common, broker=state.broker, collect=collect, every=state.settings.announce_every)
    wakes = {OUTBOX_CHANNEL: relay.wake.set, INBOX_CHANNEL: receipts.wake.set, STATE_CHANNEL: announcer.wake.set}
    return {
        "inbox": lambda: inbox.run(state.broker, stream=DIRECTED),
        "state": lambda: inbox.run(state.broker, stream=STATE),
        "relay": relay.run,
        "receipts": receipts.run,
        "announcer": announcer.run,
        "sequencer": lambda: sequence(database),
        "reminders": lambda: _every(1, lambda: _in_transaction(app, watch_deadlines)),
        "trust": lambda: _every(1, lambda: _in_transaction(app, remember)),
        "endings": lambda: _every(1, lambda: _in_transaction(app, end_what_ran_out)),
        "housekeeping": lambda: _every(HOUSEKEEPING_SECONDS, lambda: _until_done(app, keep_house)),
        "measure": lambda: _every(1, lambda: measure(database, state.broker, clock=state.clock)),
        "overdue": lambda: _every(OVERDUE_SECONDS, lambda: _in_transaction(app, count_overdue)),
        "newest links": lambda: _every(HOUSEKEEPING_SECONDS, lambda: watch_newest_links(database)),
        "advisories": lambda: count_advisories(state.broker),
        "listen": lambda: database.listen(wakes),
    }


def handlers_of(parts: AgencyParts) -> Handlers:
    """What each event does at this agency: what it does everywhere, then what it does only here."""
    types = {**HANDLERS, **parts.handlers}
    return {kind: (*HANDLERS.get(kind, ()), *parts.handlers.get(kind, ())) for kind in types}


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


async def end_what_ran_out(work: Work) -> int:
    """Consents, emergencies and decisions of courts end by themselves, on time, once."""
    return await expire(work) + await erase_what_ran_out(work)


async def watch_deadlines(work: Work) -> int:
    """Reminders and alarms; none about a report whose receipt is here."""
    await learn_receipts(work)
    return await remind(work)


async def keep_house(work: Work) -> int:
    """Delete a batch of what has had its time (`retention`)."""
    return await delete_old(work.session, now=work.now)


async def _every(seconds: float, job: Loop) -> None:
    while True:
        await job()
        await asyncio.sleep(seconds)


async def _for_ever(name: str, run: Loop) -> None:
    """A loop that fails is started again: a service that can't relay still answers its own staff."""
    while True:
        try:
            await run()
        except Exception as error:  # noqa: BLE001  # whatever it was, the loop goes on
            log.warning("loop.restarts", loop=name, error=type(error).__name__)
            await asyncio.sleep(1)
