"""Voluntary treatment: who agrees to it, and what a note of refusal must hold, as dated rows (F8).

Source: report, 1.4, art. 17, para. 5: a patient or legal representative may refuse at any stage; the refusal, with what
may follow from it, is a note with the signatures of the patient or representative and of the addictologist.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class VoluntaryState(StrEnum):
    """Where voluntary treatment stands."""

    OFFERED = "offered"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    STOPPED = "stopped"
    REFUSED = "refused"  # with a note


class Consequence(StrEnum):
    """What may follow from a refusal."""

    ILLNESS_WORSENS = "illness_worsens"
    EVASION_IS_TOLD = "evasion_is_told"  # of a medical examination, to the police
    COURT_MAY_ORDER = "court_may_order"  # compulsory treatment, of who evades


@dataclass(frozen=True, slots=True)
class ConsequenceRow:
    """What has to be explained to who refuses, since when."""

    consequence: Consequence
    source: str
    valid_from: date
    valid_until: date | None = None


PATH = "1.4, art. 17, para. 5"
CONSEQUENCES: tuple[ConsequenceRow, ...] = (
    ConsequenceRow(Consequence.ILLNESS_WORSENS, f"{PATH}; Code on Health of 18 September 2009", date(2009, 9, 18)),
    ConsequenceRow(Consequence.EVASION_IS_TOLD, PATH, date(1995, 4, 7)),
    ConsequenceRow(Consequence.COURT_MAY_ORDER, f"{PATH}; Law of 7 April 1995 No. 2184", date(1995, 4, 7)),
)
REFUSABLE = frozenset({VoluntaryState.OFFERED, VoluntaryState.UNDER_WAY})
# Treatment by a referral begins while help is under way.
BEGINS_WITH = frozenset({"accepted", "in_progress"})


def to_explain(on: date, *, rows: tuple[ConsequenceRow, ...] = CONSEQUENCES) -> frozenset[Consequence]:
    """What has to be explained on a day."""
    valid = (row for row in rows if row.valid_from <= on and (row.valid_until is None or on < row.valid_until))
    return frozenset(row.consequence for row in valid)


def why_no_note(
    *, explained: frozenset[Consequence], signed: tuple[date, date], on: date, rows: tuple[ConsequenceRow, ...]
) -> str | None:
    """None if a refusal is a note by the law of the day, else what it lacks. `signed`: both signatures' days."""
    if max(signed) > on:
        return "a note is not signed in the future"
    if to_explain(min(signed), rows=rows) - explained:
        return "a refusal is a note once all that may follow from it was explained"
    return None
