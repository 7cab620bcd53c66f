"""A plan to restore rights (F5; Standard No. 1079, para. 9): what is to be done, how far it is, when it is reviewed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from shared.contract.calendar import local_day
from shared.contract.vocabulary import Progress, Right

REVIEW = "plan_review"


class GoalKind(StrEnum):
    """What a plan restores, and what else social services provide with it. Who referred is told of rights alone."""

    DOCUMENTS = "documents"
    HOUSING = "housing"
    CUSTODY = "custody"
    PROPERTY = "property"
    BENEFITS = "benefits"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    PSYCHOLOGIST = "psychologist"


class PlanStep(StrEnum):
    """What an entry of a plan is."""

    PROGRESSED = "progressed"
    REVIEWED = "reviewed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """How many days after it was made, or reviewed, a plan must be looked at again; how many before that a reminder
    comes; and since when that counts."""

    within: timedelta
    reminder: timedelta
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


REVIEWS: tuple[ReviewRow, ...] = (
    ReviewRow(
        timedelta(days=30),
        timedelta(days=3),
        "Standard No. 1079, para. 9: services follow a plan; how often it is reviewed is the project's own limit",
        datetime(2010, 1, 1, tzinfo=UTC),
    ),
)


@dataclass(frozen=True, slots=True)
class Review:
    """The day by which a plan is reviewed, and the day on which a reminder comes."""

    due_on: date
    remind_on: date


def next_review(at: datetime, *, asked: date | None = None, rows: tuple[ReviewRow, ...] = REVIEWS) -> Review | None:
    """By the rows valid when the plan was made or reviewed (`at`); earlier if that was `asked` for.

    None for a day that is not after that one, or later than the law's limit allows.
    """
    valid = [row for row in rows if row.valid_from <= at and (row.valid_until is None or at < row.valid_until)]
    today = local_day(at)
    last = today + min((row.within for row in valid), default=timedelta(days=1))
    due_on = asked or last
    if not today < due_on <= last:
        return None
    reminder = max((row.reminder for row in valid), default=timedelta())
    return Review(due_on, max(due_on - reminder, today))


def is_overdue(review_on: date | None, now: datetime) -> bool:
    """Whether the day of its review has passed. A closed plan has none."""
    return review_on is not None and local_day(now) > review_on


def told(goals: list[tuple[GoalKind, Progress]]) -> list[tuple[Right, Progress]]:
    """Of a plan's goals, what who referred may be told of: rights, and not what else helps."""
    return [(Right(kind), progress) for kind, progress in goals if kind.value in set(Right)]
