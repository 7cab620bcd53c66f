"""REST calls for consents: record, read, withdraw."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from shared.adapters.audit import Action, record
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.adapters.tables import OutboxDone
from shared.casework.consents import store
from shared.casework.consents.ending import withdraw
from shared.casework.consents.grantors import Withdrawal, check_withdrawal
from shared.casework.consents.tables import ConsentRow
from shared.casework.persons import store as persons
from shared.casework.persons.capacity import capacity_of
from shared.casework.persons.details import Known
from shared.contract.calendar import local_day
from shared.contract.capacity import may_grant
from shared.contract.consent import CONSENTABLE
from shared.contract.errors import Problem
from shared.contract.identifiers import OrganisationId
from shared.contract.plain import Moment
from shared.contract.vocabulary import Agency, ConsentEnd, ConsentForm, DataCategory, Grantor, Partner, Purpose

router = APIRouter(prefix="/consents", tags=["consents"], route_class=TransactionalRoute)
LONGEST = timedelta(days=366)
EXAMPLE: JsonDict = {
    "person_id": "7b0ea4f6-54a3-44b9-8c5e-6c1f6f6a3f10",
    "purposes": ["lodging"],
    "recipients": ["shelter"],
    "categories": ["identity", "contact", "dependants"],
    "valid_until": "2030-01-31T18:00:00+05:00",
    "granted_by": "self",
    "form": "spoken",
    "explained_in": "kk",
}


def _consentable(category: DataCategory) -> DataCategory:
    if category not in CONSENTABLE:
        raise ValueError("consent can't open this category")
    return category


class NewConsent(BaseModel):
    """A consent to record. `recipients` names agencies (`shelter`), kinds of partners (`school`) or organisations."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID
    purposes: list[Purpose] = Field(min_length=1, max_length=20)
    recipients: list[Agency | Partner | OrganisationId] = Field(min_length=1, max_length=50)
    categories: list[Annotated[DataCategory, AfterValidator(_consentable)]] = Field(max_length=20)
    valid_until: Moment
    granted_by: Grantor
    form: ConsentForm
    document_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    explained_in: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

    @model_validator(mode="after")
    def _paper_has_a_hash(self) -> Self:
        if (self.form is ConsentForm.SIGNED_PAPER) != (self.document_sha256 is not None):
            raise ValueError("a signed paper, and nothing else, has the SHA-256 of its scan")
        return self


class ToldOfEnd(BaseModel):
    """An organisation that relied on the consent, and since when it has confirmed that what it opened is erased."""

    organisation: str
    told_at: datetime
    confirmed_at: datetime | None


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
    form: ConsentForm | None
    document_sha256: str | None
    explained_in: str | None
    end: ConsentEnd | None
    expired_at: datetime | None


class ConsentDetails(ConsentOut):
    """A consent, and once it has ended, who of those who relied on it has confirmed that."""

    told: list[ToldOfEnd]


@router.post("", status_code=201, responses=problems(404, 410))
async def record_consent(body: NewConsent, desk: Writer, _: OnceKey = None) -> ConsentOut:
    """Record what a person allows. Nothing leaves by this call."""
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=body.person_id)
    _check_grantor(body, await persons.known(desk.session, found(row, "person")), desk)
    if not desk.now < body.valid_until <= desk.now + LONGEST:
        raise invalid("a consent ends in the future and within 366 days")
    consent = ConsentRow(
        id=uuid4(),
        organisation_id=desk.organisation,
        recorded_by=desk.organisation,
        given_at=desk.now,
        **body.model_dump(mode="json", exclude={"valid_until", "person_id"}),
        valid_until=body.valid_until,
        person_id=body.person_id,
    )
    desk.session.add(consent)
    await desk.session.flush()
    terms = {"purposes": consent.purposes, "recipients": consent.recipients, "categories": consent.categories}
    await record(
        desk,
        organisation_id=desk.organisation,
        action=Action.CONSENT_RECORDED,
        concerning=consent.id,
        person_id=consent.person_id,
        details={**terms, "granted_by": consent.granted_by},
    )
    return ConsentOut.model_validate(consent)


def _check_grantor(body: NewConsent, person: Known, desk: Desk) -> None:
    why_not = may_grant(
        grantor=body.granted_by,
        capacity=capacity_of(person),
        purposes=frozenset(body.purposes),
        on=local_day(desk.now),
    )
    if why_not is not None:
        raise invalid(why_not)


@router.get("/{consent_id}")
async def read_consent(consent_id: UUID, desk: Reader) -> ConsentDetails:
    """Read a consent that was recorded here, or that something sent to us relied on."""
    row = await store.get(desk.session, organisation_id=desk.organisation, consent_id=consent_id)
    consent: ConsentRow = found(row, "consent")
    await note(desk, Action.READ_CONSENT, consent.id, person_id=consent.person_id)
    return await _details(desk, consent)


async def _details(desk: Desk, row: ConsentRow) -> ConsentDetails:
    told = await store.told(desk.session, organisation_id=desk.organisation, consent_id=row.id)
    return ConsentDetails(**ConsentOut.model_validate(row).model_dump(), told=[_told(one) for one in told])


def _told(row: OutboxDone) -> ToldOfEnd:
    confirmed = row.done_at if row.state == "received" else None
    return ToldOfEnd(organisation=row.recipient_id, told_at=row.created_at, confirmed_at=confirmed)


@router.post("/{consent_id}/withdraw", responses=problems(410))
async def withdraw_consent(
    consent_id: UUID, desk: Writer, body: Withdrawal | None = None, _: OnceKey = None
) -> ConsentDetails:
    """The person takes it back: no reason is asked. Everyone who relied on it is told, closes and erases."""
    row = await store.get(desk.session, organisation_id=desk.organisation, consent_id=consent_id, for_update=True)
    consent: ConsentRow = found(row, "consent")
    if consent.recorded_by != desk.organisation:
        raise Problem(
            409, "recorded-elsewhere", "this consent was given at another organisation; withdraw the referral instead"
        )
    await check_withdrawal(desk, consent, (body or Withdrawal()).by)
    if consent.end is not None:
        return await read_consent(consent_id, desk)
    await withdraw(desk, consent)
    return await _details(desk, consent)
