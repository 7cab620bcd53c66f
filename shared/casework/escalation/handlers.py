"""What a reminder of a referral does at its receiver: an alarm, for the workers first and then for their chief."""

from datetime import timedelta

from shared.adapters.inbox import Arrival
from shared.casework.deadlines.clock import alarm
from shared.casework.escalation import store
from shared.casework.escalation.tables import StepRow
from shared.casework.referrals import store as referrals
from shared.contract.escalation import ANSWERED, SEEN_TO
from shared.contract.events import Event, ReferralReminded
from shared.contract.vocabulary import EscalationStep, ReferralState, Side

ALARMS = {EscalationStep.REMINDER: ANSWERED, EscalationStep.CHIEF: SEEN_TO}


async def on_referral_reminded(arrival: Arrival, event: Event) -> None:
    """Give the alarm that the step asks for, once, while the referral is still unanswered.

    One that overtook its referral does nothing: what has just arrived needs no reminder, and the next step follows.
    """
    assert isinstance(event, ReferralReminded)
    work, mine = arrival.work, arrival.recipient
    referral = await referrals.get(work.session, organisation_id=mine, referral_id=event.referral_id, for_update=True)
    if referral is None or referral.counterpart_id != arrival.sender or referral.side != Side.RECEIVER:
        return
    step = StepRow(
        organisation_id=mine,
        referral_id=event.referral_id,
        step=event.step,
        side=Side.RECEIVER,
        row=event.row,
        calendar_version=work.node.calendar.version,
        due_at=event.at,
        done_at=work.now,
    )
    if not await store.note_arrival(work.session, row=step) or referral.state != ReferralState.REQUESTED:
        return
    kind = ALARMS.get(event.step)
    if kind is not None:
        work.session.add(alarm(work, organisation_id=mine, kind=kind, concerning=referral.id, within=timedelta()))
