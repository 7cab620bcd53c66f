"""What health counts (F13): examinations by kind; and stays, as every agency with places does. No findings."""

from sqlalchemy import select
from sqlmodel import col

from services.health.domain import ExaminationKind
from services.health.tables import ExaminationRow
from shared.casework.statistics.counting import CountedTable, Indicator
from shared.casework.units.statistics import TABLES as STAYS

TABLES = (
    *STAYS,
    CountedTable(
        name="examinations-by-kind",
        subject="examinations",
        counts="examinations",
        by=(Indicator("kind", tuple(ExaminationKind)),),
        rows=select(
            col(ExaminationRow.organisation_id),
            col(ExaminationRow.examined_at).label("at"),
            col(ExaminationRow.person_id),
            col(ExaminationRow.kind),
        ),
    ),
)
