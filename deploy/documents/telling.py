"""Who may tell whom what at most, as the policy has it: for each event, on which basis, which categories of data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS
from shared.contract.policy import FORBIDS, PERMITS
from shared.contract.soundness.fault import is_valid
from shared.contract.soundness.reach import Categories, Cell, possible
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Partner, Purpose, Recipient

Word = TypeVar("Word")
Possible = dict[tuple[Cell, Purpose | None], Categories]


@dataclass(frozen=True, slots=True)
class Telling:
    """Any of these may tell any of those this much, on any of these bases."""

    senders: tuple[Agency, ...]
    recipients: tuple[Recipient, ...]
    bases: tuple[Basis, ...]
    categories: Categories


# Nodes tell each other what they have committed: of events, and nothing of a case, so that no row has to open it.
RECEIPT = Telling(tuple(Agency), tuple(Agency), (), frozenset({DataCategory.ROUTING}))


def possible_at(at: datetime) -> Possible:
    """Every combination in which an event may leave at a time: the categories that do if every condition is met."""
    permits = tuple(row for row in PERMITS if is_valid(row, at))
    return possible(permits, tuple(row for row in FORBIDS if is_valid(row, at)))


def tellings(found: Possible) -> dict[EventType, tuple[Telling, ...]]:
    """What each event may say of what it has fields for, in few lines. An event that no row opens is not there."""
    most: dict[EventType, dict[tuple[Agency, Recipient, Basis], Categories]] = defaultdict(dict)
    held = {event: frozenset(fields_of(model).values()) for event, model in EVENTS.items()}
    for (cell, _), categories in found.items():
        between = (cell.sender, cell.recipient, cell.basis)
        told = categories & held.get(cell.event, frozenset())
        most[cell.event][between] = most[cell.event].get(between, frozenset()) | told
    return {event: _together(pairs) for event, pairs in most.items()} | {EventType.EVENTS_RECEIVED: (RECEIPT,)}


def on_paper() -> frozenset[EventType]:
    """The events that no row ever lets go to an agency: they are written to partners as letters, and never sent."""
    to: dict[EventType, set[Recipient]] = defaultdict(set)
    for row in PERMITS:
        for event in row.events:
            to[event] |= row.recipients
    return frozenset(event for event, recipients in to.items() if recipients <= set(Partner))


def _together(pairs: dict[tuple[Agency, Recipient, Basis], Categories]) -> tuple[Telling, ...]:
    bases: dict[tuple[Agency, Recipient, Categories], set[Basis]] = defaultdict(set)
    for (sender, recipient, basis), categories in pairs.items():
        bases[sender, recipient, categories].add(basis)
    recipients: dict[tuple[Agency, frozenset[Basis], Categories], set[Recipient]] = defaultdict(set)
    for (sender, recipient, categories), any_of in bases.items():
        recipients[sender, frozenset(any_of), categories].add(recipient)
    senders: dict[tuple[frozenset[Recipient], frozenset[Basis], Categories], set[Agency]] = defaultdict(set)
    for (sender, on, categories), to in recipients.items():
        senders[frozenset(to), on, categories].add(sender)
    lines = [
        Telling(_in_order(by, Agency), _in_order(to, (*Agency, *Partner)), _in_order(on, Basis), categories)
        for (to, on, categories), by in senders.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.senders, line.recipients, line.bases)))


def _in_order(some: Iterable[Word], of: Iterable[Word]) -> tuple[Word, ...]:
    """Some words of a vocabulary, in its order."""
    there = set(some)
    return tuple(word for word in of if word in there)
