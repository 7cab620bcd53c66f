"""What it costs to show that the record is whole: `qorgau audit verify`, as its own process, on records of any length.

Each entry tells of a disclosure, which is the dearest kind, since the accounting is compared with it; each tenth was
witnessed, as on a service that records ten a minute. The sequencer chains them, as it does at work.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from shared.adapters.jetstream import EVERYONE
from shared.adapters.seal import sign
from shared.adapters.sequencer import BATCH, link_waiting
from shared.contract.events import AuditCheckpointed
from shared.contract.vocabulary import Agency
from tests.adapters.test_announcements import announced
from tests.bench.servers import servers
from tests.faults.test_growth import HISTORY, ID, LATELY, MINE, fill
from tests.pair import NOW, POLICE
from tests.workbench import Bench, bench

LEAST = 0.001  # a few entries take no longer than what disturbs a start
WITNESSED_EACH, MILLION, KIBIBYTE, MEGABYTE = 10, 1_000_000, 1024, 1_000_000
TOLD = (
    f"jsonb_build_object('event_id', {ID}::text, 'recipient', 'shelter-far-19', 'basis', 'consent', "
    "'event_type', 'referral.requested', 'categories', '[]'::jsonb)"
)
RECORD = {
    "disclosures": HISTORY["disclosures"],
    "audit": f"(organisation_id, at, actor, action, concerning, person_id, details) "
    f"select {MINE}, {LATELY}, 'somebody', 'disclosed', {ID}::text, {ID}, {TOLD}",
    "audit_waiting": f"(entry_id, organisation_id) select n, {MINE}",
}
QORGAU = Path(sys.executable).parent / "qorgau"


async def verified(entries: int) -> dict[str, float]:
    """Of a record of so many entries: seconds a million to chain it and to verify it, and the command's memory.

    What the command takes to start does not count: verifying a record that is empty.
    """
    async with servers(Agency.POLICE) as network, bench(network, Agency.POLICE, at=NOW) as service:
        kept = network.folder / "kept.jsonl"
        started = min([(await _verify(service))[0] for _ in range(3)])
        await fill(service, RECORD, POLICE, rows=entries)
        begun = perf_counter()
        while await link_waiting(service.database) == BATCH:
            pass
        chained = perf_counter() - begun
        with kept.open("w") as file:
            file.writelines(f"{line}\n" for line in _checkpoints(service, await _links(service)))
        seconds, megabytes = await _verify(service, "--against", str(kept))
        return {
            "seconds to chain a million": chained / entries * MILLION,
            "seconds to verify a million": max(seconds - started, LEAST) / entries * MILLION,
            "MB at most while verifying": megabytes,
        }


async def _links(service: Bench) -> Sequence[Any]:
    connection = await service.network.postgres.connect(str(service.database.url.database))
    query = "select position, chain_hash from audit_links where position % $1 = 0 order by position"
    links: Sequence[Any] = await connection.fetch(query, WITNESSED_EACH)
    await connection.close()
    return links


def _checkpoints(service: Bench, links: Sequence[Any]) -> Iterator[str]:
    """As another service prints what it has kept (`qorgau audit witnessed`)."""
    at = datetime.now(UTC)
    for link in links:
        about = {"node": "police", "position": link["position"], "chain_hash": link["chain_hash"].hex(), "at": at}
        letter = announced(AuditCheckpointed(**about), source="/nodes/police", sender=POLICE, recipient=EVERYONE)
        yield json.dumps({"token": sign(service.node, letter.model_dump_json().encode()).decode()})


async def _verify(service: Bench, *against: str) -> tuple[float, float]:
    """(seconds, the MB that it held at most) of a command that found the record whole."""
    url = service.database.url.render_as_string(hide_password=False)
    environment = {**os.environ, **service.network.environment(service.node.agency), "QORGAU_DATABASE_URL": url}
    begun = perf_counter()
    status, most = await asyncio.to_thread(_run, [str(QORGAU), "audit", "verify", *against], environment)
    assert status == 0
    return perf_counter() - begun, most * KIBIBYTE / MEGABYTE


def _run(command: list[str], environment: Mapping[str, str]) -> tuple[int, int]:
    """(its exit code, the KiB that it held at most): only who waits for a process itself is told that."""
    _, status, used = os.wait4(os.posix_spawn(command[0], command, environment), 0)
    return os.waitstatus_to_exitcode(status), used.ru_maxrss
