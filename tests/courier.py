"""Carry events between services at rest, by hand: what a broker and two loops do, when the test says so."""

from dataclasses import dataclass, field
from typing import Any

from shared.adapters.receipts import Receipts
from shared.adapters.relay import Relay
from shared.casework.consents import store as consents
from tests.workbench import Bench


@dataclass
class Courier:
    """Stands in for the broker: takes every letter, and keeps it until it is delivered."""

    is_connected: bool = True
    letters: list[tuple[str, bytes]] = field(default_factory=list)

    async def publish(self, subject: str, payload: bytes, **_: Any) -> None:
        """Taken."""
        self.letters.append((subject, payload))


async def collect(sender: Bench) -> Courier:
    """What a service sends now: events that are due, and receipts."""
    courier = Courier()
    common: dict[str, Any] = {"database": sender.database, "node": sender.node, "clock": sender.clock}
    common |= {"broker": courier}
    await Relay(**common, settings=sender.app.state.settings, consents_now=consents.all_terms_now).send_due()
    await Receipts(**common).send_due()
    return courier


async def carry(sender: Bench, receiver: Bench) -> int:
    """Deliver what `sender` has for `receiver`; how many messages that were."""
    courier, mine = await collect(sender), f".{receiver.node.name}"
    letters = [letter for letter in courier.letters if letter[0].endswith(mine)]
    for subject, payload in letters:
        await receiver.inbox.receive(subject, payload)
    return len(letters)


async def exchange(one: Bench, other: Bench) -> None:
    """Carry to and fro until neither has anything to say."""
    while await carry(one, other) + await carry(other, one):
        pass
