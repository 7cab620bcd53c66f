"""The envelope that events travel in: CloudEvents 1.0, structured JSON; and the catalogue of all events."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, SerializeAsAny, model_validator

from shared.contract.events.agreements import (
    AgreementAnswered,
    AgreementConcluded,
    AgreementNoticeGiven,
    AgreementProposed,
)
from shared.contract.events.assessments import (
    AssessmentAnswered,
    AssessmentEnded,
    AssessmentProposed,
    AssessmentSigned,
)
from shared.contract.events.base import Event, ShortText
from shared.contract.events.consents import ConsentWithdrawn
from shared.contract.events.conversations import ConversationHeld
from shared.contract.events.information import InformationAnswered, InformationClosed, InformationRequested
from shared.contract.events.letters import LetterRecalled, LetterWritten
from shared.contract.events.messages import MessagePosted, MessagesRead
from shared.contract.events.orders import OrderBreached, OrderChanged, OrderIssued
from shared.contract.events.progress import PlanProgressed, ProgrammeAttended
from shared.contract.events.receipts import EventsReceived
from shared.contract.events.record import AuditCheckpointed
from shared.contract.events.referrals import BedHoldAnswered, ReferralMoved, ReferralReminded, ReferralRequested
from shared.contract.events.refusals import RefusalNoticeAcknowledged, RefusalNoticeIssued
from shared.contract.events.registers import RegisterCompared
from shared.contract.events.repetition import RepetitionWarned
from shared.contract.events.reports import AdmissionReported, ViolenceReported, ViolenceReportRegistered
from shared.contract.events.state import BedsCounted, OrganisationAnnounced
from shared.contract.events.statistics import StatisticsPublished
from shared.contract.events.treatment import (
    ExaminationEvaded,
    GuardianAnswered,
    GuardianAsked,
    TreatmentDecided,
    TreatmentEnded,
    TreatmentMaterialsSent,
    TreatmentMoved,
)
from shared.contract.grounds import Grounds, Handling
from shared.contract.vocabulary import EventType

# The version of the contract. Fields that may be left out, and new events, are no new version: older nodes take in what
# they know and quarantine the rest. Anything else is, and nodes of two versions do not run in one network. A test holds
# the events to those that were released last (`shared.contract.compatibility`).
CONTRACT = 1
EVENTS: dict[EventType, type[Event]] = {
    model.type: model
    for model in (
        ReferralRequested,
        ReferralMoved,
        BedHoldAnswered,
        ReferralReminded,
        MessagePosted,
        MessagesRead,
        ConsentWithdrawn,
        RefusalNoticeIssued,
        RefusalNoticeAcknowledged,
        ViolenceReported,
        ViolenceReportRegistered,
        AdmissionReported,
        AssessmentProposed,
        AssessmentAnswered,
        AssessmentSigned,
        AssessmentEnded,
        PlanProgressed,
        ProgrammeAttended,
        OrderIssued,
        OrderChanged,
        OrderBreached,
        ConversationHeld,
        RepetitionWarned,
        AgreementProposed,
        AgreementAnswered,
        AgreementConcluded,
        AgreementNoticeGiven,
        InformationRequested,
        InformationAnswered,
        InformationClosed,
        RegisterCompared,
        StatisticsPublished,
        LetterWritten,
        LetterRecalled,
        ExaminationEvaded,
        TreatmentMaterialsSent,
        TreatmentMoved,
        TreatmentDecided,
        TreatmentEnded,
        GuardianAsked,
        GuardianAnswered,
        OrganisationAnnounced,
        BedsCounted,
        AuditCheckpointed,
        EventsReceived,
    )
}

UNKNOWN_TYPE = "an event type that is not in this contract"


class Payload(BaseModel):
    """The `data` of the CloudEvent."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    grounds: Grounds | None = None
    handling: Handling | None = None
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
    return f"kz.qorgau.{event_type.value}.v{CONTRACT}"


def model_of(cloud: str) -> type[Event]:
    """The model for a CloudEvents `type`. Raises ValueError for one that is not in the contract."""
    for event_type, model in EVENTS.items():
        if cloud_type(event_type) == cloud:
            return model
    raise ValueError(UNKNOWN_TYPE)
