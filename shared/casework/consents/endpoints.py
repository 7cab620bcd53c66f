"""REST calls for consents: record, read, withdraw."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid
from shared.casework.consents import store
from shared.casework.consents.tables import ConsentRow
from shared.casework.consents.withdrawal import withdraw
from shared.casework.persons import store as persons
from shared.casework.persons.tables import PersonRow
from shared.contract.calendar import local_day
from shared.contract.capacity import Capacity, may_grant
from shared.contract.consent import CONSENTABLE
from shared.contract.errors import Problem
from shared.contract.identifiers import OrganisationId, birth_date_of
from shared.contract.vocabulary import Agency, DataCategory, Grantor, Purpose

router = APIRouter(prefix="/consents", tags=["consents"], route_class=TransactionalRoute)
LONGEST = timedelta(days=366)
EXAMPLE: JsonDict = {
    "person_id": "7b0ea4f6-54a3-44b9-8c5e-6c1f6f6a3f10",
    "purposes": ["lodging"],
    "recipients": ["shelter"],
    "categories": ["identity", "contact", "dependants"],
    "valid_until": "2030-01-31T18:00:00+05:00",
    "granted_by": "self",
}


def _consentable(category: DataCategory) -> DataCategory:
    if category not in CONSENTABLE:
        raise ValueError("consent can't open this category")
    return category


class NewConsent(BaseModel):
    """A consent to record. `recipients` names agencies (`shelter`) or single organisations by id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID
    purposes: list[Purpose] = Field(min_length=1, max_length=20)
    recipients: list[Agency | OrganisationId] = Field(min_length=1, max_length=50)
    categories: list[Annotated[DataCategory, AfterValidator(_consentable)]] = Field(max_length=20)
    valid_until: AwareDatetime
    granted_by: Grantor
    representative_is_alleged_offender: bool = False


class ConsentOut(BaseModel):
    """A consent as this organisation knows it. `person_id` is null for one that was given elsewhere."""

    model_config = ConfigDict(from_attributes=True, title="Consent")
    id: UUID
    recorded_by: str
    person_id: UUID | None
    purposes: list[Purpose]
    recipients: list[str]
    categories: list[DataCategory]
    granted_by: Grantor | None
    given_at: datetime
    valid_until: datetime
    withdrawn_at: datetime | None


@router.post("", status_code=201)
async def record_consent(body: NewConsent, desk: Writer, _: OnceKey = None) -> ConsentOut:
    """Record what a person allows. Nothing leaves by this call."""
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id)
    _check_grantor(body, found(row, "person"), desk)
    if not desk.now < body.valid_until <= desk.now + LONGEST:
        raise invalid("a consent ends in the future and within 366 days")
    consent = ConsentRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        recorded_by=desk.organisation,
        given_at=desk.now,
        **body.model_dump(mode="json", exclude={"representative_is_alleged_offender", "valid_until", "person_id"}),
        valid_until=body.valid_until,
        person_id=body.person_id,
    )
    desk.session.add(consent)
    await desk.session.flush()
    return ConsentOut.model_validate(consent)


def _check_grantor(body: NewConsent, person: PersonRow, desk: Desk) -> None:
    why_not = may_grant(
        grantor=body.granted_by,
        capacity=Capacity(
            birth_date=person.birth_date or (birth_date_of(person.iin) if person.iin else None),
            representative_is_alleged_offender=body.representative_is_alleged_offender,
        ),
        purposes=frozenset(body.purposes),
        on=local_day(desk.now),
    )
    if why_not is not None:
        raise invalid(why_not)


@router.get("/{consent_id}")
async def read_consent(consent_id: UUID, desk: Reader) -> ConsentOut:
    """Read a consent that was recorded here, or that something sent to us relied on."""
    row = await store.get(desk.session, organisation_id=desk.organisation, consent_id=consent_id)
    return ConsentOut.model_validate(found(row, "consent"))


@router.post("/{consent_id}/withdraw")
async def withdraw_consent(consent_id: UUID, desk: Writer, _: OnceKey = None) -> ConsentOut:
    """The person takes it back: no reason is asked. Everyone who relied on it is told, closes and erases."""
    row = await store.get(desk.session, organisation_id=desk.organisation, consent_id=consent_id, for_update=True)
    consent: ConsentRow = found(row, "consent")
    if consent.recorded_by != desk.organisation:
        raise Problem(
            409, "recorded-elsewhere", "this consent was given at another organisation; withdraw the referral instead"
        )
    if consent.withdrawn_at is None:
        await withdraw(desk, consent)
    return ConsentOut.model_validate(consent)
