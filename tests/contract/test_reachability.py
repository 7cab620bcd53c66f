"""Whether a detoxification place is reached in time: a range, and the rows of the moment decide."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.contract.calendar import ZONE
from shared.contract.reachability import (
    DEGREES,
    SAID,
    TRAVEL,
    InTime,
    Parameters,
    below_at,
    estimate,
    parameters_at,
    travel_minutes,
)
from shared.contract.vocabulary import BedKind

NOW = datetime(2026, 3, 20, 12, tzinfo=ZONE)
FAR = 120.0  # kilometres: 2.2, no. 3


def by() -> Parameters:
    found = parameters_at(BedKind.DETOXIFICATION, NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("per_mille", "km", "expected"),
    [
        (3.0, FAR, InTime.LIKELY),
        (1.8, FAR, InTime.UNCERTAIN),
        (1.6, FAR, InTime.UNLIKELY),
        (1.6, 5.0, InTime.LIKELY),
        (1.4, 0.0, InTime.UNLIKELY),
        (1.5, 0.0, InTime.LIKELY),
        (0.0, FAR, InTime.UNLIKELY),
        (3.0, None, InTime.UNKNOWN),
    ],
)
def test_nobody_is_sent_120_km_for_nothing(per_mille: float, km: float | None, expected: InTime) -> None:
    found = estimate(per_mille, measured_at=NOW, leaves_at=NOW, distance_km=km, by=by())
    assert found.in_time is expected


def test_the_time_since_it_was_measured_counts_too() -> None:
    when = {"leaves_at": NOW, "distance_km": 5.0, "by": by()}
    assert estimate(1.7, measured_at=NOW, **when).in_time is InTime.LIKELY  # type: ignore[arg-type]  # a literal
    earlier = NOW - timedelta(hours=4)
    assert estimate(1.7, measured_at=earlier, **when).in_time is InTime.UNLIKELY  # type: ignore[arg-type]  # the same


def test_what_is_expected_is_a_range_and_never_below_nothing() -> None:
    found = estimate(0.1, measured_at=NOW, leaves_at=NOW, distance_km=FAR, by=by())
    assert (found.lowest, found.highest) == (0.0, 0.0)
    found = estimate(2.0, measured_at=NOW, leaves_at=NOW, distance_km=FAR, by=by())
    assert found.minutes == 156
    assert found.arrives_at == NOW + timedelta(minutes=156)
    assert (found.lowest, found.highest) == (1.48, 1.74)


def test_a_way_is_longer_than_the_crow_flies_and_minutes_are_rounded_up() -> None:
    assert travel_minutes(0.0, TRAVEL[0]) == 0
    assert travel_minutes(0.1, TRAVEL[0]) == 1
    assert travel_minutes(60.0, replace(TRAVEL[0], detour=1.0, km_an_hour=60.0)) == 60


def test_when_it_falls_below_the_degree_is_between_two_moments() -> None:
    assert below_at(2.0, NOW, by()) == (NOW + timedelta(hours=2.5), NOW + timedelta(hours=5))
    assert below_at(1.0, NOW, by()) == (NOW, NOW)


def test_the_rows_of_the_moment_count_and_without_a_row_there_is_no_estimate() -> None:
    old = replace(DEGREES[0], valid_until=NOW)
    new = replace(DEGREES[0], per_mille=1.0, valid_from=NOW)
    found = [parameters_at(BedKind.DETOXIFICATION, at, degrees=(old, new)) for at in (NOW - timedelta(1), NOW)]
    assert [one.degree.per_mille for one in found if one] == [1.5, 1.0]
    assert parameters_at(BedKind.ADDICTOLOGY, NOW) is None
    assert parameters_at(BedKind.DETOXIFICATION, NOW, degrees=(old,)) is None


def test_every_answer_is_said_in_every_language() -> None:
    assert set(SAID) == set(InTime)
    assert all(said.kk and said.ru and said.en for said in SAID.values())
