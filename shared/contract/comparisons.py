"""The yearly comparison of two registers (F11): which may be compared, how often, how large, and how a run goes.

Two organisations learn which of their own entries the other has, too, by private set intersection: each blinds its own
identifiers and the other's (`shared.adapters.blinding`), and only what both have comes out alike.

A match says of a person that he or she is in the other's register. So two registers are compared only where the law
coordinates them, and only if no row of the policy forbids the other side what such a match tells: the dispensary tells
of addiction, a hospital that somebody was seen there. Neither is ever compared with a register of the police.

What it protects, between two sides that follow the protocol: neither learns anything of an entry that it does not have
itself, beyond a class of sizes; and who has only the messages learns neither names nor how many there are.

What it does not protect against, as no side proves anything of its set:
- Who invents entries learns of these whether the other has them, up to the largest class in each run. Against that
  stand a number of runs in a year, which each side counts for itself and for each organisation alone, a supervisor at
  either end, and the record, which keeps how many entries took part. The fewest and the most keep honest sides from a
  guess: neither sees how many of the other's tokens stand for somebody.
- The opener learns first. It can keep the answerer's part back, or name entries of the answerer alike that are not: it
  has their tokens. So a match is a hint to ask on a basis of one's own, and no proof; and when the opener keeps its
  part back, the persons whom both have are not told at the answerer that the opener learned of them.
- The answerer can do the like: if it raises the opener's tokens to another secret than its own, the opener finds nobody
  and closes, and the answerer alone learns; nor can the opener tell that from two registers with nobody in common.
- Whoever holds one side's secret and the messages of that run can try out identifiers, which are few. So the secret is
  of one run, lies sealed, and is destroyed with it; the answerer's is never stored.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.contract.grounds import Grounds
from shared.contract.policy import FORBIDS, Condition, Forbid
from shared.contract.registers import MINORS, PARENTS, EntryCode, kept
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose, Side, SubjectRole
from shared.contract.vocabulary import ComparisonStep as Step
from shared.contract.vocabulary import RegisterKind as R

ANSWER, RECONCILED = "comparison_answer", "registers_reconciled"  # deadlines
TREATS_ADDICTION = frozenset({Purpose.ADDICTION_TREATMENT, Purpose.COMPULSORY_TREATMENT})


class ComparisonState(StrEnum):
    """How far a comparison is, as one of the two sees it."""

    OPENED = "opened"  # the opener waits; the answerer is asked
    ANSWERED = "answered"  # the answerer waits for its own part; the opener tells it in the same transaction
    COMPARED = "compared"
    DECLINED = "declined"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class Half:
    """One of two registers that are compared, and the reasons whose entries take part."""

    agency: Agency
    kind: R
    codes: frozenset[EntryCode]


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two registers that are coordinated. `subject`: whom a comparison is about."""

    halves: tuple[Half, Half]
    subject: SubjectRole
    source: str
    valid_from: date
    valid_until: date | None = None

    def half(self, agency: Agency, kind: R) -> Half | None:
        """The half that is this agency's."""
        return next((half for half in self.halves if (half.agency, half.kind) == (agency, kind)), None)


@dataclass(frozen=True, slots=True)
class LimitsRow:
    """`sizes`: the classes that a set is filled up to; the largest is the most that is compared at once.

    Fewer than `fewest` entries are not compared: whom they are could be guessed. At most `runs` are answered between
    two organisations for two registers within `within`.
    """

    fewest: int
    sizes: tuple[int, ...]
    runs: int
    within: timedelta
    answer_days: int  # business days
    lapses: timedelta
    source: str
    valid_from: date
    valid_until: date | None = None

    @property
    def most(self) -> int:
        """How many entries take part at most."""
        return max(self.sizes)


@dataclass(frozen=True, slots=True)
class DueRow:
    """By which day of a year a register is compared with another, and how long before that a reminder comes."""

    month: int
    day: int
    reminder: timedelta
    source: str
    valid_from: date
    valid_until: date | None = None


