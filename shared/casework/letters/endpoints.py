"""REST calls for letters to partners without a service: write, print, and record that the signed page came back."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.config import JsonDict

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.adapters.outbox import hand_over
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import business_day_deadline
from shared.casework.directory import store as directory
from shared.casework.disclosures.endpoints import Withheld, explain, refused
from shared.casework.disclosures.words import Language
from shared.casework.letters import store
from shared.casework.letters.composing import NewLetter, compose, has_service, row_of
from shared.casework.letters.printing import Printed, write
from shared.casework.letters.tables import LetterRow
from shared.contract.calendar import local_day
from shared.contract.decisions import withheld_fields
from shared.contract.errors import Problem
from shared.contract.events import LetterWritten
from shared.contract.letters import LETTER_CONFIRMED, days_to_confirm, why_not_back
from shared.contract.plain import Day
from shared.contract.vocabulary import Basis, LetterEnd, LetterKind, Partner, Purpose, RecallEnd, SubjectRole

router = APIRouter(tags=["letters"], route_class=TransactionalRoute)
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "The letter"}}
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
CAME_BACK: JsonDict = {"their_number": "114-26", "came_back_on": "2026-03-27", "signed_by": "Директор Н. Сейітқали"}


class PartnerOut(BaseModel):
    """Whom letters can be written to. The address is that of its office."""

    model_config = ConfigDict(from_attributes=True, title="Partner")
    id: str
    kind: Partner
    name_kk: str
    name_ru: str
    name_en: str
    kato: str
    address: str
    phone: str | None


class Partners(BaseModel):
    """All partners."""

    items: list[PartnerOut]


class Confirmation(BaseModel):
    """The signed page came back: under which number there, when, and who signed it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CAME_BACK]})
    their_number: Line
    came_back_on: Day
    signed_by: Line


class Letter(BaseModel):
    """A letter. `content` is all that it says: null once that was erased. Without `end` its page is waited for.

    `recalled_at`: its consent has ended, and the partner is told on paper; `recall_end`: what came of that.
    """

    id: UUID
    number: str
    to: str
    kind: LetterKind
    person_id: UUID
    subject: SubjectRole
    purpose: Purpose
    basis: Basis
    consent_id: UUID | None
    order_id: UUID | None
    written_at: datetime
    due_on: date
    content: dict[str, Any] | None
    their_number: str | None
    came_back_on: date | None
    signed_by: str | None
    closed_at: datetime | None
    end: LetterEnd | None
    erased_at: datetime | None
    recalled_at: datetime | None
    recall_due_on: date | None
    recall_end: RecallEnd | None
    recall_ended_on: date | None


class LetterWithheld(Letter):
    """A letter as it was written, and what was kept out of it by which rule."""

    withheld: list[Withheld]


@router.get("/partners")
async def list_partners(desk: Reader) -> Partners:
    """Courts, prosecutors, schools and probation services that letters can be written to."""
    rows = [row for row in await store.partners(desk.session) if not has_service(desk, row.id)]
    return Partners(items=[PartnerOut.model_validate(row) for row in rows])


@router.post("/letters", status_code=201, responses=problems(404, 410))
async def write_letter(
    body: NewLetter, desk: Writer, request: Request, response: Response, _: OnceKey = None
) -> LetterWithheld:
    """Write to a partner, as far as policy lets it leave: print it, hand it over, and have the page signed."""
    year = local_day(desk.now).year
    serial = await store.next_serial(desk.session, organisation_id=desk.organisation, year=year)
    letter_id = uuid4()
    composed = await compose(desk, body, request, letter_id=letter_id, number=f"{year}/{serial}")
    emitted = await hand_over(desk, composed.outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
    deadline = business_day_deadline(
        desk,
        organisation_id=desk.organisation,
        kind=LETTER_CONFIRMED,
        concerning=letter_id,
        happened_at=desk.now,
        days=days_to_confirm(desk.now),
    )
    columns = row_of(composed, year=year, serial=serial, order_id=body.order_id, now=desk.now)
    row = LetterRow(**columns, due_on=deadline.due_on)
    content = emitted.content
    if not isinstance(content, LetterWritten):
        raise TypeError("not a letter")
    await store.seal(desk.session, row, store.Words(content=content))
    desk.session.add_all([row, deadline])
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="letter")
    response.headers["Location"] = f"/v1/letters/{row.id}"
    (written,) = await shown(desk, [row])
    kept = explain(withheld_fields(composed.outgoing.event, emitted.decision))
    return LetterWithheld(**written.model_dump(), withheld=kept)


