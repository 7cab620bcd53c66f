"""REST calls for persons: record, read, correct, search, erase."""

from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from shared.adapters import paging
from shared.adapters.audit import Action, record
from shared.adapters.documented import problems
from shared.adapters.http import (
    Desk,
    Eraser,
    IfMatch,
    OnceKey,
    Reader,
    TransactionalRoute,
    Writer,
    check_match,
    etag,
    found,
    invalid,
    note,
)
from shared.casework.consents.ending import void_wrongly_granted
from shared.casework.persons import store
from shared.casework.persons.capacity import capacity_of
from shared.casework.persons.details import Known, index_for, index_values
from shared.casework.persons.erasure import erase
from shared.casework.persons.models import (
    Corrections,
    Erased,
    NewPerson,
    Person,
    Search,
    check_anonymity,
    check_iin,
    shown,
)
from shared.casework.persons.tables import PersonRow
from shared.casework.walls.noticing import notice
from shared.contract.calendar import local_day

router = APIRouter(prefix="/persons", tags=["persons"], route_class=TransactionalRoute)


@router.post("", status_code=201)
async def record_person(body: NewPerson, desk: Writer, response: Response, _: OnceKey = None) -> Person:
    """Record a person. Stays in this agency until a decision lets something of it leave."""
    _check_whole(desk, body, anonymous=body.anonymous)
    row = PersonRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        role=body.role,
        anonymous=body.anonymous,
        created_at=desk.now,
        updated_at=desk.now,
    )
    await store.keep(desk.session, row, body)
    desk.session.add(row)
    await desk.session.flush()
    await _record(desk, Action.PERSON_RECORDED, row.id)
    await notice(desk, row)
    response.headers["ETag"] = etag(row.revision)
    return shown(row, body)


@router.post("/search")
async def search_persons(
    body: Search, desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Person]:
    """Find people of this organisation by IIN, name or code word, newest first. In a body: URLs are written down."""
    given = index_values(body.model_dump(mode="json"))
    kind = index_for(set(body.model_dump(exclude_none=True)))
    if kind is None:
        raise invalid(
            "search by an IIN or a code word alone, or by a family name, with given name and birth date or not"
        )
    rows = await store.search(
        desk.session, organisation_id=desk.organisation, kind=kind, values=given[kind], cursor=cursor, limit=limit
    )
    page, following = paging.cut(list(rows), limit, at="created_at")
    people = zip(page, await store.all_known(desk.session, page), strict=True)
    items = [shown(row, known) for row, known in people if known is not None]
    await note(desk, Action.SEARCHED, shown=[item.id for item in items])
    return paging.Page(items=items, next=following)


@router.get("/{person_id}", responses=problems(410))
async def read_person(person_id: UUID, desk: Reader, response: Response) -> Person:
    """Read a person. Whoever was erased is answered with 410, and when that was."""
    row: PersonRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person"
    )
    known = await store.known(desk.session, row)
    await _record(desk, Action.READ_PERSON, row.id)
    response.headers["ETag"] = etag(row.revision)
    return shown(row, known)


@router.patch("/{person_id}", responses=problems(410))
async def correct_person(
    person_id: UUID, body: Corrections, desk: Writer, response: Response, if_match: IfMatch = None
) -> Person:
    """Correct what is known; fields that are not sent stay. Needs If-Match."""
    row = await store.get(desk.session, organisation_id=desk.organisation, person_id=person_id, for_update=True)
    person: PersonRow = found(row, "person")
    known = await store.known(desk.session, person)
    check_match(if_match, person.revision, needed=True)
    known = Known.model_validate(known.model_dump() | body.model_dump(exclude_unset=True))
    _check_whole(desk, known, anonymous=person.anonymous)
    await store.keep(desk.session, person, known)
    await void_wrongly_granted(desk, desk.organisation, person.id, capacity_of(known))
    person.revision += 1
    person.updated_at = desk.now
    await _record(desk, Action.PERSON_CORRECTED, person.id, fields=sorted(body.model_fields_set))
    await notice(desk, person)
    response.headers["ETag"] = etag(person.revision)
    return shown(person, known)


async def _record(desk: Desk, action: Action, person_id: UUID, **details: object) -> None:
    whose = desk.organisation
    await record(desk, organisation_id=whose, action=action, concerning=person_id, person_id=person_id, details=details)


@router.delete("/{person_id}")
async def erase_person(person_id: UUID, desk: Eraser) -> Erased:
    """Erase a person for good; a supervisor's. Consents and referrals are withdrawn first, so that others erase too."""
    row = await store.get(desk.session, organisation_id=desk.organisation, person_id=person_id, for_update=True)
    person: PersonRow = found(row, "person")
    if person.erased_at is None:
        await erase(desk, person)
        await _record(desk, Action.PERSON_ERASED, person.id)
    return Erased.model_validate(person)


def _check_whole(desk: Desk, person: Known, *, anonymous: bool) -> None:
    if person.birth_date is not None and person.birth_date > local_day(desk.now):
        raise invalid("a birth date is not in the future")
    try:
        check_iin(person.iin, person.birth_date, person.sex)
        check_anonymity(person, anonymous=anonymous, agency=desk.node.agency)
    except ValueError as error:
        raise invalid(str(error)) from None
