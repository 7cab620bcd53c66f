"""SQL of programmes. Every function names the organisation: another one's does not exist."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.programmes.domain import EnrolmentState
from shared.casework.programmes.tables import AttendanceRow, EnrolmentRow, ProgrammeRow, SessionRow
from shared.contract.grounds import CourtDecision


async def programme(session: AsyncSession, *, organisation_id: str, programme_id: UUID) -> ProgrammeRow | None:
    """One programme."""
    query = select(ProgrammeRow).where(ProgrammeRow.id == programme_id, ProgrammeRow.organisation_id == organisation_id)
    return (await session.exec(query)).first()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[ProgrammeRow]:
    """Up to limit + 1 programmes, newest first."""
    at, row_id = col(ProgrammeRow.created_at), col(ProgrammeRow.id)
    mine = (col(ProgrammeRow.organisation_id) == organisation_id, *paging.behind(cursor, at, row_id))
    return (
        await session.exec(select(ProgrammeRow).where(*mine).order_by(at.desc(), row_id.desc()).limit(limit + 1))
    ).all()


async def sessions_of(session: AsyncSession, *, organisation_id: str, programme_id: UUID) -> Sequence[SessionRow]:
    """A programme's sessions, the first one first."""
    query = select(SessionRow).where(
        SessionRow.programme_id == programme_id, SessionRow.organisation_id == organisation_id
    )
    return (await session.exec(query.order_by(col(SessionRow.starts_at), col(SessionRow.id)))).all()


async def one_session(session: AsyncSession, *, organisation_id: str, session_id: UUID) -> SessionRow | None:
    """One session."""
    query = select(SessionRow).where(SessionRow.id == session_id, SessionRow.organisation_id == organisation_id)
    return (await session.exec(query)).first()


async def enrolment(session: AsyncSession, *, organisation_id: str, enrolment_id: UUID) -> EnrolmentRow | None:
    """One enrolment, locked."""
    query = select(EnrolmentRow).where(EnrolmentRow.id == enrolment_id, EnrolmentRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update())).first()


async def enrolled(session: AsyncSession, *, organisation_id: str, programme_id: UUID) -> Sequence[EnrolmentRow]:
    """Who is enrolled in a programme, or was; the first one first."""
    query = select(EnrolmentRow).where(
        EnrolmentRow.programme_id == programme_id, EnrolmentRow.organisation_id == organisation_id
    )
    return (await session.exec(query.order_by(col(EnrolmentRow.enrolled_at), col(EnrolmentRow.id)))).all()


async def of_referral(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> Sequence[EnrolmentRow]:
    """The enrolments by a referral that have not ended, locked."""
    query = select(EnrolmentRow).where(
        EnrolmentRow.referral_id == referral_id,
        EnrolmentRow.organisation_id == organisation_id,
        EnrolmentRow.state == EnrolmentState.ENROLLED,
    )
    return (await session.exec(query.order_by(col(EnrolmentRow.id)).with_for_update())).all()


async def attendances(session: AsyncSession, *, enrolment: EnrolmentRow) -> Sequence[tuple[AttendanceRow, SessionRow]]:
    """What is recorded of an enrolment, in the order of the sessions."""
    query = select(AttendanceRow, SessionRow).where(
        AttendanceRow.enrolment_id == enrolment.id,
        AttendanceRow.organisation_id == enrolment.organisation_id,
        SessionRow.id == AttendanceRow.session_id,
    )
    return (await session.exec(query.order_by(col(SessionRow.starts_at)))).all()


async def attendance(session: AsyncSession, *, enrolment: EnrolmentRow, of: SessionRow) -> AttendanceRow | None:
    """What is recorded of one session, locked."""
    query = select(AttendanceRow).where(
        AttendanceRow.id == attendance_id(enrolment, of), AttendanceRow.organisation_id == enrolment.organisation_id
    )
    return (await session.exec(query.with_for_update())).first()


def attendance_id(enrolment: EnrolmentRow, of: SessionRow) -> UUID:
    """One for each enrolment and session: what was told is corrected, not told twice."""
    return uuid5(enrolment.id, str(of.id))


async def seal(session: AsyncSession, row: AttendanceRow, *, enrolment: EnrolmentRow, attended: bool) -> None:
    """Whether they came, under the key of whom it is about."""
    row.sealed = await vault.close(session, place=_place(row), subject=subject_of(enrolment), value=attended)


async def came(session: AsyncSession, rows: Sequence[AttendanceRow]) -> list[bool | None]:
    """Whether they came to each, or None where that was erased."""
    return await vault.open_all(session, [(_place(row), row.sealed) for row in rows])


async def seal_court(session: AsyncSession, row: EnrolmentRow, court: CourtDecision | None) -> None:
    """The decision that orders it: its number names a person's case."""
    value = None if court is None else court.model_dump(mode="json")
    if value is not None:
        row.court = await vault.close(session, place=_court_place(row), subject=subject_of(row), value=value)


async def court_of(session: AsyncSession, row: EnrolmentRow) -> CourtDecision | None:
    """The court's decision, or None where there is none, or it was erased."""
    found = await vault.open_(session, place=_court_place(row), sealed=row.court)
    return None if found is None else CourtDecision.model_validate(found)


def subject_of(row: EnrolmentRow) -> vault.Subject:
    """With whom it is erased: the person recorded here; else with the enrolment, when its referral is withdrawn."""
    return vault.Subject(row.organisation_id, row.person_id or row.id)


def _place(row: AttendanceRow) -> vault.Place:
    return vault.Place("attendances", str(row.id))


def _court_place(row: EnrolmentRow) -> vault.Place:
    return vault.Place("enrolments", str(row.id), "court")
