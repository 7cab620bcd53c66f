"""REST calls for the refusal notices that came (F3)."""

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.police.answering import answer
from services.police.refusal_notices import store
from services.police.refusal_notices.tables import RefusalNoticeRow
from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import OnceKey, Reader, TransactionalRoute, Writer, found, note
from shared.contract.events import RefusalNoticeAcknowledged
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, Purpose

router = APIRouter(prefix="/refusal-notices", tags=["police"], route_class=TransactionalRoute)
DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.REFUSAL_NOTICE)


class RefusalNotice(BaseModel):
    """Someone at `shelter_id` refused to report; `police_may` says what is open to the police now."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    shelter_id: str
    refused_on: date
    due_on: date
    police_may: list[str]
    received_at: datetime
    acknowledged_at: datetime | None


@router.get("")
async def list_refusal_notices(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[RefusalNotice]:
    """The notices that came, newest first."""
    rows = await store.notices(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    shown, following = paging.cut(list(rows), limit, at="received_at")
    await note(desk, Action.READ_NOTICES, shown=[row.id for row in shown])
    return paging.Page(items=[RefusalNotice.model_validate(row) for row in shown], next=following)


@router.post("/{notice_id}/acknowledge")
async def acknowledge(notice_id: UUID, desk: Writer, _: OnceKey = None) -> RefusalNotice:
    """Confirm that the notice was read. Once is enough; again changes nothing."""
    row: RefusalNoticeRow = found(
        await store.notice(desk.session, organisation_id=desk.organisation, notice_id=notice_id, lock=True),
        "refusal notice",
    )
    if row.acknowledged_at is None:
        row.acknowledged_at = desk.now
        event = RefusalNoticeAcknowledged(notice_id=row.id, at=desk.now)
        await answer(desk, event, to=row.shelter_id, concerning=row.id, grounds=DUTY)
        await note(desk, Action.CHANGED, row.id, what="refusal_notice")
    else:
        await note(desk, Action.READ_NOTICES, row.id)
    return RefusalNotice.model_validate(row)
