"""A file that others write while we run: read again when it changed, kept as it was where the new one is no good."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from shared.adapters.telemetry import METRICS
from shared.contract.errors import QorgauError

LOOK_EVERY = 1.0  # seconds
T = TypeVar("T")
Mark = tuple[int, int, int]
log = structlog.get_logger()


class Watched(Generic[T]):
    """The newest acceptable content of a file. `take` gets the bytes and what is in use, and raises to refuse them."""

    def __init__(self, path: Path, *, name: str, take: Callable[[bytes, T | None], T]) -> None:
        """Read for the first time. Raises OSError, ValueError or QorgauError: there is nothing to fall back on."""
        self.path, self.name, self.take = path, name, take
        self._mark: Mark | None = self._stat()
        self._value = take(path.read_bytes(), None)
        self._looked = time.monotonic()
        self.refused = False  # whether the file holds something now that could not be taken, or is gone

    def now(self, *, look: bool = False) -> T:
        """The content. Looks for a change no oftener than every LOOK_EVERY seconds, or at once where `look` says so."""
        if look or time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self._look()
        return self._value

    def _look(self) -> None:
        """Where a file is read while it is being written, it is refused, and read again when its mark is another."""
        try:
            mark = self._stat()
            if mark == self._mark:
                return
            raw = self.path.read_bytes()
            self._mark = mark  # read: what can't be taken is not read again before it changes
            self._value = self.take(raw, self._value)
        except (OSError, ValueError, QorgauError) as error:
            self.refused = True
            self._mark = None if isinstance(error, OSError) else self._mark  # should it come back as it was
            METRICS.files_not_taken.labels(self.name).inc()
            reason = str(error) if isinstance(error, QorgauError) else type(error).__name__
            log.warning("file.not_taken", file=self.name, reason=reason)
        else:
            self.refused = False
            log.info("file.taken", file=self.name)

    def _stat(self) -> Mark:
        about = self.path.stat()
        return about.st_mtime_ns, about.st_size, about.st_ino
