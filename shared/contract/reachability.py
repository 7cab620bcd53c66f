"""Whether somebody who is drunk is still drunk enough to be taken in on arrival: an estimate, from dated parameters.

Detoxification centres lie 90 to 120 km away, and on the way the intoxication falls below the degree from which they
take somebody in (report, 2.2, no. 3). The road is not known, only how far apart two places are; nor how fast one body
works, only between which rates bodies do. So the answer is a range, and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from shared.contract.calendar import ZONE
from shared.contract.policy import Reason
from shared.contract.vocabulary import BedKind

HIGHEST = 8.0  # per mille: nobody was measured higher and lived
LONGEST_SINCE = timedelta(hours=24)
SINCE = datetime(2010, 1, 1, tzinfo=ZONE)


class InTime(StrEnum):
    """What to expect on arrival."""

    LIKELY = "likely"  # above the degree, even if it falls fast
    UNCERTAIN = "uncertain"
    UNLIKELY = "unlikely"  # below it, even if it falls slowly
    UNKNOWN = "unknown"  # it is not known how far it is


@dataclass(frozen=True, slots=True)
class TravelRow:
    """How long a way takes: kilometres as the crow flies, times `detour`, at `km_an_hour`."""

    detour: float
    km_an_hour: float
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FallingRow:
    """By how much alcohol in the blood falls in an hour, in per mille: at least, and at most."""

    slowest: float
    fastest: float
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DegreeRow:
    """From how many per mille on somebody is taken in to a bed of a kind."""

    kind: BedKind
    per_mille: float
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


Row = TypeVar("Row", TravelRow, FallingRow, DegreeRow)
TRAVEL: tuple[TravelRow, ...] = (
    TravelRow(1.3, 60.0, "the project's own: country roads, to be adjusted by the region", SINCE),
)
FALLING: tuple[FallingRow, ...] = (
    FallingRow(0.10, 0.20, "forensic medicine: 0.10 to 0.20 per mille an hour (Widmark's beta)", SINCE),
)
DEGREES: tuple[DegreeRow, ...] = (
    DegreeRow(
        BedKind.DETOXIFICATION,
        1.5,
        "2.2, no. 3: the light degree is no ground to take somebody in; in medical examinations the medium degree "
        "begins at 1.5 per mille: a physician has to confirm it",
        SINCE,
    ),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The rows of one moment."""

    travel: TravelRow
    falling: FallingRow
    degree: DegreeRow


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected. Blood alcohol in per mille, at arrival: `lowest` if it falls fast, `highest` if slowly."""

    in_time: InTime
    minutes: int | None = None
    arrives_at: datetime | None = None
    lowest: float | None = None
    highest: float | None = None


def parameters_at(
    kind: BedKind,
    at: datetime,
    *,
    travel: tuple[TravelRow, ...] = TRAVEL,
    falling: tuple[FallingRow, ...] = FALLING,
    degrees: tuple[DegreeRow, ...] = DEGREES,
) -> Parameters | None:
    """None for a kind of bed that takes people in whatever was measured, or where a row is missing."""
    way, rate = next(_valid(travel, at), None), next(_valid(falling, at), None)
    degree = next((row for row in _valid(degrees, at) if row.kind is kind), None)
    return Parameters(way, rate, degree) if way and rate and degree else None


def _valid(rows: tuple[Row, ...], at: datetime) -> Iterator[Row]:
    return (row for row in rows if row.valid_from <= at and (row.valid_until is None or at < row.valid_until))


def travel_minutes(distance_km: float, row: TravelRow) -> int:
    """How long the way takes, rounded up."""
    hours = distance_km * row.detour / row.km_an_hour
    return int(-(-hours * 60 // 1))


def below_at(per_mille: float, measured_at: datetime, by: Parameters) -> tuple[datetime, datetime]:
    """When it falls below the degree: the earliest moment, and the latest."""
    above = max(0.0, per_mille - by.degree.per_mille)
    early, late = (timedelta(hours=above / rate) for rate in (by.falling.fastest, by.falling.slowest))
    return measured_at + early, measured_at + late


def estimate(
    per_mille: float, *, measured_at: datetime, leaves_at: datetime, distance_km: float | None, by: Parameters
) -> Estimate:
    """Whether who leaves then arrives while it is above the degree."""
    if distance_km is None:
        return Estimate(InTime.UNKNOWN)
    minutes = travel_minutes(distance_km, by.travel)
    arrives_at = leaves_at + timedelta(minutes=minutes)
    hours = (arrives_at - measured_at) / timedelta(hours=1)
    lowest, highest = (max(0.0, per_mille - hours * rate) for rate in (by.falling.fastest, by.falling.slowest))
    degree = by.degree.per_mille
    in_time = InTime.LIKELY if lowest >= degree else InTime.UNLIKELY if highest < degree else InTime.UNCERTAIN
    return Estimate(in_time, minutes, arrives_at, round(lowest, 2), round(highest, 2))


ONLY_AN_ESTIMATE = Reason(
    kk="Бұл — болжам: жол мен ағзаның ерекшелігі белгісіз. Қабылдау туралы шешімді орынның өзі шығарады.",
    ru="Это оценка: дорога и особенности организма неизвестны. О приёме решает само учреждение.",
    en="This is an estimate: neither the road nor this body is known. The place itself decides whom it takes in.",
)
SAID: dict[InTime, Reason] = {
    InTime.LIKELY: Reason(
        kk="Жеткенде мастық дәрежесі қабылдауға жеткілікті болады деп күтіледі.",
        ru="По приезде степень опьянения, вероятно, ещё достаточна для приёма.",
        en="On arrival the intoxication is probably still high enough to be taken in.",
    ),
    InTime.UNCERTAIN: Reason(
        kk="Жеткенде мастық дәрежесі жеткілікті бола ма, белгісіз: алдымен қоңырау шалыңыз.",
        ru="Будет ли степень опьянения по приезде достаточной, неясно: сначала позвоните.",
        en="Whether it is still high enough on arrival is not certain: call first.",
    ),
    InTime.UNLIKELY: Reason(
        kk="Жеткенше мастық дәрежесі қабылдау шегінен төмендейді деп күтіледі: жол бекер болуы мүмкін.",
        ru="Пока доедете, степень опьянения, вероятно, упадёт ниже нужной для приёма: поездка может быть напрасной.",
        en="By arrival it has probably fallen below the degree: the way would be for nothing.",
    ),
    InTime.UNKNOWN: Reason(
        kk="Қаншалықты алыс екені белгісіз.", ru="Неизвестно, как далеко это место.", en="How far it is, is not known."
    ),
}
