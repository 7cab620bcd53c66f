"""What events about reports do: at the police a report is kept, elsewhere it reads as registered."""

from shared.adapters.inbox import Arrival
from shared.adapters.outbox import Work
from shared.casework.consents import store as consents
from shared.casework.deadlines import store as deadlines
from shared.casework.deadlines.clock import alarm
from shared.casework.referrals.store import Parties
from shared.casework.reports import store
from shared.contract.decisions import owed
from shared.contract.events import AdmissionReported, Event, ViolenceReported, ViolenceReportRegistered
from shared.contract.reporting import REGISTERED, limit
from shared.contract.vocabulary import Side


async def on_reported(arrival: Arrival, event: Event) -> None:
    """Keep our copy, with the consent it relies on, and set the alarm for its registration (F6, F15)."""
    assert isinstance(event, ViolenceReported | AdmissionReported)
    work, mine, grounds = arrival.work, arrival.recipient, arrival.grounds
    if await store.get(work.session, organisation_id=mine, report_id=event.report_id) is not None:
        return
    if grounds.consent is not None:
        await consents.remember(work.session, organisation_id=mine, consent=grounds.consent)
    agencies = {"sender": work.node.trust.party(arrival.sender).agency, "recipient": work.node.agency}
    row = await store.keep(
        work.session,
        event=event,
        grounds=grounds,
        side=Side.RECEIVER,
        parties=Parties(ours=mine, theirs=arrival.sender),
        duty=owed(event.type, **agencies, subject=grounds.subject, at=work.now),
        now=work.now,
    )
    within = limit(REGISTERED, work.now)
    work.session.add(alarm(work, organisation_id=mine, kind=REGISTERED, concerning=row.id, within=within))


async def on_violence_report_registered(arrival: Arrival, event: Event) -> None:
    """The police organisation that it went to has registered it."""
    assert isinstance(event, ViolenceReportRegistered)
    session, mine = arrival.work.session, arrival.recipient
    row = await store.get(session, organisation_id=mine, report_id=event.report_id, for_update=True)
    if row is None or row.counterpart_id != arrival.sender or row.side != Side.SENDER:
        return
    row.registered_at = row.registered_at or event.registered_at
    row.received_at = row.received_at or arrival.work.now
    await deadlines.meet(session, organisation_id=mine, concerning=row.id, at=arrival.work.now)


async def learn_receipts(work: Work) -> int:
    """Reports whose receiver has committed them read as received, and need no alarm any more; how many that were."""
    rows = await store.receipted(work.session)
    for row, at in rows:
        row.received_at = at
        await deadlines.meet(work.session, organisation_id=row.organisation_id, concerning=row.id, at=at)
    return len(rows) + await _learn_refusals(work)


async def _learn_refusals(work: Work) -> int:
    """One that its receiver refused reads so, with the rule. It was not received: its alarm stays."""
    rows = await store.turned_away(work.session)
    for row, rule, at in rows:
        row.refused_at, row.refused_by = at, rule
    return len(rows)
