"""The refusal notice (F3; Standard of 26 December 2016 No. 1079): three business days, and no name."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

NOTICE_BUSINESS_DAYS = 3
NOTICE_DEADLINE = "refusal_notice"
LONGEST_AGO = timedelta(days=92)
PoliceMay = Literal["offer_contact", "record_statistics", "preventive_talk"]


class RefusalState(StrEnum):
    """Drafted: the clock runs. Sent: on its way or there. Acknowledged: the police have read it."""

    DRAFTED = "drafted"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"


def what_police_may(*, agrees_to_contact: bool) -> tuple[PoliceMay, ...]:
    """What the notice opens to the police: contact through the shelter only if she agrees to that."""
    always: tuple[PoliceMay, ...] = ("record_statistics",)
    return (*always, "offer_contact") if agrees_to_contact else always


def why_not_then(refused_at: datetime, now: datetime) -> str | None:
    """None if a refusal can have been said then, else why not."""
    if refused_at > now:
        return "a refusal is not in the future"
    if refused_at < now - LONGEST_AGO:
        return "a refusal is at most three months ago"
    return None
