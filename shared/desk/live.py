"""What changed, said to open pages as server-sent events: that something did, never what."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from shared.adapters.database import Database
from shared.desk import sessions
from shared.desk.pages import OpenRoute

router = APIRouter(route_class=OpenRoute)
STILL_HERE = 20.0  # seconds; proxies close what is silent


@router.get("/live")
async def live(request: Request) -> Response:
    """A stream for whoever is signed in. It ends with the session, and the browser asks again.

    What changed since the page was made, or since the stream was lost, is said at once (`after`, `Last-Event-ID`).
    """
    signed = await sessions.find(request)
    if signed is None:
        return Response(status_code=204)  # an EventSource does not come back
    known = request.headers.get("last-event-id") or request.query_params.get("after", "")
    said = _changes(request, known)
    return StreamingResponse(said, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _changes(request: Request, known: str) -> AsyncIterator[str]:
    database: Database = request.app.state.database
    yield "retry: 3000\n\n"
    while not await request.is_disconnected() and not request.app.state.stopping:
        try:
            known = await asyncio.wait_for(database.changed.wait(known), STILL_HERE)
            yield f"id: {known}\nevent: changed\ndata:\n\n"
            await asyncio.sleep(1)  # a rush of changes is one
        except TimeoutError:
            yield ":\n\n"
        if await sessions.find(request) is None:
            return
