"""Paths of compulsory treatment in the file of whom they are about, at the police and at health."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.directory.tables import OrganisationRow
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, by_about, entry, ids_of
from shared.casework.treatment import store
from shared.casework.treatment.tables import PathRow, StepRow
from shared.contract.filing import Noun, Way

KINDS = {
    "treatment_path": Words("мәжбүрлеп емдеу барысы", "принудительное лечение", "a path of compulsory treatment"),
    "treatment_step": Words("мәжбүрлеп емдеу қадамы", "шаг принудительного лечения", "a step of compulsory treatment"),
}
CLOSED = col(PathRow.closed_at)


def entries(case: Case) -> Sequence[Rows]:
    """How it stands, and each step: ours, ours that a rule kept from the other side, or theirs."""
    row, step = PathRow, StepRow
    mine = case.of(row)
    common: dict[str, Any] = {
        "noun": Noun.TREATMENT,
        "about": col(row.id),
        "counterpart": col(row.counterpart_id),
        "ended": CLOSED,
    }
    said = {name: col(getattr(row, name)) for name in ("search", "decide_by", "last_day", "ended_on")}
    path = entry("treatment_path", Way.DONE, at=col(row.opened_at), state=col(row.state), codes=said, **common)
    agency = sa.select(col(OrganisationRow.agency)).where(col(OrganisationRow.id) == case.organisation_id)
    ours = col(step.by) == agency.scalar_subquery()
    way = sa.case(
        (sa.not_(ours), sa.literal(Way.RECEIVED.value)),
        (col(step.kept_back_by).is_not(None), sa.literal(Way.WITHHELD.value)),
        else_=sa.literal(Way.DONE.value),
    )
    taken = entry(
        "treatment_step",
        way,
        at=col(step.at),
        key=(col(step.version), col(step.by), col(step.step)),
        state=col(step.step),
        codes={"on": col(step.on), "details": col(step.details), "rule": col(step.kept_back_by)},
        **common,
    )
    of_it = sa.and_(col(step.path_id) == col(row.id), col(step.organisation_id) == col(row.organisation_id))
    return [path.where(mine), taken.select_from(sa.join(row, step, of_it)).where(mine)]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """Who it is about, as was told, and the court's decision."""
    paths = [one for one in entries if one.kind == "treatment_path"]
    mine = (PathRow.organisation_id == desk.organisation, col(PathRow.id).in_(ids_of(paths)))
    rows = (await desk.session.exec(select(PathRow).where(*mine))).all()
    words = [one.model_dump(mode="json", exclude_defaults=True) for one in await store.words_of(desk.session, rows)]
    return by_about(paths, dict(zip((row.id for row in rows), words, strict=True)))


async def forget(work: Work, row: PathRow) -> None:
    """Its steps go with it, and the key of one that is about nobody recorded here."""
    mine = (col(StepRow.path_id) == row.id, col(StepRow.organisation_id) == row.organisation_id)
    await work.session.exec(delete(StepRow).where(*mine))
    await vault.destroy(work.session, subject=vault.Subject(row.organisation_id, row.id), at=work.now)


SOURCE = Source(
    noun=Noun.TREATMENT,
    tables=(PathRow, StepRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(PathRow, CLOSED, also=forget),),
)
