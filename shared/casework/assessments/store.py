"""SQL for joint assessments. Every function names the organisation: another one's does not exist."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.assessments.tables import AssessmentRow, InvitationRow, SignatureRow


async def get(
    session: AsyncSession, *, organisation_id: str, assessment_id: UUID, lock: bool = False
) -> AssessmentRow | None:
    """The organisation's copy, or None; locked if it will be changed."""
    query = select(AssessmentRow).where(
        AssessmentRow.id == assessment_id, AssessmentRow.organisation_id == organisation_id
    )
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[AssessmentRow]:
    """Up to limit + 1 copies, newest first."""
    at, row_id = col(AssessmentRow.created_at), col(AssessmentRow.id)
    query = select(AssessmentRow).where(
        AssessmentRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def resting_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[AssessmentRow]:
    """What rests on a consent here and has not ended, locked."""
    query = select(AssessmentRow).where(
        AssessmentRow.organisation_id == organisation_id,
        AssessmentRow.consent_id == consent_id,
        col(AssessmentRow.ended_at).is_(None),
    )
    return (await session.exec(query.order_by(col(AssessmentRow.id)).with_for_update())).all()


async def about(
    session: AsyncSession, *, organisation_id: str, person_id: UUID, referral_ids: Collection[UUID]
) -> Sequence[AssessmentRow]:
    """What is about a person here and has not ended, locked: proposed here, or known by one of these referrals."""
    whom = (col(AssessmentRow.person_id) == person_id) | col(AssessmentRow.referral_id).in_(referral_ids)
    query = select(AssessmentRow).where(
        AssessmentRow.organisation_id == organisation_id, whom, col(AssessmentRow.ended_at).is_(None)
    )
    return (await session.exec(query.order_by(col(AssessmentRow.id)).with_for_update())).all()


async def add(session: AsyncSession, row: AssessmentRow) -> AssessmentRow:
    """A copy that is new here, or the one that another worker has added meanwhile; locked."""
    values = insert(AssessmentRow).values(**row.model_dump()).on_conflict_do_nothing()
    await session.exec(values)
    mine = (AssessmentRow.id == row.id, AssessmentRow.organisation_id == row.organisation_id)
    return (await session.exec(select(AssessmentRow).where(*mine).with_for_update())).one()


async def invitations(
    session: AsyncSession, *, organisation_id: str, assessment_ids: Collection[UUID]
) -> Sequence[InvitationRow]:
    """Who is invited to these."""
    query = select(InvitationRow).where(
        InvitationRow.organisation_id == organisation_id, col(InvitationRow.assessment_id).in_(assessment_ids)
    )
    return (await session.exec(query.order_by(col(InvitationRow.seat)))).all()


async def signatures(
    session: AsyncSession, *, organisation_id: str, assessment_ids: Collection[UUID]
) -> Sequence[SignatureRow]:
    """Who has signed which round of these."""
    query = select(SignatureRow).where(
        SignatureRow.organisation_id == organisation_id, col(SignatureRow.assessment_id).in_(assessment_ids)
    )
    return (await session.exec(query.order_by(col(SignatureRow.signed_at), col(SignatureRow.seat)))).all()


async def ask_again(session: AsyncSession, row: AssessmentRow) -> None:
    """What was answered to the round before counts no longer."""
    mine = (col(InvitationRow.assessment_id) == row.id, col(InvitationRow.organisation_id) == row.organisation_id)
    unsaid = {"answer": None, "suggests": None, "answered_at": None, "sealed": None}
    await session.exec(update(InvitationRow).where(*mine).values(**unsaid))


async def sign(session: AsyncSession, row: SignatureRow, *, challenging: bool) -> bool:
    """Keep a signature; whether it is the first of this seat to this round."""
    said = {"challenging": challenging}
    row.sealed = await vault.close(session, place=_signed(row), subject=_subject(row), value=said)
    values = insert(SignatureRow).values(**row.model_dump()).on_conflict_do_nothing()
    return (await session.exec(values.returning(col(SignatureRow.seat)))).first() is not None


async def seal(session: AsyncSession, row: AssessmentRow, where: dict[str, Any]) -> None:
    """Where the officer is met, and by which number."""
    row.sealed = await vault.close(session, place=_place(row), subject=subject(row), value=where)


async def seal_outcome(session: AsyncSession, row: AssessmentRow, said: dict[str, Any]) -> None:
    """What it came to."""
    row.outcome = await vault.close(session, place=_place(row, "outcome"), subject=subject(row), value=said)


async def seal_number(session: AsyncSession, row: InvitationRow, call_back: str | None) -> None:
    """By which number who is invited can be called."""
    place = vault.Place("assessment_invitations", f"{row.assessment_id}/{row.invited_id}")
    row.sealed = await vault.close(session, place=place, subject=_subject(row), value=call_back) if call_back else None


async def opened(session: AsyncSession, rows: Sequence[AssessmentRow]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Of each, where the officer is met, and what it came to: empty where that is not known, or was erased."""
    where = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    outcomes = await vault.open_all(session, [(_place(row, "outcome"), row.outcome) for row in rows])
    return [(one or {}, other or {}) for one, other in zip(where, outcomes, strict=True)]


async def numbers(session: AsyncSession, rows: Sequence[InvitationRow]) -> list[str | None]:
    """By which number each can be called."""
    places = [vault.Place("assessment_invitations", f"{row.assessment_id}/{row.invited_id}") for row in rows]
    return await vault.open_all(session, list(zip(places, [row.sealed for row in rows], strict=True)))


async def signed(session: AsyncSession, rows: Sequence[SignatureRow]) -> list[bool | None]:
    """What each signed; None where that was erased."""
    opened_ = await vault.open_all(session, [(_signed(row), row.sealed) for row in rows])
    return [None if one is None else bool(one["challenging"]) for one in opened_]


async def forget(session: AsyncSession, row: AssessmentRow) -> None:
    """No copy of sealed text stays in the rows either."""
    row.sealed = row.outcome = None
    for table in (InvitationRow, SignatureRow):
        mine = (col(table.assessment_id) == row.id, col(table.organisation_id) == row.organisation_id)
        await session.exec(update(table).where(*mine).values(sealed=None))


def subject(row: AssessmentRow) -> vault.Subject:
    """Whose key seals it: the assessment stands for itself."""
    return vault.Subject(row.organisation_id, row.id)


def _subject(row: InvitationRow | SignatureRow) -> vault.Subject:
    return vault.Subject(row.organisation_id, row.assessment_id)


def _place(row: AssessmentRow, column: str = "sealed") -> vault.Place:
    return vault.Place("assessments", f"{row.organisation_id}/{row.id}", column)


def _signed(row: SignatureRow) -> vault.Place:
    key = f"{row.assessment_id}/{row.organisation_id}/{row.round}/{row.seat}"
    return vault.Place("assessment_signatures", key)
