"""REST call for the directory."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from shared.adapters.http import Reader, TransactionalRoute
from shared.casework.directory import store
from shared.contract.vocabulary import Agency, Need, Purpose

router = APIRouter(prefix="/organisations", tags=["directory"], route_class=TransactionalRoute)


class Organisation(BaseModel):
    """An organisation that can be reached. `kato` names the town or district; there is no address.

    `serves` and `languages`: null where it does not say.
    """

    model_config = ConfigDict(from_attributes=True)
    id: str
    agency: Agency
    name_kk: str
    name_ru: str
    name_en: str
    kato: str
    purposes: list[Purpose]
    responsible_for: list[str]
    phone: str | None
    serves: list[Need] | None
    languages: list[str] | None
    hosted: bool
    announced_at: datetime


class Organisations(BaseModel):
    """The directory."""

    items: list[Organisation]


@router.get("")
async def list_organisations(
    desk: Reader, agency: Agency | None = None, purpose: Purpose | None = None
) -> Organisations:
    """Who can be reached, as announced by the services themselves."""
    rows = await store.entries(desk.session, agency=agency, purpose=purpose)
    return Organisations(items=[Organisation.model_validate(row) for row in rows])
