"""Liveness, readiness and metrics: for the machine that watches, without a token and without case data."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from shared.adapters.audit_tables import AuditEntry, AuditWaiting
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.jetstream import Broker
from shared.adapters.tables import OutboxRow, Quarantined
from shared.adapters.telemetry import METRICS
from shared.adapters.trust import Node

router = APIRouter(tags=["operations"])
MOST_COUNTED = 10_000  # in quarantine: more is only more of the same
Standing = Literal["up", "stopping"]
TrustFile = Literal["in use", "refused"]
CalendarFile = Literal["in use", "refused", "none"]


class Readiness(BaseModel):
    """Calls are taken while the database is up; without the broker they are kept and sent later.

    `service` is "stopping" once it was told to stop: a balancer sends it no more calls, and it answers those that come.
    `broker` is up, down, or too old: a NATS server without the security fixes of 2.12.7 or 2.14.0 is not used.
    `trust_list` is the serial of the list in use; `trust_file` is "refused" where the file is another one that was not
    taken, an older one for example, or is gone. `calendar` is the version that deadlines are counted by: the same at
    all nodes if all have the same file. `calendar_file` is "refused" where it has an error: what it said before counts.
    """

    service: Standing
    database: str
    broker: str
    trust_list: int
    trust_file: TrustFile
    calendar: str
    calendar_file: CalendarFile


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready", responses={503: {"model": Readiness}})
async def ready(request: Request, response: Response) -> Readiness:
    """Whether calls can be taken (database), and whether they reach others now (broker)."""
    try:
        await request.app.state.database.ping()
        database = "up"
    except (SQLAlchemyError, OSError, TimeoutError):
        database, response.status_code = "down", 503
    stopping = request.app.state.stopping
    if stopping:
        response.status_code = 503
    broker = request.app.state.broker.state
    service: Standing = "stopping" if stopping else "up"
    return Readiness(service=service, database=database, broker=broker, **_files(request.app.state.node))


def _files(node: Node) -> dict[str, Any]:
    """Which trust list and which calendar are in use, and whether their files are others that were not taken."""
    serial, calendar = node.others.now().serial, node.calendar.version  # looks at the files
    decreed = "none" if node.decreed is None else "refused" if node.decreed.refused else "in use"
    trust = "refused" if node.others.refused else "in use"
    return {"trust_list": serial, "trust_file": trust, "calendar": calendar, "calendar_file": decreed}


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def measure(database: Database, broker: Broker, *, clock: Callable[[], datetime]) -> None:
    """How much waits to be sent, for a receipt and in quarantine, since when, and how far the clocks differ.

    `unchained` stays below a second or two while the sequencer works; it grows where somebody holds its lock.
    """
    METRICS.broker_up.set(broker.is_connected)
    async with database.transaction(organisation=WHOLE_NODE) as session:
        now, there = clock(), (await session.exec(select(func.clock_timestamp()))).one()
        since = func.min(func.coalesce(OutboxRow.sent_at, OutboxRow.created_at))
        open_ = select(OutboxRow.state, func.count(), since).where(col(OutboxRow.next_attempt_at).is_not(None))
        waits = {state: (count, at) for state, count, at in await session.exec(open_.group_by(OutboxRow.state))}
        first = select(func.min(AuditWaiting.entry_id)).scalar_subquery()
        unchained = (await session.exec(select(AuditEntry.at).where(AuditEntry.id == first))).first()
        kept = select(Quarantined.id).where(Quarantined.state == "kept").limit(MOST_COUNTED).subquery()
        METRICS.in_quarantine.set((await session.exec(select(func.count()).select_from(kept))).one())
    METRICS.clock_off_database.set((now - there).total_seconds())
    METRICS.unchained.set(_age(unchained, now))
    for state, number, oldest in (
        ("waiting", METRICS.unsent, METRICS.oldest_unsent),
        ("sent", METRICS.unreceipted, METRICS.oldest_unreceipted),
    ):
        count, since_then = waits.get(state, (0, None))
        number.set(count)
        oldest.set(_age(since_then, now))


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
