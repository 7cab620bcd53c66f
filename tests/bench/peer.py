"""What `POST /referrals` is measured beside: a plain FastAPI service that inserts the same two rows, and no more.

`python -m tests.bench.peer FD` serves on the listening socket FD, with the database that PEER_DATABASE names. It is
served as the product is: uvicorn, uvloop, one worker, no access log, a pool of the same size.
"""

import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI, Response
from sqlalchemy import Insert, Table, insert, literal, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.tables import OutboxRow
from shared.casework.referrals.sending import NewReferral
from shared.casework.referrals.tables import ReferralRow

engine = create_async_engine(os.environ["PEER_DATABASE"], pool_size=10, max_overflow=10)
at_once = engine.execution_options(isolation_level="AUTOCOMMIT")
REFERRALS, OUTBOX = (SQLModel.metadata.tables[str(row.__tablename__)] for row in (ReferralRow, OutboxRow))


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """The two tables, with the columns and indexes that they have here."""
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all, tables=[REFERRALS, OUTBOX])
    yield


app = FastAPI(lifespan=lifespan)


def rows(body: NewReferral) -> tuple[dict[str, Any], dict[str, Any]]:
    """A referral, and an event with the size that it has once sealed."""
    said, now, referral = body.model_dump_json().encode() * 3, datetime.now(UTC), uuid4()
    copy = {
        "id": referral,
        "organisation_id": "police",
        "side": "sender",
        "counterpart_id": body.to.organisation,
        "person_id": body.person_id,
        "purpose": body.purpose,
        "subject": body.subject,
        "basis": body.basis.kind,
        "consent_id": body.basis.consent_id,
        "sealed": said,
        "state": "requested",
        "version": 0,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    event = {
        "id": uuid4(),
        "organisation_id": "police",
        "recipient_id": body.to.organisation,
        "recipient_node": "shelter",
        "event_type": "referral.requested",
        "concerning": str(referral),
        "consent_id": body.basis.consent_id,
        "sealed": said,
        "created_at": now,
        "state": "waiting",
        "attempts": 0,
        "next_attempt_at": now,
    }
    return copy, event


def adding(table: Table, row: dict[str, Any]) -> Insert:
    """An insert whose values have names of their own: two tables of one statement have columns of the same name."""
    values = select(*(literal(value, table.c[name].type) for name, value in row.items()))
    return insert(table).from_select(list(row), values, include_defaults=False)


@app.post("/orm", status_code=201)
async def by_orm(body: NewReferral) -> dict[str, UUID]:
    """SQLModel, as its documentation does it."""
    copy, event = rows(body)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        session.add(ReferralRow(**copy))
        session.add(OutboxRow(**event))
        await session.commit()
    return {"id": copy["id"]}


@app.post("/core", status_code=201)
async def by_core(body: NewReferral) -> dict[str, UUID]:
    """SQLAlchemy Core: both rows in one statement, which is its own transaction."""
    copy, event = rows(body)
    async with at_once.connect() as connection:
        await connection.execute(adding(REFERRALS, copy).add_cte(adding(OUTBOX, event).cte("event")))
    return {"id": copy["id"]}


@app.post("/memory", status_code=201)
async def from_memory() -> Response:
    """Nothing: what FastAPI, uvicorn and the measuring client can do at most."""
    return Response(b"{}", 201, media_type="application/json")


if __name__ == "__main__":
    config = uvicorn.Config(app, loop="uvloop", access_log=False, log_config=None)
    uvicorn.Server(config).run([socket.socket(fileno=int(sys.argv[1]))])
