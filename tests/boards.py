"""A bed board as large as a nation's could become: a thousand organisations, ten units each."""

from collections.abc import Sequence
from typing import Any

from shared.casework.directory.places import places
from shared.contract.vocabulary import BedKind

ORGANISATIONS, UNITS = 1000, 10
DIRECTORY = """
insert into organisations (id, agency, name_kk, name_ru, name_en, kato, purposes, responsible_for, hosted, hold_minutes,
    announced_at)
select 'house-' || lpad(n::text, 4, '0'), 'shelter', 'Үй ' || n, 'Дом ' || n, 'House ' || n,
    ($2::text[])[1 + n % cardinality($2::text[])], '["lodging"]', '[]', false, 90, timestamptz '2026-03-20'
from generate_series(0, $1::int - 1) n
"""
BOARD = """
insert into bed_board (organisation_id, unit, kind, capacity, free, counted_at, announced_at, place)
select o.id, 'unit-' || u, ($2::text[])[1 + (o.n + u) % cardinality($2::text[])], 6, (o.n + u) % 7,
    timestamptz '2026-03-20', timestamptz '2026-03-20', o.kato
from (select id, kato, substr(id, 7)::int as n from organisations where id like 'house-%') o,
    generate_series(0, $1::int - 1) u
"""


async def fill(
    connection: Any, *, at: Sequence[str] = (), organisations: int = ORGANISATIONS, units: int = UNITS
) -> None:
    """Beside what is there: units of every kind, full ones among them, in all known places or only at these."""
    await connection.execute(DIRECTORY, organisations, list(at or places()))
    await connection.execute(BOARD, units, [kind.value for kind in BedKind])
    await connection.execute("analyze")


async def emptied(connection: Any) -> None:
    """What was filled is gone."""
    await connection.execute("delete from bed_board where organisation_id like 'house-%'")
    await connection.execute("delete from organisations where id like 'house-%'")
