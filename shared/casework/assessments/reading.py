"""REST calls that show joint assessments (F4): at who proposed them, and at who is invited."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.http import Desk, Reader, TransactionalRoute, found, note
from shared.casework.assessments import store
from shared.casework.assessments.concluding import held_on
from shared.casework.assessments.models import Assessment, Invited, Signature
from shared.casework.assessments.tables import AssessmentRow, InvitationRow, SignatureRow
from shared.casework.assessments.telling import grounds_of
from shared.casework.referrals.reading import moment_of
from shared.casework.referrals.whom import person_of_referral
from shared.contract.assessment import Seat, missing, state_of
from shared.contract.conditions import Party
from shared.contract.decisions import decide, fields_of
from shared.contract.events import AssessmentSigned
from shared.contract.vocabulary import DataCategory, Side

router = APIRouter(prefix="/assessments", tags=["assessments"], route_class=TransactionalRoute)
OPENED_BY_CONSENT = fields_of(AssessmentSigned)


@router.get("")
async def list_assessments(
    desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[Assessment]:
    """The joint assessments that were proposed here, or that we are invited to, newest first."""
    rows = await store.page(desk.session, organisation_id=desk.organisation, cursor=cursor, limit=limit)
    cut, following = paging.cut(list(rows), limit, at="created_at")
    await note(desk, Action.READ_ASSESSMENT, shown=[row.id for row in cut])
    return paging.Page(items=await shown(desk, cut), next=following)


@router.get("/{assessment_id}")
async def read_assessment(assessment_id: UUID, desk: Reader) -> Assessment:
    """Read a joint assessment: when and where, who comes, who has signed, what it came to."""
    row: AssessmentRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, assessment_id=assessment_id), "assessment"
    )
    (assessment,) = await shown(desk, [row])
    await note(desk, Action.READ_ASSESSMENT, row.id, person_id=assessment.person_id)
    return assessment


async def shown(desk: Desk, rows: Sequence[AssessmentRow]) -> list[Assessment]:
    """Copies with what may be read of them now."""
    mine = {"organisation_id": desk.organisation, "assessment_ids": [row.id for row in rows]}
    invited = await store.invitations(desk.session, **mine)  # type: ignore[arg-type]  # a literal
    numbers = await store.numbers(desk.session, invited)
    signatures = await store.signatures(desk.session, **mine)  # type: ignore[arg-type]  # the same
    said = await store.signed(desk.session, signatures)
    opened = await store.opened(desk.session, rows)
    answer = []
    for row, (where, found_) in zip(rows, opened, strict=True):
        values = {
            **row.model_dump(exclude={"sealed", "outcome"}),
            **{"room": None, "call_back": None, **where},
            **await _may_be_read(desk, row, found_),
            "person_id": row.person_id or await _person(desk, row),
            "state": state_of(
                ended=row.ended_at is not None,
                concluded=row.concluded_at is not None,
                agreed=row.agreed_at is not None,
            ),
            "invited": [_invited(*one) for one in zip(invited, numbers, strict=True) if one[0].assessment_id == row.id],
        }
        of_now = [one for one in zip(signatures, said, strict=True) if _is_of(one[0], row)]
        answer.append(Assessment.model_validate({**values, **_signed(row, of_now)}))
    return answer


async def _person(desk: Desk, row: AssessmentRow) -> UUID | None:
    """Whom they mean: by a referral that we have with them, and by no other."""
    mine = {"organisation_id": desk.organisation, "referral_id": row.referral_id}
    return await person_of_referral(desk.session, **mine, counterpart=row.counterpart_id)  # type: ignore[arg-type]  # a literal


def _is_of(signature: SignatureRow, row: AssessmentRow) -> bool:
    return (signature.assessment_id, signature.round) == (row.id, row.round)


def _invited(row: InvitationRow, number: str | None) -> Invited:
    return Invited.model_validate({**row.model_dump(), "organisation": row.invited_id, "call_back": number})


def _signed(row: AssessmentRow, of_now: list[tuple[SignatureRow, bool | None]]) -> dict[str, Any]:
    """Who proposed it sees who has signed; what the others found is shown once all have whose signatures it needs."""
    due = missing([Seat(one.seat) for one, _ in of_now], on=held_on(row)) if row.side == Side.SENDER else frozenset()
    signatures = [
        Signature(seat=Seat(one.seat), signed_at=one.signed_at, challenging=None if due and not _ours(one) else said)
        for one, said in of_now
    ]
    over = row.concluded_at is not None or row.ended_at is not None
    return {"signatures": signatures, "missing": [] if over else sorted(due)}


def _ours(signature: SignatureRow) -> bool:
    return signature.signer_id == signature.organisation_id


async def _may_be_read(desk: Desk, row: AssessmentRow, found_: dict[str, Any]) -> dict[str, Any]:
    """The outcome, decided again: the consent that it rests on may have ended a moment ago."""
    if not found_:
        return {"outcome": None}
    allowed = await _allowed(desk, row)
    return {"outcome": {name: value for name, value in found_.items() if OPENED_BY_CONSENT.get(name) in allowed}}


async def _allowed(desk: Desk, row: AssessmentRow) -> frozenset[DataCategory]:
    """Nothing from a sender that the network knows no longer."""
    here = Party(desk.node.agency, row.organisation_id)
    there = row.counterpart_id or row.organisation_id
    if desk.node.trust.node_of(there) is None:
        return frozenset()
    grounds = await grounds_of(desk, row)
    decision = decide(
        AssessmentSigned.type,
        sender=desk.node.trust.party(there),
        recipient=here,
        grounds=grounds,
        at=moment_of(grounds, desk.now),
    )
    return decision.categories
