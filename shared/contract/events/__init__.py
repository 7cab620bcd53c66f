"""The events that cross between services: one frozen model each, a file per noun, and the envelope they travel in.

Each field carries its `DataCategory`; `redact()` empties a field whose category a decision withholds, so every field
that is not routing or public can be null.
"""

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
from shared.contract.events.base import Event, LongText, ShortText
from shared.contract.events.consents import ConsentWithdrawn
from shared.contract.events.conversations import ConversationHeld
from shared.contract.events.envelope import (
    CONTRACT,
    EVENTS,
    UNKNOWN_TYPE,
    Envelope,
    Payload,
    cloud_type,
    model_of,
)
from shared.contract.events.information import Conviction, InformationAnswered, InformationClosed, InformationRequested
from shared.contract.events.letters import LetterRecalled, LetterWritten
from shared.contract.events.messages import MessagePosted, MessagesRead
from shared.contract.events.orders import OrderBreached, OrderChanged, OrderIssued
from shared.contract.events.progress import GoalProgress, PlanProgressed, ProgrammeAttended
from shared.contract.events.receipts import EventsReceived, Refused
from shared.contract.events.record import AuditCheckpointed
from shared.contract.events.referrals import (
    HIGHEST_VERSION,
    BedHoldAnswered,
    Household,
    ReferralMoved,
    ReferralReminded,
    ReferralRequested,
)
from shared.contract.events.refusals import RefusalNoticeAcknowledged, RefusalNoticeIssued
from shared.contract.events.registers import MOST_TOKENS, TOKEN_BYTES, RegisterCompared
from shared.contract.events.repetition import RepetitionWarned
from shared.contract.events.reports import AdmissionReported, ViolenceReported, ViolenceReportRegistered
from shared.contract.events.state import MOST_PLACES, MOST_UNITS, BedsCounted, OrganisationAnnounced, UnitCount
from shared.contract.events.statistics import (
    MOST_CELLS,
    MOST_TABLES,
    CodeName,
    PublishedCell,
    PublishedTable,
    StatisticsPublished,
)
from shared.contract.events.treatment import (
    ExaminationEvaded,
    GuardianAnswered,
    GuardianAsked,
    TreatmentDecided,
    TreatmentEnded,
    TreatmentMaterialsSent,
    TreatmentMoved,
)

__all__ = [
    "CONTRACT",
    "EVENTS",
    "HIGHEST_VERSION",
    "MOST_CELLS",
    "MOST_PLACES",
    "MOST_TABLES",
    "MOST_TOKENS",
    "MOST_UNITS",
    "TOKEN_BYTES",
    "UNKNOWN_TYPE",
    "AdmissionReported",
    "AgreementAnswered",
    "AgreementConcluded",
    "AgreementNoticeGiven",
    "AgreementProposed",
    "AssessmentAnswered",
    "AssessmentEnded",
    "AssessmentProposed",
    "AssessmentSigned",
    "AuditCheckpointed",
    "BedHoldAnswered",
    "BedsCounted",
    "CodeName",
    "ConsentWithdrawn",
    "ConversationHeld",
    "Conviction",
    "Envelope",
    "Event",
    "EventsReceived",
    "ExaminationEvaded",
    "GoalProgress",
    "GuardianAnswered",
    "GuardianAsked",
    "Household",
    "InformationAnswered",
    "InformationClosed",
    "InformationRequested",
    "LetterRecalled",
    "LetterWritten",
    "LongText",
    "MessagePosted",
    "MessagesRead",
    "OrderBreached",
    "OrderChanged",
    "OrderIssued",
    "OrganisationAnnounced",
    "Payload",
    "PlanProgressed",
    "ProgrammeAttended",
    "PublishedCell",
    "PublishedTable",
    "ReferralMoved",
    "ReferralReminded",
    "ReferralRequested",
    "RefusalNoticeAcknowledged",
    "RefusalNoticeIssued",
    "Refused",
    "RegisterCompared",
    "RepetitionWarned",
    "ShortText",
    "StatisticsPublished",
    "TreatmentDecided",
    "TreatmentEnded",
    "TreatmentMaterialsSent",
    "TreatmentMoved",
    "UnitCount",
    "ViolenceReportRegistered",
    "ViolenceReported",
    "cloud_type",
    "model_of",
]
