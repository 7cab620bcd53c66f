"""What a warning from the police does at who protects somebody."""

from shared.adapters.inbox import Arrival
from shared.casework.referrals.whom import person_of_referral
from shared.casework.warnings import store
from shared.casework.warnings.tables import WarningRow
from shared.contract.events import Event, RepetitionWarned
from shared.contract.vocabulary import Pattern


async def on_repetition_warned(arrival: Arrival, event: Event) -> None:
    """Keep it, with the referral by which both know whom it is about (F18)."""
    assert isinstance(event, RepetitionWarned)
    work, mine = arrival.work, arrival.recipient
    known_by = {"organisation_id": mine, "referral_id": event.referral_id}
    row = WarningRow(
        id=event.warning_id,
        organisation_id=mine,
        counterpart_id=arrival.sender,
        pattern=event.pattern or Pattern.INCIDENTS,
        person_id=await person_of_referral(work.session, **known_by, counterpart=arrival.sender),  # type: ignore[arg-type]  # a literal
        referral_id=event.referral_id,
        trigger_id=event.warning_id,
        times=event.times or 1,
        first_on=event.first_on,
        last_on=event.last_on,
        created_at=work.now,
        updated_at=work.now,
    )
    await store.add(work.session, row)
