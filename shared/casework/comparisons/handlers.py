"""What the other side's steps do here. What came late, twice, or crossed a step of ours changes nothing."""

import asyncio

from shared.adapters import blinding
from shared.adapters.inbox import Arrival
from shared.adapters.outbox import Work
from shared.casework.comparisons import store
from shared.casework.comparisons.steps import OVER, close, finish, give_up, learn, note_step
from shared.casework.comparisons.store import Material
from shared.casework.comparisons.tables import ComparisonRow
from shared.casework.comparisons.taking_part import pair, too_often
from shared.casework.deadlines.clock import business_day_deadline
from shared.contract.calendar import local_day
from shared.contract.comparisons import ANSWER, ComparisonState, PairRow, after, limits
from shared.contract.events import Event, RegisterCompared
from shared.contract.vocabulary import ComparisonEnd, ComparisonStep, Side


async def on_register_compared(arrival: Arrival, event: Event) -> None:
    """Take a step of the other side's (F11): be asked, learn and tell, learn, or give up."""
    assert isinstance(event, RegisterCompared)
    work, mine = arrival.work, arrival.recipient
    row = await store.get(work.session, organisation_id=mine, comparison_id=event.comparison_id, for_update=True)
    if row is None:
        await _begin(arrival, event)
        return
    theirs = Side.RECEIVER if row.side == Side.SENDER else Side.SENDER
    known = (row.counterpart_id, row.kind, row.their_kind)
    if known != (arrival.sender, event.their_kind, event.kind):
        return
    if after(ComparisonState(row.state), theirs, event.step) is None:
        return
    if event.step in OVER:
        await finish(work, row, OVER[event.step], event.end)
    else:
        await _go_on(work, row, event)


async def _begin(arrival: Arrival, event: RegisterCompared) -> None:
    """We are asked. What can't be is declined at once; that the opener aborted may be here before that it opened."""
    if event.step not in (ComparisonStep.OPENED, ComparisonStep.ABORTED):
        return
    work = arrival.work
    row = ComparisonRow(
        id=event.comparison_id,
        organisation_id=arrival.recipient,
        side=Side.RECEIVER,
        counterpart_id=arrival.sender,
        kind=event.their_kind,
        their_kind=event.kind,
        state=ComparisonState.OPENED,
        opened_at=work.now,
    )
    work.session.add(row)
    if event.step is ComparisonStep.ABORTED:
        await finish(work, row, ComparisonState.ABORTED, event.end)
        return
    allowed, _ = await pair(work, row)
    objection = await _objection(work, row, event, allowed)
    if objection is not None:
        await give_up(work, row, ComparisonStep.DECLINED, objection, allowed)
        return
    await store.keep(work.session, row, Material(theirs=event.tokens))
    days = limits(local_day(work.now)).answer_days
    due = {"organisation_id": row.organisation_id, "concerning": row.id, "happened_at": work.now, "days": days}
    work.session.add(business_day_deadline(work, kind=ANSWER, **due))  # type: ignore[arg-type]  # a literal
    await note_step(work, row)


async def _objection(
    work: Work, row: ComparisonRow, event: RegisterCompared, allowed: PairRow | None
) -> ComparisonEnd | None:
    if allowed is None:
        return ComparisonEnd.NOT_COMPARABLE
    if await too_often(work, row):
        return ComparisonEnd.TOO_OFTEN
    try:
        points = blinding.read(event.tokens, sizes=limits(local_day(work.now)).sizes)
        await asyncio.to_thread(blinding.check, points)
    except ValueError:
        return ComparisonEnd.MALFORMED
    row.their_size = len(points)
    return None


async def _go_on(work: Work, row: ComparisonRow, event: RegisterCompared) -> None:
    """The opener learns and closes, the answerer learns; neither from what is no set of tokens."""
    allowed, _ = await pair(work, row)
    fault = ComparisonEnd.MALFORMED
    try:
        if row.side == Side.RECEIVER:
            await learn(work, row, allowed, event)
            return
        if allowed is not None and await close(work, row, allowed, event):
            return
        fault = ComparisonEnd.NOT_COMPARABLE
    except ValueError:
        pass
    if row.side == Side.SENDER:
        await give_up(work, row, ComparisonStep.ABORTED, fault, allowed)
    else:
        await finish(work, row, ComparisonState.ABORTED, fault)
