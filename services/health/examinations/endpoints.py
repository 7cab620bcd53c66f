"""REST calls for examinations. They stay in health."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.health.examinations import store
from services.health.examinations.domain import RECORDABLE, ExaminationKind
from services.health.examinations.tables import ExaminationRow
from shared.adapters import paging, vault
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, Eraser, OnceKey, Reader, TransactionalRoute, Writer, found, note
from shared.adapters.idempotency import forget_answers
from shared.casework.persons import store as persons
from shared.casework.referrals import store as referrals
from shared.casework.referrals.sending import FreeText
from shared.casework.referrals.tables import ReferralRow
from shared.contract.errors import Problem

router = APIRouter(prefix="/examinations", tags=["health"], route_class=TransactionalRoute)


class NewExamination(BaseModel):
    """What a doctor found."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "injuries", "findings": "Гематома левого предплечья."}]},
    )
    referral_id: UUID | None = None
    person_id: UUID | None = None
    kind: ExaminationKind
    findings: FreeText


class Examination(BaseModel):
    """An examination as recorded. What was examined and found is null once it was erased."""

    id: UUID
    referral_id: UUID | None
    person_id: UUID | None
    kind: ExaminationKind | None
    findings: str | None
    examined_at: datetime


@router.post("", status_code=201, responses=problems(404, 410))
async def record_examination(body: NewExamination, desk: Writer, _: OnceKey = None) -> Examination:
    """Record an examination. It stays in health."""
    if body.person_id is not None:
        row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id)
        await persons.known(desk.session, found(row, "person"))
    if body.referral_id is not None:
        await _join(desk, body.referral_id)
    examination = ExaminationRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        referral_id=body.referral_id,
        person_id=body.person_id,
        examined_at=desk.now,
    )
    words = store.Words(kind=body.kind, findings=body.findings)
    await store.seal(desk.session, examination, words)
    desk.session.add(examination)
    await desk.session.flush()
    await note(desk, Action.RECORDED, examination.id, person_id=examination.person_id, what="examination")
    return Examination(**examination.model_dump(), **words.model_dump())


async def _join(desk: Desk, referral_id: UUID) -> None:
    """A referral has another result: that is another revision of it."""
    row = await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id, for_update=True)
    referral: ReferralRow = found(row, "referral")
    if referral.state not in RECORDABLE:
        raise Problem(409, "not-now", "an examination belongs to a referral that was accepted and not withdrawn")
    referral.revision, referral.updated_at = referral.revision + 1, desk.now


@router.get("")
async def list_examinations(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Examination]:
    """Examinations, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="examined_at")
    await note(desk, Action.READ_EXAMINATION, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{examination_id}")
async def read_examination(examination_id: UUID, desk: Reader) -> Examination:
    """Read an examination."""
    examination = await _found(desk, examination_id)
    await note(desk, Action.READ_EXAMINATION, examination.id, person_id=examination.person_id)
    return (await _shown(desk, [examination]))[0]


@router.delete("/{examination_id}", responses=problems(409))
async def erase_examination(examination_id: UUID, desk: Eraser) -> Examination:
    """Erase what names no person, for good; a supervisor's. With a referral: all that was found of whom it was about.

    What names a person goes with them (409). That there was an examination, and when, stays.
    """
    examination = await _found(desk, examination_id)
    if examination.person_id is not None:
        raise Problem(409, "erase-the-person", "this examination is erased with the person whom it names")
    await vault.destroy(desk.session, subject=store.subject_of(examination), at=desk.now, renewable=True)
    await forget_answers(desk.session, organisation_id=desk.organisation, concerning=examination.id)
    await note(desk, Action.EXAMINATION_ERASED, examination.id)
    return (await _shown(desk, [examination]))[0]


async def _found(desk: Desk, examination_id: UUID) -> ExaminationRow:
    row = await store.examination(desk.session, organisation_id=desk.organisation, examination_id=examination_id)
    examination: ExaminationRow = found(row, "examination")
    return examination


async def _shown(desk: Desk, rows: Sequence[ExaminationRow]) -> list[Examination]:
    words = await store.words_of(desk.session, rows)
    return [Examination(**row.model_dump(), **said.model_dump()) for row, said in zip(rows, words, strict=True)]
