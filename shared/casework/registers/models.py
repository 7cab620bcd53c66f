"""What the calls for registers take and answer with."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.config import JsonDict

from shared.casework.registers.tables import RegisterEntryRow, RegisterMatchRow
from shared.contract.calendar import local_day
from shared.contract.plain import Day
from shared.contract.registers import BY_STAFF, EntryCode, RemovalReason, sources
from shared.contract.vocabulary import Agency, RegisterKind

FAMILY: JsonDict = {
    "kind": "troubled_families",
    "person_id": "0b7c8d1e-6f2a-4a5b-9c3d-1e2f3a4b5c6d",
    "codes": ["duties_not_performed"],
    "since": "2026-03-20",
}
MONITORED: JsonDict = {**FAMILY, "kind": "preventive_monitoring", "codes": ["protective_order"]}


class NewEntry(BaseModel):
    """Somebody to enter: into which register, for which reasons, since when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [FAMILY, MONITORED]})
    kind: RegisterKind
    person_id: UUID
    codes: list[EntryCode] = Field(min_length=1, max_length=len(EntryCode))
    since: Day


class Removal(BaseModel):
    """Why somebody is in it no more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"because": "ground_ended"}]})
    because: RemovalReason

    @field_validator("because")
    @classmethod
    def _by_staff(cls, value: RemovalReason) -> RemovalReason:
        if value not in BY_STAFF:
            raise ValueError("who is erased is taken out with the person's record")
        return value


class Reason(BaseModel):
    """Why somebody is in it, and by which law."""

    code: EntryCode
    source: str | None


class Match(BaseModel):
    """By a comparison: this organisation had the same person in that register of its own then."""

    model_config = ConfigDict(from_attributes=True)
    comparison_id: UUID
    counterpart_id: str
    their_kind: RegisterKind
    at: datetime


class RegisterEntry(BaseModel):
    """An entry as it stands. Who was erased has no reasons any more."""

    id: UUID
    kind: RegisterKind
    person_id: UUID
    reasons: list[Reason]
    since: date
    review_on: date | None
    review_overdue: bool
    reviewed_at: datetime | None
    removed_at: datetime | None
    removed_because: RemovalReason | None
    also_at: list[Match]
    created_at: datetime
    updated_at: datetime


def shown(
    row: RegisterEntryRow,
    codes: frozenset[EntryCode],
    matches: Sequence[RegisterMatchRow],
    *,
    agency: Agency,
    now: datetime,
) -> RegisterEntry:
    """An entry with the legal source of each reason, and who else had the person."""
    by_law = sources(agency, RegisterKind(row.kind), row.since)
    values: dict[str, Any] = row.model_dump(exclude={"sealed"})
    return RegisterEntry(
        **values,
        reasons=[Reason(code=code, source=by_law.get(code)) for code in sorted(codes)],
        review_overdue=row.review_on is not None and local_day(now) > row.review_on,
        also_at=[Match.model_validate(one) for one in matches if one.entry_id == row.id],
    )
