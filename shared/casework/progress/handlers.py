"""What the receiver of a referral tells us of it is kept, the newest of each plan and each session."""

from uuid import UUID

from shared.adapters.inbox import Arrival
from shared.casework.consents import store as consents
from shared.casework.progress import store
from shared.casework.progress.tables import ProgressRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.contract.events import Event, PlanProgressed, ProgrammeAttended
from shared.contract.vocabulary import ReferralState, Side


async def on_plan_progressed(arrival: Arrival, event: Event) -> None:
    """How the plan goes that we asked for (F5)."""
    assert isinstance(event, PlanProgressed)
    await _keep(arrival, event, "plan", event.plan_id)


async def on_programme_attended(arrival: Arrival, event: Event) -> None:
    """Whether whom we referred came (F7)."""
    assert isinstance(event, ProgrammeAttended)
    await _keep(arrival, event, "attendance", event.attendance_id)


async def _keep(arrival: Arrival, event: PlanProgressed | ProgrammeAttended, kind: str, progress_id: UUID) -> None:
    """Unless something newer is here. Nobody is told of a referral but its sender, by its receiver, for its purpose."""
    session, mine, grounds = arrival.work.session, arrival.recipient, arrival.grounds
    referral = await referrals.get(session, organisation_id=mine, referral_id=event.referral_id, for_update=True)
    if referral is None or not _is_from(referral, arrival):
        return
    row = await store.get(session, organisation_id=mine, progress_id=progress_id)
    if row is not None and (row.referral_id != referral.id or row.revision >= event.revision):
        return
    if grounds.consent is not None:
        await consents.remember(session, organisation_id=mine, consent=grounds.consent)
    row = row or ProgressRow(
        id=progress_id,
        organisation_id=mine,
        kind=kind,
        referral_id=referral.id,
        counterpart_id=arrival.sender,
        purpose=referral.purpose,
        subject=referral.subject,
        basis=grounds.basis,
        revision=event.revision,
        at=event.at,
        received_at=arrival.work.now,
    )
    row.revision, row.at, row.received_at = event.revision, event.at, arrival.work.now
    await store.keep(session, row, event=event, grounds=grounds)


def _is_from(referral: ReferralRow, arrival: Arrival) -> bool:
    ours = referral.side == Side.SENDER and referral.state != ReferralState.WITHDRAWN
    theirs = referral.counterpart_id == arrival.sender
    about = (arrival.grounds.purpose, arrival.grounds.subject)
    return ours and theirs and about == (referral.purpose, referral.subject)
