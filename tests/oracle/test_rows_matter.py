"""The oracle can fail: whatever is changed in a row, Cedar and `decide()` no longer agree.

Permits are looked at without any forbid, forbids beneath a permit that opens everything, so that none hides another.
"""

from collections.abc import Callable

import pytest

from shared.contract.policy import FORBIDS, PERMITS, Forbid, Permit
from tests.oracle.oracle import OPEN_TO_ALL, PERMITTED, Answer, Asked, ask
from tests.oracle.rows import ANYTHING, Change, changes, ours, witnesses

# Changes that change no answer, for a reason.
SAME: dict[tuple[str, str], str] = {}

each_permit = pytest.mark.parametrize("row", PERMITS, ids=lambda row: row.id)
each_forbid = pytest.mark.parametrize("row", FORBIDS, ids=lambda row: row.id)
Deciding = Callable[[Asked], Answer]


def taken(change: Change) -> tuple[str, tuple[Forbid, ...]]:
    """For a category that an event can't do without: a rule on both sides that takes it away."""
    if change.column != "essential":
        return "", ()
    forbid = f'forbid (principal, action, resource == Category::"{change.member}");'
    everything = {name: getattr(ANYTHING, name) for name in ("events", "senders", "recipients", "subjects", "bases")}
    row = Forbid(
        id="F-TAKEN",
        flow="F1",
        source="none: for tests",
        reason=ANYTHING.reason,
        categories=frozenset({change.member}),
        valid_from=ANYTHING.valid_from,
        **everything,
    )
    return forbid, (row,)


def noticed(questions: list[Asked], *, rules: str, decided: Deciding) -> bool:
    """Whether the two disagree: on the first question as a rule, else on any."""
    some = (questions[:1], questions[1:])
    return any(ask(part, rules=rules) != [decided(question) for question in part] for part in some if part)


def unnoticed_in_permit(row: Permit) -> list[str]:
    found = []
    for change in changes(row):
        rule, forbids = taken(change)
        permits = tuple(change.row if other is row else other for other in PERMITS)

        def decided(question: Asked, permits: tuple = permits, forbids: tuple = forbids) -> Answer:
            return ours(question, permits=permits, forbids=forbids)

        if not noticed(witnesses(row, change), rules=PERMITTED + rule, decided=decided):
            found.append(change.what)
    return found


def unnoticed_in_forbid(row: Forbid) -> list[str]:
    found = []
    for change in changes(row):
        forbids = tuple(change.row if other is row else other for other in FORBIDS)

        def decided(question: Asked, forbids: tuple = forbids) -> Answer:
            return ours(question, permits=(*PERMITS, ANYTHING), forbids=forbids)

        if not noticed(witnesses(row, change), rules=OPEN_TO_ALL, decided=decided):
            found.append(change.what)
    return found


@each_permit
def test_whatever_is_changed_in_a_permit_is_noticed(row: Permit) -> None:
    assert unnoticed_in_permit(row) == [what for id_, what in SAME if id_ == row.id]


@each_forbid
def test_whatever_is_changed_in_a_forbid_is_noticed(row: Forbid) -> None:
    assert unnoticed_in_forbid(row) == [what for id_, what in SAME if id_ == row.id]
