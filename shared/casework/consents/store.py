"""SQL for consents."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.judging import Known
from shared.adapters.rows import one
from shared.adapters.tables import Outbound, OutboxDone
from shared.casework.consents.tables import ConsentRow
from shared.contract.consent import Consent
from shared.contract.vocabulary import ConsentEnd, EventType

BATCH = 100


async def get(
    session: AsyncSession, *, organisation_id: str, consent_id: UUID, for_update: bool = False
) -> ConsentRow | None:
    """What an organisation knows of a consent."""
    return await one(session, ConsentRow, organisation_id=organisation_id, id_=consent_id, for_update=for_update)


async def terms_now(session: AsyncSession, organisation_id: str, consent_id: UUID) -> Consent | None:
    """The terms as they are at this moment, withdrawal included."""
    row = await get(session, organisation_id=organisation_id, consent_id=consent_id)
    return None if row is None or not row.purposes else terms(row)


async def all_terms_now(session: AsyncSession, consent_ids: Collection[UUID]) -> dict[tuple[str, UUID], Consent]:
    """The same of many, by organisation and id, for what works for the whole node."""
    if not consent_ids:
        return {}
    rows = await session.exec(select(ConsentRow).where(col(ConsentRow.id).in_({*consent_ids})))
    return {(row.organisation_id, row.id): terms(row) for row in rows if row.purposes}


def terms(row: ConsentRow) -> Consent:
    """The contract's value of a row. One that was told to have run out is over, whatever the clock here says."""
    values = row.model_dump(include=set(Consent.model_fields))
    return Consent.model_validate(values | {"withdrawn_at": row.withdrawn_at or row.expired_at})


async def known(session: AsyncSession, organisation_id: str, basis_id: UUID) -> Known:
    """What an organisation knows of a consent; of an emergency that another declared, that it has ended."""
    row = await get(session, organisation_id=organisation_id, consent_id=basis_id)
    if row is None:
        return Known()
    return Known(terms(row) if row.purposes else None, has_ended=row.end is not None)


async def remember(session: AsyncSession, *, organisation_id: str, consent: Consent) -> None:
    """Keep the terms of a consent that an event relied on. They come narrowed to that event, so terms add up.

    A withdrawal that came first is not undone, and what an organisation recorded itself stays as it recorded it.
    """
    if consent.recorded_by == organisation_id:
        return
    known = await get(session, organisation_id=organisation_id, consent_id=consent.id, for_update=True)
    terms_ = consent.model_dump(mode="json", include={"purposes", "recipients", "categories"})
    if known is None:
        values = {
            "id": consent.id,
            "recorded_by": consent.recorded_by,
            "withdrawn_at": consent.withdrawn_at,
            "granted_by": consent.granted_by,
        }
        times = {"given_at": consent.given_at, "valid_until": consent.valid_until}
        row = insert(ConsentRow).values(organisation_id=organisation_id, **values, **times, **terms_)
        await session.exec(row.on_conflict_do_nothing())
    elif known.recorded_by == consent.recorded_by and known.end is None:
        for name, more in terms_.items():
            setattr(known, name, sorted({*getattr(known, name), *more}))


async def run_out(session: AsyncSession, *, now: datetime) -> Sequence[ConsentRow]:
    """Consents whose time is over and that nothing was done about yet, locked; another worker's are left to it."""
    query = select(ConsentRow).where(
        ConsentRow.valid_until <= now, col(ConsentRow.expired_at).is_(None), col(ConsentRow.withdrawn_at).is_(None)
    )
    return (
        await session.exec(query.order_by(col(ConsentRow.valid_until)).limit(BATCH).with_for_update(skip_locked=True))
    ).all()


async def told(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[OutboxDone]:
    """Those who were told that a consent has ended, and whether they have confirmed it."""
    query = select(Outbound).where(
        Outbound.organisation_id == organisation_id,
        Outbound.concerning == str(consent_id),
        Outbound.event_type == EventType.CONSENT_WITHDRAWN,
    )
    return (await session.exec(query.order_by(Outbound.recipient_id))).all()


async def of_person(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[ConsentRow]:
    """All consents of a person of this organisation that were recorded here, newest first."""
    query = select(ConsentRow).where(
        ConsentRow.organisation_id == organisation_id,
        ConsentRow.person_id == person_id,
        ConsentRow.recorded_by == organisation_id,
    )
    return (await session.exec(query.order_by(col(ConsentRow.given_at).desc()))).all()


async def live_of(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[ConsentRow]:
    """The consents of a person of this organisation that have not ended yet, locked."""
    query = select(ConsentRow).where(
        ConsentRow.organisation_id == organisation_id,
        ConsentRow.person_id == person_id,
        ConsentRow.recorded_by == organisation_id,
        col(ConsentRow.end).is_(None),
    )
    return (await session.exec(query.order_by(col(ConsentRow.id)).with_for_update())).all()


async def relied_on_by(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[str]:
    """The organisations that something was sent to on this consent, or is on its way to: not what was kept back."""
    may_have_left = (col(Outbound.state) != "withheld") | (col(Outbound.attempts) > 0)
    query = select(Outbound.recipient_id).where(
        Outbound.consent_id == consent_id, Outbound.organisation_id == organisation_id, may_have_left
    )
    return (await session.exec(query.distinct().order_by(Outbound.recipient_id))).all()


async def remember_ended(
    session: AsyncSession, *, organisation_id: str, consent_id: UUID, by: str, at: datetime, end: ConsentEnd
) -> None:
    """An end that came before anything that relied on the consent: whatever comes later opens nothing."""
    values = {"id": consent_id, "organisation_id": organisation_id, "recorded_by": by, "withdrawn_at": at, "end": end}
    nothing: dict[str, list[str]] = {"purposes": [], "recipients": [], "categories": []}
    await session.exec(
        insert(ConsentRow).values(**values, **nothing, given_at=at, valid_until=at).on_conflict_do_nothing()
    )
