"""What the police count of an incident: the report's own indicators (1.2, problem 8; 2.1, questions 18, 19 and 22)."""

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_AGO = timedelta(days=366 * 3)


class Relation(StrEnum):
    """Who the alleged offender is to the victim."""

    SPOUSE = "spouse"
    FORMER_SPOUSE = "former_spouse"
    COHABITANT = "cohabitant"
    PARENT = "parent"
    CHILD = "child"
    OTHER_RELATIVE = "other_relative"


class Place(StrEnum):
    """Where it happened (report, 2.1, q. 22: home or not; and where then)."""

    HOME = "home"
    ANOTHER_HOME = "another_home"
    WORK_OR_SCHOOL = "work_or_school"
    STREET = "street"
    ELSEWHERE = "elsewhere"


class Injury(StrEnum):
    """How badly the victim was hurt, as far as the police know: the degrees that the Criminal Code tells apart."""

    NONE = "none"
    PAIN = "pain"  # and no harm to health: beatings
    LIGHT = "light"
    MEDIUM = "medium"
    GRAVE = "grave"
    DEATH = "death"


class Measure(StrEnum):
    """Measures of individual prevention (Law on Prevention of Domestic Violence, art. 17; report, 1.3 and 1.4)."""

    PREVENTIVE_CONVERSATION = "preventive_conversation"
    TRANSFER = "transfer"  # to internal affairs bodies, for a report or a protective order
    PROTECTIVE_ORDER = "protective_order"
    ADMINISTRATIVE_DETENTION = "administrative_detention"
    COMPULSORY_MEDICAL = "compulsory_medical"
    BEHAVIOUR_REQUIREMENTS = "behaviour_requirements"
    ADMINISTRATIVE_PENALTY = "administrative_penalty"  # arrest too
    PREVENTIVE_REGISTRATION = "preventive_registration"
    PARENTAL_RIGHTS = "parental_rights"  # deprived of, restricted; a ward or adopted child taken away


class IncidentOutcome(StrEnum):
    """How a report of an incident ended, as far as the police know (report, 1.2, problem 8; 2.1, q. 15 to 17)."""

    CASE_OPENED = "case_opened"
    CASE_REFUSED = "case_refused"
    CONCILIATION = "conciliation"
    BEFORE_COURT = "before_court"
    PENALTY_IMPOSED = "penalty_imposed"
    NO_COMPLAINT = "no_complaint"  # the victim did not file one


class VictimSex(StrEnum):
    """As the victim's record said when the incident was recorded."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


def why_not_there(place: Place | None, *, at_home: bool) -> str | None:
    """None if the place and whether it was at home go together, else why not."""
    if place is not None and (place is Place.HOME) != at_home:
        return "what happened at home happened there, and nowhere else"
    return None


def why_not_then(occurred_at: datetime, now: datetime) -> str | None:
    """None if an incident can have happened then, else why not."""
    if occurred_at > now:
        return "an incident is not in the future"
    if occurred_at < now - LONGEST_AGO:
        return "an incident is at most three years ago"
    return None
