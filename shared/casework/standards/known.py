"""What the directory and the bed board say, as their own calls answer it: all that any standard is made of here."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.adapters.http import Desk
from shared.casework.beds import store as beds
from shared.casework.beds.endpoints import BoardUnit, unit_shown
from shared.casework.directory import store as directory
from shared.casework.directory.endpoints import Organisation


@dataclass(frozen=True)
class Known:
    """An organisation, and its units on the board in the order of their names."""

    organisation: Organisation
    units: tuple[BoardUnit, ...]


async def all_known(desk: Desk) -> list[Known]:
    """The whole directory with its beds, by id: two questions to the database, however many organisations."""
    counted = by_organisation(await board(desk))
    rows = await directory.entries(desk.session, agency=None, purpose=None)
    return [Known(Organisation.model_validate(row), counted.get(row["id"], ())) for row in rows]


async def board(desk: Desk, *, organisation_id: str | None = None) -> list[BoardUnit]:
    """Every unit of the bed board, full ones included; or those of one organisation."""
    rows = await beds.board(desk.session, organisation_id=organisation_id)
    return [unit_shown(row, None, desk.now) for row in rows]


def by_organisation(units: Iterable[BoardUnit]) -> dict[str, tuple[BoardUnit, ...]]:
    """The same by organisation, in their order."""
    found: dict[str, tuple[BoardUnit, ...]] = {}
    for unit in units:
        found[unit.organisation_id] = (*found.get(unit.organisation_id, ()), unit)
    return found
