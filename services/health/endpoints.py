"""REST calls that only health has: examinations."""

from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.health import store
from services.health.domain import RECORDABLE, ExaminationKind
from services.health.tables import ExaminationRow
from shared.adapters.audit import Action
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, note
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
    """An examination as recorded. The findings are null once the person was erased."""

    id: UUID
    referral_id: UUID | None
    person_id: UUID | None
    kind: ExaminationKind
    findings: str | None
    examined_at: datetime


@router.post("", status_code=201)
async def record_examination(body: NewExamination, desk: Writer, _: OnceKey = None) -> Examination:
    """Record an examination. It stays in health."""
    if body.person_id is not None:
        row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id)
        await persons.known(desk.session, found(row, "person"))
    if body.referral_id is not None:
        await _check_referral(desk, body.referral_id)
    examination = ExaminationRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        referral_id=body.referral_id,
        person_id=body.person_id,
        kind=body.kind,
        examined_at=desk.now,
    )
    await store.seal(desk.session, examination, body.findings)
    desk.session.add(examination)
    await desk.session.flush()
    await note(desk, Action.RECORDED, examination.id, person_id=examination.person_id, what="examination")
    return Examination(**examination.model_dump(), findings=body.findings)


async def _check_referral(desk: Desk, referral_id: UUID) -> None:
    referral: ReferralRow = found(
        await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id), "referral"
    )
    if referral.state not in RECORDABLE:
        raise Problem(409, "not-now", "an examination belongs to a referral that was accepted and not withdrawn")


@router.get("/{examination_id}")
async def read_examination(examination_id: UUID, desk: Reader) -> Examination:
    """Read an examination."""
    row = await store.examination(desk.session, organisation_id=desk.organisation, examination_id=examination_id)
    examination: ExaminationRow = found(row, "examination")
    await note(desk, Action.READ_EXAMINATION, examination.id, person_id=examination.person_id)
    return Examination(**examination.model_dump(), findings=await store.findings(desk.session, examination))
