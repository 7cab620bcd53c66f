"""Which comparison is allowed, and which entries take part in it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.adapters.blinding import Blinded, blind
from shared.adapters.database import unwalled
from shared.adapters.outbox import Work
from shared.casework.comparisons import store
from shared.casework.comparisons.tables import ComparisonRow
from shared.casework.directory import store as directory
from shared.casework.persons import store as persons
from shared.casework.persons.tables import PersonRow
from shared.casework.registers import store as registers
from shared.contract.calendar import local_day
from shared.contract.comparisons import Half, Keeper, LimitsRow, PairRow, forbidding, limits, pair_of, size_of
from shared.contract.decisions import NO_RULE
from shared.contract.registers import EntryCode
from shared.contract.vocabulary import Agency, ComparisonEnd, Purpose, RegisterKind, Side

Iins = dict[str, list[UUID]]  # by IIN: the entries of who has it


@dataclass(frozen=True)
class Ours:
    """Our half of a comparison: the entries that take part, blinded; `places` say which token stands for which."""

    blinded: Blinded
    places: list[list[UUID] | None]
    entries: int


async def pair(work: Work, row: ComparisonRow) -> tuple[PairRow | None, str]:
    """The row that allows a comparison; or None, and the rule that forbids it."""
    if work.node.trust.node_of(row.counterpart_id) is None:
        return None, NO_RULE
    ours = await _keeper(work, row.organisation_id, row.kind)
    theirs = await _keeper(work, row.counterpart_id, row.their_kind)
    found = pair_of((ours.agency, ours.kind), (theirs.agency, theirs.kind), local_day(work.now))
    if found is None:
        return None, NO_RULE
    rule = forbidding(found, ours, theirs, work.now)
    return (found, "") if rule is None else (None, rule)


async def _keeper(work: Work, organisation_id: str, kind: str) -> Keeper:
    """What a health organisation does that the directory does not know of is taken to be anything."""
    agency = Agency(work.node.trust.party(organisation_id).agency)
    known = await directory.get(work.session, organisation_id=organisation_id)
    purposes = frozenset(Purpose(one) for one in known.purposes) if known is not None else frozenset(Purpose)
    return Keeper(agency, RegisterKind(kind), purposes if agency is Agency.HEALTH else frozenset())


async def too_often(work: Work, row: ComparisonRow) -> bool:
    """Whether as many as may be within a year have been answered. Each side counts for itself."""
    limit = limits(local_day(work.now))
    return await store.of_pair(work.session, row, answered_since=work.now - limit.within) >= limit.runs


async def our_entries(work: Work, row: ComparisonRow, allowed: PairRow) -> Iins:
    """The entries that take part, by IIN: of this register, for the reasons that this comparison is about.

    Those of somebody without an IIN do not. Walls between two parties hide none: nobody is shown any of it here.
    """
    half = allowed.half(work.node.agency, RegisterKind(row.kind))
    async with unwalled(work.session):
        standing = await registers.standing(work.session, organisation_id=row.organisation_id, kind=row.kind)
        why = await registers.codes_of(work.session, standing)
        taking = [
            one for one, codes in zip(standing, why, strict=True) if half is not None and _takes_part(codes, half)
        ]
        numbers = await _iins(work, row.organisation_id, {one.person_id for one in taking})
    found: Iins = {}
    for one in taking:
        number = numbers.get(one.person_id)
        if number is not None:
            found.setdefault(number, []).append(one.id)
    return found


def _takes_part(codes: frozenset[EntryCode], half: Half) -> bool:
    return bool(codes & half.codes)


async def _iins(work: Work, organisation_id: str, person_ids: set[UUID]) -> dict[UUID, str]:
    rows: list[PersonRow] = list(await persons.all_of(work.session, organisation_id=organisation_id, ids=person_ids))
    known = await persons.all_known(work.session, rows)
    return {row.id: one.iin for row, one in zip(rows, known, strict=True) if one is not None and one.iin is not None}


def out_of_limits(count: int, limit: LimitsRow) -> ComparisonEnd | None:
    """Why so many entries can't be compared, or None."""
    if count < limit.fewest:
        return ComparisonEnd.TOO_FEW
    return ComparisonEnd.TOO_MANY if count > limit.most else None


async def blinded(row: ComparisonRow, iins: Iins, *, at: datetime) -> Ours:
    """Our half under a fresh secret. Beside the loop: two thousand points take a second."""
    numbers = sorted(iins)
    size = size_of(len(numbers), limits(local_day(at)))
    done = await asyncio.to_thread(blind, numbers, context=_context(row), size=size)
    places = [None if which is None else iins[numbers[which]] for which in done.order]
    return Ours(done, places, len(numbers))


def _context(row: ComparisonRow) -> list[str]:
    """The same at both ends, and in no other comparison."""
    ours, theirs = [row.organisation_id, row.kind], [row.counterpart_id, row.their_kind]
    opener, answerer = (ours, theirs) if row.side == Side.SENDER else (theirs, ours)
    return [str(row.id), *opener, *answerer]
