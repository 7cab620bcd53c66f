"""What the calls for comparisons take and answer with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from shared.casework.comparisons.tables import ComparisonRow
from shared.casework.registers.tables import RegisterMatchRow
from shared.contract.comparisons import ComparisonState
from shared.contract.identifiers import OrganisationId
from shared.contract.vocabulary import ComparisonEnd, RegisterKind, Side

EXAMPLE: JsonDict = {
    "counterpart_id": "social-talgar",
    "kind": "preventive_monitoring",
    "their_kind": "troubled_families",
}


class NewComparison(BaseModel):
    """With whom to compare: which register of ours, with which of theirs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    counterpart_id: OrganisationId
    kind: RegisterKind
    their_kind: RegisterKind


class Comparison(BaseModel):
    """A comparison as it stands. `side`: who opened it. `also_there`: the entries here that the other has, too.

    `entries`: how many of ours took part, which the other is not told; `size`, `their_size`: the classes that both are.
    """

    id: UUID
    side: Literal["ours", "theirs"]
    counterpart_id: str
    kind: RegisterKind
    their_kind: RegisterKind
    state: ComparisonState
    end: ComparisonEnd | None
    entries: int | None
    size: int | None
    their_size: int | None
    also_there: list[UUID]
    opened_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


def shown(row: ComparisonRow, matches: Sequence[RegisterMatchRow]) -> Comparison:
    """A comparison with what came of it."""
    values: dict[str, Any] = row.model_dump(exclude={"sealed", "side"})
    side = "ours" if row.side == Side.SENDER else "theirs"
    also_there = [one.entry_id for one in matches if one.comparison_id == row.id]
    return Comparison.model_validate({**values, "side": side, "also_there": also_there})
