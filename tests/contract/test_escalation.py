"""When which step is taken about a referral that nobody answers: dated rows, turned into moments once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.contract.escalation import LATE, ROWS, SETTABLE, Planned, plan, why_not_in
from shared.contract.vocabulary import EscalationStep as Step
from shared.contract.vocabulary import Urgency

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)  # the last day before Nauryz: a Friday
STEPS = (Step.REMINDER, Step.CHIEF, Step.BACK)


def minutes(urgency: Urgency, *, minutes: int | None = None) -> list[float]:
    return [(planned.due_at - AT).total_seconds() / 60 for planned in plan(urgency, AT, minutes=minutes)]


@pytest.mark.parametrize("urgency", list(Urgency))
def test_every_urgency_is_reminded_then_the_chief_then_it_is_back(urgency: Urgency) -> None:
    planned = plan(urgency, AT)
    assert tuple(one.step for one in planned) == STEPS
    assert [one.due_at for one in planned] == sorted({one.due_at for one in planned})


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [(Urgency.STAT, [15, 30, 45]), (Urgency.ASAP, [30, 60, 120]), (Urgency.URGENT, [120, 240, 480])],
)
def test_what_is_urgent_runs_by_day_and_night(urgency: Urgency, expected: list[float]) -> None:
    assert minutes(urgency) == expected


def test_what_is_routine_runs_in_business_days_past_a_holiday() -> None:
    assert [one.due_at.isoformat() for one in plan(Urgency.ROUTINE, AT)] == [
        "2026-03-26T19:00:00+00:00",
        "2026-03-27T19:00:00+00:00",
        "2026-03-30T19:00:00+00:00",
    ]


@pytest.mark.parametrize("urgency", sorted(SETTABLE))
def test_the_alarm_of_what_is_urgent_can_be_set_in_minutes(urgency: Urgency) -> None:
    assert minutes(urgency, minutes=7) == [7, 14, 21]
    assert why_not_in(7, urgency) is None


def test_that_of_what_is_routine_can_not() -> None:
    assert why_not_in(7, Urgency.ROUTINE) is not None
    assert why_not_in(None, Urgency.ROUTINE) is None


def test_the_rows_of_the_moment_of_sending_count() -> None:
    sooner = [replace(row, id=f"{row.id}@2026", within=timedelta(minutes=1), valid_from=AT) for row in ROWS[:1]]
    rows = (replace(ROWS[0], valid_until=AT), *sooner, *ROWS[1:])
    assert plan(Urgency.STAT, AT, rows=rows)[0] == Planned(Step.REMINDER, "E-STAT-1@2026", AT + timedelta(minutes=1))
    before = AT - timedelta(microseconds=1)
    assert plan(Urgency.STAT, before, rows=rows)[0] == Planned(
        Step.REMINDER, "E-STAT-1", before + timedelta(minutes=15)
    )


def test_every_row_says_where_it_comes_from_and_none_is_there_twice() -> None:
    assert {row.source for row in ROWS} == {LATE}
    assert len({row.id for row in ROWS}) == len({(row.urgency, row.step) for row in ROWS}) == 12
