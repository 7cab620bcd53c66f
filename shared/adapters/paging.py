"""Keyset pages: a cursor is the place after the last row shown, opaque to the caller. No totals, no offsets."""

import base64
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, tuple_

from shared.contract.errors import Problem

Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]
Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """Items, newest first, and the cursor of the next page, or null on the last one."""

    items: list[Item]
    next: str | None = None


def encode(at: datetime, row_id: UUID) -> str:
    """The cursor that points behind a row."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode()


def decode(cursor: str) -> tuple[datetime, UUID]:
    """The row that a cursor points behind. Raises Problem 422 for one that we did not make."""
    try:
        at, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a cursor has a zone")
        return moment.astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError):
        raise invalid_cursor() from None


def encode_words(*words: str) -> str:
    """The cursor that points behind a row which words tell from all others; only the last may contain `|`."""
    return base64.urlsafe_b64encode("|".join(words).encode()).decode()


def decode_words(cursor: str, *, count: int) -> list[str]:
    """So many words of such a cursor. Raises Problem 422 for one that we did not make."""
    try:
        words = base64.urlsafe_b64decode(cursor.encode()).decode().split("|", count - 1)
    except ValueError:
        raise invalid_cursor() from None
    if len(words) != count or "\0" in "".join(words):
        raise invalid_cursor()
    return words


def invalid_cursor() -> Problem:
    """What a caller is told who made one up."""
    return Problem(422, "invalid-cursor", "use the 'next' of a page as its cursor")


def behind(cursor: str | None, at: Any, row_id: Any) -> list[ColumnElement[bool]]:
    """The condition for rows that come after the cursor in descending order."""
    return [] if cursor is None else [tuple_(at, row_id) < tuple_(*decode(cursor))]


def cut(rows: list[Any], limit: int, *, at: str, row_id: str = "id") -> tuple[list[Any], str | None]:
    """`limit` of `limit + 1` rows that were read, and the cursor of the rest."""
    shown = rows[:limit]
    more = len(rows) > limit
    return shown, encode(getattr(shown[-1], at), getattr(shown[-1], row_id)) if more else None
