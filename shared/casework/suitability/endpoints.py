"""The REST call that proposes places for a referral. With a body: URLs are written down."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Reader, TransactionalRoute, note
from shared.casework.directory import store as directory
from shared.casework.persons import store as persons
from shared.casework.persons.models import Language
from shared.casework.referrals.sending import person_of
from shared.casework.suitability.choosing import Search, suggest, wish_of
from shared.casework.suitability.showing import Suggestion, all_shown
from shared.contract.identifiers import KATO, OrganisationId
from shared.contract.plain import Whole
from shared.contract.vocabulary import BedKind, Need, Purpose, SubjectRole

router = APIRouter(prefix="/referrals", tags=["referrals"], route_class=TransactionalRoute)
EXAMPLE: JsonDict = {"near": "196200000", "purpose": "lodging", "hold": "women_with_children", "needs": ["infant"]}


class Looking(BaseModel):
    """For whom a place is looked for, near which place, and what it must have."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    near: KATO
    purpose: Purpose
    subject: SubjectRole = SubjectRole.VICTIM
    person_id: UUID | None = None
    hold: BedKind | None = None
    needs: list[Need] = Field(default=[], max_length=len(Need))
    speaks: list[Language] = Field(default=[], max_length=10)
    avoid: list[OrganisationId] = Field(default=[], max_length=50)
    limit: Annotated[Whole, Field(ge=1, le=200)] | None = Field(None, description="only so many, of the best")


class Suggestions(BaseModel):
    """The best first; those shut out last. `of`: how many were ranked, shown or not."""

    items: list[Suggestion]
    of: int


@router.post("/suggestions", responses=problems(404, 410))
async def suggest_places(body: Looking, desk: Reader) -> Suggestions:
    """Which places suit, the nearest suitable first, each with the reasons; what shuts one out, too. Nothing leaves.

    What the person's record says of languages and of places that the alleged offender knows counts as if it were sent.
    """
    row = await person_of(desk, body)
    person = await persons.known(desk.session, row) if row else None
    wish = wish_of(near=body.near, speaks=body.speaks, avoid=body.avoid, person=person)
    needs = frozenset(body.needs)
    search = Search(desk.organisation, body.purpose, wish, bed=body.hold, needs=needs)
    ranked = await suggest(desk, search)
    first = ranked[: body.limit]
    named = await directory.named(desk.session, organisation_ids=[one.organisation for one in first])
    await note(desk, Action.PREVIEWED, person_id=body.person_id, what="suggestions")
    return Suggestions(items=all_shown(first, named, body.near), of=len(ranked))
