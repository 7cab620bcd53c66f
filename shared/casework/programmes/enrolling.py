"""REST calls for who takes part in a programme, and who came (F7)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.persons import store as persons
from shared.casework.programmes import store, telling
from shared.casework.programmes.domain import ENDS, MAY_ENROL, EnrolmentState, why_not_recorded
from shared.casework.programmes.tables import AttendanceRow, EnrolmentRow, SessionRow
from shared.casework.programmes.telling import TellingBasis
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.contract.calendar import local_day
from shared.contract.errors import Problem
from shared.contract.plain import Flag
from shared.contract.vocabulary import Basis, ReferralAction, ReferralState, Side

router = APIRouter(tags=["programmes"], route_class=TransactionalRoute)
COURT: JsonDict = {"number": "7599-26-00-4/112", "decided_on": "2026-03-02", "until": "2027-03-01"}
ENROLMENT: JsonDict = {
    "referral_id": "5c1d9a1e-5f1b-4b43-9a55-6f2c0f3c5a01",
    "told_on": {"kind": "court_decision", "court": COURT},
}


class NewEnrolment(BaseModel):
    """Someone takes part, by a referral that was accepted here. `told_on`: on what who referred them learns whether
    they came; without it nobody does. `person_id`: their record here, if there is one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ENROLMENT]})
    referral_id: UUID
    person_id: UUID | None = None
    told_on: TellingBasis | None = None


class Attendance(BaseModel):
    """Whether they came to a session; null once that was erased."""

    id: UUID
    session_id: UUID
    held_on: date
    attended: bool | None
    revision: int


class Enrolment(BaseModel):
    """How taking part stands. `basis`: on what attendance is told to who referred them; null if it is not."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    programme_id: UUID
    referral_id: UUID
    person_id: UUID | None
    state: EnrolmentState
    basis: Basis | None
    consent_id: UUID | None
    enrolled_at: datetime
    ended_at: datetime | None


class EnrolmentDetails(Enrolment):
    """With what is recorded of each session."""

    attendance: list[Attendance]


class Enrolments(BaseModel):
    """Who takes part in a programme, or did; the first one first."""

    items: list[Enrolment]


class Came(BaseModel):
    """Who came to a session, or did not."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"enrolment_id": "5c1d9a1e-5f1b-4b43-9a55-6f2c0f3c5a02", "attended": True}]},
    )
    enrolment_id: UUID
    attended: Flag


class Recorded(Attendance):
    """`told`: whether who referred them learns it; `kept_back_by`: why not, or the rule that keeps it here."""

    told: bool
    kept_back_by: str | None


class End(BaseModel):
    """How taking part ended."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"outcome": "completed"}]})
    outcome: EnrolmentState


@router.post("/programmes/{programme_id}/enrolments", status_code=201, responses=problems(403, 404, 409))
async def enrol(programme_id: UUID, body: NewEnrolment, desk: Writer, _: OnceKey = None) -> Enrolment:
    """Enrol someone by a referral for the programme's purpose; it is started by that."""
    mine = desk.organisation
    row = await store.programme(desk.session, organisation_id=mine, programme_id=programme_id)
    programme = found(row, "programme")
    referral = await _referral(desk, body.referral_id)
    if referral.purpose != programme.purpose:
        raise invalid("the referral is for another purpose than the programme")
    already = await store.of_referral(desk.session, organisation_id=mine, referral_id=referral.id)
    if any(one.programme_id == programme_id for one in already):
        raise Problem(409, "not-now", "somebody is enrolled by this referral already")
    await _check_person(desk, body.person_id, referral)
    enrolment = EnrolmentRow(
        id=uuid4(),
        organisation_id=mine,
        programme_id=programme_id,
        referral_id=referral.id,
        person_id=body.person_id,
        enrolled_at=desk.now,
    )
    await _told_on(desk, enrolment, referral, body.told_on)
    desk.session.add(enrolment)
    await desk.session.flush()
    if referral.state == ReferralState.ACCEPTED:
        await moves.act(desk, referral, ReferralAction.START)
    await note(desk, Action.RECORDED, enrolment.id, person_id=enrolment.person_id, what="enrolment")
    return Enrolment.model_validate(enrolment)


async def _referral(desk: Desk, referral_id: UUID) -> ReferralRow:
    """Locked. Problem 404, or 409 for one that was not accepted here."""
    row = await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=referral_id, for_update=True)
    referral: ReferralRow = found(row, "referral")
    if referral.side != Side.RECEIVER or referral.state not in MAY_ENROL:
        raise Problem(409, "not-now", "who is enrolled was referred here, and the referral was accepted")
    return referral


async def _check_person(desk: Desk, person_id: UUID | None, referral: ReferralRow) -> None:
    if person_id is None:
        return
    person = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    if found(person, "person").role != referral.subject:
        raise invalid("the referral's subject and the person's role differ")


