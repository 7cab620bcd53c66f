"""Incidents in the files of both who were in them: the police hear both."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from services.police.incidents.tables import IncidentRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, entry
from shared.contract.filing import Noun, Way

KINDS = {
    "incident": Words("оқиға", "происшествие", "an incident"),
    "incident_outcome": Words("оқиғаның нәтижесі", "исход происшествия", "the outcome of an incident"),
}
SAID = ("kinds", "relation", "place", "injury", "at_home", "children_present", "inebriated", "weapon")
ENDED = col(IncidentRow.outcome_at)


def entries(case: Case) -> Sequence[Rows]:
    """That it happened, and how it ended."""
    row = IncidentRow
    mine = case.of(row, col(row.victim_id), col(row.alleged_offender_id))
    common: dict[str, Any] = {"noun": Noun.INCIDENTS, "about": col(row.id), "ended": ENDED}
    said = {name: col(getattr(row, name)) for name in SAID}
    measures = {"measures": col(row.measures), "articles": col(row.articles)}
    happened = entry("incident", Way.DONE, at=col(row.occurred_at), codes=said, **common)
    over = entry("incident_outcome", Way.DONE, at=ENDED, state=col(row.outcome), codes=measures, **common)
    return [happened.where(mine), over.where(mine, ENDED.is_not(None))]


SOURCE = Source(
    noun=Noun.INCIDENTS,
    tables=(IncidentRow,),
    kinds=KINDS,
    entries=entries,
    removed=(Removed(IncidentRow, ENDED),),
)
