"""What every agency with programmes counts (F13): who was enrolled, for what; how taking part ended."""

from sqlalchemy import select
from sqlmodel import col

from shared.casework.programmes.domain import PURPOSES, EnrolmentState
from shared.casework.programmes.tables import EnrolmentRow, ProgrammeRow
from shared.casework.statistics.counting import CountedTable, Indicator, Rows

ENROLLED: Rows = select(
    col(EnrolmentRow.organisation_id),
    col(EnrolmentRow.enrolled_at).label("at"),
    col(EnrolmentRow.person_id),
    col(ProgrammeRow.purpose),
).join(ProgrammeRow, col(ProgrammeRow.id) == col(EnrolmentRow.programme_id))
ENDED: Rows = select(
    col(EnrolmentRow.organisation_id),
    col(EnrolmentRow.ended_at).label("at"),
    col(EnrolmentRow.person_id),
    col(EnrolmentRow.state).label("outcome"),
).where(col(EnrolmentRow.ended_at).is_not(None))
TABLES = (
    CountedTable(
        name="enrolments-by-purpose",
        subject="enrolments",
        counts="who was enrolled in programmes",
        by=(Indicator("purpose", PURPOSES),),
        rows=ENROLLED,
    ),
    CountedTable(
        name="enrolments-by-outcome",
        subject="enrolments_ended",
        counts="who takes part in programmes no more",
        by=(Indicator("outcome", tuple(one for one in EnrolmentState if one is not EnrolmentState.ENROLLED)),),
        rows=ENDED,
    ),
)
