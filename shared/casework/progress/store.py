"""SQL for what was told of referrals. Every function names the organisation: another one's does not exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import vault
from shared.casework.progress.tables import ProgressRow
from shared.casework.referrals.store import PROOF
from shared.contract.events import Event, PlanProgressed, ProgrammeAttended
from shared.contract.grounds import CourtDecision, Grounds

MODELS: dict[str, type[Event]] = {"plan": PlanProgressed, "attendance": ProgrammeAttended}
BATCH = 100


class Told(NamedTuple):
    """What a row says, and the court's decision that it rests on."""

    content: dict[str, Any]
    court: CourtDecision | None


async def get(session: AsyncSession, *, organisation_id: str, progress_id: UUID) -> ProgressRow | None:
    """The organisation's row, locked, or None."""
    query = select(ProgressRow).where(ProgressRow.id == progress_id, ProgressRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update())).first()


async def keep(session: AsyncSession, row: ProgressRow, *, event: Event, grounds: Grounds) -> None:
    """Let a row say this from now on, on these grounds."""
    row.purpose, row.subject, row.basis = grounds.purpose or "", grounds.subject, grounds.basis
    row.consent_id = grounds.consent.id if grounds.consent else None
    row.proof = grounds.model_dump(mode="json", include=PROOF, exclude_defaults=True)
    row.basis_until = None if grounds.consent else grounds.until
    row.erased_at = None
    said = {
        "content": event.model_dump(mode="json", exclude_none=True),
        "court": grounds.court.model_dump(mode="json") if grounds.court else None,
    }
    row.sealed = await vault.close(session, place=_place(row), subject=subject_of(row), value=said)
    session.add(row)
    await session.flush()


async def told(session: AsyncSession, rows: Sequence[ProgressRow]) -> list[Told | None]:
    """What each says, or None where it was erased."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [None if one is None else _told(one) for one in opened]


def _told(said: dict[str, Any]) -> Told:
    court = said["court"]
    return Told(said["content"], None if court is None else CourtDecision.model_validate(court))


async def of_referral(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> Sequence[ProgressRow]:
    """All that was told of a referral, in the order of its days."""
    query = select(ProgressRow).where(
        ProgressRow.referral_id == referral_id, ProgressRow.organisation_id == organisation_id
    )
    return (await session.exec(query.order_by(col(ProgressRow.at), col(ProgressRow.id)))).all()


async def resting_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[ProgressRow]:
    """What rests on a consent and is not erased yet, locked."""
    query = select(ProgressRow).where(
        ProgressRow.organisation_id == organisation_id,
        ProgressRow.consent_id == consent_id,
        col(ProgressRow.erased_at).is_(None),
    )
    return (await session.exec(query.order_by(col(ProgressRow.id)).with_for_update())).all()


async def run_out(session: AsyncSession, *, now: datetime) -> Sequence[ProgressRow]:
    """What rests on a court's decision that binds no more, not erased yet, locked; another worker's is left to it."""
    query = select(ProgressRow).where(col(ProgressRow.basis_until) <= now, col(ProgressRow.erased_at).is_(None))
    first = query.order_by(col(ProgressRow.basis_until)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


def subject_of(row: ProgressRow) -> vault.Subject:
    """With what it is erased: by itself."""
    return vault.Subject(row.organisation_id, row.id)


def _place(row: ProgressRow) -> vault.Place:
    return vault.Place("progress", f"{row.organisation_id}/{row.id}")
