"""The steps of a comparison that one side takes, each in one transaction with what it tells the other."""

import asyncio
from base64 import b64decode, b64encode
from typing import Any

from shared.adapters import blinding
from shared.adapters.audit import Action, record
from shared.adapters.outbox import Outgoing, Work, account_for, emit
from shared.casework.comparisons import store
from shared.casework.comparisons.due import was_compared
from shared.casework.comparisons.store import Material
from shared.casework.comparisons.tables import ComparisonRow
from shared.casework.comparisons.taking_part import Iins, blinded
from shared.casework.deadlines import store as deadlines
from shared.casework.registers import store as registers
from shared.casework.registers.tables import RegisterMatchRow
from shared.contract.calendar import local_day
from shared.contract.comparisons import ComparisonState, PairRow, grounds_of, limits
from shared.contract.decisions import Decision
from shared.contract.events import RegisterCompared
from shared.contract.vocabulary import ComparisonEnd, ComparisonStep, RegisterKind

OVER = {ComparisonStep.DECLINED: ComparisonState.DECLINED, ComparisonStep.ABORTED: ComparisonState.ABORTED}


async def open_(work: Work, row: ComparisonRow, allowed: PairRow, iins: Iins) -> Decision:
    """Tell the other side our entries, blinded once. What the policy does not let leave was not told."""
    ours = await blinded(row, iins, at=work.now)
    row.entries, row.size = ours.entries, len(ours.places)
    secret = b64encode(ours.blinded.secret).decode()
    await store.keep(work.session, row, Material(secret=secret, places=ours.places))
    tokens = blinding.written(ours.blinded.points)
    emitted = await emit(work, outgoing(row, allowed, said(work, row, ComparisonStep.OPENED, tokens=tokens)))
    return emitted.decision


async def answer(work: Work, row: ComparisonRow, allowed: PairRow, iins: Iins) -> Decision:
    """Tell the opener our entries, blinded once, and its own, blinded again. Our secret is needed for nothing more."""
    kept = await store.material(work.session, row)
    theirs = blinding.read(kept.theirs, sizes=limits(local_day(work.now)).sizes)
    ours = await blinded(row, iins, at=work.now)
    twice = blinding.written(await asyncio.to_thread(blinding.again, ours.blinded.secret, theirs))
    row.entries, row.size = ours.entries, len(ours.places)
    row.state, row.answered_at = ComparisonState.ANSWERED, work.now
    await store.keep(work.session, row, Material(places=ours.places, theirs=twice))
    event = said(work, row, ComparisonStep.ANSWERED, tokens=blinding.written(ours.blinded.points), twice=twice)
    emitted = await emit(work, outgoing(row, allowed, event))
    await deadlines.meet(work.session, organisation_id=row.organisation_id, concerning=row.id, at=work.now)
    return emitted.decision


async def close(work: Work, row: ComparisonRow, allowed: PairRow | None, answered: RegisterCompared) -> bool:
    """At the opener, once the answer came: learn which of ours the other has, and tell it its part.

    False where policy lets its part leave no more: then nothing is learned here, either. Raises ValueError for what is
    no answer to what was asked.
    """
    kept = await store.material(work.session, row)
    if kept.secret is None or row.size is None:
        raise ValueError(blinding.NO_TOKENS)
    ours_twice = blinding.read(answered.twice, sizes=(row.size,))
    theirs = blinding.read(answered.tokens, sizes=limits(local_day(work.now)).sizes)
    theirs_twice = await asyncio.to_thread(blinding.again, b64decode(kept.secret), theirs)
    row.answered_at, row.their_size = work.now, len(theirs)
    told = outgoing(row, allowed, said(work, row, ComparisonStep.CLOSED, twice=blinding.written(theirs_twice)))
    if (await emit(work, told)).event_id is None:
        return False
    await _compared(work, row, told, blinding.alike(kept.places, ours_twice, theirs_twice))
    return True


async def learn(work: Work, row: ComparisonRow, allowed: PairRow | None, closed: RegisterCompared) -> None:
    """At the answerer, at last: which of ours the opener has. Raises ValueError for what does not fit."""
    kept = await store.material(work.session, row)
    if row.size is None:
        raise ValueError(blinding.NO_TOKENS)
    ours_twice = blinding.read(closed.twice, sizes=(row.size,))
    theirs_twice = blinding.read(kept.theirs, sizes=(row.their_size or 0,))
    told = outgoing(row, allowed, said(work, row, ComparisonStep.ANSWERED, tokens="", twice=""))
    await _compared(work, row, told, blinding.alike(kept.places, ours_twice, theirs_twice))


async def _compared(work: Work, row: ComparisonRow, told: Outgoing, places: list[list[Any]]) -> None:
    """Mark what both have; say of each whom that is about that the other side was told of it."""
    mine = row.organisation_id
    entries = [entry for place in places for entry in place]
    there = await registers.still_there(work.session, organisation_id=mine, entry_ids=entries)
    by = {"comparison_id": row.id, "counterpart_id": row.counterpart_id, "their_kind": row.their_kind, "at": work.now}
    for entry in there:
        work.session.add(RegisterMatchRow.model_validate({**by, "organisation_id": mine, "entry_id": entry.id}))
    await account_for(work, told, person_ids=list(dict.fromkeys(entry.person_id for entry in there)))
    await was_compared(work, organisation_id=mine, kind=row.kind)
    await finish(work, row, ComparisonState.COMPARED, alike=len(places))


async def finish(
    work: Work, row: ComparisonRow, state: ComparisonState, end: ComparisonEnd | None = None, **counts: int
) -> None:
    """It is over here: the secret is destroyed, nothing is waited for, and the record says what took part."""
    row.state, row.end, row.ended_at = state, end, work.now
    await store.destroy(work.session, row, at=work.now)
    await deadlines.meet(work.session, organisation_id=row.organisation_id, concerning=row.id, at=work.now)
    await note_step(work, row, **counts)


async def give_up(
    work: Work, row: ComparisonRow, step: ComparisonStep, end: ComparisonEnd, pair: PairRow | None
) -> None:
    """Decline or abort, and tell the other side."""
    await emit(work, outgoing(row, pair, said(work, row, step, end=end)))
    await finish(work, row, OVER[step], end)


async def note_step(work: Work, row: ComparisonRow, **counts: int) -> None:
    """An entry in the record: with how many entries which state was reached."""
    details: dict[str, object] = {"state": row.state, "end": row.end, "counterpart": row.counterpart_id}
    details |= {"kind": row.kind, "entries": row.entries, "size": row.size, "their_size": row.their_size, **counts}
    whose = row.organisation_id
    await record(work, organisation_id=whose, action=Action.COMPARED, concerning=row.id, details=details)


def said(work: Work, row: ComparisonRow, step: ComparisonStep, **more: Any) -> RegisterCompared:
    """A step, as the other side is told of it."""
    kinds = {"kind": RegisterKind(row.kind), "their_kind": RegisterKind(row.their_kind)}
    return RegisterCompared(comparison_id=row.id, step=step, at=work.now, **kinds, **more)


def outgoing(row: ComparisonRow, pair: PairRow | None, event: RegisterCompared) -> Outgoing:
    """On the duty that the table names, to the other of the two."""
    return Outgoing(
        event=event,
        sender=row.organisation_id,
        recipient=row.counterpart_id,
        grounds=grounds_of(pair),
        concerning=row.id,
    )
