"""A region's figures (F13): what its organisations have published, added up, and nothing else.

What is added up is open to anybody already: no sum of it tells more than its parts. A count that somebody withheld adds
nothing, so a sum is "at least", and says how many withheld theirs. What an organisation published of a month counts as
it came first: two publications of the same month, each with counts hidden by another lot, would undo the hiding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.contract.statistics import Key, Shown


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The sum of the shown counts of a cell, and how many organisations withheld theirs."""

    count: int
    withheld_by: int


def add_up_organisations(published: Sequence[Shown]) -> Mapping[Key, AtLeast]:
    """Each cell that any of them has. One that an organisation's table does not have is withheld by it."""
    keys = dict.fromkeys(key for shown in published for key in shown)
    return {key: _sum([shown.get(key) for shown in published]) for key in keys}


def _sum(counts: Sequence[int | None]) -> AtLeast:
    known = [count for count in counts if count is not None]
    return AtLeast(sum(known), len(counts) - len(known))
