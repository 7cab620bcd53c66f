"""What an acknowledgement does: the notice is done."""

from services.shelter.refusals import store
from services.shelter.refusals.domain import RefusalState
from shared.adapters.inbox import Arrival
from shared.contract.events import Event, RefusalNoticeAcknowledged


async def on_refusal_notice_acknowledged(arrival: Arrival, event: Event) -> None:
    """The police organisation that it went to has read it."""
    assert isinstance(event, RefusalNoticeAcknowledged)
    row = await store.refusal(
        arrival.work.session, organisation_id=arrival.recipient, refusal_id=event.notice_id, lock=True
    )
    if row is not None and row.police_id == arrival.sender and row.state == RefusalState.SENT:
        row.state, row.acknowledged_at = RefusalState.ACKNOWLEDGED, event.at
