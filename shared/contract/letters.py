"""Letters to partners without a service: by when signed pages have to be back, as dated rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from shared.contract.vocabulary import EventType, RecallEnd

LETTER_CONFIRMED = "letter_confirmed"  # what the deadlines are called
LETTER_RECALLED = "letter_recalled"
ON_PAPER = frozenset({EventType.LETTER_WRITTEN, EventType.LETTER_RECALLED})


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """In how many business days after a letter was written the page that confirms it is to be back; and after its
    consent ended (`recalled`), the page by which the partner says that what it said is erased there."""

    business_days: int
    recalled: int
    source: str
    valid_from: datetime
    valid_until: datetime | None = None


CONFIRMATIONS: tuple[ConfirmationRow, ...] = (
    ConfirmationRow(
        10, 5, "2.2, nos. 12 and 25: answers come late; the project's own limits", datetime(2010, 1, 1, tzinfo=UTC)
    ),
)


def days_to_confirm(at: datetime, *, rows: tuple[ConfirmationRow, ...] = CONFIRMATIONS) -> int:
    """By the row of the moment at which a letter is written."""
    return min(row.business_days for row in _valid(at, rows))


def days_to_recall(at: datetime, *, rows: tuple[ConfirmationRow, ...] = CONFIRMATIONS) -> int:
    """By the row of the moment at which a letter is recalled."""
    return min(row.recalled for row in _valid(at, rows))


def _valid(at: datetime, rows: tuple[ConfirmationRow, ...]) -> list[ConfirmationRow]:
    return [row for row in rows if row.valid_from <= at and (row.valid_until is None or at < row.valid_until)]


def why_no_such_end(end: RecallEnd, *, came_back: bool) -> str | None:
    """None if a recall can have ended like that, else why not. `came_back`: the letter's own signed page."""
    if end is RecallEnd.NEVER_HANDED_OVER and came_back:
        return "its page came back, so it was handed over"
    return None


def why_not_back(*, written_on: date, came_back_on: date, today: date) -> str | None:
    """None if a page can have come back on a day, else why not."""
    if came_back_on < written_on:
        return "a page does not come back before the letter was written"
    return "a page comes back today at the latest" if came_back_on > today else None
