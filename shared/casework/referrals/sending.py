"""From a request to what would leave: who it goes to, on which grounds, and what of the person it would say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Protocol, Self
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from shared.adapters.http import Desk, found, invalid
from shared.adapters.outbox import Outgoing
from shared.casework.consents import store as consents
from shared.casework.consents.tables import ConsentRow
from shared.casework.directory import store as directory
from shared.casework.directory.tables import OrganisationRow
from shared.casework.emergencies import store as emergencies
from shared.casework.emergencies.tables import EmergencyRow
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of, labels_of
from shared.casework.persons.details import Known
from shared.casework.persons.models import Language
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals import store as referrals
from shared.casework.suitability.choosing import Search, Wish, best, wish_of
from shared.contract.consent import Consent
from shared.contract.errors import Problem
from shared.contract.escalation import LONGEST, SHORTEST, why_not_in
from shared.contract.events import Household, ReferralRequested
from shared.contract.grounds import CourtDecision, Emergency, Grounds
from shared.contract.identifiers import KATO, OrganisationId
from shared.contract.plain import Whole
from shared.contract.suitability import Ranked
from shared.contract.vocabulary import Basis, BedKind, Need, Purpose, Side, SubjectRole, Urgency

FreeText = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
CallBack = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{5,20}$")]
PERSON_FIELDS = [
    "family_name",
    "given_name",
    "patronymic",
    "birth_date",
    "sex",
    "iin",
    "phone",
    "languages",
    "address",
]  # fields of both models
# Of a call's fields, those that no event has, and those that are put in by themselves.
NOT_SENT = {"to", "basis", "person_id", "needs", "household", "speaks", "avoid", "answer_within_minutes"}
EXAMPLE: JsonDict = {
    "to": {"nearest": "196200000"},
    "purpose": "lodging",
    "subject": "victim",
    "basis": {"kind": "no_personal_data"},
    "urgency": "stat",
    "household": {"adults": 1, "children": 2},
    "needs": ["infant"],
    "hold": "women_with_children",
    "call_back": "+7 727 000 00 02",
}


LONGEST_TERM = timedelta(days=3 * 366)  # compulsory treatment, on a repeat (report, 1.4, art. 17, para. 5)
PROOF_OF = {Basis.CONSENT: "consent_id", Basis.EMERGENCY: "emergency_id", Basis.COURT_DECISION: "court"}


class To(BaseModel):
    """An organisation, or the nearest suitable one to the place where the person actually is (KATO)."""

    model_config = ConfigDict(extra="forbid")
    organisation: OrganisationId | None = None
    nearest: KATO | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.organisation is None) == (self.nearest is None):
            raise ValueError("name an organisation or a place to be near to, not both")
        return self


class ReferralBasis(BaseModel):
    """The lawful basis with what proves it: a consent or a declared emergency by its id, a court's decision."""

    model_config = ConfigDict(extra="forbid")
    kind: Basis
    consent_id: UUID | None = None
    emergency_id: UUID | None = None
    court: CourtDecision | None = None

    @model_validator(mode="after")
    def _each_has_its_proof(self) -> Self:
        for kind, name in PROOF_OF.items():
            if (self.kind is kind) != (getattr(self, name) is not None):
                raise ValueError(f"each basis names its own proof, and no other's: {name} goes with {kind.value} alone")
        if self.court is not None and self.court.until > self.court.decided_on + LONGEST_TERM:
            raise ValueError("a court's decision binds for three years at most")
        return self


class NewReferral(BaseModel):
    """A referral to send. Without `person_id` it says nothing of who it is about.

    `speaks` and `avoid` (organisations where the alleged offender would look) choose a place, and never leave.
    `answer_within_minutes`: when the receiver is reminded, for what is urgent; in twice as many its chief, in thrice as
    many it is back here.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    to: To
    purpose: Purpose
    subject: SubjectRole = SubjectRole.VICTIM
    person_id: UUID | None = None
    basis: ReferralBasis
    urgency: Urgency = Urgency.ROUTINE
    household: Household | None = None
    needs: list[Need] = Field(default=[], max_length=len(Need))
    hold: BedKind | None = None
    call_back: CallBack
    dependants: FreeText | None = None
    health: FreeText | None = None
    addiction: FreeText | None = None
    circumstances: FreeText | None = None
    replaces: UUID | None = None
    speaks: list[Language] = Field(default=[], max_length=10)
    avoid: list[OrganisationId] = Field(default=[], max_length=50)
    answer_within_minutes: Whole | None = Field(default=None, ge=SHORTEST, le=LONGEST)

    @model_validator(mode="after")
    def _alarm_fits(self) -> Self:
        why_not = why_not_in(self.answer_within_minutes, self.urgency)
        if why_not is not None:
            raise ValueError(why_not)
        return self


class About(Protocol):
    """What a call says of whom it is about."""

    @property
    def subject(self) -> SubjectRole:
        """Whom it is about."""

    @property
    def person_id(self) -> UUID | None:
        """The record here, if there is one."""


class Asked(About, Protocol):
    """What a call says of what it would send: about whom, for what, on which basis."""

    @property
    def purpose(self) -> Purpose:
        """What the data may be used for."""

    @property
    def basis(self) -> ReferralBasis:
        """On what it relies."""


@dataclass(frozen=True)
class Composed:
    """What would be sent, why there where a place was looked for, and what for: it is kept here, sealed."""

    outgoing: Outgoing
    wish: Wish
    chosen: Ranked | None


async def compose(desk: Desk, body: NewReferral) -> Composed:
    """What would be sent, before policy has spoken. Problem 404, 409 or 422 where it can't be."""
    _check_bed(body)
    await _check_replaced(desk, body)
    person = await person_of(desk, body)
    known = await persons.known(desk.session, person) if person else None
    named = {desk.organisation} | ({body.to.organisation} if body.to.organisation else set())
    places = await directory.named(desk.session, organisation_ids=named)
    wish = _wish(body, known, places.get(desk.organisation))
    recipient, chosen = await _recipient(desk, body, wish, places)
    event = ReferralRequested(
        referral_id=uuid4(),
        needs=tuple(body.needs),
        **body.model_dump(exclude=NOT_SENT),
        household=body.household,
        **fields_of_person(known),
    )
    outgoing = Outgoing(
        event=event,
        sender=desk.organisation,
        recipient=recipient,
        grounds=await grounds_of(desk, body, person),
        concerning=event.referral_id,
        person_id=body.person_id,
        handling=labels_of(person) if person else (),
        capacity=capacity_of(known) if known else None,
    )
    return Composed(outgoing, wish, chosen)


