"""Values as they are written, for what people and their systems send in.

Pydantic is obliging: it takes `"no"` for false, `"7"` for seven, and 0 for the first of January 1970. Who sends those
made a mistake, and a record of a case is no place to guess. JSON has booleans and numbers; days and moments are text
(ISO 8601, RFC 3339).
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Strict


def _a_day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        raise ValueError("not a date (YYYY-MM-DD)")
    return _no_number(value, "not a date (YYYY-MM-DD)")


def _a_moment(value: Any) -> Any:
    if isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", value) is None:
        raise ValueError("not a date and time (ISO 8601)")
    return _no_number(value, "not a date and time (ISO 8601)")


def _no_number(value: Any, why: str) -> Any:
    if not isinstance(value, str | date | datetime | None):
        raise ValueError(why)  # Pydantic reports ValueError as bad input
    return value


def _in_utc(value: datetime) -> datetime:
    """Raises ValueError within a day of the calendar's ends, where a moment of one zone has no name in another."""
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise ValueError("not a date and time (ISO 8601)") from None
    return value


Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Day = Annotated[date, BeforeValidator(_a_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_a_moment), AfterValidator(_in_utc)]
