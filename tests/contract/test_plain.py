"""Values are taken as they are written; nobody's mistake is guessed away."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.contract.plain import Day, Flag, Moment, Whole

NOT_A_DAY, NOT_A_MOMENT = "not a date (YYYY-MM-DD)", "not a date and time (ISO 8601)"
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Asked(BaseModel):
    day: Day | None = None
    moment: Moment | None = None


def told(**values: Any) -> list[str]:
    """What is said against values."""
    with pytest.raises(ValidationError) as refused:
        Asked(**values)
    return [str(fault["msg"]).removeprefix("Value error, ") for fault in refused.value.errors()]


def test_a_day_and_a_moment_are_read_as_they_are_written() -> None:
    read = Asked.model_validate({"day": "2026-03-20", "moment": "2026-03-20T17:00:00+05:00"})
    assert (read.day, read.moment) == (date(2026, 3, 20), NOON)
    assert Asked.model_validate({"moment": "2026-03-20 12:00:00Z"}).moment == NOON
    assert Asked.model_validate({"moment": "2026-03-20t12:00:00z"}).moment == NOON
    assert Asked(day=date(2026, 3, 20), moment=NOON) == read
    assert TypeAdapter(Day | None).validate_python(None) is None


@pytest.mark.parametrize(
    "day", [0, 1.5, True, "0", "20260320", "2026-3-20", "2026-03-20T00:00:00Z", "x2026-03-20", "2026-03-20x", []]
)
def test_what_is_no_day_is_said_so(day: Any) -> None:
    assert told(day=day) == [NOT_A_DAY]


@pytest.mark.parametrize("moment", [0, 1.5, True, "0", "2026-03-20", "20260320T120000Z", "x2026-03-20T12:00:00Z", []])
def test_what_is_no_moment_is_said_so(moment: Any) -> None:
    assert told(moment=moment) == [NOT_A_MOMENT]


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_that_has_no_name_in_utc_is_none(edge: str) -> None:
    assert told(moment=edge) == [NOT_A_MOMENT]


def test_a_moment_says_in_which_zone() -> None:
    assert told(moment="2026-03-20T12:00:00") == ["Input should have timezone info"]


@pytest.mark.parametrize(("kind", "value"), [(Flag, "no"), (Flag, 0), (Whole, "7"), (Whole, 7.0), (Whole, True)])
def test_a_flag_is_a_boolean_and_a_whole_number_a_number(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)
