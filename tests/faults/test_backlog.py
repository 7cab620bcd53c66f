"""However much waits (to be sent, for a receipt, to be receipted, to be chained), nothing reads more of it at once.

So a service that was cut off for a day does at each beat what it does on any other day. Two things read all that waits
in the outbox: the metric that says how much it is, and since when, each second; and who asks for just that.
"""

import pytest

from deploy.network import Network
from shared.adapters.witnesses import Checkpoints
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import POLICE
from tests.faults.test_growth import HISTORY, ID, MINE, Meter, a_case, fill, in_the_loops
from tests.workbench import bench

ROWS = 50_000
LATER = "timestamptz '2026-03-20 12:00:00+05' + n * interval '1 millisecond'"
EARLIER = "timestamptz '2026-03-20 12:00:00+05' - n * interval '1 second'"
EVENT = f"select {ID}, {MINE}, 'shelter-far-19', 'shelter', 'referral.requested', {ID}::text, {EARLIER}"
OUTBOX = "(id, organisation_id, recipient_id, recipient_node, event_type, concerning, created_at, state, attempts, "
OUTBOX += "next_attempt_at, sent_at)"
WAITING = {
    "for a receipt": {"outbox": f"{OUTBOX} {EVENT}, 'sent', 1, {LATER} + interval '1 minute', {EARLIER}"},
    "to be sent": {
        "outbox": f"{OUTBOX} {EVENT}, 'waiting', 0, {EARLIER}, null",
        **{table: HISTORY[table] for table in ("audit", "audit_links")},  # the relay adds to them
    },
    "to be receipted": {
        "inbox": f"(event_id, sender_node, event_type, recipient_id, received_at, state, receipt_due) "
        f"select {ID}, 'shelter', 'referral.moved', {MINE}, {EARLIER}, 'applied', true",
    },
    "to be chained": {
        "audit": f"(organisation_id, at, actor, action, concerning, details) "
        f"select {MINE}, {EARLIER}, 'somebody', 'recorded', {ID}::text, '{{{{}}}}'",
        "audit_waiting": f"(entry_id, organisation_id) select n, {MINE}",
    },
}


@pytest.mark.parametrize("what", list(WAITING))
async def test_at_each_beat_a_bounded_part_of_what_waits_is_read(network: Network, what: str) -> None:
    async with bench(network, Agency.POLICE) as police:
        await fill(police, WAITING[what], POLICE, rows=ROWS)
        meter = Meter(police)
        await in_the_loops(meter, Checkpoints(every=60))
        async with police.client(POLICE, "supervisor") as officer:
            await a_case(meter, officer)
    counted = {"measure": {"outbox"}} if "outbox" in WAITING[what] else {}
    assert {name: set(tables) for name, tables in meter.too_much().items()} == counted
