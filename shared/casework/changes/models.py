"""A change as a CloudEvent without data, and how one asks for them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints

from shared.adapters.changes import ChangeRow

PREFIX, SUFFIX = "kz.qorgau.", ".v1"
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+){0,3}$", max_length=80)]
Types = Annotated[
    list[Kind] | None,
    Query(
        alias="type",
        max_length=50,
        description="only these, or all that begin so: `received.referral`, `changed`; without it, all",
    ),
]
After = Annotated[
    UUID | Literal["now"] | None,
    Query(description="`next` of the answer before, or any event's `id`; `now` for what is still to come"),
]
AN_EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "0d3c9a52-6f0e-9a43-5d1c-2b7b0b6c1f5e",
    "source": "/organisations/shelter-alatau",
    "type": "kz.qorgau.received.referral.requested.v1",
    "subject": "5f1d3c52-0c1f-4f0e-9a43-2b7b0b6c1f5e",
    "time": "2026-03-20T07:00:00.000000Z",
}


class Change(BaseModel):
    """CloudEvents 1.0, without data: what happened to what, when. What it is now says the call that reads `subject`.

    `type` without `kz.qorgau.` and `.v1`: `received.` and the type of an event from another organisation, as
    `received.referral.requested`; `recorded.`, `changed.`, `ended.`, `erased.` or `escalated.` and what, as
    `changed.referral`.
    """

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: UUID
    time: datetime


class Changes(BaseModel):
    """What happened, oldest first. `next`: from where to ask on; null while nothing ever happened. `more`: at once."""

    events: list[Change] = Field(json_schema_extra={"examples": [[AN_EVENT]]})
    next: UUID | None
    more: bool


def change(row: ChangeRow) -> Change:
    """A row as it is told."""
    return Change(
        id=row.id,
        source=f"/organisations/{row.organisation_id}",
        type=f"{PREFIX}{row.type}{SUFFIX}",
        subject=row.concerning,
        time=row.at,
    )
