"""What the calls for orders take and answer with."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from services.police.orders.store import Words
from services.police.orders.tables import BreachRow, CopyRow, OrderRow
from shared.contract.calendar import end_of
from shared.contract.grounds import CourtDecision
from shared.contract.identifiers import OrganisationId
from shared.contract.orders import treatment_of
from shared.contract.plain import Day, Moment, Whole
from shared.contract.vocabulary import OrderEnd, OrderKind, OrderRequirement, Purpose

Number = Annotated[
    str, StringConstraints(min_length=1, max_length=50, pattern=r"^[0-9A-Za-zА-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі /.-]+$")
]
PROTECTIVE: JsonDict = {
    "kind": "protective",
    "protected_id": "0b7c8d1e-6f2a-4a5b-9c3d-1e2f3a4b5c6d",
    "alleged_offender_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e",
    "from_day": "2026-03-20",
    "number": "ЗП-112/26",
    "asks": ["no_violence", "no_contact"],
}
REQUIREMENTS: JsonDict = {
    "kind": "behaviour_requirements",
    "protected_id": "0b7c8d1e-6f2a-4a5b-9c3d-1e2f3a4b5c6d",
    "alleged_offender_id": "1c8d9e2f-7a3b-4b6c-8d4e-2f3a4b5c6d7e",
    "from_day": "2026-03-20",
    "last_day": "2026-09-20",
    "court": {"number": "7599-26-00-4/112", "decided_on": "2026-03-20", "until": "2026-09-20"},
    "asks": ["no_contact", "leave_home", "report_to_police", "addiction_treatment"],
    "reports_a_month": 2,
    "home_until": "2026-04-19",
    "treat_at": "hospital-19",
}
MOST_DEPENDANTS = 20


class NewOrder(BaseModel):
    """An order that was made. Without `last_day` it lasts as long as it may; `treat_at`: where he is treated."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PROTECTIVE, REQUIREMENTS]})
    kind: OrderKind
    protected_id: UUID
    dependants: list[UUID] = Field(default=[], max_length=MOST_DEPENDANTS)
    alleged_offender_id: UUID
    incident_id: UUID | None = None
    from_day: Day
    last_day: Day | None = None
    number: Number | None = None
    court: CourtDecision | None = None
    asks: list[OrderRequirement] = Field(min_length=1, max_length=len(OrderRequirement))
    reports_a_month: Whole | None = Field(default=None, ge=0, le=31)
    home_until: Day | None = None
    treat_at: OrganisationId | None = None

    @model_validator(mode="after")
    def _says_where_he_is_treated(self) -> Self:
        if (self.treat_at is not None) != bool(treatment_of(frozenset(self.asks))):
            raise ValueError("who has to be treated is told where, and nobody else")
        return self


class Extension(BaseModel):
    """Until when it lasts from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"last_day": "2026-12-20"}]})
    last_day: Day
    court: CourtDecision | None = None


class Ending(BaseModel):
    """Why it ends before its last day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"end": "lifted"}]})
    end: Literal[OrderEnd.LIFTED, OrderEnd.REPLACED]


class NewBreach(BaseModel):
    """It was broken, and when; `incident_id`: what happened, where that was recorded."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"breached_at": "2026-03-25T21:10:00+05:00"}]}
    )
    breached_at: Moment
    incident_id: UUID | None = None


class Copy(BaseModel):
    """Who was told of it, for what, and by which rule they were not."""

    model_config = ConfigDict(from_attributes=True)
    recipient_id: str
    purpose: Purpose
    referral_id: UUID | None
    kept_back_by: str | None
    told_at: datetime


class Breach(BaseModel):
    """A breach."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    breached_at: datetime
    incident_id: UUID | None


class Order(BaseModel):
    """An order as it stands; what it asks of him is empty once he was erased."""

    id: UUID
    kind: OrderKind
    protected_id: UUID
    dependants: list[UUID]
    alleged_offender_id: UUID
    incident_id: UUID | None
    state: Literal["in_force", "ended"]
    from_day: date
    last_day: date
    number: str | None
    court: CourtDecision | None
    asks: list[OrderRequirement]
    reports_a_month: int | None
    home_until: date | None
    treat_at: str | None
    breaches: list[Breach]
    told: list[Copy]
    version: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    end: OrderEnd | None


def shown(row: OrderRow, words: Words, copies: list[CopyRow], breaches: list[BreachRow], *, now: datetime) -> Order:
    """An order with who was told of it and when it was broken."""
    over = row.ended_at is not None or end_of(row.last_day) <= now
    values = {
        **row.model_dump(exclude={"sealed"}),
        **words.model_dump(),
        "asks": sorted(words.asks),
        "state": "ended" if over else "in_force",
        "breaches": [Breach.model_validate(one) for one in breaches if one.order_id == row.id],
        "told": [Copy.model_validate(one) for one in copies if one.order_id == row.id],
    }
    return Order.model_validate(values)
