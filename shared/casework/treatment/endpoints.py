"""REST calls for paths of compulsory treatment that the police and health have in common (F8)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.treatment import store
from shared.casework.treatment.models import Decision, OnDay, TreatmentPath, WhoItIs, shown
from shared.casework.treatment.stepping import Doing, as_shown, check_day, his_record, take, the_path
from shared.casework.treatment.tables import PathRow
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.grounds import CourtDecision
from shared.contract.treatment_terms import DECLINED, row_on, why_not_so_long
from shared.contract.treatment_words import TreatmentStep as T

router = APIRouter(prefix="/treatment-paths", tags=["treatment"], route_class=TransactionalRoute)


@router.get("")
async def list_paths(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[TreatmentPath]:
    """Paths of compulsory treatment, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="opened_at")
    await note(desk, Action.READ_TREATMENT, shown=[row.id for row in cut])
    return paging.Page(items=await _all_shown(desk, cut), next=following)


@router.get("/{path_id}")
async def read_path(path_id: UUID, desk: Reader) -> TreatmentPath:
    """Read a path: how it stands, and every step."""
    row = await store.get(desk.session, organisation_id=desk.organisation, path_id=path_id)
    path: PathRow = found(row, "treatment path")
    await note(desk, Action.READ_TREATMENT, path.id, person_id=path.person_id)
    return (await _all_shown(desk, [path]))[0]


@router.post("/{path_id}/person", responses=problems(404, 409, 410))
async def say_who_it_is(path_id: UUID, body: WhoItIs, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """Say which record of ours a path is about: what was told of the person is erased with it from then on."""
    row = await the_path(desk, path_id)
    person = await his_record(desk, body.person_id)
    if row.person_id not in (None, person.id):
        raise Problem(409, "another-person", "this path is about another record")
    (words,) = await store.words_of(desk.session, [row])
    row.person_id = person.id
    await store.seal(desk.session, row, words)
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="treatment_path")
    return await as_shown(desk, row)


@router.post("/{path_id}/decision", responses=problems(404, 409))
async def record_decision(path_id: UUID, body: Decision, desk: Writer, _: OnceKey = None) -> TreatmentPath:
    """Record what the court decided, as whichever side learns it first; the other is told on that decision."""
    row = await the_path(desk, path_id)
    decided_on = body.court.decided_on if body.court is not None else body.decided_on
    if decided_on is not None:
        check_day(desk, row, decided_on)
    court = await _treats(desk, row, body) if body.ordered else _declines(body)
    (words,) = await store.words_of(desk.session, [row])
    words.court = court
    await store.seal(desk.session, row, words)
    days = {"from_day": body.from_day, "last_day": body.last_day} if body.ordered else {}
    details = {name: day.isoformat() for name, day in days.items() if day is not None}
    step = T.ORDER_TREATMENT if body.ordered else T.DECLINE_TREATMENT
    return await take(desk, row, Doing(step, court.decided_on, details))


async def _treats(desk: Desk, row: PathRow, body: Decision) -> CourtDecision:
    """Problem 422 for treatment that the law does not know: too long, or longer than the decision binds."""
    if body.court is None or body.from_day is None or body.last_day is None:
        raise invalid("treatment that is ordered has a court's decision, a first and a last day")
    if body.last_day > body.court.until:
        raise invalid("treatment does not outlast the court's decision")
    ended = [body.last_ended_on] if body.last_ended_on is not None else []
    if row.person_id is not None:
        mine = {"organisation_id": desk.organisation, "person_id": row.person_id, "but": row.id}
        known = await store.last_ended(desk.session, **mine)  # type: ignore[arg-type]  # a literal
        ended += [known] if known is not None else []
    why = why_not_so_long(
        decided_on=body.court.decided_on,
        from_day=body.from_day,
        last_day=body.last_day,
        last_ended_on=max(ended, default=None),
    )
    if why is not None:
        raise invalid(why)
    return body.court


def _declines(body: Decision) -> CourtDecision:
    """It is told on for as long as it can be appealed against."""
    if body.number is None or body.decided_on is None or body.court is not None:
        raise invalid("a decision that orders none has a number and a day, and binds nobody")
    until = row_on(DECLINED, body.decided_on).binds.after(body.decided_on)
    try:
        return CourtDecision(number=body.number, decided_on=body.decided_on, until=until)
    except ValueError:
        raise invalid("a court's decision has a number and a day") from None


@router.post("/{path_id}/close", responses=problems(404, 409))
async def close_path(path_id: UUID, desk: Writer, body: OnDay | None = None, _: OnceKey = None) -> TreatmentPath:
    """Close a path before a court decides: treatment was taken up voluntarily, say. The other side is told."""
    row = await the_path(desk, path_id)
    return await take(desk, row, Doing(T.CLOSE, on_day(desk, body)))


def on_day(desk: Desk, body: OnDay | None) -> date:
    """The day that is said, or today."""
    return body.on if body is not None and body.on is not None else local_day(desk.now)


async def _all_shown(desk: Desk, rows: Sequence[PathRow]) -> list[TreatmentPath]:
    words = await store.words_of(desk.session, rows)
    steps = await store.steps(desk.session, organisation_id=desk.organisation, path_ids=[row.id for row in rows])
    return [shown(row, said, steps) for row, said in zip(rows, words, strict=True)]
