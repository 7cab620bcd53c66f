"""SQL for the steps about unanswered referrals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.escalation.tables import StepRow
from shared.casework.referrals.tables import ReferralRow
from shared.contract.vocabulary import EscalationStep, ReferralState

BATCH = 100


async def note_arrival(session: AsyncSession, *, row: StepRow) -> bool:
    """Keep at the receiver that a reminder came; False for one that was here before."""
    values: dict[str, Any] = row.model_dump()
    new = await session.exec(insert(StepRow).values(values).on_conflict_do_nothing().returning(col(StepRow.step)))
    return new.first() is not None


async def due(session: AsyncSession, *, now: datetime) -> Sequence[tuple[StepRow, ReferralRow]]:
    """Steps whose time has come, with their referrals, both locked; another worker's are left to it.

    Whoever answers at this moment holds the referral: the step waits, and is moot then.
    """
    query = (
        select(StepRow, ReferralRow)
        .where(col(StepRow.done_at).is_(None), col(StepRow.moot_at).is_(None), StepRow.due_at <= now)
        .where(ReferralRow.id == StepRow.referral_id, ReferralRow.organisation_id == StepRow.organisation_id)
        .order_by(col(StepRow.due_at), col(StepRow.referral_id))
        .limit(BATCH)
    )
    return (await session.exec(query.with_for_update(skip_locked=True))).all()


async def settle(session: AsyncSession, *, referral: ReferralRow, at: datetime, but: str | None = None) -> None:
    """Nothing more is to be done about a referral, `but` for one step: it was answered or taken back, or went back."""
    open_ = [
        col(StepRow.organisation_id) == referral.organisation_id,
        col(StepRow.referral_id) == referral.id,
        col(StepRow.done_at).is_(None),
        col(StepRow.moot_at).is_(None),
    ]
    open_ += [col(StepRow.step) != but] if but is not None else []
    await session.exec(update(StepRow).where(*open_).values(moot_at=at))


async def steps_of(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> Sequence[StepRow]:
    """All steps about a referral, in their order."""
    query = select(StepRow).where(StepRow.organisation_id == organisation_id, StepRow.referral_id == referral_id)
    return (await session.exec(query.order_by(col(StepRow.due_at), col(StepRow.step).desc()))).all()


async def unanswered(session: AsyncSession, *, organisation_id: str, since: datetime) -> dict[str, int]:
    """How many referrals sent since then went back because nobody answered, by counterpart."""
    query = select(ReferralRow.counterpart_id).where(
        StepRow.organisation_id == organisation_id,
        StepRow.step == EscalationStep.BACK,
        col(StepRow.done_at) >= since,
        ReferralRow.id == StepRow.referral_id,
        ReferralRow.organisation_id == StepRow.organisation_id,
        col(ReferralRow.state).in_([ReferralState.REQUESTED, ReferralState.CANCELLED]),
    )
    found: dict[str, int] = {}
    for theirs in await session.exec(query):
        found[theirs] = found.get(theirs, 0) + 1
    return found
