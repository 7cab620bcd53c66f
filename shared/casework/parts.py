"""What every agency's service consists of, as literal tables; and what an agency adds of its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter

from shared.adapters.announcer import Collect
from shared.adapters.inbox import Handlers
from shared.adapters.outbox import Work
from shared.adapters.witnesses import on_audit_checkpointed
from shared.casework.agreements.endpoints import router as agreements
from shared.casework.agreements.handlers import (
    on_agreement_answered,
    on_agreement_concluded,
    on_agreement_notice_given,
    on_agreement_proposed,
)
from shared.casework.agreements.reading import router as reading_agreements
from shared.casework.assessments.handlers import (
    on_assessment_answered,
    on_assessment_ended,
    on_assessment_proposed,
    on_assessment_signed,
)
from shared.casework.assessments.reading import router as assessments
from shared.casework.assessments.taking_part import signing as signing_assessments
from shared.casework.beds.endpoints import router as beds
from shared.casework.beds.handlers import on_beds_counted
from shared.casework.beds.handlers import on_organisation_announced as settle_on_the_board
from shared.casework.beds.reaching import router as reaching
from shared.casework.changes.endpoints import router as changes
from shared.casework.changes.streaming import router as streamed_changes
from shared.casework.consents.endpoints import router as consents
from shared.casework.consents.handlers import on_consent_withdrawn
from shared.casework.consents.of_person import router as consents_of_person
from shared.casework.conversations.endpoints import router as conversations
from shared.casework.conversations.handlers import on_conversation_held
from shared.casework.deadlines.endpoints import router as deadlines
from shared.casework.directory.endpoints import router as directory
from shared.casework.directory.handlers import on_organisation_announced
from shared.casework.disclosures.endpoints import router as disclosures
from shared.casework.disclosures.of_person import router as disclosures_of_person
from shared.casework.emergencies.endpoints import router as emergencies
from shared.casework.escalation.handlers import on_referral_reminded
from shared.casework.files.endpoints import router as files
from shared.casework.files.source import Source
from shared.casework.inquiries.answering import router as answering
from shared.casework.inquiries.endpoints import router as inquiries
from shared.casework.inquiries.handlers import (
    on_information_answered,
    on_information_closed,
    on_information_requested,
)
from shared.casework.messages.endpoints import router as messages
from shared.casework.messages.handlers import on_message_posted, on_messages_read
from shared.casework.persons.endpoints import router as persons
from shared.casework.persons.taking_over import router as taking_over
from shared.casework.progress.endpoints import router as progress
from shared.casework.progress.handlers import on_plan_progressed, on_programme_attended
from shared.casework.referrals.endpoints import router as referrals
from shared.casework.referrals.handlers import on_bed_hold_answered, on_referral_moved, on_referral_requested
from shared.casework.reports.handlers import on_violence_report_registered
from shared.casework.reports.reading import router as reports
from shared.casework.standards.have_endpoints import router as edxl_have
from shared.casework.standards.hsds_endpoints import router as hsds
from shared.casework.statistics.counting import CountedTable
from shared.casework.statistics.endpoints import router as statistics
from shared.casework.suitability.endpoints import router as suitability
from shared.casework.warnings.endpoints import router as warnings
from shared.casework.webhooks.endpoints import router as webhooks
from shared.contract.vocabulary import Agency, EventType, OrderKind

ROUTERS = (
    taking_over,
    persons,
    consents,
    consents_of_person,
    emergencies,
    suitability,
    referrals,
    progress,
    messages,
    reports,
    assessments,
    signing_assessments,
    conversations,
    inquiries,
    answering,
    beds,
    reaching,
    directory,
    hsds,
    edxl_have,
    disclosures,
    disclosures_of_person,
    deadlines,
    warnings,
    agreements,
    reading_agreements,
    files,
    changes,
    streamed_changes,
    webhooks,
    statistics,
)

# What each event does at every agency. An agency adds its own in its `app.py`.
HANDLERS: Handlers = {
    EventType.REFERRAL_REQUESTED: (on_referral_requested,),
    EventType.REFERRAL_MOVED: (on_referral_moved,),
    EventType.BED_HOLD_ANSWERED: (on_bed_hold_answered,),
    EventType.REFERRAL_REMINDED: (on_referral_reminded,),
    EventType.MESSAGE_POSTED: (on_message_posted,),
    EventType.MESSAGES_READ: (on_messages_read,),
    EventType.CONSENT_WITHDRAWN: (on_consent_withdrawn,),
    EventType.VIOLENCE_REPORT_REGISTERED: (on_violence_report_registered,),
    EventType.PLAN_PROGRESSED: (on_plan_progressed,),
    EventType.PROGRAMME_ATTENDED: (on_programme_attended,),
    EventType.AGREEMENT_PROPOSED: (on_agreement_proposed,),
    EventType.AGREEMENT_ANSWERED: (on_agreement_answered,),
    EventType.AGREEMENT_CONCLUDED: (on_agreement_concluded,),
    EventType.AGREEMENT_NOTICE_GIVEN: (on_agreement_notice_given,),
    EventType.ASSESSMENT_PROPOSED: (on_assessment_proposed,),
    EventType.ASSESSMENT_ANSWERED: (on_assessment_answered,),
    EventType.ASSESSMENT_SIGNED: (on_assessment_signed,),
    EventType.ASSESSMENT_ENDED: (on_assessment_ended,),
    EventType.CONVERSATION_HELD: (on_conversation_held,),
    EventType.INFORMATION_REQUESTED: (on_information_requested,),
    EventType.INFORMATION_ANSWERED: (on_information_answered,),
    EventType.INFORMATION_CLOSED: (on_information_closed,),
    EventType.ORGANISATION_ANNOUNCED: (on_organisation_announced, settle_on_the_board),
    EventType.BEDS_COUNTED: (on_beds_counted,),
    EventType.AUDIT_CHECKPOINTED: (on_audit_checkpointed,),
}


# What ends by itself, once a second, before reminders fire: how many there were.
Clock = Callable[[Work], Awaitable[int]]


@dataclass(frozen=True)
class OrderTold:
    """What the notice of an order tells (F10), and whom it names in which role."""

    kind: OrderKind
    from_day: date
    last_day: date
    against: frozenset[UUID]
    protects: frozenset[UUID]


# An order that this agency has in force, by its id; none where it has not.
TellOrder = Callable[[Work, UUID, str], Awaitable[OrderTold | None]]


@dataclass(frozen=True)
class AgencyParts:
    """What makes a service that agency's: its mandate, its own calls, events, announcements and what it counts."""

    agency: Agency
    mandate: str
    routers: Sequence[APIRouter]
    handlers: Handlers
    announcements: Sequence[Collect] = ()
    clocks: Sequence[Clock] = ()
    statistics: Sequence[CountedTable] = ()
    files: Sequence[Source] = ()  # what its own nouns tell in the file of a case
    pages: Sequence[APIRouter] = ()  # the desk
    templates: tuple[Path, ...] = ()  # folders with the templates of the agency's own pages
    order_told: TellOrder | None = None  # of who makes orders


def handlers_of(parts: AgencyParts) -> Handlers:
    """What each event does at this agency: what it does everywhere, then what it does only here."""
    types = {**HANDLERS, **parts.handlers}
    return {kind: (*HANDLERS.get(kind, ()), *parts.handlers.get(kind, ())) for kind in types}