def _check_bed(body: NewReferral) -> None:
    offender = body.subject is SubjectRole.ALLEGED_OFFENDER
    if offender and body.hold not in (None, BedKind.DETOXIFICATION, BedKind.ADDICTOLOGY):
        raise invalid("an alleged offender is referred to detoxification or addictology beds only")


def fields_of_person(person: Known | None) -> dict[str, Any]:
    """What an event could say of a person; nothing where nobody is named."""
    return {name: getattr(person, name) or None for name in PERSON_FIELDS} if person is not None else {}


async def person_of(desk: Desk, body: About) -> PersonRow | None:
    """Whom it is about, if that is said. Problem 404, or 422 for somebody in another role."""
    if body.person_id is None:
        return None
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id)
    person: PersonRow = found(row, "person")
    if person.role != body.subject:
        raise invalid("the subject and the person's role differ")
    return person


async def grounds_of(desk: Desk, body: Asked, person: PersonRow | None) -> Grounds:
    """On what it would rely. Problem 404 or 422 for a proof that is not there, or is another person's."""
    return Grounds(
        basis=body.basis.kind,
        purpose=body.purpose,
        subject=body.subject,
        consent=await _consent(desk, body, body.basis.consent_id) if body.basis.consent_id else None,
        emergency=await _emergency(desk, body, body.basis.emergency_id) if body.basis.emergency_id else None,
        court=body.basis.court,
        anonymous=person is not None and person.anonymous,
    )


async def _consent(desk: Desk, body: Asked, consent_id: UUID) -> Consent:
    row = await consents.get(desk.session, organisation_id=desk.organisation, consent_id=consent_id, for_update=True)
    consent: ConsentRow = found(row, "consent")
    if body.person_id is None or consent.person_id != body.person_id:
        raise invalid("the consent was given by or for another person")
    return consents.terms(consent)


async def _emergency(desk: Desk, body: Asked, emergency_id: UUID) -> Emergency:
    row = await emergencies.get(desk.session, organisation_id=desk.organisation, emergency_id=emergency_id)
    emergency: EmergencyRow = found(row, "emergency")
    if body.person_id is None or emergency.person_id != body.person_id:
        raise invalid("the emergency was declared for another person")
    return emergencies.terms(emergency)


async def _recipient(
    desk: Desk, body: NewReferral, wish: Wish, places: Mapping[str, OrganisationRow]
) -> tuple[str, Ranked | None]:
    """Where it goes, and why there where that was looked for; never where the alleged offender is known to look."""
    if body.to.organisation is not None:
        return _named(desk, places.get(body.to.organisation), wish), None
    search = Search(desk.organisation, body.purpose, wish, bed=body.hold, needs=frozenset(body.needs))
    chosen = await best(desk, search)
    if chosen is None:
        raise Problem(409, "nowhere-suitable", "no known organisation takes this, with room where a bed was asked for")
    return chosen.organisation, chosen


def _named(desk: Desk, organisation: OrganisationRow | None, wish: Wish) -> str:
    if organisation is None or desk.node.trust.node_of(organisation.id) is None:
        raise invalid("the network knows no such organisation")
    if organisation.id == desk.organisation:
        raise invalid("a referral goes to another organisation")
    if organisation.id in wish.avoid:
        raise Problem(409, "known-to-offender", "the alleged offender is known to know this place")
    return organisation.id


def _wish(body: NewReferral, person: Known | None, here: OrganisationRow | None) -> Wish:
    """Where the person is: as the call says, or else where this organisation is."""
    near = body.to.nearest or (here.kato if here is not None else "")
    return wish_of(near=near, speaks=body.speaks, avoid=body.avoid, person=person)


async def _check_replaced(desk: Desk, body: NewReferral) -> None:
    """A referral replaces one that we sent about the same person."""
    if body.replaces is None:
        return
    row = await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=body.replaces)
    old = found(row, "referral")
    if (old.side, old.subject, old.person_id) != (Side.SENDER, body.subject, body.person_id):
        raise invalid("a referral replaces one that was sent about the same person")
