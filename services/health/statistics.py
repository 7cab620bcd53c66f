"""What health counts (F13): examinations by kind; and stays, as every agency with places does. No findings."""

from sqlalchemy import func, select, true
from sqlmodel import col

from services.health.domain import ExaminationKind
from services.health.tables import ExaminationCountRow
from shared.casework.statistics.counting import CountedTable, Indicator, Rows
from shared.casework.units.statistics import TABLES as STAYS


def _examinations() -> Rows:
    """One row for each, which its count alone is known of."""
    row, each = ExaminationCountRow, func.generate_series(1, col(ExaminationCountRow.count)).table_valued("number")
    query: Rows = select(col(row.organisation_id), col(row.month).label("at"), col(row.kind))
    return query.select_from(row).join(each, true())


TABLES = (
    *STAYS,
    CountedTable(
        name="examinations-by-kind",
        subject="examinations",
        counts="examinations",
        by=(Indicator("kind", tuple(ExaminationKind)),),
        rows=_examinations(),
    ),
)
