"""Uniform statistics (F13; report, 1.2, problem 8; 2.1, questions 18, 19 and 22): counts that say nothing of a person.

A count from 1 to below the threshold is not shown, and neither are as many others as it takes to hide it. The promise:
each hidden small count, taken alone, can be any number from 1 to below the threshold, while every shown cell, every
total and the size class of every other hidden cell stay as they are. So somebody who knows all that is shown, and is
told besides which of the hidden cells are the small ones, learns of each no more than that it is small.

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count as numbers

from shared.contract.policy.rows import Reason

TOTAL = "total"
UNKNOWN = "unknown"
# Of the cross tables, this part is shown as two lists by lot, so that being shown so says nothing of the inside.
AS_LISTS = 0.25
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
    """Counts from 1 to `value` - 1 are small. A change is a new row; what was published keeps its own."""

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
            kk="Бестен аз жағдайдың саны көрсетілмейді: аз адамның ішінен біреуін тануға болады.",
            ru="Числа меньше пяти не показываются: среди немногих можно узнать человека.",
            en="Counts below five are not shown: among a few, one person can be recognised.",
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
    return months_between(month, month.replace(day=28) + timedelta(days=4))[-1]


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


def publish(counts: Mapping[Key, int], *, threshold: int, lot: Callable[[], float]) -> Shown:
    """What may be shown of a list or a cross table that has every cell, zeros too: its cells and all its totals.

    `lot` draws from 0 to 1. Draw it once for a table, keep what was shown, and forget the lots.
    Raises ValueError for a threshold below 3: with 2, to know that a count is small is to know it.
    """
    if threshold < LEAST_THRESHOLD:
        raise ValueError(f"a threshold is at least {LEAST_THRESHOLD}")
    whole = _with_totals(counts)
    nothing: Shown = dict.fromkeys(whole)
    top = next(reversed(whole))
    if 0 < whole[top] < threshold:
        return nothing
    as_lists = len(top) == 2 and lot() < AS_LISTS
    hidden = None if as_lists else _hide(whole, threshold=threshold, lot=lot)
    if hidden is not None:
        return {key: None if key in hidden else value for key, value in whole.items()}
    if len(top) == 1:
        return {**nothing, top: whole[top]}
    return {**nothing, **_margins(whole, threshold=threshold, lot=lot)}


def _with_totals(counts: Mapping[Key, int]) -> dict[Key, int]:
    """The counts, then their sums, the total of all as the last."""
    whole = dict(counts)
    for place in range(len(next(iter(counts)))):
        for key, value in list(whole.items()):
            total = (*key[:place], TOTAL, *key[place + 1 :])
            whole[total] = whole.get(total, 0) + value
    return whole


def _margins(whole: Mapping[Key, int], *, threshold: int, lot: Callable[[], float]) -> Shown:
    """The totals of a cross table whose inside is withheld: two lists of the same people, which have only the total of
    all in common. A shown total leaves `threshold` people or nobody on either side, so the inside stays open.
    """
    rows = publish({(a,): n for (a, b), n in whole.items() if b == TOTAL != a}, threshold=threshold, lot=lot)
    columns = publish({(b,): n for (a, b), n in whole.items() if a == TOTAL != b}, threshold=threshold, lot=lot)
    shown: Shown = {(code, TOTAL): count for (code,), count in rows.items()}
    return shown | {(TOTAL, code): count for (code,), count in columns.items()}


def _hide(whole: Mapping[Key, int], *, threshold: int, lot: Callable[[], float]) -> set[Key] | None:
    """The cells to hide. None: some can't be, a total by row or column is small, or a list says the same of all."""
    if any(sum(1 for key in codes if whole[key]) == 1 for codes in _lists(whole) if len(codes) > 1):
        return None
    if any(0 < value < threshold for key, value in whole.items() if TOTAL in key):
        return None
    cells = {key: value for key, value in whole.items() if value and TOTAL not in key}
    small = [key for key, value in cells.items() if value < threshold]
    prices = {key: 1 + lot() for key in cells} | dict.fromkeys(small, 0.0)
    for key in small:
        for step, need in ((1, threshold - 1 - cells[key]), (-1, cells[key] - 1)):
            if not _make_room(cells, prices, key, step=step, need=need, threshold=threshold):
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
    cells: Mapping[Key, int], prices: dict[Key, float], key: Key, *, step: int, need: int, threshold: int
) -> bool:
    """Hide what it takes for `key` to be `need` more (`step` 1) or less (-1), all else in its class. Whether it can."""
    now = dict(cells)
    while need:
        cycle = _cheapest(now, prices, key, step=step, threshold=threshold)
        if cycle is None:
            return False
        push = min(need, *(_slack(now[k], s, threshold) for k, s in cycle)) if cycle else need
        for other, sign in cycle:
            now[other] += sign * push
        prices.update((other, 0.0) for other, _ in cycle)
        need -= push
    return True


def _slack(value: int, sign: int, threshold: int) -> int:
    """How far a cell can move within its size class: small (1 to threshold - 1) or not (threshold and more)."""
    if value < threshold:
        return threshold - 1 - value if sign > 0 else value - 1
    return value if sign > 0 else value - threshold


def _ends(key: Key) -> tuple[_Node, _Node]:
    """The arc of a cell: from its row to its column. A list has one of each."""
    return ("row", key[0] if len(key) == 2 else TOTAL), ("column", key[-1] if len(key) == 2 else TOTAL)


def _cheapest(
    now: Mapping[Key, int], prices: Mapping[Key, float], moved: Key, *, step: int, threshold: int
) -> list[tuple[Key, int]] | None:
    """The cycle through `moved` that hides the least: the other cells, and whether each grows or shrinks (Dijkstra)."""
    arcs = [(key, sign) for key in now if key != moved for sign in (1, -1) if _slack(now[key], sign, threshold)]
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
