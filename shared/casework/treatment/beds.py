"""The bed of who is on the path, at health: free again once no state of the path has him in one, whatever ended it."""

from shared.adapters.outbox import Work
from shared.casework.treatment.tables import PathRow
from shared.casework.units import store as units
from shared.casework.units.moving import move_out
from shared.contract.treatment import IN_A_BED


async def leave_bed(work: Work, row: PathRow) -> None:
    """He leaves his bed, if he has one. One that was left by hand stays as it is."""
    if row.stay_id is None:
        return
    stay = await units.stay(work.session, organisation_id=row.organisation_id, stay_id=row.stay_id, lock=True)
    if stay is not None and stay.ended_at is None:
        await move_out(work, stay)
    row.stay_id = None


async def leave_bed_if_over(work: Work, row: PathRow) -> None:
    """As the state says: it may have come from the other side, or from the clock alone."""
    if row.state not in IN_A_BED:
        await leave_bed(work, row)
