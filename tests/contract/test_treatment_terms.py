"""Limits of the path of compulsory treatment (F8): ten days for the court, two years, three on a repeat."""

from dataclasses import replace
from datetime import date

import pytest

from shared.contract.span import Span
from shared.contract.treatment_terms import (
    COURT,
    DECLINED,
    GUARDIANS,
    LENGTHS,
    decides_by,
    is_repeat,
    remind_of_end,
    row_on,
    why_not_so_long,
)

DAY = date(2026, 3, 20)


def why(last_day: date, *, ended: date | None = None, from_day: date = DAY, decided_on: date = DAY) -> str | None:
    return why_not_so_long(decided_on=decided_on, from_day=from_day, last_day=last_day, last_ended_on=ended)


def test_a_court_decides_within_ten_days_of_receiving_the_materials_and_two_before_that_somebody_looks() -> None:
    assert decides_by(DAY) == (date(2026, 3, 30), date(2026, 3, 28))


def test_nobody_is_reminded_before_the_materials_were_received() -> None:
    short = (replace(COURT[0], within=Span(days=1), remind=Span(days=5)),)
    assert decides_by(DAY, rows=short) == (date(2026, 3, 21), DAY)


@pytest.mark.parametrize(
    ("last_day", "ended", "taken"),
    [
        (date(2026, 3, 20), None, True),
        (date(2028, 3, 19), None, True),
        (date(2028, 3, 21), None, False),
        (date(2029, 3, 19), date(2024, 1, 10), True),
        (date(2029, 3, 21), date(2024, 1, 10), False),
        (date(2029, 3, 19), date(2023, 3, 21), True),
        (date(2029, 3, 19), date(2023, 3, 20), False),
        (date(2028, 3, 19), date(2023, 3, 20), True),
    ],
)
def test_treatment_lasts_two_years_and_three_on_a_repeat_which_it_is_not_once_three_years_have_passed(
    last_day: date, ended: date | None, taken: bool
) -> None:
    assert (why(last_day, ended=ended) is None) is taken


def test_it_is_a_repeat_until_three_years_have_passed_since_the_last_one_ended() -> None:
    ended = date(2023, 3, 20)
    assert is_repeat(date(2026, 3, 19), ended)
    assert not is_repeat(date(2026, 3, 20), ended)
    assert not is_repeat(DAY, None)


def test_treatment_begins_when_it_was_ordered_or_later_and_ends_no_earlier_than_it_begins() -> None:
    assert why(date(2026, 4, 1), from_day=date(2026, 3, 19)) == "treatment does not begin before it is ordered"
    assert why(date(2026, 3, 24), from_day=date(2026, 3, 25)) == "treatment ends after it begins"
    assert "ended before" in (why(date(2026, 4, 1), ended=date(2026, 3, 21)) or "")


def test_why_it_does_not_last_so_long_has_its_source() -> None:
    assert "art. 17, para. 5" in (why(date(2036, 1, 1)) or "")


def test_the_end_is_reminded_of_a_fortnight_before_and_not_before_it_was_ordered() -> None:
    assert remind_of_end(date(2026, 12, 31), DAY) == date(2026, 12, 17)
    assert remind_of_end(date(2026, 3, 22), DAY) == DAY


def test_the_rows_of_the_day_count_and_without_one_there_is_no_answer() -> None:
    old, new = replace(COURT[0], valid_until=DAY), replace(COURT[0], within=Span(days=5), valid_from=DAY)
    assert decides_by(date(2026, 3, 19), rows=(old, new))[0] == date(2026, 3, 29)
    assert decides_by(DAY, rows=(old, new))[0] == date(2026, 3, 25)
    with pytest.raises(LookupError):
        row_on((old,), DAY)


@pytest.mark.parametrize("rows", [COURT, LENGTHS, DECLINED, GUARDIANS])
def test_every_limit_has_a_source_and_one_row_a_day(rows: tuple[object, ...]) -> None:
    assert all(row.source for row in rows)  # type: ignore[attr-defined]  # every row has one
    assert row_on(rows, DAY) is rows[-1]  # type: ignore[type-var]  # as above
