"""Uniform statistics (F13; report, 1.2, problem 8; 2.1, questions 18, 19 and 22): counts that say nothing of a person.

Counts are of records, the threshold is of people: a count behind which fewer stand, or nearly all of which is one
person's, is not shown, and neither are as many others as it takes to hide it. Below, such a count is called small. All
records that name no person count as one person's: whether they are of one or of many is not known. The promise: each
hidden small count, taken alone, can be any number from 1 to what it is, and to below the threshold, while every shown
cell, every total and the size class of every other hidden cell stay as they are. So somebody who knows all that is
shown, and is told besides which of the hidden cells are the small ones, learns of each no more than that.

And no sum that can be computed is of small counts only: each of those can grow at the cost of large ones alone. So as
many people as the threshold stand behind each such sum. Not covered: that one person makes up nearly all of it.

How: to move one cell and keep all sums is to send the difference round a cycle of cells, along a row, back along a
column. `_hide` finds such cycles and hides what they run through. Nothing hidden is shown again and hidden cells only
become more, so that what one cycle protects stays protected: that is the whole proof. Which cells hide the small ones
is drawn by lot: a fixed rule would tell, to who replays it, that the cells it passed over were not what it looked for.

A zero is shown: nobody is in it. But a list in which everybody has the same code would tell it of each of them: it is
withheld. Where nothing can hide a small count, the list is withheld but for its total; where the total is small, all.
A cross table whose inside can't be shown, or that has a small total by row or column, is shown as two lists; and some
are so by lot.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import count as numbers

from shared.contract.policy.rows import Reason

TOTAL = "total"
UNKNOWN = "unknown"
# Of the cross tables, this part is shown as two lists by lot, so that being shown so says nothing of the inside.
AS_LISTS = 0.25
# More than this part of a count must not be one person's: the (n, k) rule of dominance, n = 1 and k = 75 %.
MOST_OF_ONE = 0.75
LEAST_THRESHOLD = 3
# A cell: one code for a list, two for a cross table. `TOTAL` in the place of a code is the sum over that code.
Key = tuple[str, ...]
Shown = dict[Key, int | None]  # None: not shown
_Node = tuple[str, str]


class AgeGroup(StrEnum):
    """Age at the time, in full years. 14, 18 and 60 are ages at which the law or the report draws a line (1.2)."""

    UNDER_14 = "under_14"
    FROM_14_TO_17 = "14_17"
    FROM_18_TO_29 = "18_29"
    FROM_30_TO_44 = "30_44"
    FROM_45_TO_59 = "45_59"
    FROM_60 = "60_and_over"
    UNKNOWN = UNKNOWN


BEFORE = ((14, AgeGroup.UNDER_14), (18, AgeGroup.FROM_14_TO_17), (30, AgeGroup.FROM_18_TO_29))
AND_THEN = ((45, AgeGroup.FROM_30_TO_44), (60, AgeGroup.FROM_45_TO_59))


@dataclass(frozen=True, slots=True)
class Threshold:
    """Counts of 1 to `value` - 1 people are small. A change is a new row; what was published keeps its own."""

    id: str
    value: int
    source: str
    reason: Reason
    valid_from: datetime
    valid_until: datetime | None = None


THRESHOLDS = (
    Threshold(
        id="T-SMALL-CELLS",
        value=5,
        source="Report, 1.2, problem 8; Law on Personal Data of 21 May 2013 (data for statistics are depersonalised)",
        reason=Reason(
            kk="Бестен аз адамға қатысты сандар көрсетілмейді: аз адамның ішінен біреуін тануға болады.",
            ru="Числа, за которыми меньше пяти человек, не показываются: среди немногих можно узнать человека.",
            en="Counts of fewer than five people are not shown: among a few, one person can be recognised.",
        ),
        valid_from=datetime(2010, 1, 1, tzinfo=UTC),
    ),
)


def threshold_at(moment: datetime) -> Threshold:
    """The row in force at a moment. Raises LookupError where none is: nothing is counted then."""
    for row in THRESHOLDS:
        if row.valid_from <= moment and (row.valid_until is None or moment < row.valid_until):
            return row
    raise LookupError("no threshold is in force")


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from that of `first` to that of `last`, both included."""
    numbered = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbered]


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def is_closed(month: date, today: date) -> bool:
    """Whether a month can be published: it is over since a whole day, and nothing is being recorded in it any more."""
    return today > following(month)


def add_up(months: Sequence[Shown]) -> Shown:
    """The sum of what was shown; not shown where one of the months did not show it."""
    return {key: _sum([month.get(key) for month in months]) for key in months[0]}


def _sum(counts: list[int | None]) -> int | None:
    known = [value for value in counts if value is not None]
    return sum(known) if len(known) == len(counts) else None


def age_group(birth_date: date | None, on: date) -> AgeGroup:
    """The group of somebody's age on a day; unknown without a birth date, or with one after that day."""
    if birth_date is None or birth_date > on:
        return AgeGroup.UNKNOWN
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    return next((group for limit, group in (*BEFORE, *AND_THEN) if age < limit), AgeGroup.FROM_60)


def few_people(count: int, *, people: int, most: int, threshold: int) -> bool:
    """Whether a count of records is small: of how many people, and how many of the one who has the most of them."""
    return people < threshold or most > MOST_OF_ONE * count


