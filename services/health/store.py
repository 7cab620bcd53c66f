"""SQL of health's own tables."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.tables import ExaminationRow
from shared.adapters import vault


async def examination(session: AsyncSession, *, organisation_id: str, examination_id: UUID) -> ExaminationRow | None:
    """One examination."""
    query = select(ExaminationRow).where(
        ExaminationRow.id == examination_id, ExaminationRow.organisation_id == organisation_id
    )
    return (await session.exec(query)).first()


async def seal(session: AsyncSession, row: ExaminationRow, found: str) -> None:
    """Under the key of the person, where one is named: so it is erased with them. Never under a referral's, whose
    withdrawal does not touch health's own record."""
    subject = vault.Subject(row.organisation_id, row.person_id or row.id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=found)


async def findings(session: AsyncSession, row: ExaminationRow) -> str | None:
    """What was found; nothing where the person was erased."""
    found: str | None = await vault.open_(session, place=_place(row), sealed=row.sealed)
    return found


def _place(row: ExaminationRow) -> vault.Place:
    return vault.Place("examinations", str(row.id))
