"""Orders (F10): how long each may last, and what it may ask, by the rows of the day on which it begins."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contract.orders import (
    TERMS,
    Terms,
    longest_day,
    remind_on,
    term_row,
    treatment_of,
    why_not,
)
from shared.contract.vocabulary import OrderKind as K
from shared.contract.vocabulary import OrderRequirement as R
from shared.contract.vocabulary import Purpose

FIRST = date(2026, 3, 20)
PROTECTIVE = Terms(K.PROTECTIVE, FIRST, date(2026, 4, 19), by_court=False, asks=frozenset({R.NO_CONTACT}))
COURTS = Terms(
    K.BEHAVIOUR_REQUIREMENTS,
    FIRST,
    date(2026, 9, 20),
    by_court=True,
    asks=frozenset({R.NO_CONTACT, R.REPORT_TO_POLICE, R.LEAVE_HOME}),
    reports_a_month=2,
    home_until=date(2026, 4, 19),
)
BARRING = Terms(K.BARRING, FIRST, date(2027, 12, 31), by_court=True, asks=frozenset({R.NO_CONTACT}))


@pytest.mark.parametrize(
    "terms",
    [
        PROTECTIVE,
        replace(PROTECTIVE, last_day=FIRST),
        COURTS,
        replace(COURTS, last_day=date(2026, 6, 20)),
        replace(COURTS, last_day=date(2027, 3, 20)),
        replace(COURTS, reports_a_month=1),
        replace(COURTS, reports_a_month=4),
        replace(COURTS, home_until=FIRST),
        replace(COURTS, asks=frozenset({R.ADDICTION_TREATMENT}), reports_a_month=None, home_until=None),
        BARRING,
    ],
)
def test_what_the_law_knows_can_be(terms: Terms) -> None:
    assert why_not(terms) is None


@pytest.mark.parametrize(
    ("terms", "change", "why"),
    [
        (PROTECTIVE, {"last_day": date(2026, 4, 20)}, "it does not last so long"),
        (PROTECTIVE, {"last_day": date(2026, 3, 19)}, "an order ends after it begins"),
        (PROTECTIVE, {"by_court": True}, "it is not a court's"),
        (PROTECTIVE, {"asks": frozenset({R.ADDICTION_TREATMENT})}, "it does not ask that"),
        (PROTECTIVE, {"home_until": date(2026, 3, 25)}, "who has to leave the home"),
        (PROTECTIVE, {"reports_a_month": 1}, "who has to report to the police"),
        (PROTECTIVE, {"from_day": date(2009, 12, 31)}, "there was no such order on that day"),
        (COURTS, {"last_day": date(2026, 6, 19)}, "it lasts longer than that"),
        (COURTS, {"last_day": date(2027, 3, 21)}, "it does not last so long"),
        (COURTS, {"by_court": False}, "it is a court's, and names its decision"),
        (COURTS, {"reports_a_month": 0}, "it does not ask to report so often"),
        (COURTS, {"reports_a_month": 5}, "it does not ask to report so often"),
        (COURTS, {"reports_a_month": None}, "who has to report to the police"),
        (COURTS, {"home_until": date(2026, 4, 20)}, "nobody is barred from the home for so long"),
        (COURTS, {"home_until": date(2026, 3, 19)}, "nobody is barred from the home before that"),
        (COURTS, {"home_until": None}, "who has to leave the home"),
        (BARRING, {"by_court": False}, "it is a court's, and names its decision"),
    ],
)
def test_and_nothing_else(terms: Terms, change: dict[str, Any], why: str) -> None:
    assert (why_not(replace(terms, **change)) or "").startswith(why)


def test_a_refusal_names_the_source_of_the_limit() -> None:
    assert "No. 175-V" in (why_not(replace(PROTECTIVE, last_day=date(2026, 4, 20))) or "")


def test_the_row_of_the_day_it_begins_counts() -> None:
    assert longest_day(K.PROTECTIVE, date(2014, 2, 17)) == date(2014, 2, 27)
    assert longest_day(K.PROTECTIVE, date(2014, 2, 18)) == date(2014, 3, 20)
    assert longest_day(K.BARRING, FIRST) is None
    assert longest_day(K.BARRING, date(2014, 12, 31)) is None
    new = replace(TERMS[1], valid_from=date(2027, 1, 1), longest=TERMS[2].longest)
    rows = (replace(TERMS[1], valid_until=date(2027, 1, 1)), new)
    assert longest_day(K.PROTECTIVE, date(2026, 12, 31), rows=rows) == date(2027, 1, 30)
    assert longest_day(K.PROTECTIVE, date(2027, 1, 1), rows=rows) == date(2028, 1, 1)


def test_the_rows_of_a_kind_never_overlap_and_each_has_a_source() -> None:
    for row in TERMS:
        assert row.source
        assert term_row(row.kind, row.valid_from) is row
        others = [other for other in TERMS if other.kind is row.kind and other is not row]
        for other in others:
            assert (row.valid_until or date.max) <= other.valid_from or (
                other.valid_until or date.max
            ) <= row.valid_from


def test_its_end_is_reminded_of_three_days_before_it_or_at_once() -> None:
    assert remind_on(date(2026, 4, 19), FIRST) == date(2026, 4, 16)
    assert remind_on(date(2026, 3, 22), FIRST) == FIRST
    assert remind_on(date(2026, 4, 19), FIRST, rows=()) == date(2026, 4, 19)


def test_treatment_has_a_purpose_of_its_own_and_nothing_else_goes_to_health() -> None:
    assert {row.requirement: row.purpose for row in treatment_of(frozenset(R))} == {
        R.ADDICTION_TREATMENT: Purpose.COMPULSORY_TREATMENT,
        R.PSYCHO_CORRECTION: Purpose.PSYCHO_CORRECTION,
    }
    assert treatment_of(frozenset({R.NO_CONTACT, R.LEAVE_HOME})) == ()
