"""What a refusal notice does at the police."""

from services.police.refusal_notices import store
from services.police.refusal_notices.tables import RefusalNoticeRow
from shared.adapters.inbox import Arrival
from shared.contract.events import Event, RefusalNoticeIssued


async def on_refusal_notice_issued(arrival: Arrival, event: Event) -> None:
    """Keep the notice (F3)."""
    assert isinstance(event, RefusalNoticeIssued)
    if (
        await store.notice(arrival.work.session, organisation_id=arrival.recipient, notice_id=event.notice_id)
        is not None
    ):
        return
    row = RefusalNoticeRow(
        id=event.notice_id,
        organisation_id=arrival.recipient,
        shelter_id=arrival.sender,
        refused_on=event.refused_on,
        due_on=event.due_on,
        police_may=list(event.police_may),
        received_at=arrival.work.now,
    )
    arrival.work.session.add(row)
