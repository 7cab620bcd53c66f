"""The local agreements of the network (F16): files in a folder, one per region, each signed by the network's operator.

They only narrow what the policy opens, so a file that can't be trusted is never just passed over: a service does not
start with one, and one that turns bad while it runs leaves what was in use in force.
"""

import time
from functools import partial
from pathlib import Path

import structlog
from joserfc.jwk import OKPKey

from shared.adapters.telemetry import METRICS
from shared.adapters.trust_list import read_signed_by_operator
from shared.adapters.watched import LOOK_EVERY, Watched
from shared.contract.agreement import Agreement
from shared.contract.errors import QorgauError

AGREEMENT = "agreement"
log = structlog.get_logger()


class Agreements:
    """What the folder says now: files that come, change or go while the service runs take effect within seconds."""

    def __init__(self, folder: Path | None, *, operator: OKPKey) -> None:
        """Read all of them. Raises OSError, SealError or ValueError for one that can't be taken."""
        self.folder, self.take = folder, partial(_take, operator)
        self._files = {path: self._watch(path) for path in self._paths()}
        self._looked = time.monotonic()

    def now(self) -> tuple[Agreement, ...]:
        """All of them, in the order of their files' names."""
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self._look()
        return tuple(self._files[path].now() for path in sorted(self._files))

    def _look(self) -> None:
        try:
            found = self._paths()
        except OSError as error:
            METRICS.files_not_taken.labels(AGREEMENT).inc()
            log.warning("file.not_taken", file=AGREEMENT, error=type(error).__name__)
            return
        self._files = {path: watched for path, watched in self._files.items() if path in found}
        for path in found - self._files.keys():
            try:
                self._files[path] = self._watch(path)
            except (OSError, ValueError, QorgauError) as error:
                METRICS.files_not_taken.labels(AGREEMENT).inc()
                log.warning("file.not_taken", file=AGREEMENT, error=type(error).__name__)

    def _paths(self) -> set[Path]:
        """Raises OSError where the folder is not there: without it, more would leave than was agreed."""
        return {path for path in self.folder.iterdir() if path.suffix == ".jws"} if self.folder is not None else set()

    def _watch(self, path: Path) -> Watched[Agreement]:
        return Watched(path, name=AGREEMENT, take=lambda raw, _: self.take(raw))


def _take(operator: OKPKey, raw: bytes) -> Agreement:
    return Agreement.model_validate_json(read_signed_by_operator(raw, operator=operator, kind=AGREEMENT))
