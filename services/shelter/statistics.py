"""What shelters count (F13): refusals to report; and stays, as every agency with places does."""

from sqlalchemy import case, select
from sqlmodel import col

from services.shelter.tables import RefusalRow
from shared.casework.statistics.counting import CountedTable, Indicator
from shared.casework.units.statistics import TABLES as STAYS

TABLES = (
    *STAYS,
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
