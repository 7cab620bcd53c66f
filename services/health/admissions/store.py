"""SQL of admissions, and what they say."""

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.admissions.tables import AdmissionRow
from shared.adapters import vault
from shared.contract.vocabulary import AdmissionCriterion


async def admission(session: AsyncSession, *, organisation_id: str, admission_id: UUID) -> AdmissionRow | None:
    """One admission."""
    query = select(AdmissionRow).where(AdmissionRow.id == admission_id, AdmissionRow.organisation_id == organisation_id)
    return (await session.exec(query)).first()


class Words(BaseModel):
    """With what somebody was admitted, and what that means. Nothing, where it was erased."""

    injuries: str | None = None
    complains_of_offence: bool | None = None
    criminal_in_nature: bool | None = None
    died: bool | None = None
    criteria: tuple[AdmissionCriterion, ...] | None = None
    kept_back_by: str | None = None  # the rule that let no report leave, though a criterion is met


async def seal(session: AsyncSession, row: AdmissionRow, words: Words) -> None:
    """Under the key of whom it is about."""
    value, subject = words.model_dump(mode="json"), subject_of(row)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=value)


async def words_of(session: AsyncSession, row: AdmissionRow) -> Words:
    """What an admission says."""
    found = await vault.open_(session, place=_place(row), sealed=row.sealed)
    return Words.model_validate(found or {})


def subject_of(row: AdmissionRow) -> vault.Subject:
    """With whom it is erased: the person; else it stands for itself."""
    return vault.Subject(row.organisation_id, row.person_id or row.id)


def _place(row: AdmissionRow) -> vault.Place:
    return vault.Place("admissions", str(row.id))
