"""What a fault test did, printed at its end; and how long it goes on."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

# `make faults`: how many seconds each test that can go on goes on. CI: as little as shows something.
LONG_SECONDS = float(os.environ.get("QORGAU_FAULTS", "0"))
IS_LONG = LONG_SECONDS > 0


def lasting(short: float) -> Iterator[int]:
    """0, 1, … for `short` seconds, or for as long as `make faults` says; at least once."""
    end, turn = time.monotonic() + max(short, LONG_SECONDS), 0
    while turn == 0 or time.monotonic() < end:
        yield turn
        turn += 1


@dataclass
class Figures:
    """Events that crossed, processes killed, copies that did nothing, events that did not arrive."""

    events: int = 0
    kills: int = 0
    duplicates: int = 0
    lost: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.events + other.events,
            self.kills + other.kills,
            self.duplicates + other.duplicates,
            self.lost + other.lost,
        )

    def tell(self, what: str) -> None:
        """Seen with `pytest -s`, and wherever a test fails."""
        named = ", ".join(f"{name} {value}" for name, value in vars(self).items())
        print(f"\n{what}: {named}")  # noqa: T201  # figures for people