SINCE = date(2010, 1, 1)
COORDINATED = "report, 1.3, para. 5: these registers must be coordinated, and no law says how"
ADULTS = frozenset({EntryCode.DUTIES_NOT_PERFORMED})
PAIRS: tuple[PairRow, ...] = (
    PairRow(
        (
            Half(Agency.POLICE, R.PREVENTIVE_MONITORING, ADULTS),
            Half(Agency.SOCIAL, R.TROUBLED_FAMILIES, PARENTS),
        ),
        SubjectRole.ALLEGED_OFFENDER,
        f"Law No. 591, art. 8; {COORDINATED}",
        SINCE,
    ),
    PairRow(
        (
            Half(Agency.POLICE, R.PREVENTIVE_MONITORING, MINORS - {EntryCode.MINOR_SUFFERED}),
            Half(Agency.SOCIAL, R.MINORS_WHO_SUFFERED, frozenset({EntryCode.MINOR_SUFFERED})),
        ),
        SubjectRole.DEPENDANT,
        f"Law No. 591, art. 8; {COORDINATED}",
        SINCE,
    ),
    PairRow(
        (
            Half(Agency.HEALTH, R.MINORS_WHO_SUFFERED, frozenset({EntryCode.MINOR_SUFFERED})),
            Half(Agency.SOCIAL, R.MINORS_WHO_SUFFERED, frozenset({EntryCode.MINOR_SUFFERED})),
        ),
        SubjectRole.DEPENDANT,
        f"Law No. 591, arts. 8 and 15; {COORDINATED}",
        SINCE,
    ),
)
LIMITS: tuple[LimitsRow, ...] = (
    LimitsRow(
        fewest=20,
        sizes=(64, 256, 1024, 2048),
        runs=2,
        within=timedelta(days=365),
        answer_days=10,
        lapses=timedelta(days=60),
        source="the project's own: no law names a mechanism. Once a year, and once more if that came to nothing",
        valid_from=SINCE,
    ),
)
DUE: tuple[DueRow, ...] = (DueRow(12, 1, timedelta(days=30), "once a year; the day is the project's own", SINCE),)
# (state, whose step, step) -> state. What is not here changes nothing: it came late, or twice, or crossed another.
# Once it has answered, a side can't take that back: the opener may know already, and must then tell.
MOVES: dict[tuple[ComparisonState, Side, Step], ComparisonState] = {
    (ComparisonState.OPENED, Side.RECEIVER, Step.ANSWERED): ComparisonState.ANSWERED,
    (ComparisonState.OPENED, Side.RECEIVER, Step.DECLINED): ComparisonState.DECLINED,
    (ComparisonState.OPENED, Side.SENDER, Step.ABORTED): ComparisonState.ABORTED,
    (ComparisonState.ANSWERED, Side.SENDER, Step.CLOSED): ComparisonState.COMPARED,
    (ComparisonState.ANSWERED, Side.SENDER, Step.ABORTED): ComparisonState.ABORTED,
}


def after(state: ComparisonState, whose: Side, step: Step) -> ComparisonState | None:
    """Where a comparison is after a step of the opener's (`sender`) or the answerer's; None: it changes nothing."""
    return MOVES.get((state, whose, step))


def pair_of(ours: tuple[Agency, R], theirs: tuple[Agency, R], on: date) -> PairRow | None:
    """The row by which two registers are compared on a day, whichever side opens; None: they are not."""
    for row in PAIRS:
        if _is_valid(row, on) and {(half.agency, half.kind) for half in row.halves} == {ours, theirs}:
            return row
    return None


def grounds_of(pair: PairRow | None) -> Grounds:
    """On what a comparison relies; and the word that two registers are not compared."""
    subject = pair.subject if pair is not None else SubjectRole.VICTIM
    return Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.REGISTER_COORDINATION, subject=subject)


@dataclass(frozen=True, slots=True)
class Keeper:
    """An organisation that keeps a register: of which agency, and what it takes referrals for."""

    agency: Agency
    kind: R
    purposes: frozenset[Purpose] = frozenset()


def forbidding(
    pair: PairRow, one: Keeper, other: Keeper, at: datetime, *, forbids: tuple[Forbid, ...] = FORBIDS
) -> str | None:
    """The rule that forbids either side what a match would tell it; None if there is none."""
    for keeper, learns in ((one, other), (other, one)):
        told = tells(keeper, at.date())
        for row in forbids:
            if row.condition is Condition.ALWAYS and row.categories & told and _reaches(row, pair, keeper, learns, at):
                return row.id
    return None


def tells(keeper: Keeper, on: date) -> frozenset[DataCategory]:
    """What a match tells of a person: that the register has them, and what it says that this organisation does."""
    row = kept(keeper.agency, keeper.kind, on)
    told = row.tells if row is not None else frozenset(DataCategory)
    return told | {DataCategory.ADDICTION} if keeper.purposes & TREATS_ADDICTION else told


def _reaches(row: Forbid, pair: PairRow, keeper: Keeper, learns: Keeper, at: datetime) -> bool:
    return (
        row.valid_from <= at
        and (row.valid_until is None or at < row.valid_until)
        and EventType.REGISTER_COMPARED in row.events
        and keeper.agency in row.senders
        and learns.agency in row.recipients
        and pair.subject in row.subjects
        and Basis.STATUTORY_DUTY in row.bases
    )


def limits(on: date, *, rows: tuple[LimitsRow, ...] = LIMITS) -> LimitsRow:
    """The limits of a day. Raises LookupError where there are none: then nothing is compared."""
    for row in rows:
        if _is_valid(row, on):
            return row
    raise LookupError("no limits are valid on that day")


def size_of(count: int, row: LimitsRow) -> int:
    """The smallest class that so many entries fit into. Raises ValueError for too many."""
    fitting = [size for size in row.sizes if count <= size]
    if not fitting:
        raise ValueError("more entries than a comparison takes")
    return min(fitting)


def next_due(on: date, *, rows: tuple[DueRow, ...] = DUE) -> tuple[date, date] | None:
    """(the next day by which registers are compared, the day of the reminder), from a day on."""
    for row in rows:
        if _is_valid(row, on):
            this_year = date(on.year, row.month, row.day)
            due_on = this_year if on <= this_year else date(on.year + 1, row.month, row.day)
            return due_on, max(due_on - row.reminder, on)
    return None


def is_compared(agency: Agency, kind: R, on: date) -> bool:
    """Whether an agency's register is one of those that are compared at all."""
    return any(_is_valid(row, on) and row.half(agency, kind) is not None for row in PAIRS)


def _is_valid(row: PairRow | LimitsRow | DueRow, on: date) -> bool:
    return row.valid_from <= on and (row.valid_until is None or on < row.valid_until)
