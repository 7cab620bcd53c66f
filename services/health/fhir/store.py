"""SQL for what a FHIR search may ask of referrals. Walls and organisations are kept by the database, as everywhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col, exists, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.fhir.parameters import Span
from shared.adapters import paging
from shared.casework.referrals.tables import MoveRow, ReferralRow
from shared.contract.vocabulary import ReasonCode, ReferralAction, ReferralState, Side


@dataclass(frozen=True)
class Such:
    """Which referrals: of each that is not None, one of these. `statuses`: states, and whether sent by mistake."""

    ids: Collection[UUID] | None = None
    statuses: Collection[tuple[ReferralState, bool]] | None = None
    senders: Collection[str] | None = None
    receivers: Collection[str] | None = None
    purposes: Collection[str] | None = None
    persons: Collection[UUID] | None = None
    updated: Sequence[Span] = ()
    authored: Sequence[Span] = ()


async def page(
    session: AsyncSession, *, organisation_id: str, such: Such, cursor: str | None, limit: int
) -> Sequence[ReferralRow]:
    """Up to limit + 1 of an organisation's copies, of either side, newest first."""
    at, row_id = col(ReferralRow.created_at), col(ReferralRow.id)
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id,
        *_conditions(organisation_id, such),
        *paging.behind(cursor, at, row_id),
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


def _conditions(ours: str, such: Such) -> list[ColumnElement[bool]]:
    among = {
        ReferralRow.id: such.ids,
        ReferralRow.purpose: such.purposes,
        ReferralRow.person_id: such.persons,
    }
    found: list[ColumnElement[bool]] = []
    found += [col(column).in_(values) for column, values in among.items() if values is not None]
    found += [_stands(such.statuses)] if such.statuses is not None else []
    found += [_party(ours, such.senders, Side.SENDER)] if such.senders is not None else []
    found += [_party(ours, such.receivers, Side.RECEIVER)] if such.receivers is not None else []
    found += [_within(ReferralRow.updated_at, span) for span in such.updated]
    return found + [_within(ReferralRow.created_at, span) for span in such.authored]


def _party(ours: str, names: Collection[str], side: Side) -> ColumnElement[bool]:
    """That one of these is the referral's sender, or its receiver."""
    other = Side.RECEIVER if side is Side.SENDER else Side.SENDER
    theirs = and_(col(ReferralRow.side) == other, col(ReferralRow.counterpart_id).in_([n for n in names if n != ours]))
    return or_(col(ReferralRow.side) == side, theirs) if ours in names else theirs


def _stands(statuses: Collection[tuple[ReferralState, bool]]) -> ColumnElement[bool]:
    mistaken = exists().where(
        col(MoveRow.organisation_id) == col(ReferralRow.organisation_id),
        col(MoveRow.referral_id) == col(ReferralRow.id),
        col(MoveRow.author_id).in_([col(ReferralRow.organisation_id), col(ReferralRow.counterpart_id)]),
        col(MoveRow.action) == ReferralAction.CANCEL,
        col(MoveRow.reason) == ReasonCode.SENT_BY_MISTAKE,
    )
    state = col(ReferralRow.state)
    each = [
        and_(state == one, mistaken if mistake else ~mistaken) if one is ReferralState.CANCELLED else state == one
        for one, mistake in statuses
    ]
    return or_(false(), *each)


def _within(column: Any, span: Span) -> ColumnElement[bool]:
    after = [col(column) >= span.start] if span.start else []
    return and_(*after, *([col(column) < span.end] if span.end else []))


async def moves_of(
    session: AsyncSession, *, organisation_id: str, referral_ids: Collection[UUID]
) -> dict[UUID, list[MoveRow]]:
    """The moves of both sides of several referrals that are known here, in the order of their versions."""
    query = select(MoveRow).where(
        MoveRow.organisation_id == organisation_id, col(MoveRow.referral_id).in_(referral_ids)
    )
    found: dict[UUID, list[MoveRow]] = {}
    for move in (await session.exec(query.order_by(col(MoveRow.version), col(MoveRow.side)))).all():
        found.setdefault(move.referral_id, []).append(move)
    return found
