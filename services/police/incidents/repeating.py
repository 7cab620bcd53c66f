"""What of an incident may repeat (F18): that it happened, that she did not complain, that it ended in conciliation."""

from services.police.incidents.domain import IncidentOutcome
from services.police.incidents.tables import IncidentRow
from shared.adapters.outbox import Work
from shared.casework.warnings import store
from shared.casework.warnings.watching import watch
from shared.contract.repetition import Fact
from shared.contract.vocabulary import Pattern

OF_OUTCOME = {
    IncidentOutcome.NO_COMPLAINT: Pattern.REFUSALS_TO_REPORT,
    IncidentOutcome.CONCILIATION: Pattern.CONCILIATIONS,
}


async def watch_incident(work: Work, row: IncidentRow) -> None:
    """It happened to her, on its own day, whenever it is recorded. Of nobody named nothing can repeat."""
    if row.victim_id is not None:
        fact = Fact(row.id, Pattern.INCIDENTS, row.occurred_at)
        await watch(work, fact, organisation_id=row.organisation_id, person_id=row.victim_id)


async def watch_outcome(work: Work, row: IncidentRow, *, before: str | None) -> None:
    """An outcome that may repeat counts for as long as it is the outcome."""
    if row.victim_id is None or row.outcome == before:
        return
    mine = row.organisation_id
    past = OF_OUTCOME.get(IncidentOutcome(before)) if before is not None else None
    if past is not None:
        await store.forget_fact(work.session, organisation_id=mine, fact_id=row.id, pattern=past)
    present = OF_OUTCOME.get(IncidentOutcome(row.outcome)) if row.outcome is not None else None
    if present is not None:
        fact = Fact(row.id, present, row.outcome_at or work.now)
        await watch(work, fact, organisation_id=mine, person_id=row.victim_id)
