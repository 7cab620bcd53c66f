"""The life cycle of a referral, as a table.

Both sides keep a copy and both may act at once, so a copy's state is never stored as a command: it is what
`replay()` makes of all moves known so far, in an order that does not depend on the order of arrival. A move that came
early simply has no effect until the one before it is there; two copies with the same moves are in the same state.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.contract.vocabulary import ReferralAction as Action
from shared.contract.vocabulary import ReferralState as State
from shared.contract.vocabulary import Side

BOTH = frozenset(Side)
RECEIVER = frozenset({Side.RECEIVER})
SENDER = frozenset({Side.SENDER})

# (state, action) -> (who may, next state). Attending is a right, never a duty (art. 10, para. 7): the person's
# withdrawal is possible from every state, told to either side, without a reason.
TRANSITIONS: dict[tuple[State, Action], tuple[frozenset[Side], State]] = {
    (State.REQUESTED, Action.ACCEPT): (RECEIVER, State.ACCEPTED),
    (State.REQUESTED, Action.DECLINE): (RECEIVER, State.DECLINED),
    (State.REQUESTED, Action.REDIRECT): (RECEIVER, State.REDIRECTED),
    (State.REQUESTED, Action.CANCEL): (SENDER, State.CANCELLED),
    (State.ACCEPTED, Action.START): (RECEIVER, State.IN_PROGRESS),
    (State.ACCEPTED, Action.DECLINE): (RECEIVER, State.DECLINED),
    (State.ACCEPTED, Action.REDIRECT): (RECEIVER, State.REDIRECTED),
    (State.ACCEPTED, Action.FAIL): (RECEIVER, State.FAILED),
    (State.ACCEPTED, Action.CANCEL): (SENDER, State.CANCELLED),
    (State.IN_PROGRESS, Action.COMPLETE): (RECEIVER, State.COMPLETED),
    (State.IN_PROGRESS, Action.FAIL): (RECEIVER, State.FAILED),
    (State.IN_PROGRESS, Action.CANCEL): (SENDER, State.CANCELLED),
    **{(state, Action.WITHDRAW): (BOTH, State.WITHDRAWN) for state in State if state is not State.WITHDRAWN},
}

# Of two moves with the same version, the first in this list comes first. The person's word beats the agencies'.
PRECEDENCE = (
    Action.WITHDRAW,
    Action.CANCEL,
    Action.DECLINE,
    Action.REDIRECT,
    Action.FAIL,
    Action.COMPLETE,
    Action.ACCEPT,
    Action.START,
)


@dataclass(frozen=True, slots=True)
class Move:
    """One action on a referral. `version` is one more than the highest its author knew (a Lamport clock)."""

    version: int
    action: Action
    side: Side


def next_state(state: State, action: Action, side: Side) -> State | None:
    """The state after `action` by `side`, or None where the table does not allow it."""
    who, following = TRANSITIONS.get((state, action), (frozenset(), state))
    return following if side in who else None


def allowed_actions(state: State, side: Side) -> list[Action]:
    """What `side` may do now, in the table's order."""
    return [action for (start, action), (who, _) in TRANSITIONS.items() if start is state and side in who]


def replay(moves: Iterable[Move]) -> State:
    """The state that a set of moves leads to: the same for every order in which they arrived."""
    state = State.REQUESTED
    for move in sorted(moves, key=lambda m: (m.version, PRECEDENCE.index(m.action), m.side)):
        state = next_state(state, move.action, move.side) or state
    return state
