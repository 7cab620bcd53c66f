"""SQL for appointments."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.appointments.tables import AppointmentRow

MOST = 500


async def get(session: AsyncSession, *, organisation_id: str, appointment_id: UUID) -> AppointmentRow | None:
    """One appointment, locked."""
    query = select(AppointmentRow).where(
        AppointmentRow.id == appointment_id, AppointmentRow.organisation_id == organisation_id
    )
    return (await session.exec(query.with_for_update())).first()


async def between(
    session: AsyncSession, *, organisation_id: str, start: datetime, end: datetime
) -> Sequence[AppointmentRow]:
    """Those that begin in a time, in their order, and were not cancelled."""
    query = select(AppointmentRow).where(
        AppointmentRow.organisation_id == organisation_id,
        AppointmentRow.starts_at >= start,
        AppointmentRow.starts_at < end,
        col(AppointmentRow.cancelled_at).is_(None),
    )
    return (await session.exec(query.order_by(col(AppointmentRow.starts_at), col(AppointmentRow.id)).limit(MOST))).all()


async def of_files(
    session: AsyncSession, *, organisation_id: str, files: Collection[UUID], since: datetime
) -> Sequence[AppointmentRow]:
    """Those of persons or referrals that end after a time, and were not cancelled."""
    query = select(AppointmentRow).where(
        AppointmentRow.organisation_id == organisation_id,
        or_(col(AppointmentRow.person_id).in_(files), col(AppointmentRow.referral_id).in_(files)),
        AppointmentRow.ends_at > since,
        col(AppointmentRow.cancelled_at).is_(None),
    )
    return (await session.exec(query.order_by(col(AppointmentRow.starts_at), col(AppointmentRow.id)))).all()


async def forget(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> None:
    """A person is erased: that they came, and when, goes too."""
    mine = (col(AppointmentRow.organisation_id) == organisation_id, col(AppointmentRow.person_id) == person_id)
    await session.exec(delete(AppointmentRow).where(*mine))
