"""What is counted of refusals to report (F13)."""

from sqlalchemy import case, select
from sqlmodel import col

from services.shelter.refusals.tables import RefusalRow
from shared.casework.statistics.counting import CountedTable, Indicator

TABLES = (
    CountedTable(
        name="refusals-by-contact",
        subject="refusals",
        counts="refusals to report, by whether the police may offer contact through the shelter",
        by=(Indicator("agrees_to_contact", ("yes", "no")),),
        rows=select(
            col(RefusalRow.organisation_id),
            col(RefusalRow.created_at).label("at"),
            col(RefusalRow.person_id),
            case((col(RefusalRow.agrees_to_contact), "yes"), else_="no").label("agrees_to_contact"),
        ),
    ),
)
