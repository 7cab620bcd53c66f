"""Begin a path: with an examination that was evaded (health), or with the police's materials."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import Response

from shared.adapters.audit import Action
from shared.adapters.http import Desk, invalid, note
from shared.casework.disclosures.endpoints import refused
from shared.casework.persons.tables import PersonRow
from shared.casework.treatment import store
from shared.casework.treatment.models import TreatmentPath
from shared.casework.treatment.stepping import Doing, add, as_shown
from shared.casework.treatment.tables import PathRow
from shared.contract.calendar import local_day
from shared.contract.treatment import SINCE


async def open_path(desk: Desk, response: Response, person: PersonRow, *, to: str, doing: Doing) -> TreatmentPath:
    """Problem 403 where policy does not let it be told: then there is no path. 422 for a day to come."""
    if not SINCE <= doing.on <= local_day(desk.now):
        raise invalid("a path does not begin in the future, nor before there was a law on it")
    row = new_path(uuid4(), desk.organisation, counterpart_id=to, person_id=person.id, began_on=doing.on, now=desk.now)
    await store.seal(desk.session, row, store.Words())
    desk.session.add(row)
    await desk.session.flush()
    emitted = await add(desk, row, doing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="treatment_path")
    response.headers["Location"] = f"/v1/treatment-paths/{row.id}"
    return await as_shown(desk, row)


def new_path(path_id: UUID, organisation_id: str, **values: Any) -> PathRow:
    """A path without a step."""
    now = values.pop("now")
    return PathRow(id=path_id, organisation_id=organisation_id, opened_at=now, updated_at=now, **values)
