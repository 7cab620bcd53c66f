"""REST calls for appointments."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.config import JsonDict

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, OnceKey, Reader, TransactionalRoute, Writer, found, invalid, note
from shared.casework.appointments import store
from shared.casework.appointments.tables import AppointmentRow
from shared.casework.persons import store as persons
from shared.casework.persons.tables import PersonRow
from shared.casework.referrals import store as referrals
from shared.casework.walls.waiting import is_free
from shared.contract.calendar import end_of, start_of
from shared.contract.errors import Problem
from shared.contract.plain import Day, Moment

router = APIRouter(prefix="/appointments", tags=["appointments"], route_class=TransactionalRoute)
LONGEST = timedelta(hours=12)
EXAMPLE: JsonDict = {
    "referral_id": "6f2b8c1e-58a3-4a0e-9a61-0d6c0f7f3b11",
    "starts_at": "2026-03-23T10:00:00+05:00",
    "ends_at": "2026-03-23T10:30:00+05:00",
}


class NewAppointment(BaseModel):
    """When a person, or whom a referral is about, is expected."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    person_id: UUID | None = None
    referral_id: UUID | None = None
    starts_at: Moment
    ends_at: Moment

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.person_id is None) == (self.referral_id is None):
            raise ValueError("name a person or a referral, not both")
        if not self.starts_at < self.ends_at <= self.starts_at + LONGEST:
            raise ValueError("it ends after it starts, and within twelve hours")
        return self


class Appointment(BaseModel):
    """An appointment."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    person_id: UUID | None
    referral_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None


class Appointments(BaseModel):
    """A day's appointments, in their order."""

    items: list[Appointment]


@router.post("", status_code=201, responses=problems(404, 409, 410))
async def make_appointment(body: NewAppointment, desk: Writer, _: OnceKey = None) -> Appointment:
    """Make an appointment. A time at which somebody is there whom the person must not meet is taken."""
    if body.starts_at < desk.now:
        raise invalid("an appointment is in the future")
    files = await _files(desk, body)
    span = (body.starts_at, body.ends_at)
    if not await is_free(desk, organisation_id=desk.organisation, files=files, span=span):
        raise Problem(409, "time-taken", "this time is taken; choose another")
    row = AppointmentRow(id=uuid4(), organisation_id=desk.organisation, created_at=desk.now, **body.model_dump())
    desk.session.add(row)
    await desk.session.flush()
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="appointment")
    return Appointment.model_validate(row)


async def _files(desk: Desk, body: NewAppointment) -> frozenset[UUID]:
    """Whose appointment it is: a record, and the referral that it was taken over from. Problem 404."""
    if body.referral_id is not None:
        referral = await referrals.get(desk.session, organisation_id=desk.organisation, referral_id=body.referral_id)
        return frozenset({found(referral, "referral").id})
    return await _files_of_person(desk, found(body.person_id, "person"))


async def _files_of_person(desk: Desk, person_id: UUID) -> frozenset[UUID]:
    row = await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id)
    person: PersonRow = found(row, "person")
    await persons.known(desk.session, person)
    return frozenset({person.id} | ({person.taken_from} if person.taken_from else set()))


@router.get("")
async def list_appointments(
    desk: Reader, on: Annotated[Day, Query(description="a day in Asia/Almaty", examples=["2026-03-23"])]
) -> Appointments:
    """The appointments of a day."""
    rows = await store.between(desk.session, organisation_id=desk.organisation, start=start_of(on), end=end_of(on))
    await note(desk, Action.READ_APPOINTMENTS, shown=[row.id for row in rows])
    return Appointments(items=[Appointment.model_validate(row) for row in rows])


@router.post("/{appointment_id}/cancel")
async def cancel_appointment(appointment_id: UUID, desk: Writer, _: OnceKey = None) -> Appointment:
    """Nobody comes: the time is free again. Cancelling twice changes nothing."""
    row = found(
        await store.get(desk.session, organisation_id=desk.organisation, appointment_id=appointment_id), "appointment"
    )
    action = Action.CHANGED if row.cancelled_at is None else Action.READ_APPOINTMENTS
    row.cancelled_at = row.cancelled_at or desk.now
    await note(desk, action, row.id, person_id=row.person_id, what="appointment")
    return Appointment.model_validate(row)
