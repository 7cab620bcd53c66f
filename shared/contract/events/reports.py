"""Violence is reported to the police (F6), an admission to a trauma room is (F15); the police have registered it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.events.base import Event, ShortText
from shared.contract.events.someone import AboutSomeone
from shared.contract.vocabulary import AdmissionCriterion, EventType, SubjectRole, ViolenceKind
from shared.contract.vocabulary import DataCategory as C


class ViolenceReported(Event, AboutSomeone):
    """Whoever gives help learned of violence, or of a threat of it (F6; report, 1.4, art. 15 (1) 5) and art. 19 (2)).

    On the statutory duty alone it says that it happened, of which kind and when; a consent, or a declared danger to
    life, adds of whom. There is no field for health: it goes to the police.
    """

    type = EventType.VIOLENCE_REPORTED
    report_id: Annotated[UUID, C.ROUTING]
    subject: Annotated[SubjectRole, C.ROUTING]
    kinds: Annotated[tuple[ViolenceKind, ...] | None, C.OCCURRENCE] = None
    threat: Annotated[bool | None, C.OCCURRENCE] = None  # it was threatened, and not done (yet)
    happened_on: Annotated[date | None, C.OCCURRENCE] = None
    happened_at: Annotated[AwareDatetime | None, C.OCCURRENCE] = None  # where the hour is known
    children_present: Annotated[bool | None, C.OCCURRENCE] = None
    weapon: Annotated[bool | None, C.OCCURRENCE] = None


class ViolenceReportRegistered(Event):
    """The police have registered a report. Not what came of it."""

    type = EventType.VIOLENCE_REPORT_REGISTERED
    report_id: Annotated[UUID, C.ROUTING]
    registered_at: Annotated[AwareDatetime, C.ROUTING]


class AdmissionReported(Event):
    """A trauma room admitted somebody, and at least one of the three criteria is met (F15; report, 2.2, no. 23).

    There is no field that could say who it is, or hold a diagnosis.
    """

    type = EventType.ADMISSION_REPORTED
    report_id: Annotated[UUID, C.ROUTING]
    subject: Annotated[SubjectRole, C.ROUTING]
    criteria: Annotated[tuple[AdmissionCriterion, ...] | None, C.OCCURRENCE] = None
    admitted_at: Annotated[AwareDatetime | None, C.OCCURRENCE] = None
    call_back: Annotated[ShortText | None, C.WORKER_CONTACT] = None
