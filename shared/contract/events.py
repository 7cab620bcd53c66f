"""The events that cross between services: one frozen model each, and the envelope they travel in.

Each field carries its `DataCategory`; `redact()` empties a field whose category a decision withholds, so every field
that is not routing or public can be null. The envelope is CloudEvents 1.0, structured JSON.
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from shared.contract.consent import Consent
from shared.contract.identifiers import IIN, KATO, OrganisationId
from shared.contract.vocabulary import (
    Agency,
    Basis,
    BedKind,
    EventType,
    Need,
    Purpose,
    ReasonCode,
    ReferralAction,
    Sex,
    SubjectRole,
    Urgency,
)
from shared.contract.vocabulary import DataCategory as C

LongText = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
ShortText = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
HIGHEST_VERSION = 1_000_000
MOST_PLACES = 10_000
MOST_UNITS = 200


class Event(BaseModel):
    """What all events have in common: frozen, and unknown fields are ignored so that newer nodes can be understood."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    type: ClassVar[EventType]


class Household(BaseModel):
    """How many come, without saying who."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    adults: int = Field(ge=0, le=20)
    children: int = Field(ge=0, le=20)


class ReferralRequested(Event):
    """An organisation asks another to help someone (F1, F2, F5, F7)."""

    type = EventType.REFERRAL_REQUESTED
    referral_id: Annotated[UUID, C.ROUTING]
    replaces: Annotated[UUID | None, C.ROUTING] = None
    purpose: Annotated[Purpose, C.ROUTING]
    subject: Annotated[SubjectRole, C.ROUTING]
    urgency: Annotated[Urgency | None, C.NEEDS] = None
    household: Annotated[Household | None, C.HOUSEHOLD] = None
    needs: Annotated[tuple[Need, ...] | None, C.NEEDS] = None
    hold: Annotated[BedKind | None, C.NEEDS] = None
    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None
    family_name: Annotated[ShortText | None, C.IDENTITY] = None
    given_name: Annotated[ShortText | None, C.IDENTITY] = None
    patronymic: Annotated[ShortText | None, C.IDENTITY] = None
    birth_date: Annotated[date | None, C.IDENTITY] = None
    sex: Annotated[Sex | None, C.IDENTITY] = None
    iin: Annotated[IIN | None, C.IDENTITY] = None
    phone: Annotated[ShortText | None, C.CONTACT] = None
    languages: Annotated[tuple[ShortText, ...] | None, C.NEEDS] = None
    dependants: Annotated[LongText | None, C.DEPENDANTS] = None
    address: Annotated[LongText | None, C.WHEREABOUTS] = None
    health: Annotated[LongText | None, C.HEALTH] = None
    addiction: Annotated[LongText | None, C.ADDICTION] = None
    circumstances: Annotated[LongText | None, C.NARRATIVE] = None


class ReferralMoved(Event):
    """One side acted on a referral: see `shared.contract.referral` for what may follow what."""

    type = EventType.REFERRAL_MOVED
    referral_id: Annotated[UUID, C.ROUTING]
    version: Annotated[int, C.ROUTING] = Field(ge=1, le=HIGHEST_VERSION)
    action: Annotated[ReferralAction, C.ROUTING]
    reason: Annotated[ReasonCode | None, C.ROUTING] = None
    suggested: Annotated[OrganisationId | None, C.ROUTING] = None
    at: Annotated[AwareDatetime, C.ROUTING]
    text: Annotated[LongText | None, C.CORRESPONDENCE] = None


class BedHoldAnswered(Event):
    """Whether the place asked for with a referral is held, and until when (F9)."""

    type = EventType.BED_HOLD_ANSWERED
    referral_id: Annotated[UUID, C.ROUTING]
    held: Annotated[bool, C.ROUTING]
    until: Annotated[AwareDatetime | None, C.ROUTING] = None


class MessagePosted(Event):
    """A worker wrote to the other side of a referral."""

    type = EventType.MESSAGE_POSTED
    message_id: Annotated[UUID, C.ROUTING]
    referral_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
    body: Annotated[LongText | None, C.CORRESPONDENCE] = None


class MessagesRead(Event):
    """The other side has read these messages."""

    type = EventType.MESSAGES_READ
    referral_id: Annotated[UUID, C.ROUTING]
    message_ids: Annotated[tuple[UUID, ...], C.ROUTING] = Field(max_length=200)
    at: Annotated[AwareDatetime, C.ROUTING]


class ConsentWithdrawn(Event):
    """A person took a consent back: whoever relied on it closes and erases what it opened."""

    type = EventType.CONSENT_WITHDRAWN
    consent_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]


class RefusalNoticeIssued(Event):
    """A service recipient refused to report the violence to the police (F3; Standard No. 1079).

    Says that it happened, when, and what the police may do. There is no field that could say who she is; of where,
    the envelope says only which organisation reports.
    """

    type = EventType.REFUSAL_NOTICE_ISSUED
    notice_id: Annotated[UUID, C.ROUTING]
    refused_on: Annotated[date, C.ROUTING]
    due_on: Annotated[date, C.ROUTING]
    police_may: Annotated[tuple[Literal["offer_contact", "record_statistics", "preventive_talk"], ...], C.ROUTING]


class RefusalNoticeAcknowledged(Event):
    """The police have read a refusal notice."""

    type = EventType.REFUSAL_NOTICE_ACKNOWLEDGED
    notice_id: Annotated[UUID, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]


class OrganisationAnnounced(Event):
    """An organisation that can be reached, as its own service describes it. Never an address."""

    type = EventType.ORGANISATION_ANNOUNCED
    id: Annotated[OrganisationId, C.PUBLIC]
    agency: Annotated[Agency, C.PUBLIC]
    name_kk: Annotated[ShortText, C.PUBLIC]
    name_ru: Annotated[ShortText, C.PUBLIC]
    name_en: Annotated[ShortText, C.PUBLIC]
    kato: Annotated[KATO, C.PUBLIC]
    purposes: Annotated[tuple[Purpose, ...], C.PUBLIC] = ()
    responsible_for: Annotated[tuple[ShortText, ...], C.PUBLIC] = ()
    phone: Annotated[ShortText | None, C.PUBLIC] = None


class UnitCount(BaseModel):
    """The places of one unit."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    unit: ShortText
    kind: BedKind
    capacity: int = Field(ge=0, le=MOST_PLACES)
    free: int = Field(ge=0, le=MOST_PLACES)
    counted_at: AwareDatetime


