"""The REST call for what one person allowed."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.adapters.audit import Action
from shared.adapters.http import Reader, TransactionalRoute, found, note
from shared.casework.consents import store
from shared.casework.consents.endpoints import ConsentOut
from shared.casework.persons import store as persons

router = APIRouter(prefix="/persons", tags=["consents"], route_class=TransactionalRoute)


class Consents(BaseModel):
    """What a person allowed, newest first."""

    items: list[ConsentOut]


@router.get("/{person_id}/consents")
async def list_consents(person_id: UUID, desk: Reader) -> Consents:
    """All that a person of this organisation allowed here, what has ended included."""
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    found(row, "person")
    rows = await store.of_person(desk.session, organisation_id=desk.organisation, person_id=person_id)
    await note(desk, Action.READ_CONSENT, person_id=person_id, shown=[one.id for one in rows])
    return Consents(items=[ConsentOut.model_validate(one) for one in rows])
