"""What a referral costs each part, from the call to its receipt: measured by `make bench`, which writes costs.json."""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("costs.json")


@dataclass(frozen=True)
class Costs:
    """Seconds of a processor for one referral, and bytes on a disk.

    `sender`, `receiver`: the two services, loops included; `database`: PostgreSQL for both; `broker`: NATS; `caller`:
    who calls, where the same machine does that, too. `sender_bytes`, `receiver_bytes`: how much their databases grow.
    """

    machine: str
    sender: float
    receiver: float
    database: float
    broker: float
    caller: float
    sender_bytes: float
    receiver_bytes: float


def measured() -> Costs:
    """As measured last. Raises OSError, ValueError or TypeError for a file that is no good."""
    return Costs(**json.loads(FILE.read_text()))
