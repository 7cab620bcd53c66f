"""Whether the policy's table makes sense: computed from its rows alone.

A table can be wrong in ways that no single decision shows: a permit that a forbid always empties, a row that never
matters, a flow that nobody wrote a row for. `faults()` finds them by going through every combination that rows name.
"""

from shared.contract.agreement import Agreement
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Forbid, Permit, Retention
from shared.contract.soundness.agreements import faults_of_agreements
from shared.contract.soundness.fault import Fault, Kind, Table
from shared.contract.soundness.gaps import faults_of_gaps
from shared.contract.soundness.reach import faults_of_reach
from shared.contract.soundness.wording import faults_of_rows, faults_of_versions

__all__ = ["Fault", "Kind", "faults"]


def faults(
    *,
    permits: tuple[Permit, ...] = PERMITS,
    forbids: tuple[Forbid, ...] = FORBIDS,
    retention: tuple[Retention, ...] = RETENTION,
    agreements: tuple[Agreement, ...] = (),
) -> tuple[Fault, ...]:
    """Everything that is wrong with a table and with local agreements on it, none if it is sound.

    Rows whose dates make no sense are told first and alone: what else they do can't be said before they are mended.
    """
    table = Table(permits=permits, forbids=forbids, retention=retention)
    found = faults_of_rows(table)
    if any(fault.kind is Kind.WRONG_DATES for fault in found):
        return found
    return (
        *found,
        *faults_of_versions(table),
        *faults_of_reach(table),
        *faults_of_gaps(table),
        *faults_of_agreements(table, agreements),
    )
