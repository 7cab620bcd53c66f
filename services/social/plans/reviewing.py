"""By when a plan is reviewed: a deadline with a reminder, an alarm once it is late (F5)."""

from datetime import date

from services.social.plans.domain import REVIEW, next_review
from services.social.plans.tables import PlanRow
from shared.adapters.http import Desk, invalid
from shared.casework.deadlines.clock import day_deadline


def set_review(desk: Desk, row: PlanRow, *, asked: date | None) -> None:
    """From now on the plan is to be reviewed by then. Problem 422 for a day that is not within the limit."""
    review = next_review(desk.now, asked=asked)
    if review is None:
        raise invalid("a plan is reviewed on a day after today, within the limit of days")
    row.review_on = review.due_on
    desk.session.add(
        day_deadline(
            desk,
            organisation_id=desk.organisation,
            kind=REVIEW,
            concerning=row.id,
            due_on=review.due_on,
            remind_on=review.remind_on,
        )
    )
