"""What the police count of an incident: the report's own indicators (2.1, questions 18, 19 and 22)."""

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_AGO = timedelta(days=366 * 3)


class ViolenceKind(StrEnum):
    """Kinds of domestic violence in the Law on Prevention of Domestic Violence, art. 4."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    ECONOMIC = "economic"


class Relation(StrEnum):
    """Who the alleged offender is to the victim."""

    SPOUSE = "spouse"
    FORMER_SPOUSE = "former_spouse"
    COHABITANT = "cohabitant"
    PARENT = "parent"
    CHILD = "child"
    OTHER_RELATIVE = "other_relative"


def why_not_then(occurred_at: datetime, now: datetime) -> str | None:
    """None if an incident can have happened then, else why not."""
    if occurred_at > now:
        return "an incident is not in the future"
    if occurred_at < now - LONGEST_AGO:
        return "an incident is at most three years ago"
    return None
