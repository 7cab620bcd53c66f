"""Witnessed checkpoints in the order of the chain, however many: a year has half a million, from each witness.

Who verifies walks the chain once, link by link, and needs the next checkpoint, never all. What comes in any order is
sorted by tens of thousands and laid aside, 40 bytes each, in files that vanish with it.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from heapq import merge
from itertools import groupby
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

AT_A_TIME = 50_000  # held in memory: some 5 MB
POSITION, BYTES = 8, 40  # an unsigned number, the highest byte first, and SHA-256 of the chain up to there


class InOrder:
    """(position, chain hash in hexadecimal) as often as one likes, then all of them in order."""

    def __init__(self) -> None:
        self._last: list[bytes] = []
        self._aside: list[IO[bytes]] = []

    def __bool__(self) -> bool:
        return bool(self._last or self._aside)

    def take(self, said: Iterable[tuple[int, str]]) -> None:
        """Some more. Raises ValueError or OverflowError for what is no position or no SHA-256."""
        for position, chain_hash in said:
            entry = position.to_bytes(POSITION) + bytes.fromhex(chain_hash)
            if len(entry) != BYTES:
                raise ValueError("not a SHA-256")
            self._last.append(entry)
            if len(self._last) == AT_A_TIME:
                self._lay_aside()

    def _lay_aside(self) -> None:
        aside = TemporaryFile()  # noqa: SIM115  # lives as long as this does
        finalize(self, aside.close)
        aside.writelines(sorted(self._last))
        self._aside.append(aside)
        self._last = []

    def __iter__(self) -> Iterator[tuple[int, set[str]]]:
        """Each position once, the lowest first, with what was said of it: more than one hash contradict each other."""
        every = merge(sorted(self._last), *map(_read, self._aside))
        for position, entries in groupby(every, key=lambda entry: entry[:POSITION]):
            yield int.from_bytes(position), {entry[POSITION:].hex() for entry in entries}


def _read(aside: IO[bytes]) -> Iterator[bytes]:
    aside.seek(0)
    return iter(partial(aside.read, BYTES), b"")
