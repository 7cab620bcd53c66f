"""Make deadlines, and let their reminders fire once."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import structlog

from shared.adapters.outbox import Work
from shared.adapters.telemetry import METRICS
from shared.casework.deadlines import store
from shared.casework.deadlines.tables import DeadlineRow
from shared.contract.calendar import end_of, local_day, start_of

log = structlog.get_logger()


def business_day_deadline(
    work: Work, *, organisation_id: str, kind: str, concerning: UUID, happened_at: datetime, days: int
) -> DeadlineRow:
    """A deadline of `days` business days after something happened; the reminder comes as its last day begins."""
    due_on = work.node.calendar.business_days_after(local_day(happened_at), days)
    about = {"organisation_id": organisation_id, "kind": kind, "concerning": concerning}
    return day_deadline(work, **about, due_on=due_on, remind_on=due_on)  # type: ignore[arg-type]  # a literal


def day_deadline(
    work: Work, *, organisation_id: str, kind: str, concerning: UUID, due_on: date, remind_on: date
) -> DeadlineRow:
    """A deadline on a day, a working day or not: up to its end; the reminder comes as another day begins."""
    return DeadlineRow(
        id=uuid4(),
        organisation_id=organisation_id,
        kind=kind,
        concerning=concerning,
        due_on=due_on,
        remind_at=start_of(remind_on),
        due_at=end_of(due_on),
        calendar_version=work.node.calendar.version,
        created_at=work.now,
    )


async def count_overdue(work: Work) -> int:
    """Set how many deadlines of each kind have passed unmet; how many kinds have any."""
    open_ = await store.overdue_by_kind(work.session, now=work.now)
    METRICS.overdue_open.clear()
    for kind, count in open_.items():
        METRICS.overdue_open.labels(kind).set(count)
    return len(open_)


def alarm(work: Work, *, organisation_id: str, kind: str, concerning: UUID, within: timedelta) -> DeadlineRow:
    """A deadline of minutes or hours, by day and night, from now on: no reminder, and an alarm once it is late."""
    due_at = work.now + within
    return DeadlineRow(
        id=uuid4(),
        organisation_id=organisation_id,
        kind=kind,
        concerning=concerning,
        due_on=local_day(due_at),
        due_at=due_at,
        calendar_version=work.node.calendar.version,
        created_at=work.now,
    )


async def remind(work: Work) -> int:
    """Fire what is due; how many reminders that were."""
    soon = await store.fire(work.session, kind=store.DUE_SOON, now=work.now)
    late = await store.fire(work.session, kind=store.OVERDUE, now=work.now)
    for deadline in soon:
        METRICS.due_soon.labels(deadline.kind).inc()
        log.info("deadline.due_soon", kind=deadline.kind, deadline=str(deadline.id))
    for deadline in late:
        METRICS.overdue.labels(deadline.kind).inc()
        log.warning("deadline.overdue", kind=deadline.kind, deadline=str(deadline.id))
    return len(soon) + len(late)
