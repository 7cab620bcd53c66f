"""Which rows matter: every combination that the columns of permits name is gone through, and held against forbids.

Only forbids without a condition count as always there; the others depend on what is known of the case.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import product
from typing import NamedTuple

from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS
from shared.contract.policy import Condition, Forbid, Permit
from shared.contract.soundness.fault import Fault, Kind, Table, at_any_time
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose, Recipient, SubjectRole

Categories = frozenset[DataCategory]


class Cell(NamedTuple):
    """One combination of what forbids can tell apart."""

    event: EventType
    sender: Agency
    recipient: Recipient
    subject: SubjectRole
    basis: Basis


def faults_of_reach(table: Table) -> tuple[Fault, ...]:
    """Contradictions, dead categories and rows that never matter, at any time."""
    return at_any_time(table, _faults_at_once)


def possible(permits: Iterable[Permit], forbids: tuple[Forbid, ...]) -> dict[tuple[Cell, Purpose | None], Categories]:
    """For each combination in which an event may leave: the categories that do, if every condition is met."""
    opening: dict[tuple[Cell, Purpose | None], list[Permit]] = defaultdict(list)
    for row in permits:
        for cell, purpose in product(cells(row), row.purposes):
            opening[cell, purpose].append(row)
    leave: dict[tuple[Cell, Purpose | None], Categories] = {}
    for (cell, purpose), rows in opening.items():
        left = frozenset[DataCategory]().union(*(row.categories for row in rows)) - taken(forbids, cell)
        if any(row.essential <= left for row in rows):
            leave[cell, purpose] = left
    return leave


def cells(row: Permit | Forbid, within: Permit | Forbid | None = None) -> Iterator[Cell]:
    """Every combination that a row names, or that two rows name both."""
    other = within or row
    return map(
        Cell._make,
        product(
            sorted(row.events & other.events),
            sorted(row.senders & other.senders),
            sorted(row.recipients & other.recipients),
            sorted(row.subjects & other.subjects),
            sorted(row.bases & other.bases),
        ),
    )


def taken(forbids: Iterable[Forbid], cell: Cell) -> Categories:
    """What forbids without a condition take away there."""
    rows = (row.categories for row in forbids if row.condition is Condition.ALWAYS and _names(row, cell))
    return frozenset[DataCategory]().union(*rows)


def _names(row: Permit | Forbid, cell: Cell) -> bool:
    return (
        cell.event in row.events
        and cell.sender in row.senders
        and cell.recipient in row.recipients
        and cell.subject in row.subjects
        and cell.basis in row.bases
    )


def _faults_at_once(table: Table) -> Iterator[Fault]:
    for permit in table.permits:
        yield from _faults_of_permit(permit, table)
    for forbid in table.forbids:
        if not _takes_something(forbid, table):
            yield Fault(Kind.UNREACHABLE, (forbid.id,), "it takes nothing away that would otherwise leave")


def _faults_of_permit(row: Permit, table: Table) -> Iterator[Fault]:
    taken_there = [taken(table.forbids, cell) for cell in cells(row)]
    if not taken_there or not row.purposes:
        yield Fault(Kind.UNREACHABLE, (row.id,), "one of its columns is empty: it opens nothing")
    elif row.essential - row.categories:
        yield Fault(
            Kind.CONTRADICTION, (row.id,), f"it needs what it does not open: {_list(row.essential - row.categories)}"
        )
    elif all(row.essential & there for there in taken_there):
        yield _contradiction(row, table)
    else:
        dead = row.categories & frozenset.intersection(*taken_there)
        for category in sorted(dead):
            ids = (row.id, *_takers(row, table, frozenset({category})))
            yield Fault(Kind.DEAD_CATEGORY, ids, f"it opens {category}, which is forbidden wherever it applies")
        if _adds_nothing(row, table):
            yield Fault(Kind.UNREACHABLE, (row.id,), "all that it opens is opened by other permits wherever it applies")


def _contradiction(row: Permit, table: Table) -> Fault:
    what = f"it can't do without {_list(row.essential)}, and wherever it applies that is forbidden"
    return Fault(Kind.CONTRADICTION, (row.id, *_takers(row, table, row.essential)), what)


def _takers(row: Permit, table: Table, categories: Categories) -> tuple[str, ...]:
    """The forbids that take these categories away somewhere where a permit applies."""
    always = (f for f in table.forbids if f.condition is Condition.ALWAYS and f.categories & categories)
    return tuple(forbid.id for forbid in always if next(cells(row, forbid), None))


def _takes_something(row: Forbid, table: Table) -> bool:
    """Whether it takes what a permit opens, or what a permitted event has a field for, and no other always takes."""
    others = tuple(other for other in table.forbids if other is not row)
    return any(
        row.categories & (permit.categories | _held_by(cell.event)) - taken(others, cell)
        for permit in table.permits
        for cell in cells(permit, row)
    )


def _held_by(event: EventType) -> Categories:
    """The categories of an event's fields, none for one that has no model yet."""
    return frozenset(fields_of(EVENTS[event]).values()) if event in EVENTS else frozenset()


def _adds_nothing(row: Permit, table: Table) -> bool:
    """Whether others open the same everywhere, on no stricter terms: a negotiable row can be narrowed away."""
    others = [
        other
        for other in table.permits
        if other is not row and (row.negotiable or not other.negotiable) and other.essential <= row.essential
    ]
    opened_elsewhere = partial(_opened_by, others)
    return bool(others) and all(
        row.categories <= opened_elsewhere(cell, purpose) for cell in cells(row) for purpose in row.purposes
    )


def _opened_by(permits: list[Permit], cell: Cell, purpose: Purpose | None) -> Categories:
    rows = (row.categories for row in permits if purpose in row.purposes and _names(row, cell))
    return frozenset[DataCategory]().union(*rows)


def _list(categories: Categories) -> str:
    return ", ".join(sorted(categories))