@router.get("/letters")
async def list_letters(desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> paging.Page[Letter]:
    """Letters that were written here, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="written_at")
    await note(desk, Action.READ_LETTER, shown=[row.id for row in cut])
    return paging.Page(items=await shown(desk, cut), next=following)


@router.get("/letters/{letter_id}")
async def read_letter(letter_id: UUID, desk: Reader) -> Letter:
    """Read a letter."""
    row = await letter_of(desk, letter_id)
    await note(desk, Action.READ_LETTER, row.id, person_id=row.person_id)
    return (await shown(desk, [row]))[0]


@router.get("/letters/{letter_id}/pdf", response_class=Response, responses=PDF | problems(410))
async def print_letter(letter_id: UUID, desk: Reader, language: Annotated[Language, Query()]) -> Response:
    """The letter to hand over, with the page that is to be signed and sent back (PDF)."""
    row = await letter_of(desk, letter_id)
    (words,) = await store.words_of(desk.session, [row])
    if words is None:
        raise Problem(410, "erased", "what this letter said was erased")
    partner = found(await store.partner(desk.session, partner_id=row.partner_id), "partner")
    ours = await directory.get(desk.session, organisation_id=desk.organisation)
    await note(desk, Action.EXPORTED, row.id, person_id=row.person_id, what="letter to a partner", language=language)
    printed = Printed(
        language=language,
        sender=getattr(ours, f"name_{language}", desk.organisation),
        recipient=getattr(partner, f"name_{language}"),
        address=partner.address,
        purpose=Purpose(row.purpose),
        basis=Basis(row.basis),
        content=words.content,
    )
    name = {"Content-Disposition": f'attachment; filename="qorgau-letter-{language}.pdf"'}
    return Response(await asyncio.to_thread(write, printed), media_type="application/pdf", headers=name)


@router.post("/letters/{letter_id}/confirm", responses=problems(409))
async def confirm_letter(letter_id: UUID, body: Confirmation, desk: Writer, _: OnceKey = None) -> Letter:
    """Record that the signed page came back: nobody is reminded any more."""
    row = await letter_of(desk, letter_id, lock=True)
    if row.closed_at is not None:
        raise Problem(409, "not-now", "this letter is closed")
    written_on = local_day(row.written_at)
    why_not = why_not_back(written_on=written_on, came_back_on=body.came_back_on, today=local_day(desk.now))
    if why_not is not None:
        raise invalid(why_not)
    (words,) = await store.words_of(desk.session, [row])
    if words is not None:
        said = {"their_number": body.their_number, "signed_by": body.signed_by}
        await store.seal(desk.session, row, words.model_copy(update=said))
    row.came_back_on, row.closed_at, row.end = body.came_back_on, desk.now, LetterEnd.CONFIRMED
    await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="letter", end=row.end)
    return (await shown(desk, [row]))[0]


async def letter_of(desk: Desk, letter_id: UUID, *, lock: bool = False) -> LetterRow:
    """The organisation's own. Problem 404."""
    row = await store.letter(desk.session, organisation_id=desk.organisation, letter_id=letter_id, lock=lock)
    return found(row, "letter")


async def shown(desk: Desk, rows: Sequence[LetterRow]) -> list[Letter]:
    """As they stand now."""
    return [_out(row, said) for row, said in zip(rows, await store.words_of(desk.session, rows), strict=True)]


def _out(row: LetterRow, words: store.Words | None) -> Letter:
    columns = row.model_dump(exclude={"organisation_id", "partner_id", "year", "serial", "sealed"})
    content = words.content.model_dump(mode="json", exclude_none=True) if words else None
    return Letter(
        **columns,
        number=row.number,
        to=row.partner_id,
        content=content,
        their_number=words.their_number if words else None,
        signed_by=words.signed_by if words else None,
    )
