"""Whom a referral is about, as the organisation itself knows them; and who protects a person now."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.outbox import Work
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.tables import ReferralRow
from shared.contract.orders import PROTECTORS
from shared.contract.vocabulary import ReferralState

HELPS = (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)


async def person_of_referral(
    session: AsyncSession, *, organisation_id: str, referral_id: UUID | None, counterpart: str | None = None
) -> UUID | None:
    """Our own record of whom a referral is about: whom we referred, or who was taken over from it. None: unknown.

    `counterpart`: only if the other side of the referral is that organisation.
    """
    if referral_id is None:
        return None
    mine = select(ReferralRow).where(ReferralRow.organisation_id == organisation_id, ReferralRow.id == referral_id)
    referral = (await session.exec(mine)).first()
    if referral is None or counterpart not in (None, referral.counterpart_id):
        return None
    if referral.person_id is not None:
        return referral.person_id
    taken = PersonRow.organisation_id == organisation_id, PersonRow.taken_from == referral_id
    return (await session.exec(select(PersonRow.id).where(*taken))).first()


async def referral_with(
    session: AsyncSession, *, organisation_id: str, person_id: UUID | None, counterpart: str
) -> ReferralRow | None:
    """The newest referral by which another organisation helps a person of ours now, one way or the other."""
    if person_id is None:
        return None
    helping = await _helping(session, organisation_id, [person_id])
    return next((row for row, _ in helping if row.counterpart_id == counterpart), None)


async def protecting(
    work: Work, *, organisation_id: str, person_ids: Collection[UUID]
) -> list[tuple[ReferralRow, UUID]]:
    """Of each organisation that protects one of these persons now, and can be reached: the newest referral, and whom it
    is about. Such a referral has been taken on and has not ended; it is one of theirs to us, or of ours to them."""
    newest: dict[str, tuple[ReferralRow, UUID]] = {}
    for referral, person in await _helping(work.session, organisation_id, person_ids):
        there, trust = referral.counterpart_id, work.node.trust
        if trust.node_of(there) is not None and trust.party(there).agency in PROTECTORS:
            newest.setdefault(there, (referral, person))
    return list(newest.values())


async def _helping(
    session: AsyncSession, organisation_id: str, person_ids: Collection[UUID]
) -> list[tuple[ReferralRow, UUID]]:
    whom = select(PersonRow).where(PersonRow.organisation_id == organisation_id, col(PersonRow.id).in_(person_ids))
    taken = {row.taken_from: row.id for row in (await session.exec(whom)).all() if row.taken_from is not None}
    query = select(ReferralRow).where(
        ReferralRow.organisation_id == organisation_id,
        or_(col(ReferralRow.person_id).in_(person_ids), col(ReferralRow.id).in_(list(taken))),
        col(ReferralRow.state).in_(HELPS),
    )
    rows = (await session.exec(query.order_by(col(ReferralRow.created_at).desc(), col(ReferralRow.id)))).all()
    return [(row, row.person_id or taken[row.id]) for row in rows]
