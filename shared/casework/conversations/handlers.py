"""What it does to be told of a preventive conversation: it is kept that it was held (F12)."""

from shared.adapters.inbox import Arrival
from shared.casework.conversations import store
from shared.casework.conversations.tables import ConversationRow
from shared.contract.events import ConversationHeld, Event


async def on_conversation_held(arrival: Arrival, event: Event) -> None:
    """Keep by whom and when."""
    assert isinstance(event, ConversationHeld)
    row = ConversationRow(
        id=event.conversation_id,
        organisation_id=arrival.recipient,
        counterpart_id=arrival.sender,
        referral_id=event.referral_id,
        subject=arrival.grounds.subject,
        held_on=event.held_on,
        created_at=arrival.work.now,
    )
    await store.keep(arrival.work.session, row)
