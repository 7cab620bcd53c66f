"""What happened, as it happens: server-sent events (HTML Living Standard, 9.2), for systems that can't be called.

Each has its `id`; who was cut off sends the last one back (`Last-Event-ID`), as every EventSource does by itself, and
gets all that happened meanwhile. A stream that is read ends within fifteen seconds of its token, any in ten minutes.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from shared.adapters.database import Database
from shared.adapters.http import RETRY, as_response, not_permitted
from shared.adapters.identity import Caller, Permission
from shared.casework.changes import store
from shared.casework.changes.endpoints import place_of
from shared.casework.changes.models import After, Types, change
from shared.contract.errors import Problem

router = APIRouter(tags=["events"])
BATCH = 100
MOST, MOST_OF_ONE = 100, 20  # streams of one process, and of one organisation: each asks the database what happened
STILL_HERE = 15.0  # seconds; proxies close what is silent
LIVES = 600.0  # seconds; then it is asked for anew, by who is still there
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=36)]
_AFTER: TypeAdapter[After] = TypeAdapter(After)


# Not among the calls at /openapi.json: whoever makes all of them would wait for the end of this one.
@router.get("/events/stream", include_in_schema=False)
async def follow_events(
    request: Request, after: After = "now", types: Types = None, last_event_id: LastEventId = None
) -> StreamingResponse:
    """The same events as server-sent events. Without `after` or `Last-Event-ID`: what is still to come."""
    caller = await _caller(request)
    database: Database = request.app.state.database
    async with database.transaction(organisation=caller.organisation) as session:
        begins = await place_of(session, organisation_id=caller.organisation, after=_resumed(last_event_id) or after)
    said = _follow(request, begins, types or ())
    return Followed(said, following=request.app.state.following, whose=caller.organisation)


class Followed(StreamingResponse):
    """A stream that counts while it is sent, and ends by itself after a while: also where nobody reads what is sent."""

    def __init__(self, said: AsyncIterator[str], *, following: Counter[str], whose: str) -> None:
        super().__init__(said, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self.following, self.whose = following, whose

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if self.following.total() >= MOST or self.following[self.whose] >= MOST_OF_ONE:
            full = Problem(503, "overloaded", "too many follow what happens here; try again", headers=RETRY)
            await as_response(full)(scope, receive, send)
            return
        self.following[self.whose] += 1
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(LIVES):
                    await super().__call__(scope, receive, send)
        finally:
            self.following[self.whose] -= 1


async def _caller(request: Request) -> Caller:
    caller: Caller = await request.app.state.identity.caller(request)
    if Permission.READ not in caller.permissions:
        raise not_permitted(Permission.READ)
    return caller


def _resumed(last_event_id: str | None) -> After:
    """Problem 422 for what is no event's id."""
    try:
        return _AFTER.validate_python(last_event_id or None)
    except ValidationError:
        raise Problem(422, "invalid-cursor", "Last-Event-ID is the id of an event") from None


async def _follow(request: Request, position: int, types: Sequence[str]) -> AsyncIterator[str]:
    state = request.app.state
    yield "retry: 3000\n\n"
    while not await request.is_disconnected() and not state.stopping:
        mark = state.database.told.mark
        try:
            batch = await _batch(request, state.database, position, types)
        except (Problem, SQLAlchemyError, OSError):
            return  # the token has run out, or the database is away: the other side comes again
        position = batch.position
        for row in batch.rows:
            yield f"id: {row.id}\ndata: {change(row).model_dump_json()}\n\n"
        if batch.is_all and not await state.database.told.has_beaten(mark, within=STILL_HERE):
            yield ":\n\n"


async def _batch(request: Request, database: Database, position: int, types: Sequence[str]) -> store.Batch:
    """What happened since, as far as this caller may know, if it still is one."""
    caller = await _caller(request)
    chief = Permission.REVIEW in caller.permissions
    ours = caller.organisation
    async with database.transaction(organisation=ours, actor=caller.subject, chief=chief) as session:
        return await store.after(session, organisation_id=ours, position=position, types=types, limit=BATCH)
