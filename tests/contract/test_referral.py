"""The life cycle of a referral: who may do what when, and that two copies always agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.referral import (
    PRECEDENCE,
    TRANSITIONS,
    Move,
    allowed_actions,
    next_state,
    replay,
)
from shared.contract.vocabulary import ReferralAction as Action
from shared.contract.vocabulary import ReferralState as State
from shared.contract.vocabulary import Side
from tests.contract.strategies import moves

histories = st.lists(moves, max_size=8)
OPEN = {State.REQUESTED, State.ACCEPTED, State.IN_PROGRESS}
CLOSED = set(State) - OPEN
ACCEPT = Move(1, Action.ACCEPT, Side.RECEIVER)
START = Move(2, Action.START, Side.RECEIVER)
COMPLETE = Move(3, Action.COMPLETE, Side.RECEIVER)
CANCEL = Move(1, Action.CANCEL, Side.SENDER)


def reachable() -> set[State]:
    """Every state that the table leads to from the first one."""
    found, left = {State.REQUESTED}, [State.REQUESTED]
    while left:
        state = left.pop()
        new = {following for (start, _), (_, following) in TRANSITIONS.items() if start is state} - found
        found |= new
        left.extend(new)
    return found


def test_no_move_leaves_a_referral_requested() -> None:
    assert replay([]) is State.REQUESTED


def test_a_referral_is_accepted_started_and_completed_by_its_receiver() -> None:
    assert [replay([ACCEPT]), replay([ACCEPT, START]), replay([ACCEPT, START, COMPLETE])] == [
        State.ACCEPTED,
        State.IN_PROGRESS,
        State.COMPLETED,
    ]


def test_every_state_can_be_reached() -> None:
    assert reachable() == set(State)


def test_every_action_is_in_the_table_and_starts_in_a_state_that_can_be_reached() -> None:
    assert {action for (start, action) in TRANSITIONS if start in reachable()} == set(Action)


def test_every_action_has_one_place_in_the_precedence() -> None:
    assert sorted(PRECEDENCE) == sorted(Action)


def test_the_precedence_begins_with_the_persons_word() -> None:
    assert PRECEDENCE[0] is Action.WITHDRAW


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", [state for state in State if state is not State.WITHDRAWN])
def test_a_withdrawal_is_possible_from_every_state_and_told_to_either_side(state: State, side: Side) -> None:
    assert next_state(state, Action.WITHDRAW, side) is State.WITHDRAWN
    assert Action.WITHDRAW in allowed_actions(state, side)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("action", Action)
def test_nothing_leaves_withdrawn(action: Action, side: Side) -> None:
    assert next_state(State.WITHDRAWN, action, side) is None


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", sorted(CLOSED - {State.WITHDRAWN}))
def test_a_closed_referral_can_only_be_withdrawn(state: State, side: Side) -> None:
    assert allowed_actions(state, side) == [Action.WITHDRAW]


@pytest.mark.parametrize("state", sorted(OPEN))
def test_an_open_referral_can_be_closed_by_each_side_alone(state: State) -> None:
    for side in Side:
        assert {next_state(state, action, side) for action in allowed_actions(state, side)} & CLOSED


def test_the_sender_can_not_act_for_the_receiver_nor_the_receiver_cancel() -> None:
    assert allowed_actions(State.REQUESTED, Side.SENDER) == [Action.CANCEL, Action.WITHDRAW]
    assert Action.CANCEL not in allowed_actions(State.REQUESTED, Side.RECEIVER)
    assert replay([Move(1, Action.ACCEPT, Side.SENDER)]) is State.REQUESTED
    assert replay([Move(1, Action.CANCEL, Side.RECEIVER)]) is State.REQUESTED


@given(st.sampled_from(State), st.sampled_from(Action), st.sampled_from(Side))
def test_what_is_allowed_is_what_has_a_next_state(state: State, action: Action, side: Side) -> None:
    assert (action in allowed_actions(state, side)) == (next_state(state, action, side) is not None)


@given(histories.flatmap(lambda history: st.tuples(st.just(history), st.permutations(history))))
def test_the_order_of_arrival_does_not_matter(both: tuple[list[Move], list[Move]]) -> None:
    sent, arrived = both
    assert replay(arrived) is replay(sent)


@given(histories, moves)
def test_a_move_that_arrives_twice_counts_once(history: list[Move], move: Move) -> None:
    assert replay([*history, move, move]) is replay([*history, move])


@given(histories, st.integers(1, 9), st.sampled_from(Side))
def test_a_withdrawal_beats_everything_else(history: list[Move], version: int, side: Side) -> None:
    assert replay([*history, Move(version, Action.WITHDRAW, side)]) is State.WITHDRAWN


@given(histories)
def test_only_a_withdrawal_withdraws(history: list[Move]) -> None:
    withdrawn = any(move.action is Action.WITHDRAW for move in history)
    assert (replay(history) is State.WITHDRAWN) == withdrawn


def test_a_move_that_came_early_has_no_effect_until_the_one_before_it_is_there() -> None:
    assert replay([START]) is State.REQUESTED
    assert replay([COMPLETE, START]) is State.REQUESTED
    assert replay([COMPLETE, ACCEPT]) is State.ACCEPTED
    assert replay([COMPLETE, START, ACCEPT]) is State.COMPLETED


def test_when_one_side_cancels_while_the_other_accepts_both_see_it_cancelled() -> None:
    assert replay([ACCEPT, CANCEL]) is replay([CANCEL, ACCEPT]) is State.CANCELLED


@pytest.mark.parametrize("action", [Action.DECLINE, Action.REDIRECT])
def test_when_one_side_cancels_while_the_other_refuses_both_see_it_cancelled(action: Action) -> None:
    refusal = Move(1, action, Side.RECEIVER)
    assert replay([CANCEL, refusal]) is replay([refusal, CANCEL]) is State.CANCELLED


def test_when_two_workers_of_the_receiver_accept_and_start_at_once_it_is_in_progress() -> None:
    started = Move(1, Action.START, Side.RECEIVER)
    assert replay([started, ACCEPT]) is replay([ACCEPT, started]) is State.IN_PROGRESS


def test_a_cancellation_written_while_the_receiver_completed_comes_too_late() -> None:
    late = Move(4, Action.CANCEL, Side.SENDER)
    assert replay([late, COMPLETE, START, ACCEPT]) is State.COMPLETED


def test_what_the_receiver_did_after_an_unseen_cancellation_has_no_effect() -> None:
    assert replay([ACCEPT, START, COMPLETE, CANCEL]) is State.CANCELLED


@given(moves, st.sampled_from(Side))
def test_a_withdrawal_beats_whatever_is_done_at_the_same_time(move: Move, side: Side) -> None:
    withdrawal = Move(move.version, Action.WITHDRAW, side)
    assert replay([move, withdrawal]) is replay([withdrawal, move]) is State.WITHDRAWN


@given(histories, histories)
def test_two_copies_that_exchanged_all_their_moves_agree(mine: list[Move], theirs: list[Move]) -> None:
    assert replay([*mine, *theirs]) is replay([*theirs, *mine])
