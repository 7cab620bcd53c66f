"""The same job by FastStream and SQLModel, as documented by them: no consent, no sealing, no outbox, no record.

`python -m tests.bench.faststream_peer api FD` serves on the listening socket FD: a referral is inserted, committed and
published. `python -m tests.bench.faststream_peer receiver` is the other side: it is validated, inserted, committed and
acknowledged. PEER_DATABASE and PEER_NATS say with what. What is published and lost between the two is lost.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from faststream import FastStream
from faststream.nats import JStream, NatsBroker
from pydantic import BaseModel
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.referrals.sending import NewReferral
from shared.casework.referrals.tables import ReferralRow
from tests.bench.broker import STREAM
from tests.bench.peer import REFERRALS, engine, rows

SUBJECT = "bench.referrals"
broker = NatsBroker(os.environ["PEER_NATS"], logger=None)


class Sent(BaseModel):
    """What travels."""

    id: UUID
    referral: NewReferral


async def make_table() -> None:
    """With the columns and indexes that it has here."""
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all, tables=[REFERRALS])


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """The table, and the line to the broker."""
    await make_table()
    await broker.start()
    yield
    await broker.stop()


app = FastAPI(lifespan=lifespan)


@app.post("/referrals", status_code=201)
async def refer(body: NewReferral) -> dict[str, UUID]:
    """Insert, commit, publish."""
    copy, _ = rows(body)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        session.add(ReferralRow(**copy))
        await session.commit()
    await broker.publish(Sent(id=copy["id"], referral=body), SUBJECT, stream=STREAM)
    return {"id": copy["id"]}


async def take_in(sent: Sent) -> None:
    """Insert and commit; it is acknowledged once this returns."""
    copy, _ = rows(sent.referral)
    async with AsyncSession(engine, expire_on_commit=False) as session:
        session.add(ReferralRow(**copy | {"id": sent.id, "organisation_id": "shelter", "side": "receiver"}))
        await session.commit()


async def receive() -> None:
    """The receiving process."""
    broker.subscriber(SUBJECT, stream=JStream(name=STREAM, declare=False), durable="shelter")(take_in)
    await make_table()
    await FastStream(broker, logger=None).run()


if __name__ == "__main__":
    if sys.argv[1] == "receiver":
        asyncio.run(receive())
    else:
        config = uvicorn.Config(app, loop="uvloop", access_log=False, log_config=None)
        uvicorn.Server(config).run([socket.socket(fileno=int(sys.argv[2]))])
