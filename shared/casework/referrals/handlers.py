"""What events about referrals do here."""

from shared.adapters import vault
from shared.adapters.inbox import Arrival
from shared.casework.consents import store as consents
from shared.casework.referrals import moves, store
from shared.casework.walls.noticing import notice_referral
from shared.contract.events import BedHoldAnswered, Event, ReferralMoved, ReferralRequested
from shared.contract.vocabulary import Side


async def on_referral_requested(arrival: Arrival, event: Event) -> None:
    """Keep our copy, with the consent it relies on. Moves that came before it take effect now."""
    assert isinstance(event, ReferralRequested)
    work, consent = arrival.work, arrival.grounds.consent
    if await store.get(work.session, organisation_id=arrival.recipient, referral_id=event.referral_id) is not None:
        return
    if consent is not None:
        await consents.remember(work.session, organisation_id=arrival.recipient, consent=consent)
    parties = store.Parties(ours=arrival.recipient, theirs=arrival.sender)
    await vault.begin(work.session, vault.Subject(arrival.recipient, event.referral_id))
    referral = await store.copied(
        work.session,
        event=event,
        grounds=arrival.grounds,
        side=Side.RECEIVER,
        parties=parties,
        now=work.now,
        handling=arrival.handling,
    )
    came_before = await store.moves_of(work.session, organisation_id=arrival.recipient, referral_id=referral.id)
    work.session.add(referral)
    await notice_referral(work, referral, event)
    await moves.fold(work, referral, came_before)


async def on_referral_moved(arrival: Arrival, event: Event) -> None:
    """The other side acted."""
    assert isinstance(event, ReferralMoved)
    await moves.learn(arrival.work, organisation_id=arrival.recipient, counterpart=arrival.sender, event=event)


async def on_bed_hold_answered(arrival: Arrival, event: Event) -> None:
    """The place that we asked for is held, or there is none. Answered once: a late word brings back nothing."""
    assert isinstance(event, BedHoldAnswered)
    referral = await store.get(
        arrival.work.session, organisation_id=arrival.recipient, referral_id=event.referral_id, for_update=True
    )
    if referral is None or referral.counterpart_id != arrival.sender or referral.side != Side.SENDER:
        return
    if referral.hold_state != "asked":
        return
    referral.hold_state = "held" if event.held else "refused"
    referral.held_until = event.until
    referral.revision += 1
