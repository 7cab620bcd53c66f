"""Which admissions the police are told of (F15; report, 2.2, no. 23)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contract.vocabulary import AdmissionCriterion

LONGEST_AGO = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """Which fact about an admission makes it one that the police are told of, and since when."""

    fact: str
    criterion: AdmissionCriterion
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


SINCE = datetime(2010, 1, 1, tzinfo=UTC)
CRITERIA: tuple[CriterionRow, ...] = (
    CriterionRow("complains_of_offence", AdmissionCriterion.COMPLAINT_OF_OFFENCE, "2.2, no. 23", SINCE),
    CriterionRow("criminal_in_nature", AdmissionCriterion.CRIMINAL_IN_NATURE, "2.2, no. 23", SINCE),
    CriterionRow("died", AdmissionCriterion.DEATH, "2.2, no. 23", SINCE),
)


def criteria_met(
    facts: frozenset[str], at: datetime, *, rows: tuple[CriterionRow, ...] = CRITERIA
) -> tuple[AdmissionCriterion, ...]:
    """Which criteria these facts meet, by the rows of that moment. None: nothing leaves health."""
    valid = (row for row in rows if row.valid_from <= at and (row.valid_until is None or at < row.valid_until))
    return tuple(row.criterion for row in valid if row.fact in facts)


def why_not_then(admitted_at: datetime, now: datetime) -> str | None:
    """None if an admission can be recorded as of then, else why not."""
    if admitted_at > now:
        return "an admission is not in the future"
    if admitted_at < now - LONGEST_AGO:
        return "an admission is recorded within thirty days"
    return None
