"""What the calls for paths of compulsory treatment take and answer with."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from shared.casework.treatment.store import Words
from shared.casework.treatment.tables import PathRow, StepRow
from shared.contract.grounds import CourtDecision
from shared.contract.plain import Day, Flag
from shared.contract.treatment_words import SearchState, TreatmentState, TreatmentStep
from shared.contract.vocabulary import Agency

COURT: JsonDict = {"number": "7599-26-00-4/112", "decided_on": "2026-03-30", "until": "2027-03-29"}
TREAT: JsonDict = {"ordered": True, "court": COURT, "from_day": "2026-03-30", "last_day": "2027-03-29"}
DECLINE: JsonDict = {"ordered": False, "number": "7599-26-00-4/112", "decided_on": "2026-03-30"}
PERSON: JsonDict = {"person_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e"}


class OnDay(BaseModel):
    """On which day something happened; today if it is not said."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"on": "2026-03-20"}]})
    on: Day | None = None


class WhoItIs(BaseModel):
    """Our own record of whom a path is about."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PERSON]})
    person_id: UUID


class Decision(BaseModel):
    """What a court decided: treatment from a day to a day, both included, within its decision; or none.

    `last_ended_on`: when the last compulsory treatment ended, where that is known from elsewhere.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [TREAT, DECLINE]})
    ordered: Flag
    court: CourtDecision | None = None
    from_day: Day | None = None
    last_day: Day | None = None
    last_ended_on: Day | None = None
    number: str | None = Field(default=None, max_length=50)
    decided_on: Day | None = None


class PathStep(BaseModel):
    """A step that was taken; `kept_back_by`: the rule by which the other side was not told."""

    model_config = ConfigDict(from_attributes=True)
    version: int
    by: Agency
    step: TreatmentStep
    on: date | None
    details: dict[str, Any]
    kept_back_by: str | None
    at: datetime


class TreatmentPath(BaseModel):
    """A path of compulsory treatment as it stands. `person`: who it is about, as was told; empty once erased.

    `state` is null while its beginning has not arrived; `decide_by`: the last day on which the court decides in time;
    `ended_on`: when treatment really ended, from which a repeat is counted.
    """

    id: UUID
    counterpart_id: str
    person_id: UUID | None
    person: dict[str, Any]
    state: TreatmentState | None
    search: SearchState | None
    decide_by: date | None
    court: CourtDecision | None
    last_day: date | None
    ended_on: date | None
    stay_id: UUID | None
    steps: list[PathStep]
    version: int
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None


def shown(row: PathRow, words: Words, steps: Sequence[StepRow]) -> TreatmentPath:
    """A path with its steps."""
    taken = [PathStep.model_validate(step) for step in steps if step.path_id == row.id]
    values = {**row.model_dump(exclude={"sealed"}), **words.model_dump(), "steps": taken}
    return TreatmentPath.model_validate(values)
