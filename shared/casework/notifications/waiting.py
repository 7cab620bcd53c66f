"""What waits at an organisation, kind by kind, counted from the rows themselves."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, false, literal, union_all
from sqlmodel import col, exists, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.casework.deadlines.endpoints import FOR_CHIEFS
from shared.casework.deadlines.store import DUE_SOON, OVERDUE
from shared.casework.deadlines.tables import DeadlineRow, ReminderRow
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals.tables import ReferralRow
from shared.casework.reports.tables import ReportRow
from shared.contract.vocabulary import ReferralState, Side

HOLD_SOON = timedelta(hours=2)
HOLDABLE = (ReferralState.REQUESTED, ReferralState.ACCEPTED)


class Thing(NamedTuple):
    """One thing that waits."""

    kind: str
    id: UUID


async def waiting(session: AsyncSession, *, organisation_id: str, now: datetime) -> set[Thing]:
    """Everything that waits there now. What is for chiefs alone is not among it."""
    queries = _queries(organisation_id, now).items()
    every = union_all(*(query.add_columns(literal(kind).label("kind")) for kind, query in queries)).subquery()
    return {Thing(*one) for one in (await session.exec(select(every.c.kind, every.c.id))).all()}


def counted(things: Collection[Thing]) -> Mapping[str, int]:
    """How many of each kind."""
    return Counter(thing.kind for thing in things)


def _queries(ours: str, now: datetime) -> dict[str, Any]:
    danger = func.coalesce(func.jsonb_exists(col(ReportRow.proof), "emergency", type_=Boolean), false())
    report = select(ReportRow.id).where(
        ReportRow.organisation_id == ours, ReportRow.side == Side.RECEIVER, col(ReportRow.registered_at).is_(None)
    )
    return {
        "danger": report.where(danger),
        "report": report.where(~danger),
        "referral": select(ReferralRow.id).where(
            ReferralRow.organisation_id == ours,
            ReferralRow.side == Side.RECEIVER,
            ReferralRow.state == ReferralState.REQUESTED,
        ),
        "hold_ends": select(ReferralRow.id).where(
            ReferralRow.organisation_id == ours,
            ReferralRow.side == Side.SENDER,
            ReferralRow.hold_state == "held",
            col(ReferralRow.held_until) > now,
            col(ReferralRow.held_until) <= now + HOLD_SOON,
            col(ReferralRow.state).in_(HOLDABLE),
        ),
        "message": select(MessageRow.id).where(
            MessageRow.organisation_id == ours,
            MessageRow.author_id != ours,
            col(MessageRow.read_at).is_(None),
            col(MessageRow.sealed).is_not(None),
        ),
        DUE_SOON: _reminded(ours, DUE_SOON).where(~_fired(OVERDUE)),
        OVERDUE: _reminded(ours, OVERDUE),
    }


def _reminded(ours: str, kind: str) -> Any:
    """Deadlines that are still unmet and whose reminder fired."""
    return select(DeadlineRow.id).where(
        DeadlineRow.organisation_id == ours,
        col(DeadlineRow.met_at).is_(None),
        col(DeadlineRow.kind).not_in(FOR_CHIEFS),
        _fired(kind),
    )


def _fired(kind: str) -> Any:
    return exists().where(col(ReminderRow.deadline_id) == col(DeadlineRow.id), col(ReminderRow.kind) == kind)
