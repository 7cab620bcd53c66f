"""SQL for referrals. Every function names the organisation: another one's referral does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.casework.referrals.tables import MoveRow, ReferralRow
from shared.contract.events import ReferralRequested
from shared.contract.grounds import CourtDecision, Grounds, Handling
from shared.contract.vocabulary import ReferralAction, Side
from shared.contract.vocabulary import ReferralState as State

_MOVES = (
    select(MoveRow)
    .where(col(MoveRow.organisation_id) == bindparam("its_organisation"))
    .where(col(MoveRow.referral_id) == bindparam("its_referral"))
    .order_by(col(MoveRow.version), col(MoveRow.side))
)
PROOF = {"receipt", "emergency", "anonymous"}
BATCH = 100
ACCEPTED = (State.ACCEPTED, State.IN_PROGRESS, State.COMPLETED, State.FAILED)
ANSWERED = (*ACCEPTED, State.DECLINED, State.REDIRECTED)


@dataclass(frozen=True)
class Parties:
    """Whose copy it is, who the other side is, and whom it is about where that is known here."""

    ours: str
    theirs: str
    person_id: UUID | None = None


async def get(
    session: AsyncSession, *, organisation_id: str, referral_id: UUID, for_update: bool = False
) -> ReferralRow | None:
    """The organisation's copy, or None; locked if it will be changed."""
    return await one(session, ReferralRow, organisation_id=organisation_id, id_=referral_id, for_update=for_update)


async def copied(
    session: AsyncSession,
    *,
    event: ReferralRequested,
    grounds: Grounds,
    side: Side,
    parties: Parties,
    now: datetime,
    handling: Handling | None = None,
    wish: dict[str, Any] | None = None,
) -> ReferralRow:
    """A side's copy of what crossed, to be added, with what proves its basis; the receiver's also with its handling
    label.

    `wish`: at its sender, where the person was and which places to avoid. It never leaves.
    """
    row = ReferralRow(
        id=event.referral_id,
        organisation_id=parties.ours,
        side=side,
        counterpart_id=parties.theirs,
        person_id=parties.person_id,
        replaces=event.replaces,
        purpose=event.purpose,
        subject=event.subject,
        basis=grounds.basis,
        consent_id=grounds.consent.id if grounds.consent else None,
        proof=grounds.model_dump(mode="json", include=PROOF, exclude_defaults=True),
        handling=handling.model_dump(mode="json") if handling else None,
        basis_until=None if grounds.consent else grounds.until,
        hold=event.hold,
        hold_state="asked" if event.hold else None,
        created_at=now,
        updated_at=now,
    )
    await put_content(session, row, event.model_dump(mode="json"))
    row.court = await _court_sealed(session, row, grounds.court)
    row.wish = await _wish_sealed(session, row, wish)
    return row


async def put_content(
    session: AsyncSession, row: ReferralRow, content: dict[str, Any], *, retained: bool = False
) -> None:
    """Seal what crossed under the referral's key; what retention keeps of it under another, which outlives that."""
    subject = vault.Subject(row.organisation_id, retained_id(row.id) if retained else row.id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=content)


async def contents(session: AsyncSession, rows: Sequence[ReferralRow]) -> list[dict[str, Any] | None]:
    """What crossed, or None where it was erased."""
    return await vault.open_all(session, [(_place(row), row.sealed) for row in rows])


async def _court_sealed(session: AsyncSession, row: ReferralRow, court: CourtDecision | None) -> bytes | None:
    """A court's decision, under the referral's key: its number names a person's case."""
    if court is None:
        return None
    subject = vault.Subject(row.organisation_id, row.id)
    return await vault.close(session, place=_place(row, "court"), subject=subject, value=court.model_dump(mode="json"))


async def court_of(session: AsyncSession, row: ReferralRow) -> CourtDecision | None:
    """The court's decision that a copy rests on, or None where there is none, or it was erased."""
    found = await vault.open_(session, place=_place(row, "court"), sealed=row.court)
    return None if found is None else CourtDecision.model_validate(found)


async def _wish_sealed(session: AsyncSession, row: ReferralRow, wish: dict[str, Any] | None) -> bytes | None:
    if wish is None:
        return None
    subject = vault.Subject(row.organisation_id, row.id)
    return await vault.close(session, place=_place(row, "wish"), subject=subject, value=wish)


async def wish_of(session: AsyncSession, row: ReferralRow) -> dict[str, Any] | None:
    """The same, or None where it was erased, or none was kept."""
    wish: dict[str, Any] | None = await vault.open_(session, place=_place(row, "wish"), sealed=row.wish)
    return wish


