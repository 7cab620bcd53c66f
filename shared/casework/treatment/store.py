"""SQL for paths of compulsory treatment. Every function names the organisation: another one's path does not exist."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.treatment.tables import PathRow, StepRow
from shared.contract.grounds import CourtDecision
from shared.contract.treatment_words import TreatmentState

BATCH = 100
RUNNING = (TreatmentState.ORDERED, TreatmentState.IN_TREATMENT)


class Words(BaseModel):
    """Who a path is about, as was told, and the court's decision. Nothing, where it was erased."""

    person: dict[str, Any] = {}
    court: CourtDecision | None = None


async def get(session: AsyncSession, *, organisation_id: str, path_id: UUID, lock: bool = False) -> PathRow | None:
    """The organisation's copy, or None; locked if it will be changed."""
    query = select(PathRow).where(PathRow.id == path_id, PathRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[PathRow]:
    """Up to limit + 1 paths, newest first."""
    at, row_id = col(PathRow.opened_at), col(PathRow.id)
    query = select(PathRow).where(PathRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def steps(session: AsyncSession, *, organisation_id: str, path_ids: Collection[UUID]) -> Sequence[StepRow]:
    """The steps of these paths, in the order in which they count."""
    mine = (StepRow.organisation_id == organisation_id, col(StepRow.path_id).in_(path_ids))
    order = (col(StepRow.path_id), col(StepRow.version), col(StepRow.by), col(StepRow.step))
    return (await session.exec(select(StepRow).where(*mine).order_by(*order))).all()


async def keep_step(session: AsyncSession, row: StepRow) -> bool:
    """Keep a step; whether it is new here."""
    values = insert(StepRow).values(**row.model_dump()).on_conflict_do_nothing()
    return (await session.exec(values.returning(col(StepRow.path_id)))).first() is not None


async def run_out(session: AsyncSession, *, today: date) -> Sequence[PathRow]:
    """Paths whose treatment's last day is over and that have not ended, locked; another worker's are left to it."""
    query = select(PathRow).where(col(PathRow.state).in_(RUNNING), col(PathRow.last_day) < today)
    first = query.order_by(col(PathRow.last_day)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


async def last_ended(session: AsyncSession, *, organisation_id: str, person_id: UUID, but: UUID) -> date | None:
    """When the last compulsory treatment of a person that is known here really ended, ordered for longer or not."""
    mine = (PathRow.organisation_id == organisation_id, PathRow.person_id == person_id, PathRow.id != but)
    return (await session.exec(select(func.max(PathRow.ended_on)).where(*mine))).one()


async def seal(session: AsyncSession, row: PathRow, words: Words) -> None:
    """Under the key of our own record, with which it is erased; else the path stands for itself."""
    subject = vault.Subject(row.organisation_id, row.person_id or row.id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=words.model_dump(mode="json"))


async def words_of(session: AsyncSession, rows: Sequence[PathRow]) -> list[Words]:
    """What each says."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [Words.model_validate(one or {}) for one in opened]


def _place(row: PathRow) -> vault.Place:
    return vault.Place("treatment_paths", f"{row.organisation_id}/{row.id}")
