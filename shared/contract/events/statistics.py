"""What an organisation published of a month goes to the social service of its region (F13; report, 1.2, problem 8).

Only what may be shown to anybody: cells and totals after suppression (`shared.contract.statistics`). There is no field
for a count that is not shown, for a person, or for free text.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.contract.events.base import Event
from shared.contract.plain import Whole
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType

MOST_TABLES, MOST_CELLS, HIGHEST_COUNT = 100, 1000, 10_000_000
CodeName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,80}$")]
Codes = Annotated[tuple[CodeName, ...], Field(min_length=1, max_length=2)]


class PublishedCell(BaseModel):
    """One count, or a total. `count`: null where it is not shown."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    codes: Codes
    count: Annotated[Whole, Field(ge=0, le=HIGHEST_COUNT)] | None = None


class PublishedTable(BaseModel):
    """A table as it was published. `by`: what is distinguished, in the order of each cell's codes."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    name: CodeName
    by: Codes
    cells: tuple[PublishedCell, ...] = Field(max_length=MOST_CELLS)


class StatisticsPublished(Event):
    """All tables of a closed month, as they were published once and for all. `month`: its first day."""

    type = EventType.STATISTICS_PUBLISHED
    month: Annotated[date, C.ROUTING]
    published_at: Annotated[AwareDatetime, C.ROUTING]
    tables: Annotated[tuple[PublishedTable, ...] | None, C.STATISTICS] = Field(default=None, max_length=MOST_TABLES)
