"""The REST call that shows what was told of a referral that we sent."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.adapters.audit import Action
from shared.adapters.http import Reader, TransactionalRoute, found, note
from shared.adapters.outbox import Work
from shared.casework.consents import store as consents
from shared.casework.progress import store
from shared.casework.progress.tables import ProgressRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.reading import moment_of
from shared.contract.conditions import Party
from shared.contract.decisions import decide, fields_of
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, DataCategory, Purpose, SubjectRole

router = APIRouter(prefix="/referrals", tags=["referrals"], route_class=TransactionalRoute)


class ProgressOut(BaseModel):
    """The newest of one plan or one session. `content` is what crossed, as far as it may still be read."""

    id: UUID
    kind: Literal["plan", "attendance"]
    counterpart_id: str
    basis: Basis
    consent_id: UUID | None
    content: dict[str, Any]
    revision: int
    at: datetime
    received_at: datetime
    erased_at: datetime | None


class AllProgress(BaseModel):
    """What was told of one referral, the oldest first."""

    items: list[ProgressOut]


@router.get("/{referral_id}/progress")
async def read_progress(referral_id: UUID, desk: Reader) -> AllProgress:
    """How a plan goes that we asked for (F5); whether whom we referred came to each session (F7)."""
    mine = desk.organisation
    referral = found(await referrals.get(desk.session, organisation_id=mine, referral_id=referral_id), "referral")
    rows = list(await store.of_referral(desk.session, organisation_id=mine, referral_id=referral_id))
    told = await store.told(desk.session, rows)
    shown = [await shown_of(desk, row, one) for row, one in zip(rows, told, strict=True)]
    await note(desk, Action.READ_PROGRESS, referral.id, person_id=referral.person_id)
    return AllProgress(items=shown)


async def shown_of(work: Work, row: ProgressRow, told: store.Told | None) -> ProgressOut:
    """A row with what may be read of it now."""
    allowed = await _allowed(work, row, told) if told else frozenset()
    categories = fields_of(store.MODELS[row.kind])
    content = told.content if told else {}
    readable = {name: value for name, value in content.items() if categories.get(name) in allowed}
    return ProgressOut.model_validate({**row.model_dump(), "content": readable})


async def _allowed(work: Work, row: ProgressRow, told: store.Told) -> frozenset[DataCategory]:
    """Decided again: its basis may have ended a moment ago. Nothing from a sender that the network knows no longer."""
    if work.node.trust.node_of(row.counterpart_id) is None:
        return frozenset()
    consent = None
    if row.consent_id is not None:
        consent = await consents.terms_now(work.session, row.organisation_id, row.consent_id)
    grounds = Grounds(
        basis=Basis(row.basis),
        purpose=Purpose(row.purpose),
        subject=SubjectRole(row.subject),
        consent=consent,
        court=told.court,
        **(row.proof or {}),
    )
    decision = decide(
        store.MODELS[row.kind].type,
        sender=work.node.trust.party(row.counterpart_id),
        recipient=Party(work.node.agency, row.organisation_id),
        grounds=grounds,
        at=moment_of(grounds, work.now),
    )
    return decision.categories
