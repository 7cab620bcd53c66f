"""Liveness, readiness and metrics: for the machine that watches, without a token and without case data."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from shared.adapters.audit_tables import AuditEntry, AuditWaiting
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.tables import OutboxRow, Quarantined
from shared.adapters.telemetry import METRICS

router = APIRouter(tags=["operations"])
TrustFile = Literal["in use", "refused"]


class Readiness(BaseModel):
    """Calls are taken while the database is up; without the broker they are kept and sent later.

    `trust_list` is the serial of the list in use; `trust_file` is "refused" where the file is another one that was not
    taken, an older one for example, or is gone.
    """

    database: str
    broker: str
    trust_list: int
    trust_file: TrustFile


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
    broker = "up" if request.app.state.broker.is_connected else "down"
    trusted = request.app.state.node.others
    serial = trusted.now().serial
    trust_file: TrustFile = "refused" if trusted.refused else "in use"
    return Readiness(database=database, broker=broker, trust_list=serial, trust_file=trust_file)


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def measure(database: Database, *, now: datetime) -> None:
    """How much waits to be sent, for a receipt, in quarantine; and how long the record's oldest entry to be chained.

    The last stays below a second or two while the sequencer works; it grows where somebody holds the sequencer's lock.
    """
    async with database.transaction(organisation=WHOLE_NODE) as session:
        open_ = select(OutboxRow.state, func.count()).where(col(OutboxRow.next_attempt_at).is_not(None))
        counts = dict((await session.exec(open_.group_by(OutboxRow.state))).all())
        waiting = select(func.min(AuditEntry.at)).where(col(AuditEntry.id).in_(select(AuditWaiting.entry_id)))
        oldest = (await session.exec(waiting)).one()
        kept = select(func.count()).select_from(Quarantined).where(Quarantined.state == "kept")
        METRICS.in_quarantine.set((await session.exec(kept)).one())
    METRICS.unsent.set(counts.get("waiting", 0))
    METRICS.unreceipted.set(counts.get("sent", 0))
    METRICS.unchained.set(max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0)
