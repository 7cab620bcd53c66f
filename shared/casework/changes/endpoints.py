"""REST call for what happened: ask, and ask again behind the last answer. Nothing is missed, nothing comes twice."""

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.http import Reader, TransactionalRoute
from shared.adapters.paging import Limit
from shared.casework.changes import store
from shared.casework.changes.models import After, Changes, Types, change
from shared.contract.errors import Problem

router = APIRouter(tags=["events"], route_class=TransactionalRoute)


@router.get("/events")
async def list_events(desk: Reader, after: After = None, types: Types = [], limit: Limit = 50) -> Changes:  # noqa: B006  # FastAPI copies it
    """What happened at one's own organisation since: ids and kinds, of nobody a word. Without `after`, since ever.

    `GET /v1/events/stream` is the same as server-sent events, as it happens; it resumes by `Last-Event-ID`.
    """
    ours = desk.organisation
    place = await place_of(desk.session, organisation_id=ours, after=after)
    batch = await store.after(desk.session, organisation_id=ours, position=place, types=types or (), limit=limit)
    return Changes(events=[change(row) for row in batch.rows], next=batch.last, more=not batch.is_all)


async def place_of(session: AsyncSession, *, organisation_id: str, after: After) -> int:
    """The position that is asked on from. Problem 422 for an event that is not known here."""
    if after is None:
        return store.BEGINNING
    if after == "now":
        return (await store.newest(session, organisation_id=organisation_id))[0]
    found = await store.position_of(session, organisation_id=organisation_id, change_id=after)
    if found is None:
        detail = "no such event is known here (a restored service may have lost it): begin without 'after'"
        raise Problem(422, "invalid-cursor", detail)
    return found
