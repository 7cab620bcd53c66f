"""What no row speaks of: flows of the report, events, purposes, bases, categories, and what agencies keep.

Rows that name all purposes, bases or categories at once say nothing of one of them, and do not count.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from shared.contract.policy import Whose
from shared.contract.policy.rows import ALL_BASES, ALL_PURPOSES
from shared.contract.soundness.fault import Fault, Kind, Table
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose

FLOWS = tuple(f"F{number}" for number in range(1, 19))  # the flows of the report
RECEIPTS = frozenset({EventType.EVENTS_RECEIVED})  # between services, about events: no decision is made on them


def _flows(table: Table) -> set[str]:
    return {flow for row in table.rows for flow in row.flow.split(", ")}


def _events(table: Table) -> set[str]:
    return {event for row in table.permits for event in row.events}


def _purposes(table: Table) -> set[str]:
    return {p for row in table.permits if row.purposes != ALL_PURPOSES for p in row.purposes if p is not None}


def _bases(table: Table) -> set[str]:
    return {basis for row in table.permits if row.bases != ALL_BASES for basis in row.bases}


def _categories(table: Table) -> set[str]:
    named = [*(row.categories for row in table.permits), *(row.categories for row in table.forbids)]
    return {category for categories in named if categories != frozenset(DataCategory) for category in categories}


def _keeping(whose: Whose, table: Table) -> set[str]:
    return {agency for row in table.retention if row.of is whose for agency in row.agencies}


_SPOKEN_OF: Mapping[str, tuple[Iterable[str], Callable[[Table], set[str]]]] = {
    "no row speaks of this flow": (FLOWS, _flows),
    "no permit opens this event": (sorted(set(EventType) - RECEIPTS), _events),
    "no permit is for this purpose": (Purpose, _purposes),
    "no permit is on this basis": (Basis, _bases),
    "no permit opens this category, and no forbid takes it away": (DataCategory, _categories),
    "no row says what this agency keeps of what it received": (Agency, partial(_keeping, Whose.RECEIVED)),
    "no row says what this agency keeps of its own records": (Agency, partial(_keeping, Whose.OWN)),
}


def faults_of_gaps(table: Table) -> tuple[Fault, ...]:
    """What is never spoken of, and what is no longer. What begins later than the rest of the table is no gap before."""
    periods = [(moment, table.at(moment)) for moment in table.changes()]
    found: dict[tuple[str, str], Fault] = {}
    for what, (words, spoken_of) in _SPOKEN_OF.items():
        known: set[str] = set()
        for moment, rows in periods:
            now = spoken_of(rows)
            for word in sorted(known - now):
                found.setdefault((what, word), Fault(Kind.GAP, (word,), what, moment))
            known |= now
        found.update({(what, word): Fault(Kind.GAP, (word,), what) for word in words if word not in known})
    return tuple(found.values())
