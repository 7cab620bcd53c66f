"""The REST call by which health asks the guardianship authority to decide for a minor, or for who can't (F8)."""

from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, found, invalid, note
from shared.adapters.outbox import Outgoing, emit
from shared.casework.deadlines.clock import day_deadline
from shared.casework.directory import store as directory
from shared.casework.disclosures.endpoints import refused
from shared.casework.guardianship import store
from shared.casework.guardianship.reading import GuardianRequest, shown
from shared.casework.guardianship.tables import GuardianRequestRow
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of, labels_of
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals.sending import CallBack, fields_of_person
from shared.contract.calendar import local_day
from shared.contract.capacity import may_grant
from shared.contract.events import GuardianAsked
from shared.contract.grounds import Grounds
from shared.contract.identifiers import OrganisationId
from shared.contract.treatment_terms import GUARDIAN_ANSWERS, GUARDIANS, row_on
from shared.contract.vocabulary import Agency, Basis, Grantor, Purpose, SubjectRole

router = APIRouter(prefix="/guardian-requests", tags=["health"], route_class=TransactionalRoute)
ASKED: JsonDict = {
    "person_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e",
    "to": "social-19",
    "call_back": "+7 727 000 01 03",
}
# Of whom the path of compulsory treatment is about, the authority learns who it is; of nobody else.
NAMED = frozenset({SubjectRole.ALLEGED_OFFENDER})
WHO = frozenset({"family_name", "given_name", "patronymic", "birth_date", "sex", "iin"})


class NewRequest(BaseModel):
    """A minor, or an adult who was recognised as incapacitated. `to`: the guardianship authority's organisation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ASKED]})
    person_id: UUID
    to: OrganisationId
    call_back: CallBack


@router.post("", status_code=201, responses=problems(404, 410))
async def ask_guardian(body: NewRequest, desk: Writer, response: Response, _: OnceKey = None) -> GuardianRequest:
    """Ask the guardianship authority to decide. It learns whom to call, and never of what kind the care is."""
    person, known = await _who_cannot(desk, body.person_id)
    to = await _authority(desk, body.to)
    today = local_day(desk.now)
    due = desk.node.calendar.business_days_after(today, row_on(GUARDIANS, today).days)
    row = GuardianRequestRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        counterpart_id=to,
        person_id=person.id,
        subject=person.role,
        answer_by=due,
        asked_at=desk.now,
    )
    who = {name: value for name, value in known.items() if name in WHO and person.role in NAMED}
    await _send(desk, row, person, GuardianAsked(request_id=row.id, answer_by=due, call_back=body.call_back, **who))
    await store.seal(desk.session, row, {"call_back": body.call_back})
    about = {"organisation_id": desk.organisation, "kind": GUARDIAN_ANSWERS, "concerning": row.id}
    desk.session.add(row)
    desk.session.add(day_deadline(desk, **about, due_on=due, remind_on=due))  # type: ignore[arg-type]  # a literal
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="guardian_request")
    response.headers["Location"] = f"/v1/guardian-requests/{row.id}"
    return (await shown(desk, [row]))[0]


async def _who_cannot(desk: Desk, person_id: UUID) -> tuple[PersonRow, dict[str, object]]:
    """Problem 404, 410; 422 for somebody who consents alone."""
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    person: PersonRow = found(row, "person")
    known = await persons.known(desk.session, person)
    why_not = may_grant(
        grantor=Grantor.GUARDIANSHIP_AUTHORITY,
        capacity=capacity_of(known),
        purposes=frozenset({Purpose.ADDICTION_TREATMENT}),
        on=local_day(desk.now),
    )
    if why_not is not None:
        raise invalid(why_not)
    return person, fields_of_person(known)


async def _authority(desk: Desk, named: str) -> str:
    there = await directory.get(desk.session, organisation_id=named)
    if there is None or there.agency != Agency.SOCIAL or desk.node.trust.node_of(named) is None:
        raise invalid("the network knows no such guardianship authority")
    return named


async def _send(desk: Desk, row: GuardianRequestRow, person: PersonRow, event: GuardianAsked) -> None:
    """Problem 403 where policy does not let it leave."""
    outgoing = Outgoing(
        event=event,
        sender=desk.organisation,
        recipient=row.counterpart_id,
        grounds=Grounds(
            basis=Basis.STATUTORY_DUTY,
            purpose=Purpose.GUARDIANSHIP,
            subject=SubjectRole(row.subject),
            anonymous=person.anonymous,
        ),
        concerning=row.id,
        person_id=row.person_id,
        handling=labels_of(person),
    )
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
