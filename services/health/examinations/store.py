"""SQL of examinations, and what they say."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.examinations.domain import ExaminationKind
from services.health.examinations.tables import ExaminationRow
from shared.adapters import paging, vault
from shared.casework.referrals.store import retained_id


async def examination(session: AsyncSession, *, organisation_id: str, examination_id: UUID) -> ExaminationRow | None:
    """One examination."""
    query = select(ExaminationRow).where(
        ExaminationRow.id == examination_id, ExaminationRow.organisation_id == organisation_id
    )
    return (await session.exec(query)).first()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[ExaminationRow]:
    """Up to limit + 1 examinations, newest first."""
    at, row_id = col(ExaminationRow.examined_at), col(ExaminationRow.id)
    query = select(ExaminationRow).where(
        ExaminationRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


class Words(BaseModel):
    """What was examined, and what was found. Nothing, where that was erased."""

    kind: ExaminationKind | None = None
    findings: str | None = None


async def seal(session: AsyncSession, row: ExaminationRow, words: Words) -> None:
    """Under the key of whom it is about."""
    value = words.model_dump(mode="json")
    row.sealed = await vault.close(session, place=_place(row), subject=subject_of(row), value=value)


async def words_of(session: AsyncSession, rows: Sequence[ExaminationRow]) -> list[Words]:
    """What examinations say."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [Words.model_validate(one or {}) for one in opened]


def subject_of(row: ExaminationRow) -> vault.Subject:
    """With whom it is erased: the person; else whom its referral was about; else it stands for itself.

    Of a referral, the key that outlives its withdrawal: that does not touch health's own record.
    """
    unnamed = retained_id(row.referral_id) if row.referral_id else row.id
    return vault.Subject(row.organisation_id, row.person_id or unnamed)


async def examinations(
    session: AsyncSession, *, organisation_id: str, start: datetime, end: datetime
) -> Sequence[ExaminationRow]:
    """Those of a time; its end does not belong to it."""
    query = select(ExaminationRow).where(
        ExaminationRow.organisation_id == organisation_id,
        ExaminationRow.examined_at >= start,
        ExaminationRow.examined_at < end,
    )
    return (await session.exec(query)).all()


async def of_referrals(
    session: AsyncSession, *, organisation_id: str, referral_ids: Collection[UUID]
) -> dict[UUID, list[UUID]]:
    """The ids of the examinations that were recorded for referrals, in the order of their times."""
    query = select(ExaminationRow.referral_id, ExaminationRow.id).where(
        ExaminationRow.organisation_id == organisation_id, col(ExaminationRow.referral_id).in_(referral_ids)
    )
    found: dict[UUID, list[UUID]] = {}
    for referral_id, row_id in await session.exec(
        query.order_by(col(ExaminationRow.examined_at), col(ExaminationRow.id))
    ):
        if referral_id is not None:
            found.setdefault(referral_id, []).append(row_id)
    return found


def _place(row: ExaminationRow) -> vault.Place:
    return vault.Place("examinations", str(row.id))
