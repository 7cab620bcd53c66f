"""What events do only at shelters: a bed asked for is held; a notice acknowledged is done."""

from services.shelter import store
from services.shelter.domain import RefusalState
from shared.adapters.inbox import Arrival, Handlers
from shared.casework.units.handlers import on_referral_requested_hold_bed
from shared.contract.events import Event, RefusalNoticeAcknowledged
from shared.contract.vocabulary import EventType


async def on_refusal_notice_acknowledged(arrival: Arrival, event: Event) -> None:
    """The police organisation that it went to has read it."""
    assert isinstance(event, RefusalNoticeAcknowledged)
    row = await store.refusal(
        arrival.work.session, organisation_id=arrival.recipient, refusal_id=event.notice_id, lock=True
    )
    if row is not None and row.police_id == arrival.sender and row.state == RefusalState.SENT:
        row.state, row.acknowledged_at = RefusalState.ACKNOWLEDGED, event.at


HANDLERS: Handlers = {
    EventType.REFERRAL_REQUESTED: (on_referral_requested_hold_bed,),
    EventType.REFUSAL_NOTICE_ACKNOWLEDGED: (on_refusal_notice_acknowledged,),
}
