"""What social services count (F13): services that plans name, each kind at most once a plan."""

from sqlalchemy import column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from services.social.plans.domain import GoalKind
from services.social.plans.tables import PlanRow
from shared.casework.statistics.counting import CountedTable, Indicator, Rows

named = func.jsonb_array_elements(col(PlanRow.services)).table_valued(column("value", JSONB), name="named")
NAMED: Rows = (
    select(
        col(PlanRow.id),
        col(PlanRow.organisation_id),
        col(PlanRow.created_at).label("at"),
        col(PlanRow.person_id),
        named.c.value["kind"].astext.label("kind"),
    )
    .join(named, true())
    .distinct()
)
TABLES = (
    CountedTable(
        name="services-by-kind",
        subject="services",
        counts="services named by plans made, each kind at most once a plan",
        by=(Indicator("kind", tuple(GoalKind)),),
        rows=NAMED,
    ),
)
