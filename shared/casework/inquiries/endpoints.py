"""REST calls for questions: ask, list, read."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, note
from shared.casework.disclosures.endpoints import explain, refused
from shared.casework.inquiries import store
from shared.casework.inquiries.asking import NewInquiry, ask, compose
from shared.casework.inquiries.models import Inquiry, InquiryDetails, SentInquiry, details, shown
from shared.casework.inquiries.tables import InquiryRow
from shared.contract.decisions import withheld_fields
from shared.contract.vocabulary import InquiryState, Side

router = APIRouter(prefix="/inquiries", tags=["inquiries"], route_class=TransactionalRoute)
BOXES = {"incoming": Side.RECEIVER, "outgoing": Side.SENDER}


@router.post("", status_code=201, responses=problems(404, 410))
async def ask_for_information(body: NewInquiry, desk: Writer, response: Response, _: OnceKey = None) -> SentInquiry:
    """Ask another agency about somebody. Nothing leaves if the answer could not come back on the same basis."""
    outgoing = await compose(desk, body)
    row, emitted = await ask(desk, outgoing)
    if row is None:
        raise refused(emitted.decision)
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="inquiry", kind=row.kind)
    response.headers["Location"] = f"/v1/inquiries/{row.id}"
    withheld = explain(withheld_fields(outgoing.event, emitted.decision))
    return SentInquiry(**(await shown(desk, [row]))[0].model_dump(), withheld=withheld)


@router.get("")
async def list_inquiries(
    desk: Reader,
    box: Literal["incoming", "outgoing"],
    state: InquiryState | None = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = 50,
) -> paging.Page[Inquiry]:
    """A box, newest first."""
    rows = await store.page(
        desk.session, organisation_id=desk.organisation, side=BOXES[box], state=state, cursor=cursor, limit=limit
    )
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_INQUIRY, shown=[row.id for row in cut])
    return paging.Page(items=await shown(desk, cut), next=following)


@router.get("/{inquiry_id}")
async def read_inquiry(inquiry_id: UUID, desk: Reader) -> InquiryDetails:
    """A question with its answer, by when it is due, and what can be done now."""
    row = await one_of_ours(desk, inquiry_id)
    await note(desk, Action.READ_INQUIRY, row.id, person_id=row.person_id)
    return await details(desk, row)


async def one_of_ours(desk: Desk, inquiry_id: UUID, *, for_update: bool = False) -> InquiryRow:
    """Our copy, locked if it will be changed. Problem 404."""
    row = await store.get(desk.session, organisation_id=desk.organisation, inquiry_id=inquiry_id, for_update=for_update)
    copy: InquiryRow = found(row, "inquiry")
    return copy
