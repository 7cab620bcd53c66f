"""The oracle can fail: without a row, and with whatever is changed in one, Cedar and `decide()` no longer agree.

Each row is looked at alone, so that no other hides it: a forbid beneath a permit that opens everything.
"""

from functools import lru_cache

import pytest

from shared.contract.policy import FORBIDS, PERMITS, Forbid, Permit
from tests.oracle.oracle import ALWAYS, ANYTHING, BY_ID, Answer, Asked, ask
from tests.oracle.rows import EVERYTHING, Change, changes, ours, witnesses

ROWS: list[Permit | Forbid] = [*PERMITS, *FORBIDS]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


def taken(change: Change) -> tuple[str, tuple[Forbid, ...]]:
    """For a category that an event can't do without: a rule on both sides that takes it away."""
    if change.column != "essential":
        return "", ()
    row = Forbid(
        id="F-TAKEN",
        flow="F1",
        source="none: for tests",
        reason=EVERYTHING.reason,
        events=EVERYTHING.events,
        senders=EVERYTHING.senders,
        recipients=EVERYTHING.recipients,
        subjects=EVERYTHING.subjects,
        bases=EVERYTHING.bases,
        categories=frozenset({change.member}),
        valid_from=EVERYTHING.valid_from,
    )
    return f'forbid (principal, action, resource == Category::"{change.member}");', (row,)


@lru_cache(maxsize=1024)
def said(question: Asked, rules: str) -> Answer:
    """What Cedar says; many changes of a row are looked for in the same request."""
    return ask([question], rules=rules)[0]


def differs(row: Permit | Forbid, change: Change) -> bool:
    """Whether Cedar, asked for `row` alone, says something else than the row of a change, on any of its witnesses."""
    changed = change.row
    rule, taking = taken(change)
    rules = ALWAYS + BY_ID[row.id] + rule + ("" if isinstance(changed, Permit) else ANYTHING)
    permits = (changed,) if isinstance(changed, Permit) else (EVERYTHING,)
    forbids = (*taking, changed) if isinstance(changed, Forbid) else taking
    return any(
        said(q, rules) != ours(q, permits=permits, forbids=forbids) for q in witnesses(row, change)[: change.look]
    )


@each_row
def test_a_row_that_is_gone_is_noticed(row: Permit | Forbid) -> None:
    rules = ALWAYS + BY_ID[row.id] + ("" if isinstance(row, Permit) else ANYTHING)
    permits = () if isinstance(row, Permit) else (EVERYTHING,)
    question = witnesses(row, Change("gone", row, "all of it"))[0]
    assert said(question, rules) != ours(question, permits=permits, forbids=())


@each_row
def test_whatever_is_changed_in_a_row_is_noticed_and_only_that(row: Permit | Forbid) -> None:
    unnoticed = [change.what for change in changes(row) if not differs(row, change)]
    for_nothing = [change.what for change in changes(row) if differs(row, change._replace(row=row, look=1))]
    assert (unnoticed, for_nothing) == ([], [])
