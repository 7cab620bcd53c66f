"""SQL of voluntary treatment, and what is said of it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.health.voluntary.domain import Consequence
from services.health.voluntary.tables import VoluntaryRow
from shared.adapters import paging, vault
from shared.contract.vocabulary import Grantor


class SheetSignature(BaseModel):
    """A signature on paper: when, and the SHA-256 of the scanned sheet."""

    signed_on: date
    sha256: str


class Note(BaseModel):
    """A refusal: what was explained, in which language, and the two signatures."""

    explained_in: str
    consequences: list[Consequence]
    signed_by: Grantor
    patient: SheetSignature
    addictologist: SheetSignature


class Words(BaseModel):
    """Who agreed, and the note of a refusal. Nothing, where it was erased."""

    agreed_by: Grantor | None = None
    refusal: Note | None = None


async def get(
    session: AsyncSession, *, organisation_id: str, treatment_id: UUID, lock: bool = False
) -> VoluntaryRow | None:
    """One treatment, locked if it will be changed."""
    query = select(VoluntaryRow).where(VoluntaryRow.id == treatment_id, VoluntaryRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(
    session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int
) -> Sequence[VoluntaryRow]:
    """Up to limit + 1 treatments, newest first."""
    at, row_id = col(VoluntaryRow.created_at), col(VoluntaryRow.id)
    query = select(VoluntaryRow).where(
        VoluntaryRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id)
    )
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def seal(session: AsyncSession, row: VoluntaryRow, words: Words) -> None:
    """Under the patient's key, who may be nobody with a name."""
    subject = vault.Subject(row.organisation_id, row.person_id)
    row.sealed = await vault.close(session, place=_place(row), subject=subject, value=words.model_dump(mode="json"))


async def words_of(session: AsyncSession, rows: Sequence[VoluntaryRow]) -> list[Words]:
    """What is said of each."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [Words.model_validate(one or {}) for one in opened]


def _place(row: VoluntaryRow) -> vault.Place:
    return vault.Place("voluntary_treatments", str(row.id))
