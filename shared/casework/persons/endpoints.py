"""REST calls for persons: record, read, correct, search, erase."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from shared.adapters import paging
from shared.adapters.audit import Action, record
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
from shared.casework.consents.ending import void_by_representative
from shared.casework.persons import store
from shared.casework.persons.details import Known, index_for, index_values
from shared.casework.persons.erasure import erase
from shared.casework.persons.tables import PersonRow
from shared.contract.calendar import local_day
from shared.contract.identifiers import IIN, birth_date_of
from shared.contract.vocabulary import Sex, SubjectRole

router = APIRouter(prefix="/persons", tags=["persons"], route_class=TransactionalRoute)
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{5,20}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
EXAMPLE: JsonDict = {
    "role": "victim",
    "family_name": "Сәрсенова",
    "given_name": "Айгүл",
    "birth_date": "1991-04-12",
    "sex": "female",
    "phone": "+7 701 000 00 01",
    "languages": ["kk", "ru"],
}
SEARCH: JsonDict = {"family_name": "Сәрсенова", "given_name": "Айгүл", "birth_date": "1991-04-12"}


class PersonDetails(Known):
    """What is known of a person. An IIN must fit the birth date and the sex, where they are given."""

    model_config = ConfigDict(extra="forbid")
    family_name: Text | None = None
    given_name: Text | None = None
    patronymic: Text | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    iin: IIN | None = None
    phone: Phone | None = None
    address: Text | None = None
    languages: list[Language] = Field(default=[], max_length=10)
    incapacitated: bool = False
    representative_is_alleged_offender: bool = False

    @model_validator(mode="after")
    def _iin_fits(self) -> Self:
        check_iin(self.iin, self.birth_date, self.sex)
        return self


class NewPerson(PersonDetails):
    """A person to record."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    role: SubjectRole


class Corrections(PersonDetails):
    """What to correct; what is not sent stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"phone": "+7 701 000 00 02"}]})


class Person(Known):
    """A person as this agency knows them."""

    id: UUID
    role: SubjectRole
    revision: int
    created_at: datetime
    updated_at: datetime


class Search(BaseModel):
    """Whom to look for: an IIN; or a family name, with a given name, a birth date, or both. Written in any case."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SEARCH]})
    iin: IIN | None = None
    family_name: Text | None = None
    given_name: Text | None = None
    birth_date: date | None = None


class Erased(BaseModel):
    """What stays of a person who was erased."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    role: SubjectRole
    erased_at: datetime


def check_iin(iin: str | None, birth_date: date | None, sex: Sex | None) -> None:
    """Raises ValueError where an IIN says another birth date or sex than the record."""
    if iin is None:
        return
    if birth_date is not None and birth_date_of(iin) != birth_date:
        raise ValueError("the IIN and the birth date do not fit together")
    if sex is not None and (int(iin[6]) % 2 == 1) != (sex is Sex.MALE):
        raise ValueError("the IIN and the sex do not fit together")


@router.post("", status_code=201)
async def record_person(body: NewPerson, desk: Writer, response: Response, _: OnceKey = None) -> Person:
    """Record a person. Stays in this agency until a decision lets something of it leave."""
    _not_in_the_future(body.birth_date, local_day(desk.now))
    row = PersonRow(
        id=uuid4(), organisation_id=desk.organisation, role=body.role, created_at=desk.now, updated_at=desk.now
    )
    await store.keep(desk.session, row, body)
    desk.session.add(row)
    await desk.session.flush()
    await _record(desk, Action.PERSON_RECORDED, row.id)
    response.headers["ETag"] = etag(row.revision)
    return _shown(row, body)


@router.post("/search")
async def search_persons(
    body: Search, desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Person]:
    """Find people of this organisation by IIN or name, newest first. In a body, since URLs are written down."""
    given = index_values(body.model_dump(mode="json"))
    kind = index_for(set(body.model_dump(exclude_none=True)))
    if kind is None:
        raise invalid("search by an IIN alone, or by a family name with or without given name and birth date")
    rows = await store.search(
        desk.session, organisation_id=desk.organisation, kind=kind, values=given[kind], cursor=cursor, limit=limit
    )
    shown, following = paging.cut(list(rows), limit, at="created_at")
    people = zip(shown, await store.all_known(desk.session, shown), strict=True)
    items = [_shown(row, known) for row, known in people if known is not None]
    await note(desk, Action.SEARCHED, shown=[item.id for item in items])
    return paging.Page(items=items, next=following)


@router.get("/{person_id}")
async def read_person(person_id: UUID, desk: Reader, response: Response) -> Person:
    """Read a person. Whoever was erased is answered with 410, and when that was."""
    row: PersonRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person"
    )
    known = await store.known(desk.session, row)
    await _record(desk, Action.READ_PERSON, row.id)
    response.headers["ETag"] = etag(row.revision)
    return _shown(row, known)


@router.patch("/{person_id}")
async def correct_person(
    person_id: UUID, body: Corrections, desk: Writer, response: Response, if_match: IfMatch = None
) -> Person:
    """Correct what is known; fields that are not sent stay. Needs If-Match."""
    row = await store.get(desk.session, organisation_id=desk.organisation, person_id=person_id, for_update=True)
    person: PersonRow = found(row, "person")
    known = await store.known(desk.session, person)
    check_match(if_match, person.revision, needed=True)
    known = known.model_copy(update=body.model_dump(exclude_unset=True))
    _check_whole(known, local_day(desk.now))
    if known.representative_is_alleged_offender:
        await void_by_representative(desk, desk.organisation, person.id)
    await store.keep(desk.session, person, known)
    person.revision += 1
    person.updated_at = desk.now
    await _record(desk, Action.PERSON_CORRECTED, person.id, fields=sorted(body.model_fields_set))
    response.headers["ETag"] = etag(person.revision)
    return _shown(person, known)


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


def _shown(row: PersonRow, known: Known) -> Person:
    return Person(**row.model_dump(exclude={"sealed"}), **known.model_dump(include=set(Known.model_fields)))


def _check_whole(person: Known, today: date) -> None:
    _not_in_the_future(person.birth_date, today)
    try:
        check_iin(person.iin, person.birth_date, person.sex)
    except ValueError as error:
        raise invalid(str(error)) from None


def _not_in_the_future(birth_date: date | None, today: date) -> None:
    if birth_date is not None and birth_date > today:
        raise invalid("a birth date is not in the future")
