"""The REST call by which the police warn who protects somebody that violence repeats (F18)."""

from uuid import UUID, uuid5

from fastapi import APIRouter

from shared.adapters.audit import Action
from shared.adapters.http import Desk, OnceKey, TransactionalRoute, Writer, found, note
from shared.adapters.outbox import Outgoing, emit
from shared.casework.disclosures.endpoints import refused
from shared.casework.referrals.tables import ReferralRow
from shared.casework.referrals.whom import protecting
from shared.casework.warnings import store
from shared.casework.warnings.endpoints import RepetitionWarning, shown
from shared.casework.warnings.tables import WarningRow
from shared.contract.errors import Problem
from shared.contract.events import RepetitionWarned
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, Pattern, Purpose, SubjectRole

router = APIRouter(prefix="/warnings", tags=["warnings"], route_class=TransactionalRoute)


class SharedWarning(RepetitionWarning):
    """A warning, and who was told of it by this call."""

    told: list[str]


@router.post("/{warning_id}/share")
async def share_warning(warning_id: UUID, desk: Writer, _: OnceKey = None) -> SharedWarning:
    """Warn the organisations that help her now: what repeats, how often, in which time; not of whom. Once."""
    row: WarningRow = found(
        await store.get(desk.session, organisation_id=desk.organisation, warning_id=warning_id, for_update=True),
        "warning",
    )
    if row.shared_at is not None:
        await note(desk, Action.READ_WARNINGS, row.id, person_id=row.person_id)
        return SharedWarning(**shown(row).model_dump(), told=[])
    told = [await _tell(desk, row, *one) for one in await _whom(desk, row)]
    if not told:
        raise Problem(409, "nobody-to-warn", "no organisation that helps this person now can be warned")
    row.shared_at = desk.now
    await note(desk, Action.CHANGED, row.id, person_id=row.person_id, what="warning")
    return SharedWarning(**shown(row).model_dump(), told=told)


async def _whom(desk: Desk, row: WarningRow) -> list[tuple[ReferralRow, UUID]]:
    """Of each organisation that protects her the newest referral."""
    if row.person_id is None:
        return []
    return await protecting(desk, organisation_id=desk.organisation, person_ids=[row.person_id])


async def _tell(desk: Desk, row: WarningRow, referral: ReferralRow, person: UUID) -> str:
    """Under an id of its own there, so that no two can compare theirs. Problem 403 where policy forbids it."""
    there = referral.counterpart_id
    event = RepetitionWarned(
        warning_id=uuid5(row.id, there),
        referral_id=referral.id,
        pattern=Pattern(row.pattern),
        times=row.times,
        first_on=row.first_on,
        last_on=row.last_on,
    )
    subject = SubjectRole(referral.subject)
    grounds = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.EARLY_WARNING, subject=subject)
    outgoing = Outgoing(event, desk.organisation, there, grounds, event.warning_id, person)
    emitted = await emit(desk, outgoing)
    if emitted.event_id is None:
        raise refused(emitted.decision)
    return there
