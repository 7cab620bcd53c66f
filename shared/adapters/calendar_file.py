"""The file of working days and days off that were decreed after the calendar's package was made.

Plain CSV in UTF-8, a row per day: `day,working,source,known_from`, days as YYYY-MM-DD, `working` yes or no, `source`
the decree. A row counts from the day on which the decree was known, so the file can be handed out before.
All nodes of a network should have the same one: `/health/ready` and `qorgau doctor` name its version.
"""

import csv
import io
import re
from datetime import date

from shared.contract.calendar import Amendment, Calendar
from shared.contract.errors import SettingsError

COLUMNS = ["day", "working", "source", "known_from"]
WORKING = {"yes": True, "no": False}
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SOURCE = 300


def read_calendar(raw: bytes, _: Calendar | None = None) -> Calendar:
    """The calendar with the amendments of a file. Raises SettingsError naming the line and what is wrong with it."""
    try:
        lines = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(lines.line_num, row) for row in lines]
    except (UnicodeDecodeError, csv.Error):
        raise SettingsError("QORGAU_CALENDAR_FILE: not CSV in UTF-8") from None
    if not rows or rows[0][1] != COLUMNS:
        raise _wrong(1, f"the columns are {','.join(COLUMNS)}")
    found: dict[tuple[date, date], Amendment] = {}
    for line, row in rows[1:]:
        amendment = _amendment(line, row)
        if (amendment.day, amendment.known_from) in found:
            raise _wrong(line, "the same day is decreed twice as of one day")
        found[amendment.day, amendment.known_from] = amendment
    return Calendar(tuple(sorted(found.values())))


def _amendment(line: int, row: list[str]) -> Amendment:
    if len(row) != len(COLUMNS):
        raise _wrong(line, f"{len(row)} columns instead of {len(COLUMNS)}")
    day, working, source, known_from = (cell.strip() for cell in row)
    if working not in WORKING:
        raise _wrong(line, "working is yes or no")
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise _wrong(line, f"source names the decree, in {LONGEST_SOURCE} characters at most")
    amendment = Amendment(_day(line, "day", day), _day(line, "known_from", known_from), WORKING[working], source)
    if amendment.known_from > amendment.day:
        raise _wrong(line, "known_from is after the day itself")
    return amendment


def _day(line: int, column: str, text: str) -> date:
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _wrong(line, f"{column} is a day, as YYYY-MM-DD")


def _wrong(line: int, what: str) -> SettingsError:
    return SettingsError(f"QORGAU_CALENDAR_FILE, line {line}: {what}")