def publish(
    counts: Mapping[Key, int], *, threshold: int, lot: Callable[[], float], few: Set[Key] = frozenset()
) -> Shown:
    """What may be shown of a list or a cross table that has every cell, zeros too: its cells and all its totals.

    `few`: the cells and totals that are of `few_people`; counts below the threshold are so anyway.
    `lot` draws from 0 to 1. Draw it once for a table, keep what was shown, and forget the lots.
    Raises ValueError for a threshold below 3: with 2, to know that a count is small is to know it.
    """
    if threshold < LEAST_THRESHOLD:
        raise ValueError(f"a threshold is at least {LEAST_THRESHOLD}")
    whole = _with_totals(counts)
    few = few | {key for key, value in whole.items() if 0 < value < threshold}
    nothing: Shown = dict.fromkeys(whole)
    top = next(reversed(whole))
    if top in few:
        return nothing
    as_lists = len(top) == 2 and lot() < AS_LISTS
    hidden = None if as_lists else _hide(whole, few, threshold=threshold, lot=lot)
    if hidden is not None:
        return {key: None if key in hidden else value for key, value in whole.items()}
    if len(top) == 1:
        return {**nothing, top: whole[top]}
    return {**nothing, **_margins(whole, few, threshold=threshold, lot=lot)}


def _with_totals(counts: Mapping[Key, int]) -> dict[Key, int]:
    """The counts, then their sums, the total of all as the last."""
    whole = dict(counts)
    for place in range(len(next(iter(counts)))):
        for key, value in list(whole.items()):
            total = (*key[:place], TOTAL, *key[place + 1 :])
            whole[total] = whole.get(total, 0) + value
    return whole


def _margins(whole: Mapping[Key, int], few: Set[Key], *, threshold: int, lot: Callable[[], float]) -> Shown:
    """The totals of a cross table whose inside is withheld: two lists of the same people, which have only the total of
    all in common. A shown total leaves `threshold` people or nobody on either side, so the inside stays open.
    """
    by_row, by_column = (
        {key[at:][:1]: n for key, n in whole.items() if key[1 - at] == TOTAL != key[at]} for at in (0, 1)
    )
    few_rows, few_columns = ({key[at:][:1] for key in few if key[1 - at] == TOTAL} for at in (0, 1))
    rows = publish(by_row, threshold=threshold, lot=lot, few=few_rows)
    columns = publish(by_column, threshold=threshold, lot=lot, few=few_columns)
    shown: Shown = {(code, TOTAL): count for (code,), count in rows.items()}
    return shown | {(TOTAL, code): count for (code,), count in columns.items()}


def _hide(whole: Mapping[Key, int], few: Set[Key], *, threshold: int, lot: Callable[[], float]) -> set[Key] | None:
    """The cells to hide. None: some can't be, a total by row or column is small, or a list says the same of all."""
    if any(sum(1 for key in codes if whole[key]) == 1 for codes in _lists(whole) if len(codes) > 1):
        return None
    if any(TOTAL in key for key in few):
        return None
    cells = {key: value for key, value in whole.items() if value and TOTAL not in key}
    small = [key for key in cells if key in few]
    prices = {key: 1 + lot() for key in cells} | dict.fromkeys(small, 0.0)
    for key in small:
        for step, need in ((1, max(1, threshold - 1 - cells[key])), (-1, cells[key] - 1)):
            if not _make_room(cells, prices, key, few, step=step, need=need, threshold=threshold):
                return None
    return {key for key, price in prices.items() if not price}


def _lists(whole: Mapping[Key, int]) -> Iterator[list[Key]]:
    """Each list of codes that a table has: itself, or the totals by rows and by columns."""
    for place in range(len(next(iter(whole)))):
        yield [
            key
            for key in whole
            if key[place] != TOTAL and all(code == TOTAL for at, code in enumerate(key) if at != place)
        ]


def _make_room(
    cells: Mapping[Key, int],
    prices: dict[Key, float],
    key: Key,
    few: Set[Key],
    *,
    step: int,
    need: int,
    threshold: int,
) -> bool:
    """Hide what it takes for `key` to be `need` more (`step` 1) or less (-1), all else in its class, and no small count
    less. Whether it can.
    """
    now = dict(cells)
    while need:
        cycle = _cheapest(now, prices, key, few, step=step, threshold=threshold)
        if cycle is None:
            return False
        push = min(need, *(_slack(now[k], s, threshold) for k, s in cycle))
        for other, sign in cycle:
            now[other] += sign * push
        prices.update((other, 0.0) for other, _ in cycle)
        need -= push
    return True


def _slack(value: int, sign: int, threshold: int) -> int:
    """How far a cell can grow, or a large one shrink, within its size class: below the threshold, or from it on."""
    if value < threshold:
        return threshold - 1 - value
    return value if sign > 0 else value - threshold


def _ends(key: Key) -> tuple[_Node, _Node]:
    """The arc of a cell: from its row to its column. A list has one of each."""
    row, column = key if len(key) == 2 else (TOTAL, TOTAL)
    return ("row", row), ("column", column)


def _cheapest(
    now: Mapping[Key, int], prices: Mapping[Key, float], moved: Key, few: Set[Key], *, step: int, threshold: int
) -> list[tuple[Key, int]] | None:
    """The cycle through `moved` that hides the least: the other cells, and whether each grows or shrinks (Dijkstra)."""
    moves = [(key, sign) for key in now if key != moved for sign in ((1,) if key in few else (1, -1))]
    arcs = [(key, sign) for key, sign in moves if _slack(now[key], sign, threshold)]
    goal, start = _ends(moved) if step > 0 else reversed(_ends(moved))
    order = numbers()
    queue: list[tuple[float, int, _Node, list[tuple[Key, int]]]] = [(0, next(order), start, [])]
    done = set()
    while queue:
        cost, _, node, path = heapq.heappop(queue)
        if node == goal:
            return path
        if node in done:
            continue
        done.add(node)
        for key, sign in arcs:
            tail, head = _ends(key) if sign > 0 else reversed(_ends(key))
            if tail == node:
                heapq.heappush(queue, (cost + prices[key], next(order), head, [*path, (key, sign)]))
    return None