class BedsCounted(Event):
    """All units of one organisation, as they are now: the last announcement replaces the one before (F9)."""

    type = EventType.BEDS_COUNTED
    organisation: Annotated[OrganisationId, C.PUBLIC]
    units: Annotated[tuple[UnitCount, ...], C.PUBLIC] = Field(max_length=MOST_UNITS)
    at: Annotated[AwareDatetime, C.PUBLIC]


class Refused(BaseModel):
    """An event that the receiver may not keep, and the rule that says so."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    event_id: UUID
    rule: ShortText


class EventsReceived(Event):
    """A receipt from one service to another: these events are committed here, those are refused."""

    type = EventType.EVENTS_RECEIVED
    received: Annotated[tuple[UUID, ...], C.ROUTING] = ()
    refused: Annotated[tuple[Refused, ...], C.ROUTING] = ()


EVENTS: dict[EventType, type[Event]] = {
    model.type: model
    for model in (
        ReferralRequested,
        ReferralMoved,
        BedHoldAnswered,
        MessagePosted,
        MessagesRead,
        ConsentWithdrawn,
        RefusalNoticeIssued,
        RefusalNoticeAcknowledged,
        OrganisationAnnounced,
        BedsCounted,
        EventsReceived,
    )
}


class Grounds(BaseModel):
    """On what an event relies: written on it, and checked by the receiver again."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    basis: Basis
    purpose: Purpose | None = None
    subject: SubjectRole = SubjectRole.VICTIM
    consent: Consent | None = None


NO_PERSONAL_DATA = Grounds(basis=Basis.NO_PERSONAL_DATA)  # what announcements rely on


class Payload(BaseModel):
    """The `data` of the CloudEvent."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    grounds: Grounds | None = None
    content: SerializeAsAny[Event]


class Envelope(BaseModel):
    """CloudEvents 1.0, structured mode. `sender` and `recipient` are organisations; `source` names the sending node."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    specversion: Literal["1.0"] = "1.0"
    id: UUID
    type: ShortText
    source: ShortText
    subject: ShortText
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    sender: ShortText
    recipient: ShortText
    traceparent: ShortText | None = None
    data: Payload

    @model_validator(mode="before")
    @classmethod
    def _content_by_type(cls, raw: Any) -> Any:
        """Read `data.content` with the model that `type` names. Raises ValueError for a type this node doesn't know."""
        if not isinstance(raw, dict) or not isinstance(raw.get("data"), dict):
            return raw
        content = raw["data"].get("content")
        if isinstance(content, Event):
            return raw
        model = model_of(str(raw.get("type")))
        return {**raw, "data": {**raw["data"], "content": model.model_validate(content)}}


def cloud_type(event_type: EventType) -> str:
    """The CloudEvents `type` of an event."""
    return f"kz.qorgau.{event_type.value}.v1"


def model_of(cloud: str) -> type[Event]:
    """The model for a CloudEvents `type`. Raises ValueError for one that is not in the contract."""
    for event_type, model in EVENTS.items():
        if cloud_type(event_type) == cloud:
            return model
    raise ValueError("an event type that is not in this contract")
