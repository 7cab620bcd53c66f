"""Plans, and what was done about them, in the file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, delete, select

from services.social.plans import store
from services.social.plans.tables import PlanEntryRow, PlanRow
from shared.adapters import vault
from shared.adapters.http import Desk
from shared.adapters.outbox import Work
from shared.casework.disclosures.words import Words
from shared.casework.files.source import Case, Removed, Rows, Source, Told, entry, id_of, ids_of
from shared.contract.filing import Noun, Way

KINDS = {
    "plan": Words("жоспар", "план", "a plan"),
    "plan_step": Words("жоспар бойынша қадам", "шаг по плану", "a step of a plan"),
}
ENDED = col(PlanRow.closed_at)


def entries(case: Case) -> Sequence[Rows]:
    """That it was made, and each step: progress, a review, its closing."""
    row, step = PlanRow, PlanEntryRow
    mine = case.of(row)
    common: dict[str, Any] = {
        "noun": Noun.PLANS,
        "about": col(row.id),
        "referral": col(row.referral_id),
        "ended": ENDED,
    }
    said = {"goals": col(row.services), "review_on": col(row.review_on)}
    made = entry("plan", Way.DONE, at=col(row.created_at), codes=said, **common)
    done = entry(
        "plan_step",
        Way.DONE,
        at=col(step.at),
        key=(col(step.id),),
        state=col(step.step),
        codes={"goal": col(step.kind), "progress": col(step.progress)},
        **common,
    )
    of_it = sa.and_(col(step.plan_id) == col(row.id), col(step.organisation_id) == col(row.organisation_id))
    return [made.where(mine), done.where(mine, of_it)]


async def contents(desk: Desk, entries: Sequence[Told]) -> dict[UUID, dict[str, Any]]:
    """The partners of each goal, and what was written with steps."""
    ids, whose = ids_of(entries), desk.organisation
    plans = (
        await desk.session.exec(select(PlanRow).where(PlanRow.organisation_id == whose, col(PlanRow.id).in_(ids)))
    ).all()
    partners = zip(plans, await store.partners(desk.session, plans), strict=True)
    found: dict[UUID, dict[str, Any]] = {id_of("plan", row.id): {"partners": one} for row, one in partners if one}
    mine = (PlanEntryRow.organisation_id == whose, col(PlanEntryRow.plan_id).in_(ids))
    steps = (await desk.session.exec(select(PlanEntryRow).where(*mine))).all()
    for step, text in zip(steps, await store.texts(desk.session, steps), strict=True):
        if text:
            found[id_of("plan_step", step.plan_id, step.id)] = {"text": text}
    return found


async def forget(work: Work, row: PlanRow) -> None:
    """Its steps go with it; and its key, where nobody is recorded whose key it is."""
    mine = (col(PlanEntryRow.organisation_id) == row.organisation_id, col(PlanEntryRow.plan_id) == row.id)
    await work.session.exec(delete(PlanEntryRow).where(*mine))
    await vault.destroy(work.session, subject=vault.Subject(row.organisation_id, row.id), at=work.now)


SOURCE = Source(
    noun=Noun.PLANS,
    tables=(PlanRow, PlanEntryRow),
    kinds=KINDS,
    entries=entries,
    contents=contents,
    removed=(Removed(PlanRow, ENDED, also=forget),),
)
