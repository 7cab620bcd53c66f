"""What happens to a referral that nobody answers, as dated rows by urgency: it is never just silent.

The rows of the moment of sending are turned into moments at once, and those are kept: a later row moves nothing that
runs. Limits of minutes and hours run by day and night; business days end as everywhere (`calendar`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contract.calendar import PUBLISHED, Calendar, end_of, local_day
from shared.contract.vocabulary import EscalationStep as Step
from shared.contract.vocabulary import Urgency

# What the deadlines are called: that a referral is answered, and that the receiver's chief sees to it.
ANSWERED, SEEN_TO = "referral_answered", "referral_seen_to"


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """After how long without an answer which step is taken: minutes and hours, or business days."""

    id: str
    urgency: Urgency
    step: Step
    within: timedelta
    source: str
    valid_from: datetime
    business_days: int = 0
    valid_until: datetime | None = None


SINCE = datetime(2010, 1, 1, tzinfo=UTC)
NONE = timedelta()
LATE = "2.2, nos. 12 and 25: answers come late; how long is too long, no law says: the project's own limit"
ROWS: tuple[EscalationRow, ...] = (
    EscalationRow("E-STAT-1", Urgency.STAT, Step.REMINDER, timedelta(minutes=15), LATE, SINCE),
    EscalationRow("E-STAT-2", Urgency.STAT, Step.CHIEF, timedelta(minutes=30), LATE, SINCE),
    EscalationRow("E-STAT-3", Urgency.STAT, Step.BACK, timedelta(minutes=45), LATE, SINCE),
    EscalationRow("E-ASAP-1", Urgency.ASAP, Step.REMINDER, timedelta(minutes=30), LATE, SINCE),
    EscalationRow("E-ASAP-2", Urgency.ASAP, Step.CHIEF, timedelta(hours=1), LATE, SINCE),
    EscalationRow("E-ASAP-3", Urgency.ASAP, Step.BACK, timedelta(hours=2), LATE, SINCE),
    EscalationRow("E-URGENT-1", Urgency.URGENT, Step.REMINDER, timedelta(hours=2), LATE, SINCE),
    EscalationRow("E-URGENT-2", Urgency.URGENT, Step.CHIEF, timedelta(hours=4), LATE, SINCE),
    EscalationRow("E-URGENT-3", Urgency.URGENT, Step.BACK, timedelta(hours=8), LATE, SINCE),
    EscalationRow("E-ROUTINE-1", Urgency.ROUTINE, Step.REMINDER, NONE, LATE, SINCE, business_days=1),
    EscalationRow("E-ROUTINE-2", Urgency.ROUTINE, Step.CHIEF, NONE, LATE, SINCE, business_days=2),
    EscalationRow("E-ROUTINE-3", Urgency.ROUTINE, Step.BACK, NONE, LATE, SINCE, business_days=3),
)
# Where whoever sends may set the alarm: in so many minutes the reminder, in twice as many the chief, and so on.
SETTABLE = frozenset({Urgency.URGENT, Urgency.ASAP, Urgency.STAT})
SHORTEST, LONGEST = 5, 24 * 60
TIMES = {Step.REMINDER: 1, Step.CHIEF: 2, Step.BACK: 3}


@dataclass(frozen=True, slots=True)
class Planned:
    """A step, by which row, and when it is taken if nobody has answered."""

    step: Step
    row: str
    due_at: datetime


def plan(
    urgency: Urgency,
    at: datetime,
    *,
    minutes: int | None = None,
    rows: tuple[EscalationRow, ...] = ROWS,
    calendar: Calendar = PUBLISHED,
) -> tuple[Planned, ...]:
    """The steps for a referral sent at a time, in their order; with an alarm of so many minutes where one was set."""
    valid = (r for r in rows if r.valid_from <= at and (r.valid_until is None or at < r.valid_until))
    steps = (Planned(row.step, row.id, _due(row, at, minutes, calendar)) for row in valid if row.urgency is urgency)
    return tuple(sorted(steps, key=lambda planned: (planned.due_at, TIMES[planned.step])))


def why_not_in(minutes: int | None, urgency: Urgency) -> str | None:
    """None if the alarm can be set so, else why not."""
    if minutes is not None and urgency not in SETTABLE:
        return "the alarm is set in minutes for what is urgent; what is routine is answered in business days"
    return None


def _due(row: EscalationRow, at: datetime, minutes: int | None, calendar: Calendar) -> datetime:
    if minutes is not None:
        return at + TIMES[row.step] * timedelta(minutes=minutes)
    if row.business_days:
        return end_of(calendar.business_days_after(local_day(at), row.business_days))
    return at + row.within
