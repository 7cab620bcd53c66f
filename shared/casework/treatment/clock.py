"""Treatment ends by itself on its last day, once: both sides were told that day."""

import structlog

from shared.adapters.audit import Action, record
from shared.adapters.outbox import Work
from shared.casework.treatment import store
from shared.casework.treatment.standing import settle
from shared.casework.treatment.tables import StepRow
from shared.contract.calendar import local_day
from shared.contract.treatment_words import TreatmentEnd, TreatmentStep

log = structlog.get_logger()


async def end_treatments(work: Work) -> int:
    """End what has run out; how many paths that were. No message is needed for it."""
    over = await store.run_out(work.session, today=local_day(work.now))
    for row in over:
        mine = row.organisation_id
        step = StepRow(
            organisation_id=mine,
            path_id=row.id,
            version=row.version + 1,
            by=work.node.agency,
            step=TreatmentStep.END,
            on=row.last_day,
            details={"end": TreatmentEnd.TERM_OVER},
            at=work.now,
        )
        await store.keep_step(work.session, step)
        await settle(work, row)
        details = {"end": TreatmentEnd.TERM_OVER}
        about = {"organisation_id": mine, "concerning": row.id, "person_id": row.person_id, "details": details}
        await record(work, action=Action.TREATMENT_ENDED, **about)  # type: ignore[arg-type]  # a literal
        log.info("treatment.ran_out", path=str(row.id))
    return len(over)
