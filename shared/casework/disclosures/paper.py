"""What letters are printed on: the same bytes for the same contents."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.casework.disclosures.words import Language

if TYPE_CHECKING:
    from shared.casework.disclosures.page import Page


def begin(language: Language, *, title: str, at: datetime) -> "Page":
    """The first page. Whoever prints nothing does without the printer: 19 MB, and a third of a second of each start."""
    from shared.casework.disclosures.page import Page  # noqa: PLC0415  # as it says

    page = Page(language)
    page.begin(title=title, at=at)
    return page
