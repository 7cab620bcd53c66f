"""How long each kind of entry of a case file is kept, as dated rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.calendar import ZONE, start_of
from shared.contract.filing import KEEPING, Keeping, Noun, keeping_of, kept_until, over_before
from shared.contract.span import Span

NOW = datetime(2026, 3, 20, tzinfo=UTC)
YEARS = st.datetimes(datetime(2011, 1, 1), datetime(2090, 1, 1)).map(lambda at: at.replace(tzinfo=ZONE))  # noqa: DTZ001, they get one
SPANS = st.builds(Span, months=st.integers(0, 400), days=st.integers(0, 40))


def row(span: Span | None, **more: datetime) -> Keeping:
    return Keeping("K", frozenset({Noun.PLANS}), span, "a law", more.pop("valid_from", NOW), **more)


@pytest.mark.parametrize("noun", sorted(set(Noun) - {Noun.DEADLINES}), ids=str)
def test_each_kind_has_one_row_with_its_source(noun: Noun) -> None:
    rows = [one for one in KEEPING if noun in one.nouns]
    assert len(rows) == 1
    assert rows[0].source


def test_a_deadline_has_none_for_it_goes_with_what_it_is_of() -> None:
    assert keeping_of(Noun.DEADLINES, NOW) is None


def test_the_row_of_the_day_decides() -> None:
    turn = datetime(2030, 1, 1, tzinfo=UTC)
    before, after = row(Span(months=12), valid_until=turn), row(Span(months=6), valid_from=turn)
    assert keeping_of(Noun.PLANS, turn - timedelta(seconds=1), rows=(before, after)) is before
    assert keeping_of(Noun.PLANS, turn, rows=(before, after)) is after
    assert keeping_of(Noun.ORDERS, turn, rows=(before, after)) is None


def test_what_has_not_ended_and_what_is_kept_for_good_is_never_over() -> None:
    assert kept_until(row(Span(months=12)), None) is None
    assert kept_until(row(None), NOW) is None
    assert kept_until(None, NOW) is None
    assert over_before(row(None), NOW) is None
    assert over_before(None, NOW) is None


def test_it_is_kept_to_the_end_of_its_last_day_where_we_are() -> None:
    ended = datetime(2026, 3, 20, 23, 0, tzinfo=ZONE)
    assert kept_until(row(Span(months=12)), ended) == start_of(date(2027, 3, 21))


@given(span=SPANS, ended=YEARS, now=YEARS)
def test_what_is_over_is_what_is_kept_until_before_now(span: Span, ended: datetime, now: datetime) -> None:
    keeping = row(span)
    until, before = kept_until(keeping, ended), over_before(keeping, now)
    assert until is not None
    assert before is not None
    assert (ended < before) == (until <= now)
