"""The path of compulsory treatment (F8): who takes which step when, as dated rows; how a path stands, as their sum.

Both sides keep the steps, and the state follows from them: sorted by version, a step counts where a row lets it, so
that both stand at the same state once both know the same steps, whatever arrived first. Source: report, 1.4, art. 17,
para. 5; Law of 7 April 1995 No. 2184 on compulsory treatment; Code on public health and the health care system.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.contract.treatment_words import SearchState, TreatmentState, TreatmentStep
from shared.contract.treatment_words import TreatmentState as S
from shared.contract.treatment_words import TreatmentStep as T
from shared.contract.vocabulary import Agency

HIGHEST_VERSION = 1_000_000
SINCE = date(1995, 4, 7)
POLICE, HEALTH = frozenset({Agency.POLICE}), frozenset({Agency.HEALTH})
EITHER = POLICE | HEALTH
PATH = "1.4, art. 17, para. 5"
INITIATIVE = f"{PATH}: at the initiative, among others, of internal affairs bodies"
ORDERED = f"{PATH}: an out-patient examination first; in-patient for who refuses that, where a bed is available"
AT_COURT = f"{PATH}: the collected materials are sent, and a court decides"
BEFORE_COURT = (S.EVADED, S.OUT_PATIENT_ORDERED, S.OUT_PATIENT_REFUSED, S.IN_PATIENT_ORDERED, S.IN_PATIENT)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """From a state (None: there is no path yet), one of these agencies takes a step, and the path is in another."""

    before: TreatmentState | None
    step: TreatmentStep
    by: frozenset[Agency]
    after: TreatmentState
    source: str
    valid_from: date = SINCE
    valid_until: date | None = None


MOVES: tuple[MoveRow, ...] = (
    MoveRow(None, T.EVADE, HEALTH, S.EVADED, f"{PATH}: the addictology institution notifies the police"),
    MoveRow(None, T.SEND_MATERIALS, POLICE, S.MATERIALS_SENT, INITIATIVE),
    MoveRow(S.EVADED, T.ORDER_OUT_PATIENT, POLICE, S.OUT_PATIENT_ORDERED, ORDERED),
    MoveRow(S.OUT_PATIENT_ORDERED, T.EXAMINE, HEALTH, S.EXAMINED, ORDERED),
    MoveRow(S.OUT_PATIENT_ORDERED, T.REFUSE_OUT_PATIENT, HEALTH, S.OUT_PATIENT_REFUSED, ORDERED),
    MoveRow(S.OUT_PATIENT_REFUSED, T.ORDER_IN_PATIENT, POLICE, S.IN_PATIENT_ORDERED, ORDERED),
    MoveRow(S.IN_PATIENT_ORDERED, T.ADMIT, HEALTH, S.IN_PATIENT, ORDERED),
    MoveRow(S.IN_PATIENT, T.EXAMINE, HEALTH, S.EXAMINED, ORDERED),
    MoveRow(S.EXAMINED, T.SEND_MATERIALS, POLICE, S.MATERIALS_SENT, AT_COURT),
    MoveRow(S.MATERIALS_SENT, T.SEND_MATERIALS, POLICE, S.MATERIALS_SENT, f"{PATH}: additional materials"),
    MoveRow(S.MATERIALS_SENT, T.REFER_TO_COURT, HEALTH, S.AT_COURT, AT_COURT),
    MoveRow(S.AT_COURT, T.ORDER_TREATMENT, EITHER, S.ORDERED, AT_COURT),
    MoveRow(S.AT_COURT, T.DECLINE_TREATMENT, EITHER, S.NOT_ORDERED, AT_COURT),
    MoveRow(S.ORDERED, T.BEGIN, HEALTH, S.IN_TREATMENT, f"{PATH}: in-patient, by the court's decision"),
    MoveRow(S.ORDERED, T.END, EITHER, S.ENDED, f"{PATH}: the term is over"),
    MoveRow(S.IN_TREATMENT, T.END, EITHER, S.ENDED, f"{PATH}: the term is over, or the court ends it"),
    *(MoveRow(S(one), T.CLOSE, EITHER, S.CLOSED, f"{PATH}: treatment is voluntary first") for one in BEFORE_COURT),
    MoveRow(S.EXAMINED, T.CLOSE, EITHER, S.CLOSED, f"{PATH}: treatment is voluntary first"),
    MoveRow(S.MATERIALS_SENT, T.CLOSE, EITHER, S.CLOSED, f"{PATH}: treatment is voluntary first"),
)


@dataclass(frozen=True, slots=True)
class SearchRow:
    """Beside the states, while a path is in one of these: who evades is looked for by the police, and found."""

    before: SearchState | None
    step: TreatmentStep
    during: frozenset[TreatmentState]
    after: SearchState
    source: str
    valid_from: date = SINCE
    valid_until: date | None = None


EVADABLE = frozenset({*BEFORE_COURT, S.AT_COURT, S.ORDERED, S.IN_TREATMENT}) - {S.IN_PATIENT}
LOOKED_FOR = f"{PATH}; Law of 23 April 2014 on Internal Affairs Bodies: search for who evades"
SEARCHES: tuple[SearchRow, ...] = (
    SearchRow(None, T.SEARCH, EVADABLE, SearchState.LOOKED_FOR, LOOKED_FOR),
    SearchRow(SearchState.FOUND, T.SEARCH, EVADABLE, SearchState.LOOKED_FOR, LOOKED_FOR),
    SearchRow(SearchState.LOOKED_FOR, T.FIND, frozenset(TreatmentState), SearchState.FOUND, LOOKED_FOR),
)
# What is told on a court's decision; everything else on the path is told on the duty.
BY_COURT = frozenset({T.ORDER_TREATMENT, T.DECLINE_TREATMENT, T.END})
OVER = frozenset({S.NOT_ORDERED, S.ENDED, S.CLOSED})
IN_A_BED = frozenset({S.IN_PATIENT, S.IN_TREATMENT})


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """A step that was taken: sorted by the version that its taker had reached, then by who took it."""

    version: int
    by: str
    step: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a path stands. `state` None: how it began is not known here yet."""

    state: TreatmentState | None = None
    search: SearchState | None = None


def standing(steps: Iterable[Taken], on: date, *, moves: tuple[MoveRow, ...] = MOVES) -> Standing:
    """The sum of the steps, by the rows of the day on which the path began. A step that no row lets counts nothing."""
    now = Standing()
    for taken in sorted(steps):
        now = after(now, TreatmentStep(taken.step), Agency(taken.by), on, moves=moves) or now
    return now


def after(
    now: Standing, step: TreatmentStep, by: Agency, on: date, *, moves: tuple[MoveRow, ...] = MOVES
) -> Standing | None:
    """How a path stands after a step; None if it can't be taken now, or not by this agency."""
    for search in SEARCHES if by is Agency.POLICE and now.state is not None else ():
        if (search.before, search.step) == (now.search, step) and now.state in search.during and _valid(search, on):
            return Standing(now.state, search.after)
    for move in moves:
        if (move.before, move.step) == (now.state, step) and by in move.by and _valid(move, on):
            return Standing(move.after, now.search)
    return None


def _valid(row: MoveRow | SearchRow, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or on < row.valid_until)
