"""When something repeats (F18): so many facts of a kind within a time, by dated rows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.repetition import PATTERNS, Fact, repeated, row_for
from shared.contract.vocabulary import Pattern


def fact(number: int, day: str, pattern: Pattern = Pattern.INCIDENTS) -> Fact:
    return Fact(UUID(int=number), pattern, datetime.fromisoformat(f"{day}T12:00:00+05:00"))


ONE, TWO, THREE = fact(1, "2026-01-10"), fact(2, "2026-04-01"), fact(3, "2026-07-10")


@pytest.mark.parametrize("new", [ONE, TWO, THREE])
def test_the_third_incident_in_six_months_is_a_warning_whichever_is_recorded_last(new: Fact) -> None:
    others = [one for one in (ONE, TWO, THREE) if one is not new]
    assert repeated(new, others) == (ONE, TWO, THREE)


def test_a_day_later_it_is_none() -> None:
    assert repeated(fact(3, "2026-07-11"), [ONE, TWO]) == ()


def test_two_are_none_and_neither_is_the_same_one_twice() -> None:
    assert repeated(TWO, [ONE]) == ()
    assert repeated(TWO, [ONE, TWO]) == ()


def test_what_shares_a_span_with_the_new_one_is_named_and_nothing_older() -> None:
    old, fourth = fact(9, "2025-06-01"), fact(4, "2026-07-10")
    assert repeated(fourth, [old, ONE, TWO, THREE]) == (ONE, TWO, THREE, fourth)


@pytest.mark.parametrize("pattern", [Pattern.REFUSALS_TO_REPORT, Pattern.CONCILIATIONS])
def test_a_second_refusal_or_conciliation_is_a_warning_however_long_ago_the_first_was(pattern: Pattern) -> None:
    first, second = fact(1, "2019-01-10", pattern), fact(2, "2026-04-01", pattern)
    assert repeated(first, []) == ()
    assert repeated(second, [first]) == (first, second)


def test_an_order_that_is_broken_once_is_a_warning() -> None:
    broken = fact(1, "2026-03-25", Pattern.ORDERS_BREACHED)
    assert repeated(broken, []) == (broken,)


def test_kinds_are_not_mixed() -> None:
    refusal = fact(5, "2026-02-01", Pattern.REFUSALS_TO_REPORT)
    assert repeated(THREE, [ONE, refusal]) == ()


def test_the_row_of_the_day_on_which_it_happens_counts() -> None:
    old = replace(PATTERNS[0], valid_until=date(2026, 7, 10))
    new = replace(PATTERNS[0], times=4, valid_from=date(2026, 7, 10))
    assert repeated(THREE, [ONE, TWO], rows=(old, new)) == ()
    assert repeated(fact(3, "2026-07-09"), [ONE, TWO], rows=(old, new)) != ()
    assert repeated(THREE, [ONE, TWO], rows=(old,)) == ()


@pytest.mark.parametrize("pattern", list(Pattern))
def test_every_pattern_has_one_row_today_with_words_and_a_source(pattern: Pattern) -> None:
    row = row_for(pattern, date(2026, 3, 20))
    assert row is not None
    assert all((row.source, row.reason.kk, row.reason.ru, row.reason.en))


days = st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(
    lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
)


@given(st.lists(days, min_size=1, max_size=8))
def test_there_is_a_warning_exactly_if_some_three_with_the_new_one_lie_within_six_months(times: list[datetime]) -> None:
    facts = [Fact(UUID(int=number), Pattern.INCIDENTS, at) for number, at in enumerate(times)]
    new, row = facts[-1], PATTERNS[0]
    assert row.within is not None
    near = sorted(fact.at for fact in facts)
    expected = any(
        near[i + 2].astimezone(UTC).date() <= row.within.after(near[i].date()) and near[i] <= new.at <= near[i + 2]
        for i in range(len(near) - 2)
    )
    assert bool(repeated(new, facts[:-1])) == expected
