"""SQL of admissions, and what they say."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.admissions.tables import AdmissionRow
from shared.adapters import paging, vault
from shared.contract.vocabulary import AdmissionCriterion


async def admission(session: AsyncSession, *, organisation_id: str, admission_id: UUID) -> AdmissionRow | None:
    """One admission."""
    query = select(AdmissionRow).where(AdmissionRow.id == admission_id, AdmissionRow.organisation_id == organisation_id)
    return (await session.exec(query)).first()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[AdmissionRow]:
    """Up to limit + 1 admissions, newest first."""
    at, row_id = col(AdmissionRow.created_at), col(AdmissionRow.id)
    query = select(AdmissionRow).where(
        AdmissionRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


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


async def words_of(session: AsyncSession, rows: Sequence[AdmissionRow]) -> list[Words]:
    """What admissions say."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [Words.model_validate(words or {}) for words in opened]


def subject_of(row: AdmissionRow) -> vault.Subject:
    """With whom it is erased: the person; else it stands for itself."""
    return vault.Subject(row.organisation_id, row.person_id or row.id)


def _place(row: AdmissionRow) -> vault.Place:
    return vault.Place("admissions", str(row.id))
