"""REST calls for registers: enter somebody, review, take out. Nothing of it leaves but in a comparison, blinded."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.comparisons.due import will_be_due
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import day_deadline
from shared.casework.persons import store as persons
from shared.casework.persons.details import Known
from shared.casework.registers import store
from shared.casework.registers.ending import remove
from shared.casework.registers.models import NewEntry, RegisterEntry, Removal, shown
from shared.casework.registers.tables import RegisterEntryRow
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.identifiers import birth_date_of
from shared.contract.registers import REVIEW, EntryCode, comes_of_age, kept, next_review, sources, why_not
from shared.contract.vocabulary import RegisterKind

router = APIRouter(prefix="/register-entries", tags=["registers"], route_class=TransactionalRoute)
Kind = Annotated[RegisterKind | None, Query(description="one register; without it, all")]


@router.post("", status_code=201, responses=problems(404, 410))
async def enter(body: NewEntry, desk: Writer, response: Response, _: OnceKey = None) -> RegisterEntry:
    """Enter somebody into a register that this agency keeps, for reasons that the law of that day knows."""
    codes = frozenset(body.codes)
    _check_reasons(desk, body, codes)
    born = await _who(desk, body, codes)
    row = RegisterEntryRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        kind=body.kind,
        person_id=body.person_id,
        since=body.since,
        created_at=desk.now,
        updated_at=desk.now,
    )
    await store.seal(desk.session, row, codes)
    await _to_review(desk, row, codes, born)
    desk.session.add(row)
    await desk.session.flush()
    await will_be_due(desk, organisation_id=desk.organisation, kind=body.kind)
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="register entry")
    response.headers["Location"] = f"/v1/register-entries/{row.id}"
    return (await _shown(desk, [row]))[0]


def _check_reasons(desk: Desk, body: NewEntry, codes: frozenset[EntryCode]) -> None:
    """Problem 422 for a register that this agency does not keep, or a reason that its law did not know then."""
    today, agency = local_day(desk.now), desk.node.agency
    if kept(agency, body.kind, today) is None:
        raise invalid("this agency keeps no such register")
    if body.since > today:
        raise invalid("nobody is entered from a day that has not come")
    if codes - set(sources(agency, body.kind, body.since)):
        raise invalid("nobody came into this register for that reason then")


async def _who(desk: Desk, body: NewEntry, codes: frozenset[EntryCode]) -> date | None:
    """The birth date. Problem 404, 410, 422 for who can't be entered, 409 for who is in it already."""
    mine = {"organisation_id": desk.organisation, "person_id": body.person_id}
    row = found(await persons.get(desk.session, **mine, for_update=True), "person")  # type: ignore[arg-type]  # a literal
    known = await persons.known(desk.session, row)
    if row.anonymous:
        raise invalid("who is treated anonymously is in no register")
    born = _born(known)
    why = why_not(codes, birth_date=born, on=body.since)
    if why is not None:
        raise invalid(why)
    if await store.standing(desk.session, **mine, kind=body.kind):  # type: ignore[arg-type]  # the same
        raise Problem(409, "already-entered", "this person is in the register already")
    return born


def _born(known: Known) -> date | None:
    if known.birth_date is not None or known.iin is None:
        return known.birth_date
    return birth_date_of(known.iin)


async def _to_review(desk: Desk, row: RegisterEntryRow, codes: frozenset[EntryCode], born: date | None) -> None:
    """From now on it is to be reviewed by then: the deadline before is met."""
    review = next_review(RegisterKind(row.kind), local_day(desk.now), comes_of_age=comes_of_age(codes, born))
    row.review_on = review.due_on
    about = {"organisation_id": row.organisation_id, "concerning": row.id}
    await deadlines.meet(desk.session, **about, at=desk.now)  # type: ignore[arg-type]  # a literal
    remind_on = {"due_on": review.due_on, "remind_on": review.remind_on}
    desk.session.add(day_deadline(desk, **about, **remind_on, kind=REVIEW))  # type: ignore[arg-type]  # the same


@router.get("")
async def list_entries(
    desk: Reader, kind: Kind = None, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[RegisterEntry]:
    """Entries, newest first, those that were removed among them."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, kind=kind, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_REGISTER, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{entry_id}")
async def read_entry(entry_id: UUID, desk: Reader) -> RegisterEntry:
    """Read an entry: why, since when, when it is reviewed, and who else had the person at a comparison."""
    row = await store.get(desk.session, organisation_id=desk.organisation, entry_id=entry_id)
    entry: RegisterEntryRow = found(row, "entry")
    await note(desk, Action.READ_REGISTER, entry.id, person_id=entry.person_id)
    return (await _shown(desk, [entry]))[0]


@router.post("/{entry_id}/reviews", responses=problems(409, 410))
async def review_entry(entry_id: UUID, desk: Writer, _: OnceKey = None) -> RegisterEntry:
    """It was looked at, and still stands."""
    row = await _standing(desk, entry_id)
    (codes,) = await store.codes_of(desk.session, [row])
    person = found(
        await persons.get(desk.session, organisation_id=desk.organisation, person_id=row.person_id), "person"
    )
    row.reviewed_at = row.updated_at = desk.now
    await _to_review(desk, row, codes, _born(await persons.known(desk.session, person)))
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="register entry")
    return (await _shown(desk, [row]))[0]


@router.post("/{entry_id}/remove", responses=problems(409))
async def remove_entry(entry_id: UUID, body: Removal, desk: Writer, _: OnceKey = None) -> RegisterEntry:
    """Take somebody out of the register. That they were in it stays, and until when."""
    row = await _standing(desk, entry_id)
    await remove(desk, row, because=body.because, at=desk.now)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="register entry")
    return (await _shown(desk, [row]))[0]


async def _standing(desk: Desk, entry_id: UUID) -> RegisterEntryRow:
    """The entry, locked. Problem 404, or 409 for one that was removed."""
    row: RegisterEntryRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, entry_id=entry_id, for_update=True), "entry"
    )
    if row.removed_at is not None:
        raise Problem(409, "removed", "this person is in the register no more")
    return row


async def _shown(desk: Desk, rows: Sequence[RegisterEntryRow]) -> list[RegisterEntry]:
    codes = await store.codes_of(desk.session, rows)
    ids = [row.id for row in rows]
    matches = await store.matches(desk.session, organisation_id=desk.organisation, entry_ids=ids)
    about = {"agency": desk.node.agency, "now": desk.now}
    return [shown(row, why, matches, **about) for row, why in zip(rows, codes, strict=True)]  # type: ignore[arg-type]  # a literal
