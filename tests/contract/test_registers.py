"""Registers as the law has them: who keeps which, for which reasons, and when an entry is looked at again."""

from datetime import date

import pytest

from shared.contract.registers import (
    CODES,
    KEPT,
    MINORS,
    PARENTS,
    REVIEWS,
    EntryCode,
    comes_of_age,
    kept,
    next_review,
    sources,
    why_not,
)
from shared.contract.vocabulary import Agency, DataCategory, RegisterKind

DAY = date(2026, 3, 20)


def test_the_registers_are_kept_by_whom_the_report_names() -> None:
    assert {(row.agency, row.kind) for row in KEPT} == {
        (Agency.POLICE, RegisterKind.PREVENTIVE_MONITORING),
        (Agency.SOCIAL, RegisterKind.MINORS_WHO_SUFFERED),
        (Agency.SOCIAL, RegisterKind.TROUBLED_FAMILIES),
        (Agency.HEALTH, RegisterKind.MINORS_WHO_SUFFERED),
        (Agency.HEALTH, RegisterKind.TROUBLED_FAMILIES),
        (Agency.HEALTH, RegisterKind.DISPENSARY),
    }
    assert not any(kept(Agency.SHELTER, kind, DAY) for kind in RegisterKind)


def test_every_register_has_reasons_and_each_has_a_source() -> None:
    for row in KEPT:
        assert sources(row.agency, row.kind, DAY), row
    assert all([row.source for row in KEPT] + [row.source for row in CODES] + [row.source for row in REVIEWS])
    assert {row.code for row in CODES} == set(EntryCode)
    assert {(row.agency, row.kind) for row in CODES} == {(row.agency, row.kind) for row in KEPT}


def test_the_dispensary_tells_of_addiction_and_no_register_of_another_agency_of_health() -> None:
    told = {(row.agency, row.kind): row.tells for row in KEPT}
    assert DataCategory.ADDICTION in told[(Agency.HEALTH, RegisterKind.DISPENSARY)]
    assert all(DataCategory.HEALTH in tells for (agency, _), tells in told.items() if agency is Agency.HEALTH)
    assert not any(DataCategory.HEALTH in tells for (agency, _), tells in told.items() if agency is not Agency.HEALTH)


@pytest.mark.parametrize(
    ("since", "known"), [("2010-01-01", False), ("2014-07-14", False), ("2014-07-15", True), ("2026-03-20", True)]
)
def test_a_reason_counts_from_the_day_of_its_order(since: str, known: bool) -> None:
    monitored = sources(Agency.POLICE, RegisterKind.PREVENTIVE_MONITORING, date.fromisoformat(since))
    assert (EntryCode.MINOR_ACCUSED in monitored) == known
    assert EntryCode.PROTECTIVE_ORDER in monitored


def test_nothing_was_kept_before_the_law() -> None:
    day = date(2009, 12, 31)
    assert not sources(Agency.POLICE, RegisterKind.PREVENTIVE_MONITORING, day)
    assert kept(Agency.POLICE, RegisterKind.PREVENTIVE_MONITORING, day) is None


@pytest.mark.parametrize("code", sorted(MINORS))
@pytest.mark.parametrize(("born", "fits"), [("2008-03-20", False), ("2008-03-21", True), (None, True)])
def test_a_reason_for_minors_is_for_who_is_not_of_age(code: EntryCode, born: str | None, fits: bool) -> None:
    birth_date = date.fromisoformat(born) if born else None
    assert (why_not(frozenset({code}), birth_date=birth_date, on=DAY) is None) == fits


@pytest.mark.parametrize("code", sorted(PARENTS))
@pytest.mark.parametrize(("born", "fits"), [("2008-03-20", True), ("2008-03-21", False), (None, True)])
def test_a_reason_for_parents_is_for_adults(code: EntryCode, born: str | None, fits: bool) -> None:
    birth_date = date.fromisoformat(born) if born else None
    assert (why_not(frozenset({code}), birth_date=birth_date, on=DAY) is None) == fits


def test_other_reasons_fit_any_age() -> None:
    for code in set(EntryCode) - MINORS - PARENTS:
        assert why_not(frozenset({code}), birth_date=date(2010, 1, 1), on=DAY) is None


def test_an_entry_is_reviewed_within_half_a_year_with_a_reminder_before() -> None:
    review = next_review(RegisterKind.DISPENSARY, DAY)
    assert (review.due_on, review.remind_on) == (date(2026, 9, 20), date(2026, 9, 6))


@pytest.mark.parametrize(
    ("of_age", "due_on", "remind_on"),
    [
        (date(2026, 9, 21), date(2026, 9, 20), date(2026, 9, 6)),
        (date(2026, 6, 1), date(2026, 6, 1), date(2026, 5, 18)),
        (date(2026, 3, 25), date(2026, 3, 25), DAY),
        (DAY, date(2026, 9, 20), date(2026, 9, 6)),
        (date(2020, 1, 1), date(2026, 9, 20), date(2026, 9, 6)),
    ],
)
def test_it_is_reviewed_no_later_than_a_minor_comes_of_age(of_age: date, due_on: date, remind_on: date) -> None:
    review = next_review(RegisterKind.MINORS_WHO_SUFFERED, DAY, comes_of_age=of_age)
    assert (review.due_on, review.remind_on) == (due_on, remind_on)


def test_without_a_row_it_is_to_be_looked_at_today() -> None:
    review = next_review(RegisterKind.DISPENSARY, DAY, rows=())
    assert (review.due_on, review.remind_on) == (DAY, DAY)


def test_only_minors_come_of_age() -> None:
    suffered, parents = frozenset({EntryCode.MINOR_SUFFERED}), frozenset({EntryCode.DUTIES_NOT_PERFORMED})
    assert comes_of_age(suffered, date(2012, 2, 29)) == date(2030, 2, 28)
    assert comes_of_age(suffered, None) is None
    assert comes_of_age(parents, date(2012, 2, 29)) is None
