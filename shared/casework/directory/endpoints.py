"""REST call for the directory."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from shared.adapters import paging
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
    """The directory, by the organisations' ids: all of it, or a page and the cursor of the next, null on the last."""

    items: list[Organisation]
    next: str | None = None


@router.get("")
async def list_organisations(
    desk: Reader,
    agency: Agency | None = None,
    purpose: Purpose | None = None,
    cursor: paging.Cursor = None,
    limit: Annotated[paging.Limit | None, Query(description="page by page, so many at once; without it all")] = None,
) -> Organisations:
    """Who can be reached, as announced by the services themselves."""
    (after,) = [""] if cursor is None else paging.decode_words(cursor, count=1)
    more = None if limit is None else limit + 1
    rows = await store.entries(desk.session, agency=agency, purpose=purpose, after=after, limit=more)
    shown = rows[:limit]
    following = paging.encode_words(shown[-1]["id"]) if len(rows) > len(shown) else None
    return Organisations(items=[Organisation.model_validate(row) for row in shown], next=following)
