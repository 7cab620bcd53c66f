"""Who referred somebody is told whether they came, and only on a basis: a consent, or a court's decision (F7)."""

from typing import Self
from uuid import UUID

from pydantic import model_validator

from shared.adapters.http import Desk, found, invalid
from shared.adapters.outbox import Outgoing, Work, emit, preview
from shared.casework.consents import store as consents
from shared.casework.disclosures.endpoints import refused
from shared.casework.programmes import store
from shared.casework.programmes.domain import TELLING_BASES
from shared.casework.programmes.tables import AttendanceRow, EnrolmentRow, SessionRow
from shared.casework.referrals import store as referrals
from shared.casework.referrals.sending import ReferralBasis
from shared.casework.referrals.tables import ReferralRow
from shared.contract.calendar import local_day
from shared.contract.events import ProgrammeAttended
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, Purpose, ReferralState, SubjectRole


class TellingBasis(ReferralBasis):
    """On what attendance is told: the referral's own consent, one that was given here, or a court's decision."""

    @model_validator(mode="after")
    def _can_be_told_on(self) -> Self:
        if self.kind not in TELLING_BASES:
            raise ValueError("attendance is told on a consent or a court's decision")
        return self


async def check(desk: Desk, enrolment: EnrolmentRow, referral: ReferralRow, basis: TellingBasis) -> None:
    """What will be told must be allowed now: Problem 403 by which rule it is not, 404 or 422 for a wrong consent."""
    if basis.consent_id is not None:
        await _check_consent(desk, enrolment, referral, basis.consent_id)
    event = ProgrammeAttended(
        referral_id=referral.id,
        attendance_id=enrolment.id,
        revision=1,
        at=desk.now,
        held_on=local_day(desk.now),
        attended=True,
    )
    _, decision = preview(desk, await _outgoing(desk, enrolment, referral, event))
    if not decision.permitted:
        raise refused(decision)


async def _check_consent(desk: Desk, enrolment: EnrolmentRow, referral: ReferralRow, consent_id: UUID) -> None:
    row = await consents.get(desk.session, organisation_id=desk.organisation, consent_id=consent_id, for_update=True)
    consent = found(row, "consent")
    given_here = enrolment.person_id is not None and consent.person_id == enrolment.person_id
    if consent.id != referral.consent_id and not given_here:
        raise invalid("the consent was given by or for another person")


async def tell(
    work: Work, enrolment: EnrolmentRow, of: SessionRow, row: AttendanceRow, *, attended: bool
) -> str | None:
    """Tell who referred them. None if that is on its way; else what keeps it here: no basis, or a rule."""
    referral = await referrals.get(
        work.session, organisation_id=enrolment.organisation_id, referral_id=enrolment.referral_id
    )
    if enrolment.basis is None or referral is None or referral.state == ReferralState.WITHDRAWN:
        return "no basis"
    event = ProgrammeAttended(
        referral_id=referral.id,
        attendance_id=row.id,
        revision=row.revision,
        at=work.now,
        held_on=local_day(of.starts_at),
        attended=attended,
    )
    emitted = await emit(work, await _outgoing(work, enrolment, referral, event))
    return None if emitted.event_id is not None else emitted.decision.refusal


async def _outgoing(work: Work, enrolment: EnrolmentRow, referral: ReferralRow, event: ProgrammeAttended) -> Outgoing:
    consent = None
    if enrolment.consent_id is not None:
        consent = await consents.terms_now(work.session, enrolment.organisation_id, enrolment.consent_id)
    grounds = Grounds(
        basis=Basis(enrolment.basis or Basis.NO_PERSONAL_DATA),
        purpose=Purpose(referral.purpose),
        subject=SubjectRole(referral.subject),
        consent=consent,
        court=await store.court_of(work.session, enrolment),
        anonymous=bool((referral.proof or {}).get("anonymous")),
    )
    return Outgoing(
        event=event,
        sender=enrolment.organisation_id,
        recipient=referral.counterpart_id,
        grounds=grounds,
        concerning=referral.id,
        person_id=enrolment.person_id,
    )
