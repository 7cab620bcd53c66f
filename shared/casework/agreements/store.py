"""SQL for local agreements. Every function names the organisation: another one's copy does not exist."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.casework.agreements.tables import AgreementRow, AnswerRow, NoticeRow
from shared.contract.concluding import Text

BATCH = 100


async def alone(session: AsyncSession, *, organisation_id: str, agreement_id: UUID) -> None:
    """One change at a time: of two last signatures at once, neither would see that all have signed."""
    whose = f"agreement {organisation_id} {agreement_id}"
    await session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended(whose, 0))))


async def versions(session: AsyncSession, *, organisation_id: str, agreement_id: UUID) -> Sequence[AgreementRow]:
    """The organisation's copies, the newest version first."""
    query = select(AgreementRow).where(AgreementRow.organisation_id == organisation_id, AgreementRow.id == agreement_id)
    return (await session.exec(query.order_by(col(AgreementRow.version).desc()))).all()


async def of_ids(
    session: AsyncSession, *, organisation_id: str, agreement_ids: Collection[UUID]
) -> Sequence[AgreementRow]:
    """All versions of these agreements."""
    query = select(AgreementRow).where(
        AgreementRow.organisation_id == organisation_id, col(AgreementRow.id).in_(agreement_ids)
    )
    return (await session.exec(query)).all()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[AgreementRow]:
    """Up to limit + 1 versions, newest first."""
    at, row_id = col(AgreementRow.created_at), col(AgreementRow.id)
    query = select(AgreementRow).where(
        AgreementRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def answers(
    session: AsyncSession, *, organisation_id: str, agreement_ids: Collection[UUID]
) -> Sequence[AnswerRow]:
    """What parties answered to these agreements, in the order in which that was known here."""
    query = select(AnswerRow).where(
        AnswerRow.organisation_id == organisation_id, col(AnswerRow.agreement_id).in_(agreement_ids)
    )
    return (await session.exec(query.order_by(col(AnswerRow.answered_at), col(AnswerRow.party_id)))).all()


async def notices(
    session: AsyncSession, *, organisation_id: str, agreement_ids: Collection[UUID]
) -> Sequence[NoticeRow]:
    """Which parties end these agreements, and when."""
    query = select(NoticeRow).where(
        NoticeRow.organisation_id == organisation_id, col(NoticeRow.agreement_id).in_(agreement_ids)
    )
    return (await session.exec(query.order_by(col(NoticeRow.ends_on), col(NoticeRow.party_id)))).all()


async def keep(session: AsyncSession, row: AgreementRow | AnswerRow | NoticeRow) -> bool:
    """Keep a version, an answer or a notice; False where there is one already, which stands."""
    statement = insert(type(row)).values(**row.model_dump()).on_conflict_do_nothing()
    key = col(type(row).organisation_id)
    return (await session.exec(statement.returning(key))).first() is not None


async def ending(session: AsyncSession, *, today: date, behind: AgreementRow | None = None) -> Sequence[AgreementRow]:
    """A batch of the versions whose end has come, after `behind`, locked; another worker's are left to it."""
    row = AgreementRow
    place = (col(row.ends_on), col(row.organisation_id), col(row.id), col(row.version))
    query = select(row).where(col(row.ended_at).is_(None), col(row.ends_on) <= today).order_by(*place).limit(BATCH)
    if behind is not None:
        query = query.where(tuple_(*place) > (behind.ends_on, behind.organisation_id, behind.id, behind.version))
    return (await session.exec(query.with_for_update(skip_locked=True))).all()


def text_of(row: AgreementRow) -> Text:
    """What it says."""
    return Text.model_validate({"version": row.version, "agreement": row.terms})
