"""What can be wrong with the table, and the table as it stands at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.contract.policy import Forbid, Permit, Retention

Row = Permit | Forbid | Retention


class Kind(StrEnum):
    """The kinds of faults."""

    DUPLICATE = "duplicate"  # two rows have the same id
    NO_WORDS = "no_words"  # a reason in one of the languages, or the source, is missing
    WRONG_DATES = "wrong_dates"  # without a time zone, or ending before they begin
    VERSIONS_OVERLAP = "versions_overlap"  # two versions of one rule are valid at once
    VERSIONS_APART = "versions_apart"  # between two versions of one rule none is valid
    CONTRADICTION = "contradiction"  # a permit that forbids never let through
    DEAD_CATEGORY = "dead_category"  # a permit opens what is always forbidden there
    UNREACHABLE = "unreachable"  # a row that never changes what is decided
    GAP = "gap"  # a flow, event, purpose, basis, category or agency that no row speaks of
    NO_EFFECT = "no_effect"  # a line of a local agreement that changes nothing


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: with which rules (or which words of the vocabulary), why, and since when if at times."""

    kind: Kind
    ids: tuple[str, ...]
    what: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """All rows together."""

    permits: tuple[Permit, ...]
    forbids: tuple[Forbid, ...]
    retention: tuple[Retention, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, whatever it does."""
        return (*self.permits, *self.forbids, *self.retention)

    def at(self, when: datetime) -> "Table":
        """The rows that are valid at a time."""
        return Table(
            permits=tuple(row for row in self.permits if is_valid(row, when)),
            forbids=tuple(row for row in self.forbids if is_valid(row, when)),
            retention=tuple(row for row in self.retention if is_valid(row, when)),
        )

    def changes(self) -> list[datetime]:
        """When the table changes, in order: between two of them it says the same at all times."""
        moments = {row.valid_from for row in self.rows} | {row.valid_until for row in self.rows if row.valid_until}
        return sorted(moments)


def is_valid(row: Row, at: datetime) -> bool:
    """Whether a row is in force at a time."""
    return row.valid_from <= at and (row.valid_until is None or at < row.valid_until)


def at_any_time(table: Table, find: Callable[[Table], Iterable[Fault]]) -> tuple[Fault, ...]:
    """What is found in any period between two changes; each fault once, and since when unless it was always there."""
    first: dict[Fault, datetime | None] = {}
    for number, moment in enumerate(table.changes()):
        for fault in find(table.at(moment)):
            first.setdefault(fault, moment if number else None)
    return tuple(replace(fault, since=moment) for fault, moment in first.items())
