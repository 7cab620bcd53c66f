"""Somebody moves in or out: the place is given away only if it is free, and everyone sees the count at once."""

from datetime import timedelta
from uuid import UUID, uuid4

from shared.adapters.http import Desk, found
from shared.adapters.outbox import Work
from shared.casework.units import store
from shared.casework.units.counting import changed
from shared.casework.units.tables import StayRow, UnitRow
from shared.contract.errors import Problem

JUST_AFTER = timedelta(microseconds=1)


async def move_in(desk: Desk, *, unit: str, person_id: UUID | None, referral_id: UUID | None = None) -> StayRow:
    """Problem 404 for no such unit, 409 where no place of it is free."""
    row: UnitRow = found(await store.get(desk.session, organisation_id=desk.organisation, unit=unit, lock=True), "unit")
    stay = StayRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        unit=unit,
        person_id=person_id,
        referral_id=referral_id,
        started_at=max(desk.now, row.counted_at + JUST_AFTER),
    )
    desk.session.add(stay)
    if (await changed(desk, row)).balance < 0:
        raise Problem(409, "no-room", "no place of this unit is free")
    return stay


async def move_out(work: Work, stay: StayRow) -> None:
    """End a locked stay that goes on: the place is free again."""
    unit = await store.get(work.session, organisation_id=stay.organisation_id, unit=stay.unit, lock=True)
    row: UnitRow = found(unit, "unit")
    stay.ended_at = max(work.now, row.counted_at + JUST_AFTER)
    await changed(work, row)
