"""REST calls for admissions to the trauma room (F15)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from services.health.admissions import store
from services.health.admissions.domain import CRITERIA, criteria_met, why_not_then
from services.health.admissions.tables import AdmissionRow
from shared.adapters import paging, vault
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, Eraser, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.adapters.idempotency import forget_answers
from shared.adapters.outbox import Outgoing
from shared.casework.persons import store as persons
from shared.casework.referrals.sending import CallBack, FreeText, person_of
from shared.casework.reports.sending import police, send
from shared.contract.errors import Problem
from shared.contract.events import AdmissionReported
from shared.contract.grounds import Grounds
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Flag, Moment
from shared.contract.vocabulary import AdmissionCriterion, Basis, Purpose, SubjectRole

router = APIRouter(prefix="/admissions", tags=["health"], route_class=TransactionalRoute)
ADMISSION: JsonDict = {
    "admitted_at": "2026-03-20T02:10:00+05:00",
    "injuries": "Перелом левой лучевой кости.",
    "complains_of_offence": True,
    "criminal_in_nature": False,
    "died": False,
    "call_back": "+7 727 000 01 03",
}


class NewAdmission(BaseModel):
    """Somebody was admitted to the trauma room. `to`: a police organisation, or else the responsible one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ADMISSION]})
    to: OrganisationId | None = None
    person_id: UUID | None = None
    subject: SubjectRole = SubjectRole.VICTIM
    admitted_at: Moment
    injuries: FreeText
    complains_of_offence: Flag
    criminal_in_nature: Flag
    died: Flag
    call_back: CallBack


class Admission(BaseModel):
    """An admission as recorded; its words are null once they were erased.

    `report_id`: the report to the police, where a criterion is met. `kept_back_by`: the rule that let none leave.
    """

    id: UUID
    person_id: UUID | None
    admitted_at: datetime
    injuries: str | None
    complains_of_offence: bool | None
    criminal_in_nature: bool | None
    died: bool | None
    criteria: list[AdmissionCriterion] | None
    kept_back_by: str | None
    report_id: UUID | None


@router.post("", status_code=201, responses=problems(404, 410))
async def record_admission(body: NewAdmission, desk: Writer, _: OnceKey = None) -> Admission:
    """Record an admission. The police are told at once if a criterion is met: of which, and when; else nobody is."""
    why_not = why_not_then(body.admitted_at, desk.now)
    if why_not is not None:
        raise invalid(why_not)
    person = await person_of(desk, body)
    if person is not None:
        await persons.known(desk.session, person)
    row = AdmissionRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        person_id=body.person_id,
        admitted_at=body.admitted_at,
        created_at=desk.now,
    )
    facts = {criterion.fact: getattr(body, criterion.fact) for criterion in CRITERIA}
    criteria = criteria_met(frozenset(name for name, holds in facts.items() if holds), body.admitted_at)
    kept_back_by = await _report(desk, body, row, criteria) if criteria else None
    words = store.Words(injuries=body.injuries, **facts, criteria=criteria, kept_back_by=kept_back_by)
    await store.seal(desk.session, row, words)
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="admission")
    return Admission(**row.model_dump(), **words.model_dump())


async def _report(
    desk: Desk, body: NewAdmission, row: AdmissionRow, criteria: tuple[AdmissionCriterion, ...]
) -> str | None:
    """Tell the police; the rule that lets no report leave, or None."""
    event = AdmissionReported(
        report_id=uuid4(),
        subject=body.subject,
        criteria=criteria,
        admitted_at=body.admitted_at,
        call_back=body.call_back,
    )
    outgoing = Outgoing(
        event=event,
        sender=desk.organisation,
        recipient=await police(desk, body.to),
        grounds=Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.ADMISSION_REPORT, subject=body.subject),
        concerning=event.report_id,
        person_id=body.person_id,
    )
    report, emitted = await send(desk, outgoing)
    if report is None:
        return emitted.decision.refusal
    row.report_id = report.id
    return None


@router.get("")
async def list_admissions(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Admission]:
    """Admissions, those recorded last first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_ADMISSION, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{admission_id}")
async def read_admission(admission_id: UUID, desk: Reader) -> Admission:
    """Read an admission. How far its report is: `GET /violence-reports/{report_id}`."""
    row: AdmissionRow = found(
        await store.admission(desk.session, organisation_id=desk.organisation, admission_id=admission_id), "admission"
    )
    await note(desk, Action.READ_ADMISSION, row.id, person_id=row.person_id)
    return (await _shown(desk, [row]))[0]


@router.delete("/{admission_id}", responses=problems(409))
async def erase_admission(admission_id: UUID, desk: Eraser) -> Admission:
    """Erase what names no person, for good; a supervisor's. That there was an admission, and when, stays."""
    row: AdmissionRow = found(
        await store.admission(desk.session, organisation_id=desk.organisation, admission_id=admission_id), "admission"
    )
    if row.person_id is not None:
        raise Problem(409, "erase-the-person", "this admission is erased with the person whom it names")
    await vault.destroy(desk.session, subject=store.subject_of(row), at=desk.now)
    await forget_answers(desk.session, organisation_id=desk.organisation, concerning=row.id)
    await note(desk, Action.ADMISSION_ERASED, row.id)
    return (await _shown(desk, [row]))[0]


async def _shown(desk: Desk, rows: Sequence[AdmissionRow]) -> list[Admission]:
    said = await store.words_of(desk.session, rows)
    return [Admission(**row.model_dump(), **words.model_dump()) for row, words in zip(rows, said, strict=True)]
