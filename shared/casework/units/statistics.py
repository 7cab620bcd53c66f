"""What every agency with places counts (F13): stays that began, by kind of bed; stays that ended, by how long."""

from datetime import timedelta

from sqlalchemy import case, select
from sqlmodel import col

from shared.casework.statistics.counting import CountedTable, Indicator, Rows
from shared.casework.units.tables import StayRow, UnitRow
from shared.contract.vocabulary import BedKind

LENGTH = col(StayRow.ended_at) - col(StayRow.started_at)
BEGUN: Rows = select(
    col(StayRow.organisation_id),
    col(StayRow.started_at).label("at"),
    col(StayRow.person_id),
    col(UnitRow.kind).label("for"),
).join(
    UnitRow, (col(UnitRow.organisation_id) == col(StayRow.organisation_id)) & (col(UnitRow.unit) == col(StayRow.unit))
)
ENDED: Rows = select(
    col(StayRow.organisation_id),
    col(StayRow.ended_at).label("at"),
    col(StayRow.person_id),
    case(
        (timedelta(days=3) >= LENGTH, "up_to_3_days"),
        (timedelta(days=30) >= LENGTH, "up_to_30_days"),
        (timedelta(days=183) >= LENGTH, "up_to_half_a_year"),
        else_="longer",
    ).label("length"),
).where(col(StayRow.ended_at).is_not(None))
TABLES = (
    CountedTable(
        name="stays-by-bed",
        subject="stays_begun",
        counts="stays that began",
        by=(Indicator("for", tuple(BedKind)),),
        rows=BEGUN,
    ),
    CountedTable(
        name="stays-by-length",
        subject="stays_ended",
        counts="stays that ended",
        by=(Indicator("length", ("up_to_3_days", "up_to_30_days", "up_to_half_a_year", "longer")),),
        rows=ENDED,
    ),
)
