"""REST calls for preventive conversations (F12): how long, and with whom: `shared.contract.conversation`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.conversations import store
from shared.casework.conversations.tables import ConversationRow
from shared.casework.conversations.telling import tell, whom
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.sending import FreeText
from shared.casework.referrals.whom import person_of_referral
from shared.contract.calendar import local_day
from shared.contract.conversation import ConversationPlace, Present, Representative, Talk, why_not
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Flag, Moment, Whole
from shared.contract.vocabulary import SubjectRole

router = APIRouter(prefix="/conversations", tags=["conversations"], route_class=TransactionalRoute)
EXAMPLE: JsonDict = {
    "person_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e",
    "held_at": "2026-03-20T11:00:00+05:00",
    "minutes": 40,
    "place": "office",
    "forewarned": True,
    "said": "Құқықтық салдары түсіндірілді.",
}
MOST_PRESENT = 10


class NewPresent(BaseModel):
    """Who is present with a minor; `person_id`: if there is a record of them here."""

    model_config = ConfigDict(extra="forbid")
    kind: Representative
    person_id: UUID | None = None
    alleged_offender: Flag


class NewConversation(BaseModel):
    """A conversation that was held. `forewarned`: to cease all that is unlawful. `said` stays here, whoever asks.

    `tell`: the police and social services that learn that it was held, or else who is responsible for this district.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID
    held_at: Moment
    minutes: Whole = Field(ge=1, le=24 * 60)
    place: ConversationPlace
    present: list[NewPresent] = Field(default=[], max_length=MOST_PRESENT)
    forewarned: Flag
    said: FreeText | None = None
    tell: list[OrganisationId] | None = Field(default=None, max_length=10)


class ToldOfConversation(BaseModel):
    """Who was told that it was held, and by which rule they were not."""

    recipient_id: str
    kept_back_by: str | None


class Conversation(BaseModel):
    """One that was held here, or that we were told of (`counterpart_id`): of that only when, and by whom."""

    id: UUID
    counterpart_id: str | None
    person_id: UUID | None
    referral_id: UUID | None
    subject: SubjectRole
    held_on: date
    place: ConversationPlace | None
    held_at: datetime | None
    minutes: int | None
    present: list[NewPresent]
    forewarned: bool | None
    said: str | None
    told: list[ToldOfConversation]
    created_at: datetime


@router.post("", status_code=201, responses=problems(404, 410))
async def record_conversation(
    body: NewConversation, desk: Writer, response: Response, _: OnceKey = None
) -> Conversation:
    """Record a preventive conversation. That it was held is told at once; what was said never leaves."""
    if body.held_at > desk.now:
        raise invalid("a conversation that was held is not in the future")
    person = await _person(desk, body.person_id)
    await _check_rules(desk, body, person)
    row = ConversationRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        person_id=person.id,
        subject=person.role,
        held_on=local_day(body.held_at),
        place=body.place,
        created_at=desk.now,
    )
    words = body.model_dump(mode="json", include={"held_at", "minutes", "present", "forewarned", "said"})
    await store.seal(desk.session, row, person.id, words)
    row.recipients = await tell(desk, row, await whom(desk, body.tell))
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="conversation")
    response.headers["Location"] = f"/v1/conversations/{row.id}"
    return (await _shown(desk, [row]))[0]


async def _person(desk: Desk, person_id: UUID) -> PersonRow:
    person: PersonRow = found(
        await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person"
    )
    return person


async def _check_rules(desk: Desk, body: NewConversation, person: PersonRow) -> None:
    """Problem 422 for a conversation that could not be held like that; 410 for somebody who was erased."""
    known = await persons.known(desk.session, person)
    talk = Talk(
        held_on=local_day(body.held_at),
        minutes=body.minutes,
        role=SubjectRole(person.role),
        birth_date=capacity_of(known).birth_date,
        present=[await _present(desk, one, person) for one in body.present],
    )
    why = why_not(talk)
    if why is not None:
        raise invalid(why)


async def _present(desk: Desk, one: NewPresent, person: PersonRow) -> Present:
    """Whoever is recorded here as the alleged offender is one, whatever the call says."""
    is_offender = one.alleged_offender
    if one.person_id is not None:
        if one.person_id == person.id:
            raise invalid("nobody represents themselves")
        is_offender |= (await _person(desk, one.person_id)).role == SubjectRole.ALLEGED_OFFENDER
    return Present(one.kind, is_offender)


@router.get("")
async def list_conversations(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Conversation]:
    """The preventive conversations that were held here, or that we were told of, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_CONVERSATION, shown=[row.id for row in cut])
    return paging.Page(items=await _shown(desk, cut), next=following)


@router.get("/{conversation_id}")
async def read_conversation(conversation_id: UUID, desk: Reader) -> Conversation:
    """Read a preventive conversation."""
    row: ConversationRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, conversation_id=conversation_id),
        "conversation",
    )
    (conversation,) = await _shown(desk, [row])
    await note(desk, Action.READ_CONVERSATION, row.id, person_id=conversation.person_id)
    return conversation


NOTHING: dict[str, Any] = {"held_at": None, "minutes": None, "present": [], "forewarned": None, "said": None}


async def _shown(desk: Desk, rows: Sequence[ConversationRow]) -> list[Conversation]:
    words = await store.words_of(desk.session, rows)
    answer = []
    for row, said in zip(rows, words, strict=True):
        mine = {"organisation_id": desk.organisation, "referral_id": row.referral_id}
        told = await person_of_referral(desk.session, **mine, counterpart=row.counterpart_id)  # type: ignore[arg-type]  # a literal
        person = row.person_id or told
        values = {
            **row.model_dump(exclude={"sealed", "recipients"}),
            **NOTHING,
            **said,
            "person_id": person,
            "told": row.recipients or [],
        }
        answer.append(Conversation.model_validate(values))
    return answer
