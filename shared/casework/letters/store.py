"""SQL of partners and letters. Every function names the organisation: another one's letter does not exist."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.casework.letters.tables import LetterNumberRow, LetterRow, PartnerRow
from shared.contract.events import LetterWritten, ShortText
from shared.contract.identifiers import KATO, OrganisationId
from shared.contract.vocabulary import Partner


class PartnerDetails(BaseModel):
    """A partner as an operator describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: OrganisationId
    kind: Partner
    name_kk: ShortText
    name_ru: ShortText
    name_en: ShortText
    kato: KATO
    address: ShortText = Field(min_length=1)
    phone: ShortText | None = None


class Words(BaseModel):
    """What a letter says; and of the page that came back, its number there and who signed it."""

    content: LetterWritten
    their_number: str | None = None
    signed_by: str | None = None


async def partner(session: AsyncSession, *, partner_id: str) -> PartnerRow | None:
    """One that can be written to."""
    return await session.get(PartnerRow, partner_id)


async def partners(session: AsyncSession) -> Sequence[PartnerRow]:
    """All that can be written to."""
    return (await session.exec(select(PartnerRow).order_by(col(PartnerRow.kind), col(PartnerRow.id)))).all()


async def partners_named(session: AsyncSession, *, partner_ids: Collection[str]) -> Sequence[PartnerRow]:
    """Those of these that can be written to."""
    if not partner_ids:
        return ()
    return (await session.exec(select(PartnerRow).where(col(PartnerRow.id).in_(partner_ids)))).all()


async def put_partner(session: AsyncSession, *, details: PartnerDetails, at: datetime) -> None:
    """Add a partner, or describe it anew; for what works for the whole node."""
    values = details.model_dump(mode="json") | {"updated_at": at}
    await session.exec(insert(PartnerRow).values(values).on_conflict_do_update(index_elements=["id"], set_=values))


async def next_serial(session: AsyncSession, *, organisation_id: str, year: int) -> int:
    """The next number of an organisation in a year; whoever asks at the same time waits for this transaction."""
    last = LetterNumberRow.last
    first = insert(LetterNumberRow).values(organisation_id=organisation_id, year=year, last=1)
    next_one = first.on_conflict_do_update(index_elements=["organisation_id", "year"], set_={"last": last + 1})
    number: int = (await session.exec(next_one.returning(col(last)))).scalar_one()
    return number


async def letter(
    session: AsyncSession, *, organisation_id: str, letter_id: UUID, lock: bool = False
) -> LetterRow | None:
    """One letter."""
    query = select(LetterRow).where(LetterRow.id == letter_id, LetterRow.organisation_id == organisation_id)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[LetterRow]:
    """Up to limit + 1 letters, newest first."""
    at, row_id = col(LetterRow.written_at), col(LetterRow.id)
    query = select(LetterRow).where(LetterRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def resting_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[LetterRow]:
    """Those that rest on a consent and are not erased yet, locked."""
    return await _unerased(session, organisation_id, LetterRow.consent_id == consent_id)


async def about(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[LetterRow]:
    """Those about a person that are not erased yet, locked."""
    return await _unerased(session, organisation_id, LetterRow.person_id == person_id)


async def _unerased(session: AsyncSession, organisation_id: str, which: Any) -> Sequence[LetterRow]:
    query = select(LetterRow).where(
        LetterRow.organisation_id == organisation_id, which, col(LetterRow.erased_at).is_(None)
    )
    return (await session.exec(query.order_by(col(LetterRow.id)).with_for_update())).all()


async def seal(session: AsyncSession, row: LetterRow, words: Words) -> None:
    """Under a key of the letter's own."""
    said = words.model_dump(mode="json", exclude_none=True)
    row.sealed = await vault.close(session, place=_place(row), subject=subject(row), value=said)


async def words_of(session: AsyncSession, rows: Sequence[LetterRow]) -> list[Words | None]:
    """What each says; None where it was erased."""
    opened = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [None if one is None else Words.model_validate(one) for one in opened]


def subject(row: LetterRow) -> vault.Subject:
    """Whose key a letter is sealed under."""
    return vault.Subject(row.organisation_id, row.id)


def _place(row: LetterRow) -> vault.Place:
    return vault.Place("letters", str(row.id))
