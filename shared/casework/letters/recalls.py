"""REST calls for a letter whose consent has ended: tell the partner on paper, and record what came of it."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.deadlines import store as deadlines
from shared.casework.directory import store as directory
from shared.casework.disclosures.words import Language
from shared.casework.letters import store
from shared.casework.letters.endpoints import PDF, Letter, letter_of, shown
from shared.casework.letters.printing import Recalled, write_recall
from shared.casework.letters.tables import LetterRow
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.letters import LETTER_RECALLED, why_no_such_end, why_not_back
from shared.contract.plain import Day
from shared.contract.vocabulary import RecallEnd

router = APIRouter(tags=["letters"], route_class=TransactionalRoute)


class RecallDone(BaseModel):
    """What came of it, and when: of the page that the partner signed, the day on which it came back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"end": "erased_there", "on": "2026-03-27"}]}
    )
    end: RecallEnd
    on: Day


@router.get("/letters/{letter_id}/recall", response_class=Response, responses=PDF | problems(409))
async def print_recall(letter_id: UUID, desk: Reader, language: Annotated[Language, Query()]) -> Response:
    """That the consent of a letter has ended, to hand over, with the page that is to be signed (PDF): names nobody."""
    row = await letter_of(desk, letter_id)
    recalled_at = _recalled(row)
    partner = found(await store.partner(desk.session, partner_id=row.partner_id), "partner")
    ours = await directory.get(desk.session, organisation_id=desk.organisation)
    await note(desk, Action.EXPORTED, row.id, person_id=row.person_id, what="recall of a letter", language=language)
    printed = Recalled(
        language=language,
        sender=getattr(ours, f"name_{language}", desk.organisation),
        recipient=getattr(partner, f"name_{language}"),
        address=partner.address,
        number=row.number,
        written_at=row.written_at,
        at=recalled_at,
    )
    name = {"Content-Disposition": f'attachment; filename="qorgau-recall-{language}.pdf"'}
    return Response(await asyncio.to_thread(write_recall, printed), media_type="application/pdf", headers=name)


@router.post("/letters/{letter_id}/recall", responses=problems(409))
async def end_recall(letter_id: UUID, body: RecallDone, desk: Writer, _: OnceKey = None) -> Letter:
    """Record that the partner signed that what the letter said is erased there, or that it never was handed over."""
    row = await letter_of(desk, letter_id, lock=True)
    recalled_on = local_day(_recalled(row))
    if row.recall_end is not None:
        raise Problem(409, "not-now", "what came of it is recorded")
    why_not = why_no_such_end(body.end, came_back=row.came_back_on is not None)
    why_not = why_not or why_not_back(written_on=recalled_on, came_back_on=body.on, today=local_day(desk.now))
    if why_not is not None:
        raise invalid(why_not)
    row.recall_end, row.recall_ended_on = body.end, body.on
    about = {"organisation_id": desk.organisation, "concerning": row.id}
    await deadlines.meet(desk.session, **about, at=desk.now, kinds=(LETTER_RECALLED,))  # type: ignore[arg-type]  # a literal
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="letter", recall=row.recall_end)
    return (await shown(desk, [row]))[0]


def _recalled(row: LetterRow) -> datetime:
    if row.recalled_at is None:
        raise Problem(409, "not-recalled", "the consent of this letter has not ended, or it rests on none")
    return row.recalled_at
