"""SQL for the accounting of disclosures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging
from shared.adapters.tables import Disclosure, Outbound, OutboxDone
from shared.casework.consents.tables import ConsentRow
from shared.casework.referrals.tables import MoveRow
from shared.contract.vocabulary import EventType, ReferralAction


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A move that withdrew a referral; for our own: whom it was told to, and when that one committed it."""

    referral_id: UUID
    author_id: str
    at: datetime
    told_to: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ending:
    """That a consent has ended. Ours: whom it was told to, and when that one committed it and so erased. Another's: who
    told us of it, having erased by then."""

    consent_id: UUID
    told_to: str
    at: datetime
    confirmed_at: datetime | None


async def page(
    session: AsyncSession, *, organisation_id: str, person_id: UUID | None, cursor: str | None, limit: int
) -> Sequence[Disclosure]:
    """Up to limit + 1 disclosures of an organisation, newest first."""
    at, row_id = col(Disclosure.at), col(Disclosure.id)
    query = select(Disclosure).where(Disclosure.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    if person_id is not None:
        query = query.where(Disclosure.person_id == person_id)
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def withdrawals(session: AsyncSession, *, organisation_id: str, concerning: Collection[str]) -> list[Withdrawal]:
    """The withdrawals of these referrals that an organisation made or was told of.

    The outbox forgets what an event said, so ours is found by its time: a move and its event are written at the same
    one. Were there several, the withdrawal counts as confirmed once all are.
    """
    withdrew = select(MoveRow).where(
        MoveRow.organisation_id == organisation_id,
        MoveRow.action == ReferralAction.WITHDRAW,
        col(MoveRow.referral_id).in_([UUID(one) for one in concerning]),
    )
    moves = (await session.exec(withdrew)).all()
    told = select(Outbound).where(
        Outbound.organisation_id == organisation_id,
        Outbound.event_type == EventType.REFERRAL_MOVED,
        col(Outbound.concerning).in_({str(move.referral_id) for move in moves}),
    )
    sent = (await session.exec(told)).all() if moves else []
    return [_withdrawal(move, [row for row in sent if _tells(row, move)]) for move in moves]


async def endings(session: AsyncSession, *, organisation_id: str, consent_ids: Collection[UUID]) -> list[Ending]:
    """Who was told that one of these consents has ended, and whether they have committed it; who told us so."""
    if not consent_ids:
        return []
    told = select(Outbound).where(
        Outbound.organisation_id == organisation_id,
        Outbound.event_type == EventType.CONSENT_WITHDRAWN,
        col(Outbound.concerning).in_({str(one) for one in consent_ids}),
    )
    ours = [
        Ending(
            consent_id=UUID(row.concerning),
            told_to=row.recipient_id,
            at=row.created_at,
            confirmed_at=row.done_at if row.state == "received" else None,
        )
        for row in (await session.exec(told)).all()
    ]
    theirs = select(ConsentRow).where(
        ConsentRow.organisation_id == organisation_id,
        ConsentRow.recorded_by != organisation_id,
        col(ConsentRow.id).in_(consent_ids),
    )
    known = (await session.exec(theirs)).all()
    return ours + [_told_us(row.id, row.recorded_by, row.withdrawn_at) for row in known if row.withdrawn_at is not None]


def _told_us(consent_id: UUID, recorded_by: str, at: datetime) -> Ending:
    return Ending(consent_id=consent_id, told_to=recorded_by, at=at, confirmed_at=at)


def _tells(row: OutboxDone, move: MoveRow) -> bool:
    """Whether an outbox row is the event of a move of our own."""
    ours = move.author_id == move.organisation_id
    return ours and row.concerning == str(move.referral_id) and row.created_at == move.at


def _withdrawal(move: MoveRow, told: list[OutboxDone]) -> Withdrawal:
    confirmed = [row.done_at for row in told if row.state == "received" and row.done_at is not None]
    return Withdrawal(
        referral_id=move.referral_id,
        author_id=move.author_id,
        at=move.at,
        told_to=told[0].recipient_id if told else None,
        confirmed_at=max(confirmed) if told and len(confirmed) == len(told) else None,
    )
