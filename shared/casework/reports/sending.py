"""From a call to what would be reported to the police: to whom, on which grounds, and what of the person."""

from datetime import date, datetime
from typing import Self
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from shared.adapters.http import Desk, invalid
from shared.adapters.outbox import Emitted, Outgoing, emit
from shared.casework.deadlines.clock import alarm
from shared.casework.directory import store as directory
from shared.casework.directory.responsible import responsible_police
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of, labels_of
from shared.casework.referrals.sending import (
    CallBack,
    FreeText,
    ReferralBasis,
    fields_of_person,
    grounds_of,
    person_of,
)
from shared.casework.referrals.store import Parties
from shared.casework.reports import store
from shared.casework.reports.tables import ReportRow
from shared.casework.warnings.watching import watch
from shared.contract.calendar import local_day, start_of
from shared.contract.decisions import owed
from shared.contract.errors import Problem
from shared.contract.events import AdmissionReported, ViolenceReported
from shared.contract.grounds import Grounds
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Day, Flag, Moment
from shared.contract.repetition import Fact
from shared.contract.reporting import RECEIVED, limit
from shared.contract.vocabulary import Agency, Basis, DataCategory, Pattern, Purpose, Side, SubjectRole, ViolenceKind

EXAMPLE: JsonDict = {
    "kinds": ["physical", "psychological"],
    "happened_on": "2026-03-19",
    "children_present": True,
    "weapon": False,
    "call_back": "+7 727 000 01 02",
}
ON_DUTY = ReferralBasis(kind=Basis.STATUTORY_DUTY)


class NewReport(BaseModel):
    """Violence, or a threat of it, to report. On the duty it says nothing of whom; a consent or an emergency adds that.

    `to`: a police organisation, or else the one that is responsible for this organisation's district.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    to: OrganisationId | None = None
    subject: SubjectRole = SubjectRole.VICTIM
    person_id: UUID | None = None
    basis: ReferralBasis = ON_DUTY
    kinds: list[ViolenceKind] = Field(min_length=1, max_length=len(ViolenceKind))
    threat: Flag = False
    happened_on: Day | None = None
    happened_at: Moment | None = None
    children_present: Flag
    weapon: Flag
    call_back: CallBack
    dependants: FreeText | None = None
    circumstances: FreeText | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.happened_on is None) == (self.happened_at is None):
            raise ValueError("say on which day it happened, or at what moment, not both")
        return self

    @property
    def purpose(self) -> Purpose:
        """It follows from the basis."""
        danger = self.basis.kind is Basis.EMERGENCY
        return Purpose.PROTECTION_OF_LIFE if danger else Purpose.STATUTORY_REPORT


async def compose(desk: Desk, body: NewReport) -> Outgoing:
    """What would be sent, before policy has spoken. Problem 404, 409 or 422 where it can't be."""
    day = _day_of(body, desk)
    person = await person_of(desk, body)
    known = await persons.known(desk.session, person) if person else None
    event = ViolenceReported(
        report_id=uuid4(),
        happened_on=day,
        **body.model_dump(exclude={"to", "basis", "person_id", "happened_on"}),
        **fields_of_person(known),
    )
    return Outgoing(
        event=event,
        sender=desk.organisation,
        recipient=await police(desk, body.to),
        grounds=await grounds_of(desk, body, person),
        concerning=event.report_id,
        person_id=body.person_id,
        handling=labels_of(person) if person else (),
        capacity=capacity_of(known) if known else None,
    )


def _day_of(body: NewReport, desk: Desk) -> date | None:
    """On which day it happened. Problem 422 for the future."""
    if body.happened_at is not None and body.happened_at > desk.now:
        raise invalid("what is reported is not in the future")
    day = body.happened_on if body.happened_at is None else local_day(body.happened_at)
    if day is not None and day > local_day(desk.now):
        raise invalid("what is reported is not in the future")
    return day


async def police(desk: Desk, named: str | None) -> str:
    """The police organisation to tell: the one that was named, or the responsible one. Problem 422 or 409."""
    if named is None:
        responsible = await responsible_police(desk)
        if responsible is None:
            raise Problem(409, "no-responsible-police", "the network knows no police organisation for this district")
        return responsible
    organisation = await directory.get(desk.session, organisation_id=named)
    known = organisation is not None and desk.node.trust.node_of(named) is not None
    if organisation is None or not known or organisation.agency != Agency.POLICE:
        raise invalid("the network knows no such police organisation")
    return organisation.id


async def send(desk: Desk, outgoing: Outgoing) -> tuple[ReportRow | None, Emitted]:
    """Let it leave, keep our copy of what did, and set the alarm. None where policy does not let it leave."""
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        return None, emitted
    content = emitted.content
    if not isinstance(content, ViolenceReported | AdmissionReported):
        raise TypeError("not a report")
    row = await store.keep(
        desk.session,
        event=content,
        grounds=outgoing.grounds,
        side=Side.SENDER,
        parties=Parties(ours=outgoing.sender, theirs=outgoing.recipient, person_id=outgoing.person_id),
        duty=duty_of(desk, content, outgoing.grounds),
        now=desk.now,
    )
    within = limit(RECEIVED, desk.now)
    row_alarm = alarm(desk, organisation_id=desk.organisation, kind=RECEIVED, concerning=row.id, within=within)
    desk.session.add(row_alarm)
    fact = Fact(row.id, Pattern.INCIDENTS, _when(content, desk.now))
    await watch(desk, fact, organisation_id=desk.organisation, person_id=outgoing.person_id)
    return row, emitted


def _when(content: ViolenceReported | AdmissionReported, now: datetime) -> datetime:
    """When what is reported happened, as exactly as that is known."""
    if isinstance(content, AdmissionReported):
        return content.admitted_at or now
    return content.happened_at or (start_of(content.happened_on) if content.happened_on is not None else now)


def duty_of(desk: Desk, event: ViolenceReported | AdmissionReported, grounds: Grounds) -> frozenset[DataCategory]:
    """What of a report the law would have told without any consent."""
    return owed(event.type, sender=desk.node.agency, recipient=Agency.POLICE, subject=grounds.subject, at=desk.now)
