"""Business days, deadlines and the ends of days in Kazakhstan."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.calendar import (
    PUBLISHED,
    VERSION,
    ZONE,
    Amendment,
    Calendar,
    end_of,
    local_day,
    start_of,
)

business_days_after, is_business_day = PUBLISHED.business_days_after, PUBLISHED.is_business_day
days = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def test_a_refusal_on_the_friday_before_nauryz_is_due_ten_days_later() -> None:
    assert business_days_after(date(2026, 3, 20), 3) == date(2026, 3, 30)
    assert end_of(date(2026, 3, 30)) == datetime(2026, 3, 30, 19, tzinfo=UTC)


@pytest.mark.parametrize("day", [21, 22, 23, 24, 25])
def test_nauryz_of_2026_and_its_observed_days_are_not_business_days(day: int) -> None:
    assert not is_business_day(date(2026, 3, day))


def test_a_moved_working_day_counts_as_a_working_day() -> None:
    assert business_days_after(date(2024, 4, 30), 3) == date(2024, 5, 4)
    assert date(2024, 5, 4).strftime("%A") == "Saturday"
    assert end_of(date(2024, 5, 4)) == datetime(2024, 5, 4, 19, tzinfo=UTC)


def test_an_ordinary_week_counts_its_weekdays() -> None:
    assert business_days_after(date(2026, 2, 2), 3) == date(2026, 2, 5)


def test_the_day_itself_is_day_zero() -> None:
    assert business_days_after(date(2026, 2, 5), 1) == date(2026, 2, 6)


def test_a_weekend_is_skipped_and_a_refusal_on_it_is_due_as_if_on_the_friday_before() -> None:
    due = {business_days_after(date(2026, 2, day), 3) for day in (6, 7, 8)}
    assert due == {date(2026, 2, 11)}


def test_a_deadline_crosses_the_new_year() -> None:
    assert business_days_after(date(2025, 12, 31), 3) == date(2026, 1, 8)


def test_constitution_day_is_on_30_august_until_2025_and_on_15_march_from_2027() -> None:
    assert [is_business_day(date(2024, 8, 30)), is_business_day(date(2027, 3, 15))] == [False, False]
    assert [is_business_day(date(2023, 3, 15)), is_business_day(date(2027, 8, 30))] == [True, True]


def test_the_end_of_a_day_is_19_utc_since_march_2024() -> None:
    assert end_of(date(2024, 3, 1)) == datetime(2024, 3, 1, 19, tzinfo=UTC)


def test_almaty_was_six_hours_ahead_before() -> None:
    assert end_of(date(2024, 2, 28)) == datetime(2024, 2, 28, 18, tzinfo=UTC)


def test_the_last_day_of_the_old_zone_had_25_hours() -> None:
    day = date(2024, 2, 29)
    assert end_of(day) - start_of(day) == timedelta(hours=25)


@given(days)
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    assert end_of(day) == start_of(day + timedelta(days=1))


@given(days)
def test_the_end_of_a_day_no_longer_belongs_to_it(day: date) -> None:
    assert local_day(end_of(day)) == day + timedelta(days=1)
    assert local_day(end_of(day) - timedelta(microseconds=1)) == day


def test_an_evening_in_utc_is_the_next_day_in_almaty() -> None:
    assert local_day(datetime(2026, 3, 20, 18, 59, tzinfo=UTC)) == date(2026, 3, 20)
    assert local_day(datetime(2026, 3, 20, 19, 0, tzinfo=UTC)) == date(2026, 3, 21)


@given(days, st.integers(1, 10))
def test_a_deadline_is_a_business_day_with_as_many_business_days_up_to_it(day: date, count: int) -> None:
    due = business_days_after(day, count)
    between = (day + timedelta(days=n) for n in range(1, (due - day).days + 1))
    assert is_business_day(due)
    assert sum(map(is_business_day, between)) == count


def test_the_zone_and_the_calendar_are_named() -> None:
    assert ZONE.key == "Asia/Almaty"
    assert VERSION.startswith("KZ holidays-0.")
    assert PUBLISHED.version == VERSION


FRIDAY, SATURDAY = date(2026, 6, 5), date(2026, 6, 6)
OFF = Amendment(FRIDAY, date(2026, 5, 29), working=False, source="Decree 1")
ON = Amendment(SATURDAY, date(2026, 5, 29), working=True, source="Decree 1")


def test_a_working_day_that_is_moved_by_decree_moves_a_deadline() -> None:
    moved = Calendar((OFF, ON))
    assert [moved.is_business_day(day) for day in (FRIDAY, SATURDAY)] == [False, True]
    assert business_days_after(date(2026, 6, 4), 1) == FRIDAY
    assert moved.business_days_after(date(2026, 6, 4), 1) == SATURDAY


def test_a_decree_counts_from_the_day_on_which_it_is_known() -> None:
    moved = Calendar((OFF, ON))
    assert moved.known_on(date(2026, 5, 28)) == PUBLISHED
    assert moved.known_on(date(2026, 5, 29)) == moved


def test_of_two_decrees_about_a_day_the_one_known_later_counts() -> None:
    back = Amendment(FRIDAY, date(2026, 6, 1), working=True, source="Decree 2")
    both = Calendar((back, OFF))
    assert both.is_business_day(FRIDAY)
    assert not both.known_on(date(2026, 5, 31)).is_business_day(FRIDAY)


def test_a_version_is_that_of_the_days_whatever_their_order_and_whoever_writes_their_source() -> None:
    said_otherwise = Amendment(FRIDAY, OFF.known_from, working=False, source="Government decree No. 1")
    assert Calendar((OFF, ON)).version == Calendar((ON, said_otherwise)).version
    assert len({PUBLISHED.version, Calendar((OFF,)).version, Calendar((OFF, ON)).version}) == 3


@given(days, st.integers(0, 10), st.lists(st.tuples(days, st.booleans()), max_size=20, unique_by=lambda one: one[0]))
def test_an_amended_deadline_has_as_many_business_days_up_to_it(
    day: date, count: int, decreed: list[tuple[date, bool]]
) -> None:
    calendar = Calendar(tuple(Amendment(one, day, working, "Decree") for one, working in decreed))
    due = calendar.business_days_after(day, count)
    between = (day + timedelta(days=n) for n in range(1, (due - day).days + 1))
    assert sum(map(calendar.is_business_day, between)) == count
