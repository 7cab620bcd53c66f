"""When both parties are at one organisation: where that is walled off, by what it shows, who is on which side.

The alleged offender must not learn through an organisation that treats both that she is there, nor she what he is
treated for (report, 1.4: confidentiality). Nothing here is told to anybody else: no event has a field for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contract.vocabulary import Agency, SubjectRole

STAFFED = "wall_staffed"  # the deadline: the chief has seen to it who works on which side
BOTH_HERE = "both_parties_here"  # the alarm for whoever works on a side


@dataclass(frozen=True, slots=True)
class WalledRow:
    """Agencies that wall the two parties of a case off. The police hear both: that is their mandate."""

    agencies: frozenset[Agency]
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApartRow:
    """How far apart in time the two parties' appointments are."""

    apart: timedelta
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


SINCE = datetime(2010, 1, 1, tzinfo=UTC)
WALLED: tuple[WalledRow, ...] = (
    WalledRow(frozenset({Agency.SHELTER, Agency.HEALTH, Agency.SOCIAL}), "1.4; 2.2, no. 30", SINCE),
)
APART: tuple[ApartRow, ...] = (
    ApartRow(timedelta(hours=1), "how long somebody waits and leaves, no law says: the project's own limit", SINCE),
)
# Indexes of a record by which two are taken for the same person. A name alone is many people's.
TELLING = ("iin", "name_and_birth_date")


def is_walled(agency: Agency, at: datetime, *, rows: tuple[WalledRow, ...] = WALLED) -> bool:
    """Whether this agency keeps the two parties apart at a time."""
    return any(agency in row.agencies for row in rows if _is_valid(row, at))


def apart_at(at: datetime, *, rows: tuple[ApartRow, ...] = APART) -> timedelta:
    """How far apart appointments are at a time; no time at all where no row says."""
    return max((row.apart for row in rows if _is_valid(row, at)), default=timedelta())


def meet(one: tuple[datetime, datetime], other: tuple[datetime, datetime], apart: timedelta) -> bool:
    """Whether two appointments (start, end) are so near to each other that the parties could meet."""
    return one[0] < other[1] + apart and other[0] < one[1] + apart


def sides(
    worked: Mapping[SubjectRole, Iterable[str]], *, assigned: Mapping[str, SubjectRole]
) -> dict[str, SubjectRole]:
    """Who is on which side: as assigned, or else by whose file they worked on; who worked on both stays with her.

    So nobody is kept from a person whom they are helping, and nobody goes on seeing both.
    """
    hers, his = set(worked.get(SubjectRole.VICTIM, ())), set(worked.get(SubjectRole.ALLEGED_OFFENDER, ()))
    by_work = dict.fromkeys(his - hers, SubjectRole.ALLEGED_OFFENDER) | dict.fromkeys(hers, SubjectRole.VICTIM)
    return by_work | dict(assigned)


def other_side(side: SubjectRole) -> SubjectRole:
    """The other of the two."""
    return SubjectRole.ALLEGED_OFFENDER if side is SubjectRole.VICTIM else SubjectRole.VICTIM


def side_of(role: SubjectRole) -> SubjectRole:
    """On which side somebody's file lies: dependants are hers."""
    return role if role is SubjectRole.ALLEGED_OFFENDER else SubjectRole.VICTIM


def _is_valid(row: WalledRow | ApartRow, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_until is None or at < row.valid_until)
