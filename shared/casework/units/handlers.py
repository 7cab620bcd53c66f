"""What a referral that asks for a bed does where there are beds."""

from datetime import timedelta

from shared.adapters.database import STATE_CHANNEL, notify
from shared.adapters.inbox import Arrival
from shared.adapters.outbox import emit
from shared.casework.directory import store as directory
from shared.casework.referrals import moves
from shared.casework.referrals import store as referrals
from shared.casework.units import store
from shared.casework.units.tables import HoldRow
from shared.contract.events import BedHoldAnswered, Event, ReferralRequested
from shared.contract.vocabulary import ReferralState


async def on_referral_requested_hold_bed(arrival: Arrival, event: Event) -> None:
    """Hold the first free place of the kind asked for, and tell the sender whether there was one."""
    assert isinstance(event, ReferralRequested)
    if event.hold is None:
        return
    work = arrival.work
    referral = await referrals.get(
        work.session, organisation_id=arrival.recipient, referral_id=event.referral_id, for_update=True
    )
    if referral is None or referral.state != ReferralState.REQUESTED or referral.hold_state != "asked":
        return
    hold = await _hold(arrival, event)
    referral.hold_state = "held" if hold else "refused"
    referral.held_until = hold.until if hold else None
    answer = BedHoldAnswered(referral_id=event.referral_id, held=hold is not None, until=referral.held_until)
    await emit(work, await moves.outgoing(work, referral, answer))


async def _hold(arrival: Arrival, event: ReferralRequested) -> HoldRow | None:
    session, now = arrival.work.session, arrival.work.now
    organisation = await directory.get(session, organisation_id=arrival.recipient)
    minutes = organisation.hold_minutes if organisation is not None else 90
    for unit in await store.units_of(session, organisation_id=arrival.recipient, kind=event.hold, lock=True):
        if (await store.places(session, unit=unit, now=now)).free > 0:
            hold = HoldRow(
                organisation_id=arrival.recipient,
                referral_id=event.referral_id,
                unit=unit.unit,
                held_at=now,
                until=now + timedelta(minutes=minutes),
            )
            session.add(hold)
            unit.revision += 1
            await session.flush()
            notify(session, STATE_CHANNEL)
            return hold
    return None
