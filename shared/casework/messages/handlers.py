"""What events of a conversation do here."""

from uuid import UUID

from shared.adapters.inbox import Arrival
from shared.casework.messages import store
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals import store as referrals
from shared.contract.events import Event, MessagePosted, MessagesRead
from shared.contract.vocabulary import ReferralAction


async def on_message_posted(arrival: Arrival, event: Event) -> None:
    """Keep what the other side wrote. A message about a referral that the person withdrew is not kept.

    The withdrawal may be here without its referral: where that never came, nothing else would erase the message.
    """
    assert isinstance(event, MessagePosted)
    referral = await referrals.get(
        arrival.work.session, organisation_id=arrival.recipient, referral_id=event.referral_id
    )
    if referral is not None and referral.counterpart_id != arrival.sender:
        return
    if await _is_withdrawn(arrival, event.referral_id):
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


async def _is_withdrawn(arrival: Arrival, referral_id: UUID) -> bool:
    """By either of the two that the message is between."""
    moves = await referrals.moves_of(arrival.work.session, organisation_id=arrival.recipient, referral_id=referral_id)
    parties = (arrival.sender, arrival.recipient)
    return any(move.action == ReferralAction.WITHDRAW and move.author_id in parties for move in moves)


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
