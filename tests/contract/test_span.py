"""Months and days as laws count them."""

from datetime import date

import pytest

from shared.contract.span import Span


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span(days=30), date(2026, 3, 20), date(2026, 4, 19)),
        (Span(months=3), date(2026, 3, 20), date(2026, 6, 20)),
        (Span(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Span(months=1), date(2024, 1, 31), date(2024, 2, 29)),
        (Span(months=12), date(2024, 2, 29), date(2025, 2, 28)),
        (Span(months=1), date(2026, 11, 30), date(2026, 12, 30)),
        (Span(months=1), date(2026, 12, 31), date(2027, 1, 31)),
        (Span(months=11, days=2), date(2026, 1, 30), date(2027, 1, 1)),
    ],
)
def test_a_span_ends_on_the_day_of_the_same_number_or_on_the_last_of_a_shorter_month(
    span: Span, first: date, last: date
) -> None:
    assert span.after(first) == last


@pytest.mark.parametrize(
    ("span", "last", "first"),
    [
        (Span(days=3), date(2026, 3, 2), date(2026, 2, 27)),
        (Span(months=6), date(2026, 8, 31), date(2026, 2, 28)),
        (Span(months=1), date(2026, 1, 15), date(2025, 12, 15)),
    ],
)
def test_and_begins_before_a_day_in_the_same_way(span: Span, last: date, first: date) -> None:
    assert span.before(last) == first


@pytest.mark.parametrize(("span", "day"), [(Span(months=1), date.max), (Span(days=1), date.max)])
def test_nothing_is_after_the_calendars_end(span: Span, day: date) -> None:
    with pytest.raises(OverflowError):
        span.after(day)


def test_nothing_is_before_its_beginning() -> None:
    with pytest.raises(OverflowError):
        Span(months=1).before(date.min)
