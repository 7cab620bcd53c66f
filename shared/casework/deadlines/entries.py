"""Deadlines in the file: of everything that it tells of."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from shared.casework.deadlines.tables import DeadlineRow, ReminderRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import NOBODY, Case, Rows, Source, either, entry
from shared.contract.escalation import SEEN_TO
from shared.contract.filing import Noun, Way
from shared.contract.walls import STAFFED

KINDS = {"deadline": Words("мерзім", "срок", "a deadline")}
FOR_CHIEFS = frozenset({SEEN_TO, STAFFED})


def entries(case: Case) -> Sequence[Rows]:
    """Each when it is due, and whether it was met: in time, late, or not. What is for the chief is a supervisor's."""
    row, met = DeadlineRow, col(DeadlineRow.met_at)
    state = sa.case(
        (sa.and_(met.is_(None), col(row.due_at) > case.now), "due"),
        (met.is_(None), "overdue"),
        (met < col(row.due_at), "done"),
        else_="done_late",
    )
    due = entry(
        "deadline",
        either(met.is_(None), Way.DUE, Way.DONE),
        noun=Noun.DEADLINES,
        at=col(row.due_at),
        about=col(row.concerning),
        key=(col(row.id),),
        ended=NOBODY,
        state=state,
        codes={"kind": col(row.kind), "due_on": col(row.due_on), "met_at": met, "calendar": col(row.calendar_version)},
    )
    mine = [col(row.organisation_id) == case.organisation_id, col(row.concerning).in_(case.things)]
    return [due.where(*mine) if case.chief else due.where(*mine, col(row.kind).not_in(FOR_CHIEFS))]


SOURCE = Source(noun=Noun.DEADLINES, tables=(DeadlineRow, ReminderRow), kinds=KINDS, entries=entries)