async def _told_on(desk: Desk, enrolment: EnrolmentRow, referral: ReferralRow, basis: TellingBasis | None) -> None:
    if basis is None:
        return
    enrolment.basis, enrolment.consent_id = basis.kind, basis.consent_id
    await store.seal_court(desk.session, enrolment, basis.court)
    await telling.check(desk, enrolment, referral, basis)


@router.get("/programmes/{programme_id}/enrolments")
async def list_enrolments(programme_id: UUID, desk: Reader) -> Enrolments:
    """Who takes part in a programme, or did."""
    mine = desk.organisation
    found(await store.programme(desk.session, organisation_id=mine, programme_id=programme_id), "programme")
    rows = await store.enrolled(desk.session, organisation_id=mine, programme_id=programme_id)
    await note(desk, Action.READ_PROGRAMME, programme_id, shown=[row.id for row in rows])
    return Enrolments(items=[Enrolment.model_validate(row) for row in rows])


@router.get("/enrolments/{enrolment_id}")
async def read_enrolment(enrolment_id: UUID, desk: Reader) -> EnrolmentDetails:
    """How taking part stands, and who came when."""
    row: EnrolmentRow = found(
        await store.enrolment(desk.session, organisation_id=desk.organisation, enrolment_id=enrolment_id), "enrolment"
    )
    recorded = await store.attendances(desk.session, enrolment=row)
    came = await store.came(desk.session, [attendance for attendance, _ in recorded])
    await note(desk, Action.READ_PROGRAMME, row.id, person_id=row.person_id)
    shown = [_attendance(one, of, attended) for (one, of), attended in zip(recorded, came, strict=True)]
    return EnrolmentDetails(**Enrolment.model_validate(row).model_dump(), attendance=shown)


@router.post("/enrolments/{enrolment_id}/end", responses=problems(409))
async def end_enrolment(enrolment_id: UUID, body: End, desk: Writer, _: OnceKey = None) -> Enrolment:
    """Taking part has ended: completed, or left. Once. The referral is completed by a call of its own."""
    row: EnrolmentRow = found(
        await store.enrolment(desk.session, organisation_id=desk.organisation, enrolment_id=enrolment_id), "enrolment"
    )
    if body.outcome not in ENDS:
        raise invalid("taking part is completed or left")
    if row.ended_at is not None:
        raise Problem(409, "not-now", "taking part has ended")
    row.state, row.ended_at = body.outcome, desk.now
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="enrolment")
    return Enrolment.model_validate(row)


@router.post("/sessions/{session_id}/attendance", responses=problems(404, 409))
async def record_attendance(session_id: UUID, body: Came, desk: Writer, _: OnceKey = None) -> Recorded:
    """Whether somebody came to a session; again: a correction. Told to who referred them only on a basis."""
    mine = desk.organisation
    of: SessionRow = found(
        await store.one_session(desk.session, organisation_id=mine, session_id=session_id), "session"
    )
    enrolment = await store.enrolment(desk.session, organisation_id=mine, enrolment_id=body.enrolment_id)
    if enrolment is None or enrolment.programme_id != of.programme_id:
        raise Problem(404, "not-found", "there is no such enrolment in this programme")
    if enrolment.state != EnrolmentState.ENROLLED:
        raise Problem(409, "not-now", "taking part has ended")
    why_not = why_not_recorded(of.starts_at, enrolment.enrolled_at, desk.now)
    if why_not is not None:
        raise Problem(409, "not-now", why_not)
    row = await _keep(desk, enrolment, of, attended=body.attended)
    kept_back_by = await telling.tell(desk, enrolment, of, row, attended=body.attended)
    await note(desk, Action.RECORDED, row.id, person_id=enrolment.person_id, what="attendance")
    shown = _attendance(row, of, body.attended)
    return Recorded(**shown.model_dump(), told=kept_back_by is None, kept_back_by=kept_back_by)


async def _keep(desk: Desk, enrolment: EnrolmentRow, of: SessionRow, *, attended: bool) -> AttendanceRow:
    row = await store.attendance(desk.session, enrolment=enrolment, of=of)
    if row is None:
        row = AttendanceRow(
            id=store.attendance_id(enrolment, of),
            organisation_id=desk.organisation,
            enrolment_id=enrolment.id,
            session_id=of.id,
            revision=0,
            recorded_at=desk.now,
        )
    row.revision, row.recorded_at = row.revision + 1, desk.now
    await store.seal(desk.session, row, enrolment=enrolment, attended=attended)
    desk.session.add(row)
    await desk.session.flush()
    return row


def _attendance(row: AttendanceRow, of: SessionRow, attended: bool | None) -> Attendance:  # noqa: FBT001  # as it was opened
    held_on = local_day(of.starts_at)
    return Attendance(id=row.id, session_id=of.id, held_on=held_on, attended=attended, revision=row.revision)
