"""What events of a conversation do here."""

from shared.adapters.inbox import Arrival
from shared.casework.messages import store
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals import store as referrals
from shared.contract.events import Event, MessagePosted, MessagesRead
from shared.contract.vocabulary import ReferralState


async def on_message_posted(arrival: Arrival, event: Event) -> None:
    """Keep what the other side wrote. A message about a referral that the person withdrew is not kept."""
    assert isinstance(event, MessagePosted)
    referral = await referrals.get(
        arrival.work.session, organisation_id=arrival.recipient, referral_id=event.referral_id
    )
    if referral is not None and referral.counterpart_id != arrival.sender:
        return
    if referral is not None and referral.state == ReferralState.WITHDRAWN:
        return
    message = MessageRow(
        id=event.message_id,
        organisation_id=arrival.recipient,
        referral_id=event.referral_id,
        author_id=arrival.sender,
        at=event.at,
    )
    erased = referral is not None and referral.erased_at is not None
    await store.add(arrival.work.session, message, body=None if erased else event.body)


async def on_messages_read(arrival: Arrival, event: Event) -> None:
    """The other side read what we wrote."""
    assert isinstance(event, MessagesRead)
    referral = await referrals.get(
        arrival.work.session, organisation_id=arrival.recipient, referral_id=event.referral_id
    )
    if referral is not None and referral.counterpart_id == arrival.sender:
        await store.were_read(
            arrival.work.session,
            organisation_id=arrival.recipient,
            referral_id=event.referral_id,
            message_ids=event.message_ids,
            at=event.at,
        )
