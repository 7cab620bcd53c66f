"""What the police count (F13): the report's indicators (1.2, problem 8; 2.1, questions 18, 19 and 22)."""

from typing import Any

from sqlalchemy import ColumnElement, DateTime, case, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from services.police.incidents.domain import IncidentOutcome, Injury, Measure, Place, Relation, VictimSex
from services.police.incidents.law import Article
from services.police.incidents.tables import IncidentRow
from shared.casework.statistics.counting import CountedTable, Indicator, Rows
from shared.contract.statistics import UNKNOWN, AgeGroup
from shared.contract.vocabulary import ViolenceKind

# An incident of several kinds counts once, under the first of these that it has.
GRAVEST_FIRST = (ViolenceKind.SEXUAL, ViolenceKind.PHYSICAL, ViolenceKind.PSYCHOLOGICAL, ViolenceKind.ECONOMIC)
YES, NO = "yes", "no"
WHOM: ColumnElement[Any] = col(IncidentRow.victim_id).label(
    "person_id"
)  # who is alleged to have done it is not what is counted


def _yes_or_no(column: Any) -> ColumnElement[str]:
    return case((column, YES), else_=NO)


INCIDENTS: Rows = select(
    col(IncidentRow.organisation_id),
    col(IncidentRow.created_at).label("at"),
    WHOM,
    case(*((col(IncidentRow.kinds).contains([kind]), kind.value) for kind in GRAVEST_FIRST)).label("kind"),
    col(IncidentRow.relation),
    _yes_or_no(IncidentRow.at_home).label("at_home"),
    _yes_or_no(IncidentRow.inebriated).label("inebriated"),
    _yes_or_no(IncidentRow.weapon).label("weapon"),
    _yes_or_no(IncidentRow.children_present).label("children_present"),
    func.coalesce(col(IncidentRow.place), UNKNOWN).label("place"),
    func.coalesce(col(IncidentRow.injury), UNKNOWN).label("injury"),
    col(IncidentRow.victim_age_group).label("age_group"),
    col(IncidentRow.victim_sex).label("sex"),
)


def _each(codes: Any, name: str) -> Rows:
    """A row for each of the codes that an incident has, at the time when it was recorded."""
    values = func.jsonb_array_elements(codes).table_valued(column("value", JSONB), name=f"{name}s")
    value = values.c.value
    at = cast(value["at"].astext, DateTime(timezone=True)).label("at")
    return select(col(IncidentRow.organisation_id), at, WHOM, value["code"].astext.label(name)).join(values, true())


MEASURED = _each(col(IncidentRow.measures), "measure")
CHARGED = _each(col(IncidentRow.articles), "article")
DECIDED: Rows = select(
    col(IncidentRow.organisation_id), col(IncidentRow.outcome_at).label("at"), WHOM, col(IncidentRow.outcome)
).where(col(IncidentRow.outcome).is_not(None))


def _incidents(name: str, *by: Indicator, counts: str = "incidents recorded") -> CountedTable:
    return CountedTable(name=name, subject="incidents", counts=counts, by=by, rows=INCIDENTS)


TABLES = (
    _incidents(
        "incidents-by-kind",
        Indicator("kind", GRAVEST_FIRST),
        counts="incidents recorded, each under the gravest of its kinds of violence",
    ),
    _incidents("incidents-by-relation", Indicator("relation", tuple(Relation))),
    _incidents("incidents-by-place", Indicator("at_home", (YES, NO))),
    _incidents("incidents-by-exact-place", Indicator("place", (*Place, UNKNOWN))),
    _incidents("incidents-by-injury", Indicator("injury", (*Injury, UNKNOWN))),
    _incidents("incidents-by-inebriation", Indicator("inebriated", (YES, NO))),
    _incidents("incidents-by-weapon", Indicator("weapon", (YES, NO))),
    _incidents("incidents-by-children-present", Indicator("children_present", (YES, NO))),
    _incidents("incidents-by-victim", Indicator("age_group", tuple(AgeGroup)), Indicator("sex", tuple(VictimSex))),
    CountedTable(
        name="measures-by-kind",
        subject="measures",
        counts="measures recorded, each kind at most once an incident",
        by=(Indicator("measure", tuple(Measure)),),
        rows=MEASURED,
    ),
    CountedTable(
        name="articles-by-code",
        subject="articles",
        counts="articles of law under which incidents were recorded, each at most once an incident",
        by=(Indicator("article", tuple(Article)),),
        rows=CHARGED,
    ),
    CountedTable(
        name="outcomes-by-kind",
        subject="outcomes",
        counts="incidents whose outcome was recorded",
        by=(Indicator("outcome", tuple(IncidentOutcome)),),
        rows=DECIDED,
    ),
)
