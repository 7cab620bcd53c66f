"""The path of compulsory treatment, as the police and health tell each other of it (F8; report, 1.4, art. 17, para. 5).

A path has one id, and whom it is about is said once, by who begins it. There is no field for a diagnosis, for what was
found, or for what stands in the materials. For a minor the guardianship authority is asked: not of what kind the care
is, and by name only of whom the path is about.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.events.base import Event
from shared.contract.events.someone import AboutSomeone
from shared.contract.treatment import HIGHEST_VERSION
from shared.contract.treatment_words import GuardianAnswer, Material, TreatmentEnd, TreatmentStep
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType

Version = Annotated[int, Field(ge=1, le=HIGHEST_VERSION)]


class ExaminationEvaded(Event, AboutSomeone):
    """Somebody stayed away from a medical examination that they were called to."""

    type = EventType.EXAMINATION_EVADED
    path_id: Annotated[UUID, C.ROUTING]
    version: Annotated[Version, C.ROUTING]
    evaded_on: Annotated[date | None, C.COURT_PATH] = None


class TreatmentMaterialsSent(Event, AboutSomeone):
    """The police sent their materials: of which kinds. The papers themselves do not travel here."""

    type = EventType.TREATMENT_MATERIALS_SENT
    path_id: Annotated[UUID, C.ROUTING]
    version: Annotated[Version, C.ROUTING]
    sent_on: Annotated[date | None, C.COURT_PATH] = None
    materials: Annotated[tuple[Material, ...] | None, C.COURT_PATH] = Field(default=None, max_length=len(Material))


class TreatmentMoved(Event):
    """A step before or after the court's: an examination ordered, held, refused; a search; the materials at court."""

    type = EventType.TREATMENT_MOVED
    path_id: Annotated[UUID, C.ROUTING]
    version: Annotated[Version, C.ROUTING]
    step: Annotated[TreatmentStep | None, C.COURT_PATH] = None
    on: Annotated[date | None, C.COURT_PATH] = None
    decide_by: Annotated[date | None, C.COURT_PATH] = None


class TreatmentDecided(Event):
    """A court decided: its decision is what the event relies on. Both days are included; none if it orders nothing."""

    type = EventType.TREATMENT_DECIDED
    path_id: Annotated[UUID, C.ROUTING]
    version: Annotated[Version, C.ROUTING]
    decided_on: Annotated[date | None, C.COURT_PATH] = None
    ordered: Annotated[bool | None, C.COURT_PATH] = None
    from_day: Annotated[date | None, C.COURT_PATH] = None
    last_day: Annotated[date | None, C.COURT_PATH] = None


class TreatmentEnded(Event):
    """Treatment ended before its last day: that it ends with it, both know."""

    type = EventType.TREATMENT_ENDED
    path_id: Annotated[UUID, C.ROUTING]
    version: Annotated[Version, C.ROUTING]
    ended_on: Annotated[date | None, C.COURT_PATH] = None
    end: Annotated[TreatmentEnd | None, C.COURT_PATH] = None


class GuardianAsked(Event, AboutSomeone):
    """A minor needs care that a representative consents to, and none can. Of what kind it is, is not said."""

    type = EventType.GUARDIAN_ASKED
    request_id: Annotated[UUID, C.ROUTING]
    answer_by: Annotated[date, C.ROUTING]


class GuardianAnswered(Event):
    """What the guardianship authority answers."""

    type = EventType.GUARDIAN_ANSWERED
    request_id: Annotated[UUID, C.ROUTING]
    answer: Annotated[GuardianAnswer, C.ROUTING]
    at: Annotated[AwareDatetime, C.ROUTING]
