"""REST calls that show requests to the guardianship authority, to who asked and to who answers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, Reader, TransactionalRoute, found, note
from shared.casework.guardianship import store
from shared.casework.guardianship.tables import GuardianRequestRow
from shared.contract.treatment_words import GuardianAnswer
from shared.contract.vocabulary import SubjectRole

router = APIRouter(prefix="/guardian-requests", tags=["guardianship"], route_class=TransactionalRoute)


class GuardianRequest(BaseModel):
    """A request, and its answer. `content`: whom to call, and who it is where that was told. Never what for."""

    id: UUID
    counterpart_id: str
    person_id: UUID | None
    subject: SubjectRole
    content: dict[str, Any]
    answer_by: date
    answer: GuardianAnswer | None
    asked_at: datetime
    answered_at: datetime | None


@router.get("")
async def list_requests(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[GuardianRequest]:
    """Requests to the guardianship authority, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="asked_at")
    await note(desk, Action.READ_GUARDIANSHIP, shown=[row.id for row in cut])
    return paging.Page(items=await shown(desk, cut), next=following)


@router.get("/{request_id}")
async def read_request(request_id: UUID, desk: Reader) -> GuardianRequest:
    """Read a request and its answer."""
    row: GuardianRequestRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, request_id=request_id), "guardian request"
    )
    await note(desk, Action.READ_GUARDIANSHIP, row.id, person_id=row.person_id)
    return (await shown(desk, [row]))[0]


async def shown(desk: Desk, rows: Sequence[GuardianRequestRow]) -> list[GuardianRequest]:
    """Requests as calls answer with them."""
    contents = await store.contents(desk.session, rows)
    return [
        GuardianRequest.model_validate({**row.model_dump(exclude={"sealed"}), "content": content})
        for row, content in zip(rows, contents, strict=True)
    ]
