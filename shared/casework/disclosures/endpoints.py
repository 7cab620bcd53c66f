"""REST calls for disclosures: what would leave, and what did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Reader, TransactionalRoute, Writer, note
from shared.adapters.outbox import preview
from shared.adapters.outcomes import deliveries
from shared.adapters.tables import Disclosure, OutboxDone
from shared.casework.disclosures import store
from shared.casework.disclosures.words import Delivery
from shared.casework.referrals.sending import NewReferral, compose
from shared.contract.decisions import Decision, reason_of, withheld_fields
from shared.contract.errors import Problem

router = APIRouter(prefix="/disclosures", tags=["disclosures"], route_class=TransactionalRoute)


class Withheld(BaseModel):
    """A field that stays, the rule that keeps it, and the rule's reason in the languages of work."""

    field: str
    rule: str
    kk: str
    ru: str
    en: str


class Preview(BaseModel):
    """Exactly what would leave: nothing at all if it is not permitted."""

    permitted: bool
    recipient: str
    content: dict[str, Any] | None
    withheld: list[Withheld]
    rules: list[str]


class DisclosureOut(BaseModel):
    """What left: to whom, when, on which basis, by which rules, what was withheld, and whether it has arrived."""

    id: UUID
    at: datetime
    event_type: str
    concerning: str
    person_id: UUID | None
    recipient_id: str
    recipient_agency: str
    subject: str
    basis: str
    purpose: str | None
    consent_id: UUID | None
    categories: list[str]
    fields: list[str]
    withheld: list[Withheld]
    rules: list[str]
    delivery: str
    arrived_at: datetime | None


def explain(withheld: dict[str, str]) -> list[Withheld]:
    """Each withheld field with its rule's words."""
    found = []
    for field, rule in sorted(withheld.items()):
        reason = reason_of(rule)
        found.append(Withheld(field=field, rule=rule, kk=reason.kk, ru=reason.ru, en=reason.en))
    return found


def refused(decision: Decision) -> Problem:
    """Problem 403: policy does not let this leave at all, by this rule and for this reason."""
    reason = reason_of(decision.refusal)
    extra: dict[str, object] = {"rule": decision.refusal, "reason": {"kk": reason.kk, "ru": reason.ru, "en": reason.en}}
    return Problem(403, "withheld-by-rule", "policy does not let this leave", extra)


@router.post("/preview", responses=problems(404, 409, 410))
async def preview_disclosure(body: NewReferral, desk: Writer) -> Preview:
    """What a referral would tell, what it would withhold, and why. Nothing is sent or kept."""
    outgoing = (await compose(desk, body)).outgoing
    content, decision = preview(desk, outgoing)
    await note(desk, Action.PREVIEWED, person_id=outgoing.person_id, recipient=outgoing.recipient)
    return Preview(
        permitted=decision.permitted,
        recipient=outgoing.recipient,
        content=content.model_dump(mode="json", exclude_none=True) if decision.permitted else None,
        withheld=explain(withheld_fields(outgoing.event, decision)),
        rules=list(decision.rules),
    )


@router.get("")
async def list_disclosures(
    desk: Reader, person_id: UUID | None = None, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[DisclosureOut]:
    """Everything that left this organisation, or all of it about one person, newest first."""
    rows = await store.page(
        desk.session, organisation_id=desk.organisation, person_id=person_id, cursor=cursor, limit=limit
    )
    shown, following = paging.cut(list(rows), limit, at="at")
    await note(desk, Action.READ_DISCLOSURES, person_id=person_id, shown=[row.id for row in shown])
    sent = await deliveries(desk.session, event_ids=[row.id for row in shown])
    return paging.Page(items=[_out(row, sent.get(row.id)) for row in shown], next=following)


def _out(row: Disclosure, sent: OutboxDone | None) -> DisclosureOut:
    """What was handed over on paper was never sent."""
    values = row.model_dump(exclude={"withheld", "organisation_id"})
    delivery = Delivery.ON_PAPER.value if sent is None else sent.state
    arrived = sent.done_at if sent is not None and sent.state == Delivery.RECEIVED else None
    return DisclosureOut(**values, withheld=explain(row.withheld), delivery=delivery, arrived_at=arrived)
