"""SQL for questions. Every function names the organisation: another one's question does not exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.inquiries.tables import InquiryRow
from shared.casework.referrals.store import PROOF, Parties
from shared.contract.events import InformationAnswered, InformationRequested
from shared.contract.grounds import CourtDecision, Grounds
from shared.contract.vocabulary import InquiryState, Side

BATCH = 100
Part = Literal["sealed", "answer", "court"]


async def get(
    session: AsyncSession, *, organisation_id: str, inquiry_id: UUID, for_update: bool = False
) -> InquiryRow | None:
    """The organisation's copy, or None; locked if it will be changed."""
    return await one(session, InquiryRow, organisation_id=organisation_id, id_=inquiry_id, for_update=for_update)


async def keep(
    session: AsyncSession,
    *,
    event: InformationRequested,
    grounds: Grounds,
    side: Side,
    parties: Parties,
    now: datetime,
) -> InquiryRow:
    """Keep a side's copy of a question, with what proves its basis."""
    row = InquiryRow(
        id=event.inquiry_id,
        organisation_id=parties.ours,
        side=side,
        counterpart_id=parties.theirs,
        person_id=parties.person_id,
        kind=event.kind,
        subject=grounds.subject,
        basis=grounds.basis,
        consent_id=grounds.consent.id if grounds.consent else None,
        proof=grounds.model_dump(mode="json", include=PROOF, exclude_defaults=True),
        basis_until=None if grounds.consent else grounds.until,
        state=InquiryState.ASKED,
        due_on=event.due_on,
        calendar_version=event.calendar,
        created_at=now,
    )
    row.sealed = await _closed(session, row, "sealed", event.model_dump(mode="json", exclude_none=True))
    if grounds.court is not None:  # its number names a person's case
        row.court = await _closed(session, row, "court", grounds.court.model_dump(mode="json"))
    session.add(row)
    await session.flush()
    return row


async def put_answer(session: AsyncSession, row: InquiryRow, event: InformationAnswered) -> None:
    """Keep what was told, of an earlier answer nothing."""
    row.handed_to = event.handed_to
    row.answer = await _closed(session, row, "answer", event.model_dump(mode="json", exclude_none=True))


async def contents(session: AsyncSession, rows: Sequence[InquiryRow], part: Part) -> list[dict[str, Any] | None]:
    """What was asked, or told, of each; None where that was erased, or never was."""
    return await vault.open_all(session, [(_place(row, part), getattr(row, part)) for row in rows])


async def court_of(session: AsyncSession, row: InquiryRow) -> CourtDecision | None:
    """The court's decision that a copy rests on, or None where there is none, or it was erased."""
    found = await vault.open_(session, place=_place(row, "court"), sealed=row.court)
    return None if found is None else CourtDecision.model_validate(found)


async def page(
    session: AsyncSession, *, organisation_id: str, side: str, state: str | None, cursor: str | None, limit: int
) -> Sequence[InquiryRow]:
    """Up to limit + 1 copies of a box, newest first."""
    at, row_id = col(InquiryRow.created_at), col(InquiryRow.id)
    mine = [InquiryRow.organisation_id == organisation_id, InquiryRow.side == side]
    mine += [InquiryRow.state == state] if state is not None else []
    query = select(InquiryRow).where(*mine, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def resting_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[InquiryRow]:
    """The copies here, of either side, that rest on a consent and have not ended with it yet, locked."""
    query = select(InquiryRow).where(
        InquiryRow.organisation_id == organisation_id,
        InquiryRow.consent_id == consent_id,
        or_(col(InquiryRow.erased_at).is_(None), InquiryRow.state != InquiryState.ENDED),
    )
    return (await session.exec(query.order_by(col(InquiryRow.id)).with_for_update())).all()


async def about(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[InquiryRow]:
    """The copies here, of either side, that are about a person recorded here, locked."""
    query = select(InquiryRow).where(InquiryRow.organisation_id == organisation_id, InquiryRow.person_id == person_id)
    return (await session.exec(query.order_by(col(InquiryRow.id)).with_for_update())).all()


async def run_out(session: AsyncSession, *, now: datetime) -> Sequence[InquiryRow]:
    """Copies on a court's decision that binds no more, not erased yet, locked; another worker's are left to it."""
    query = select(InquiryRow).where(col(InquiryRow.basis_until) <= now, col(InquiryRow.erased_at).is_(None))
    first = query.order_by(col(InquiryRow.basis_until)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


def subject_of(row: InquiryRow) -> vault.Subject:
    """With what a copy is erased: by itself."""
    return vault.Subject(row.organisation_id, row.id)


async def _closed(session: AsyncSession, row: InquiryRow, part: Part, value: dict[str, Any]) -> bytes | None:
    return await vault.close(session, place=_place(row, part), subject=subject_of(row), value=value)


def _place(row: InquiryRow, part: Part) -> vault.Place:
    return vault.Place("inquiries", f"{row.organisation_id}/{row.id}", part)
