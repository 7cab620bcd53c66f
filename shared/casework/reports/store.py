"""SQL for reports. Every function names the organisation: another one's report does not exist."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import String, cast
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import paging, vault
from shared.adapters.rows import one
from shared.adapters.tables import Outbound
from shared.casework.referrals.store import PROOF, Parties
from shared.casework.reports.tables import ReportRow
from shared.contract.decisions import fields_of
from shared.contract.events import AdmissionReported, Event, ViolenceReported
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import DataCategory, EventType, Side

MODELS: dict[str, type[Event]] = {"violence": ViolenceReported, "admission": AdmissionReported}
KINDS = {model.type: kind for kind, model in MODELS.items()}
BATCH = 100
A_REPORT = col(Outbound.event_type).in_([EventType.VIOLENCE_REPORTED, EventType.ADMISSION_REPORTED])
COMMITTED = (A_REPORT, col(Outbound.state) == "received")


async def keep(
    session: AsyncSession,
    *,
    event: ViolenceReported | AdmissionReported,
    grounds: Grounds,
    side: Side,
    parties: Parties,
    duty: frozenset[DataCategory],
    now: datetime,
) -> ReportRow:
    """Keep a side's copy of what crossed: what the `duty` opens, and apart from it what rests on more."""
    row = ReportRow(
        id=event.report_id,
        organisation_id=parties.ours,
        side=side,
        kind=KINDS[event.type],
        counterpart_id=parties.theirs,
        person_id=parties.person_id,
        subject=grounds.subject,
        purpose=grounds.purpose or "",
        basis=grounds.basis,
        consent_id=grounds.consent.id if grounds.consent else None,
        proof=grounds.model_dump(mode="json", include=PROOF, exclude_defaults=True),
        basis_until=None if grounds.consent else grounds.until,
        created_at=now,
        received_at=now if side is Side.RECEIVER else None,
    )
    categories, told, more = fields_of(type(event)), dict[str, Any](), dict[str, Any]()
    for name, value in event.model_dump(mode="json", exclude_none=True).items():
        (told if categories.get(name) in duty else more)[name] = value
    row.told = await vault.close(session, place=_place(row, "told"), subject=told_subject(row), value=told)
    if more:
        row.sealed = await vault.close(session, place=_place(row), subject=subject(row), value=more)
    session.add(row)
    await session.flush()
    return row


async def contents(session: AsyncSession, rows: Sequence[ReportRow]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Of each what the duty opens, and what rests on more: empty where that was erased, or never was."""
    told = await vault.open_all(session, [(_place(row, "told"), row.told) for row in rows])
    more = await vault.open_all(session, [(_place(row), row.sealed) for row in rows])
    return [(one or {}, other or {}) for one, other in zip(told, more, strict=True)]


def subject(row: ReportRow) -> vault.Subject:
    """With what a consent or a danger opened is erased: the report itself."""
    return vault.Subject(row.organisation_id, row.id)


def told_subject(row: ReportRow) -> vault.Subject:
    """What the duty opens has a key of its own, which outlives that."""
    return vault.Subject(row.organisation_id, uuid5(row.id, "told"))


def _place(row: ReportRow, column: str = "sealed") -> vault.Place:
    return vault.Place("violence_reports", f"{row.organisation_id}/{row.id}", column)


async def get(
    session: AsyncSession, *, organisation_id: str, report_id: UUID, for_update: bool = False
) -> ReportRow | None:
    """The organisation's copy, or None; locked if it will be changed."""
    return await one(session, ReportRow, organisation_id=organisation_id, id_=report_id, for_update=for_update)


async def page(session: AsyncSession, *, organisation_id: str, cursor: str | None, limit: int) -> Sequence[ReportRow]:
    """Up to limit + 1 copies, newest first."""
    at, row_id = col(ReportRow.created_at), col(ReportRow.id)
    query = select(ReportRow).where(ReportRow.organisation_id == organisation_id, *paging.behind(cursor, at, row_id))
    return (await session.exec(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()


async def about(session: AsyncSession, *, organisation_id: str, person_id: UUID) -> Sequence[ReportRow]:
    """The reports that this organisation sent about a person of its own, locked."""
    query = select(ReportRow).where(ReportRow.organisation_id == organisation_id, ReportRow.person_id == person_id)
    return (await session.exec(query.order_by(col(ReportRow.id)).with_for_update())).all()


async def resting_on(session: AsyncSession, *, organisation_id: str, consent_id: UUID) -> Sequence[ReportRow]:
    """The copies here that rest on a consent and still hold what it opened, locked."""
    query = select(ReportRow).where(
        ReportRow.organisation_id == organisation_id,
        ReportRow.consent_id == consent_id,
        col(ReportRow.erased_at).is_(None),
    )
    return (await session.exec(query.order_by(col(ReportRow.id)).with_for_update())).all()


async def on_emergency(session: AsyncSession, *, organisation_id: str, emergency_id: UUID) -> Sequence[ReportRow]:
    """The copies here that rest on a declared emergency and still hold what it opened, locked."""
    query = select(ReportRow).where(
        ReportRow.organisation_id == organisation_id,
        col(ReportRow.basis_until).is_not(None),
        col(ReportRow.proof).contains({"emergency": {"id": str(emergency_id)}}),
    )
    return (await session.exec(query.order_by(col(ReportRow.id)).with_for_update())).all()


async def run_out(session: AsyncSession, *, now: datetime) -> Sequence[ReportRow]:
    """Copies on an emergency that is over by itself, not erased yet, locked; another worker's are left to it."""
    query = select(ReportRow).where(col(ReportRow.basis_until) <= now)
    first = query.order_by(col(ReportRow.basis_until)).limit(BATCH)
    return (await session.exec(first.with_for_update(skip_locked=True))).all()


async def receipted(session: AsyncSession) -> Sequence[tuple[ReportRow, datetime]]:
    """Reports that their receiver has committed and that still read as on their way here, locked; and since when."""
    query = select(ReportRow, col(Outbound.done_at)).where(
        col(ReportRow.received_at).is_(None),
        Outbound.concerning == cast(col(ReportRow.id), String),
        Outbound.organisation_id == ReportRow.organisation_id,
        *COMMITTED,
    )
    rows = await session.exec(query.limit(BATCH).with_for_update(of=ReportRow, skip_locked=True))
    return [(row, at) for row, at in rows if at is not None]


async def turned_away(session: AsyncSession) -> Sequence[tuple[ReportRow, str, datetime]]:
    """Reports that their receiver refused and that still read as on their way here, locked; by which rule, and when."""
    query = select(ReportRow, col(Outbound.rule), col(Outbound.done_at)).where(
        col(ReportRow.received_at).is_(None),
        col(ReportRow.refused_at).is_(None),
        Outbound.concerning == cast(col(ReportRow.id), String),
        Outbound.organisation_id == ReportRow.organisation_id,
        A_REPORT,
        col(Outbound.state) == "refused",
    )
    rows = await session.exec(query.limit(BATCH).with_for_update(of=ReportRow, skip_locked=True))
    return [(row, rule or "", at) for row, rule, at in rows if at is not None]


async def has_arrived(session: AsyncSession, row: ReportRow) -> bool:
    """Whether the receiver of a report that was sent here has said that it committed it."""
    query = select(Outbound.id).where(
        Outbound.concerning == str(row.id), Outbound.organisation_id == row.organisation_id, *COMMITTED
    )
    return row.received_at is not None or (await session.exec(query)).first() is not None