async def answers(session: AsyncSession, *, organisation_id: str, since: datetime) -> dict[str, tuple[int, int]]:
    """Of what this organisation sent since then, by counterpart: (accepted, answered)."""
    state = col(ReferralRow.state)
    accepted, answered = func.count().filter(state.in_(ACCEPTED)), func.count().filter(state.in_(ANSWERED))
    query = select(ReferralRow.counterpart_id, accepted, answered).where(
        ReferralRow.organisation_id == organisation_id, ReferralRow.side == Side.SENDER, ReferralRow.created_at >= since
    )
    return {theirs: (yes, all_) for theirs, yes, all_ in await session.exec(query.group_by(ReferralRow.counterpart_id))}


def retained_id(referral_id: UUID) -> UUID:
    """Under which id retention keeps what it keeps of a referral."""
    return uuid5(referral_id, "retained")


def _place(row: ReferralRow, column: str = "sealed") -> vault.Place:
    return vault.Place("referrals", f"{row.organisation_id}/{row.id}", column)


async def about(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[ReferralRow]:
    """The referrals that this organisation sent about a person of its own, locked."""
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id, ReferralRow.person_id == person_id, ReferralRow.side == "sender"
    )
    return (await session.exec(query.order_by(col(ReferralRow.id)).with_for_update())).all()


async def page(
    session: AsyncSession, *, organisation_id: str, side: str, state: str | None, cursor: str | None, limit: int
) -> Sequence[ReferralRow]:
    """Up to limit + 1 copies of a box, newest first."""
    at, row_id = col(ReferralRow.created_at), col(ReferralRow.id)
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id, ReferralRow.side == side, *paging.behind(cursor, at, row_id)
    )
    if state is not None:
        query = query.where(ReferralRow.state == state)
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def resting_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[ReferralRow]:
    """The copies here, of either side, that rest on a consent and still hold what it opened, locked."""
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id,
        ReferralRow.consent_id == consent_id,
        col(ReferralRow.erased_at).is_(None),
    )
    return (await session.exec(query.order_by(col(ReferralRow.id)).with_for_update())).all()


async def run_out(session: AsyncSession, *, now: datetime) -> Sequence[ReferralRow]:
    """Copies on what is over by itself, not erased yet, locked; another worker's are left to it."""
    query = select(ReferralRow).where(col(ReferralRow.basis_until) <= now, col(ReferralRow.erased_at).is_(None))
    first = query.order_by(col(ReferralRow.basis_until)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


async def on_emergency(session: AsyncSession, *, organisation_id: str, emergency_id: UUID) -> Sequence[ReferralRow]:
    """The copies here, of either side, that rest on a declared emergency and still hold what it opened, locked."""
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id,
        col(ReferralRow.proof).contains({"emergency": {"id": str(emergency_id)}}),
        col(ReferralRow.erased_at).is_(None),
    )
    return (await session.exec(query.order_by(col(ReferralRow.id)).with_for_update())).all()


async def sent_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[ReferralRow]:
    """The referrals that this organisation sent on a consent and that are not withdrawn yet, locked."""
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id,
        ReferralRow.consent_id == consent_id,
        ReferralRow.side == "sender",
        ReferralRow.state != "withdrawn",
    )
    return (await session.exec(query.order_by(col(ReferralRow.id)).with_for_update())).all()


async def moves_of(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> Sequence[MoveRow]:
    """All moves of both sides that are known here, in the order of their versions."""
    of = {"its_organisation": organisation_id, "its_referral": referral_id}
    return (await session.exec(_MOVES, params=of)).all()


async def add_move(session: AsyncSession, move: MoveRow, *, text: str | None) -> None:
    """Keep a move, its text under the referral's key; one that is here already stays as it is.

    Unless the same author says later that it was another one: it was restored from a copy that did not know the first,
    and acted anew. A withdrawal stays, whatever its author forgot.
    """
    if text is not None:
        subject = vault.Subject(move.organisation_id, move.referral_id)
        move.sealed = await vault.close(session, place=_move_place(move), subject=subject, value=text)
    row = insert(MoveRow).values(**move.model_dump())
    later = (row.excluded.at > MoveRow.at) & (col(MoveRow.action) != ReferralAction.WITHDRAW)
    said = {name: row.excluded[name] for name in ("action", "reason", "sealed", "suggested", "at")}
    await session.exec(row.on_conflict_do_update(constraint="referral_moves_pkey", set_=said, where=later))


async def texts(session: AsyncSession, rows: Sequence[MoveRow]) -> list[str | None]:
    """What was written with moves, or None where nothing was, or it was erased."""
    return await vault.open_all(session, [(_move_place(row), row.sealed) for row in rows])


def _move_place(row: MoveRow) -> vault.Place:
    key = (row.organisation_id, row.referral_id, row.version, row.side, row.author_id)
    return vault.Place("referral_moves", "/".join(str(part) for part in key))


async def forget_texts(session: AsyncSession, *, organisation_id: str, referral_id: UUID) -> None:
    """Empty the free texts of a referral's moves."""
    mine = (col(MoveRow.organisation_id) == organisation_id, col(MoveRow.referral_id) == referral_id)
    await session.exec(update(MoveRow).where(*mine).values(sealed=None))
