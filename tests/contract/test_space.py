"""No allow without a row: every decision that can be asked for, by event, ends, role, purpose, basis and its proof."""

from functools import cache
from random import Random
from typing import Any

import pytest

from shared.contract.capacity import may_grant
from shared.contract.policy import CLOSING, PERMITS, PERSONAL, Permit
from shared.contract.vocabulary import Basis, EventType, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from tests.contract.space import (
    DAY,
    FACTORS,
    GRANTORS,
    PAIRS,
    SIZE,
    Leaf,
    asked,
    capacity_of,
    leaves,
    may,
    plainly,
    purposes_of,
)
from tests.contract.strategies import NOW

SAMPLE = 200
every_event = pytest.mark.parametrize("event_type", EventType)


@cache
def walked(event_type: EventType) -> tuple[Leaf, ...]:
    """All leaves of one type of event."""
    return tuple(leaves(event_type))


def names(row: Permit, at: dict[str, Any]) -> bool:
    """Whether a permit is valid and its columns name a question: written here once more, apart from `decide()`."""
    valid = row.valid_from <= NOW and (row.valid_until is None or row.valid_until > NOW)
    ends = at["from"] in row.senders and at["to"] in row.recipients
    why = at["purpose"] in row.purposes and at["basis"] in row.bases
    return valid and ends and why and at["role"] in row.subjects


def carried(at: dict[str, Any]) -> frozenset[C]:
    """The personal categories that the basis of a question can carry."""
    if at["basis"] is Basis.CONSENT and at["consent"] == "live" and at["grantor"]:
        return PERSONAL - {C.WHEREABOUTS}
    if at["basis"] is Basis.EMERGENCY and at["emergency"] == "live":
        return PERSONAL - {C.ADDICTION, C.ASSESSMENT, C.CONVICTIONS}
    if at["basis"] is Basis.COURT_DECISION and at["court"] == "live":
        return frozenset({C.IDENTITY, C.CONTACT, C.ADDICTION, C.HEALTH, C.NARRATIVE, C.CONVICTIONS})
    him = at["role"] is SubjectRole.ALLEGED_OFFENDER
    return frozenset({C.IDENTITY} if at["basis"] is Basis.STATUTORY_DUTY and him else ())


def proved(at: dict[str, Any]) -> bool:
    """Whether what a basis needs is there. What closes a case needs nothing."""
    if at["basis"] is Basis.CONSENT:
        return bool(at["consent"] == "live" and at["grantor"])
    proof = {Basis.EMERGENCY: "emergency", Basis.COURT_DECISION: "court"}.get(at["basis"])
    return proof is None or bool(at[proof] == "live")


@every_event
def test_the_walk_answers_every_question_exactly_once(event_type: EventType) -> None:
    assert SIZE == 4 * 8 * 3 * 22 * 6 * 7 * 5 * 4 * 5 * 3  # from, to, role, purpose, basis and the states of its proof
    assert sum(leaf.weight for leaf in walked(event_type)) == SIZE


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("purpose", Purpose)
def test_who_may_consent_is_what_the_walk_takes_it_for(pair: tuple[str, str], purpose: Purpose) -> None:
    state = {"age": pair[0], "representative": pair[1]}.__getitem__
    why_not = may_grant(
        grantor=GRANTORS[pair[1]], capacity=capacity_of(state), purposes=frozenset({purpose}), on=(NOW - DAY).date()
    )
    assert (why_not is None) == may(pair, frozenset({purpose}))


@every_event
def test_what_the_walk_found_is_what_a_plain_question_is_answered(event_type: EventType) -> None:
    found = {frozenset(leaf.settled.items()): leaf.made for leaf in walked(event_type)}
    dice = Random(event_type)  # noqa: S311, a sample that is the same every day
    for _ in range(SAMPLE):
        pair = dice.choice(PAIRS)
        question = {name: dice.choice(values) for name, values in FACTORS.items()}
        question["grantor"] = may(pair, purposes_of(question["consent"], question["purpose"]))
        read: list[str] = []
        made = asked(event_type, question, read=read.append)
        assert found[frozenset((name, question[name]) for name in read)] == made
        assert plainly(event_type, {**question, "age": pair[0], "representative": pair[1]}) == made


@every_event
def test_nothing_leaves_without_a_valid_permit_that_names_the_question_and_opens_the_category(
    event_type: EventType,
) -> None:
    of_this_event = [row for row in PERMITS if event_type in row.events]
    for leaf in walked(event_type):
        if leaf.made.permitted:
            opening = [row for row in of_this_event if names(row, dict(leaf.settled))]
            assert opening
            assert {row.id for row in opening} <= set(leaf.made.rules)
            assert leaf.made.categories <= frozenset[C]().union(*(row.categories for row in opening))


@every_event
def test_what_is_personal_leaves_only_on_a_basis_that_is_proved_and_carries_it(event_type: EventType) -> None:
    for leaf in walked(event_type):
        personal = leaf.made.categories & PERSONAL
        assert not personal or personal <= carried(dict(leaf.settled))


@every_event
def test_nothing_at_all_leaves_on_a_basis_that_is_not_proved_but_what_closes_a_case(event_type: EventType) -> None:
    allowed = [dict(leaf.settled) for leaf in walked(event_type) if leaf.made.permitted]
    assert event_type in CLOSING or all(proved(at) for at in allowed)


@every_event
def test_every_event_but_the_receipt_can_leave_somehow(event_type: EventType) -> None:
    some = any(leaf.made.permitted for leaf in walked(event_type))
    assert some == (event_type is not EventType.EVENTS_RECEIVED)


@every_event
def test_a_consent_and_who_gave_it_change_nothing_where_another_basis_is_relied_on(event_type: EventType) -> None:
    made: dict[frozenset[tuple[str, Any]], set[frozenset[C]]] = {}
    for leaf in walked(event_type):
        if leaf.settled.get("basis") is not Basis.CONSENT:
            rest = frozenset(
                (name, value) for name, value in leaf.settled.items() if name not in {"consent", "grantor"}
            )
            made.setdefault(rest, set()).add(leaf.made.categories)
    assert all(len(different) == 1 for different in made.values())
