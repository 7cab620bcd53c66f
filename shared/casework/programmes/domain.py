"""What programmes are for, when attendance can be recorded, and how taking part ends (F7)."""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.contract.vocabulary import Basis, Purpose, ReferralState

# Each is what one of the four specialists of the report does (1.2, problems 2 and 7; 2.2, no. 38).
PURPOSES = (
    Purpose.PSYCHOLOGICAL_HELP,
    Purpose.ADDICTION_TREATMENT,
    Purpose.SEXUAL_HEALTH,
    Purpose.PSYCHO_CORRECTION,
)
MAY_ENROL = (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)
# On what attendance can be told at all (P-F7-ATTENDED).
TELLING_BASES = (Basis.CONSENT, Basis.COURT_DECISION)
PLANNED_AHEAD = timedelta(days=366)


class EnrolmentState(StrEnum):
    """How taking part stands, or ended."""

    ENROLLED = "enrolled"
    COMPLETED = "completed"
    LEFT = "left"
    WITHDRAWN = "withdrawn"  # with the referral


ENDS = (EnrolmentState.COMPLETED, EnrolmentState.LEFT)


def why_not_planned(starts_at: datetime, now: datetime) -> str | None:
    """None if a session can be planned for then, else why not."""
    if starts_at <= now:
        return "a session is planned before it begins"
    if starts_at > now + PLANNED_AHEAD:
        return "a session is planned for a year ahead at most"
    return None


def why_not_recorded(starts_at: datetime, enrolled_at: datetime, now: datetime) -> str | None:
    """None if it can be said whether somebody came, else why not."""
    if now < starts_at:
        return "the session has not begun"
    if starts_at < enrolled_at:
        return "the session was before they were enrolled"
    return None
