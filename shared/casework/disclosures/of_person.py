"""REST calls for what left about one person: as pages, and as a letter to hand over."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, Reader, TransactionalRoute, found, note
from shared.casework.directory import store as directory
from shared.casework.disclosures import store
from shared.casework.disclosures.accounting import Accounted, account
from shared.casework.disclosures.letter import Letter, write
from shared.casework.disclosures.words import Language
from shared.casework.persons import store as persons
from shared.casework.persons.details import Known
from shared.casework.persons.tables import PersonRow
from shared.contract.errors import Problem

router = APIRouter(prefix="/persons/{person_id}/disclosures", tags=["disclosures"], route_class=TransactionalRoute)
LONGEST_LETTER = 200  # disclosures
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "The letter"}}


@router.get("")
async def list_disclosures_of_person(
    person_id: UUID, desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Accounted]:
    """Everything that left about a person, newest first: never what it said, only which fields of which categories.

    `erased_at` is since when the recipient is known to have erased its copy; null where it is not known to.
    """
    await _person(desk, person_id)
    rows = await store.page(
        desk.session, organisation_id=desk.organisation, person_id=person_id, cursor=cursor, limit=limit
    )
    shown, following = paging.cut(list(rows), limit, at="at")
    await note(desk, Action.READ_DISCLOSURES, person_id=person_id, shown=[row.id for row in shown])
    items = await account(desk, organisation_id=desk.organisation, rows=shown)
    return paging.Page(items=items, next=following)


@router.get("/letter", response_class=Response, responses=PDF | problems(409))
async def write_letter(person_id: UUID, desk: Reader, language: Annotated[Language, Query()]) -> Response:
    """The same as a letter in PDF, to hand over to that person: oldest first, with their name and no other datum.

    Problem 409 for more than 200 disclosures: nothing is cut; read the pages.
    """
    person = await _person(desk, person_id)
    rows = await store.page(
        desk.session, organisation_id=desk.organisation, person_id=person_id, cursor=None, limit=LONGEST_LETTER
    )
    if len(rows) > LONGEST_LETTER:
        raise Problem(409, "too-long-for-a-letter", "read the pages of the person's disclosures instead")
    await note(desk, Action.EXPORTED, person_id=person_id, what="letter", language=language, count=len(rows))
    told = await account(desk, organisation_id=desk.organisation, rows=rows[::-1])
    ours = await directory.get(desk.session, organisation_id=desk.organisation)
    letter = Letter(
        language=language,
        organisation=getattr(ours, f"name_{language}", desk.organisation),
        phone=ours.phone if ours else None,
        name=_name((await persons.all_known(desk.session, [person]))[0]),
        at=desk.now,
        told=told,
    )
    name = {"Content-Disposition": f'attachment; filename="qorgau-disclosures-{language}.pdf"'}
    return Response(await asyncio.to_thread(write, letter), media_type="application/pdf", headers=name)


async def _person(desk: Desk, person_id: UUID) -> PersonRow:
    row: PersonRow = found(
        await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person"
    )
    return row


def _name(person: Known | None) -> str | None:
    """As documents write it: family name, given name, patronymic. None where none is on record, or it was erased."""
    if person is None:
        return None
    return " ".join(part for part in (person.family_name, person.given_name, person.patronymic) if part) or None
