"""REST calls that show reports: at the police those that came, elsewhere those that were sent."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, Reader, TransactionalRoute, found, note
from shared.adapters.inbox import UNPROCESSABLE
from shared.adapters.outbox import Work
from shared.adapters.retention import TOO_LATE
from shared.casework.consents import store as consents
from shared.casework.referrals.reading import moment_of
from shared.casework.reports import store
from shared.casework.reports.tables import ReportRow
from shared.contract.conditions import Party
from shared.contract.decisions import decide, fields_of, reason_of
from shared.contract.grounds import Grounds
from shared.contract.policy import Reason
from shared.contract.vocabulary import Basis, DataCategory, Purpose, Side, SubjectRole

# What keeps a report out that no row of the policy does.
NOT_TAKEN = {
    UNPROCESSABLE: Reason(
        kk="Қабылдаушының жүйесі оны өңдей алмады.",
        ru="Система получателя не смогла его обработать.",
        en="The receiver's system could not take it in.",
    ),
    TOO_LATE: Reason(
        kk="Ол тым кеш жетті.", ru="Оно пришло слишком поздно.", en="It came too late to be taken as new."
    ),
}
router = APIRouter(prefix="/violence-reports", tags=["reports"], route_class=TransactionalRoute)


class ReportRefusal(BaseModel):
    """By which rule the receiver did not take a report, in plain words; whoever sent it has to tell otherwise."""

    rule: str
    kk: str
    ru: str
    en: str


class Report(BaseModel):
    """One side's copy. `content` is what crossed, as far as it may still be read; not what came of it."""

    id: UUID
    kind: Literal["violence", "admission"]
    side: Side
    counterpart_id: str
    person_id: UUID | None
    subject: SubjectRole
    basis: Basis
    consent_id: UUID | None
    state: Literal["sent", "refused", "received", "registered"]
    content: dict[str, Any]
    created_at: datetime
    received_at: datetime | None
    registered_at: datetime | None
    refusal: ReportRefusal | None
    erased_at: datetime | None


@router.get("")
async def list_reports(desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> paging.Page[Report]:
    """Reports of violence and of admissions, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_REPORT, shown=[row.id for row in cut])
    return paging.Page(items=await shown(desk, cut), next=following)


@router.get("/{report_id}")
async def read_report(report_id: UUID, desk: Reader) -> Report:
    """Read a report: what it says, and how far it is."""
    row: ReportRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, report_id=report_id), "report"
    )
    await note(desk, Action.READ_REPORT, row.id, person_id=row.person_id)
    return (await shown(desk, [row]))[0]


async def shown(desk: Desk, rows: list[ReportRow]) -> list[Report]:
    """Copies with what may be read of them now."""
    opened = await store.contents(desk.session, rows)
    return [await _shown(desk, row, told, more) for row, (told, more) in zip(rows, opened, strict=True)]


async def _shown(desk: Desk, row: ReportRow, told: dict[str, Any], more: dict[str, Any]) -> Report:
    content = told | await _readable(desk, row, more)
    refusal = _refusal(row.refused_by or "") if row.refused_at and not row.received_at else None
    return Report.model_validate({**row.model_dump(), "state": _state(row), "content": content, "refusal": refusal})


def _state(row: ReportRow) -> str:
    """The farthest that a report got. One that was refused may have been told once more, on the duty alone."""
    came = (("registered", row.registered_at), ("received", row.received_at), ("refused", row.refused_at))
    return next((state for state, at in came if at is not None), "sent")


def _refusal(rule: str) -> ReportRefusal:
    why = NOT_TAKEN.get(rule) or reason_of(rule)
    return ReportRefusal(rule=rule, kk=why.kk, ru=why.ru, en=why.en)


async def _readable(work: Work, row: ReportRow, more: dict[str, Any]) -> dict[str, Any]:
    """What rests on a consent or an emergency is decided again at its receiver: it may have ended a moment ago."""
    if not more or row.side == Side.SENDER:
        return more
    allowed = await _allowed(work, row)
    categories = fields_of(store.MODELS[row.kind])
    return {name: value for name, value in more.items() if categories.get(name) in allowed}


async def _allowed(work: Work, row: ReportRow) -> frozenset[DataCategory]:
    """Nothing from a sender that the network knows no longer."""
    if work.node.trust.node_of(row.counterpart_id) is None:
        return frozenset()
    grounds = await _grounds(work, row)
    decision = decide(
        store.MODELS[row.kind].type,
        sender=work.node.trust.party(row.counterpart_id),
        recipient=Party(work.node.agency, row.organisation_id),
        grounds=grounds,
        at=moment_of(grounds, work.now),
    )
    return decision.categories


async def _grounds(work: Work, row: ReportRow) -> Grounds:
    """On what a copy relies, with the consent's terms as they are now."""
    consent = None
    if row.consent_id is not None:
        consent = await consents.terms_now(work.session, row.organisation_id, row.consent_id)
    return Grounds(
        basis=Basis(row.basis),
        purpose=Purpose(row.purpose),
        subject=SubjectRole(row.subject),
        consent=consent,
        **(row.proof or {}),
    )
