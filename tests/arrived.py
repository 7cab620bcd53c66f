"""What came from others, as if it had been sent: for tests of one service alone."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.police.refusal_notices.tables import RefusalNoticeRow
from shared.casework.programmes.tables import EnrolmentRow, ProgrammeRow, SessionRow
from shared.casework.referrals.store import Parties
from shared.casework.reports import store as reports
from shared.contract.consent import Consent
from shared.contract.decisions import owed
from shared.contract.events import ViolenceReported
from shared.contract.grounds import Emergency, Grounds
from shared.contract.vocabulary import Agency, Basis, DataCategory, Purpose, Side, SubjectRole, ViolenceKind
from tests.workbench import Bench

ON_DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT)


async def a_report(police: Bench, organisation: str, *, report_id: UUID, sender: str = "shelter-near-19") -> None:
    """A shelter's report on the duty."""
    event = ViolenceReported(report_id=report_id, subject=SubjectRole.VICTIM, kinds=(ViolenceKind.PHYSICAL,))
    ends = {"sender": Agency.SHELTER, "recipient": Agency.POLICE}
    async with police.work(organisation) as work:
        await reports.keep(
            work.session,
            event=event,
            grounds=ON_DUTY,
            side=Side.RECEIVER,
            parties=Parties(ours=organisation, theirs=sender),
            duty=owed(event.type, **ends, subject=SubjectRole.VICTIM, at=work.now),
            now=work.now,
        )


async def a_programme(service: Bench, organisation: str, ids: dict[str, str]) -> None:
    """A programme with a session that has begun, and somebody who takes part: their ids are added to `ids`."""
    programme, session, enrolment = uuid4(), uuid4(), uuid4()
    mine: dict[str, Any] = {"organisation_id": organisation, "programme_id": programme}
    async with service.work(organisation) as work:
        now = work.now
        offered = {"name": "Ашуды басқару", "purpose": Purpose.PSYCHO_CORRECTION, "created_at": now}
        work.session.add(ProgrammeRow.model_validate({"id": programme, "organisation_id": organisation, **offered}))
        planned = {"id": session, "starts_at": now, "minutes": 60, "created_at": now}
        work.session.add(SessionRow.model_validate(mine | planned))
        takes_part = {"id": enrolment, "referral_id": uuid4(), "enrolled_at": now}
        work.session.add(EnrolmentRow.model_validate(mine | takes_part))
    ids |= {"programme_id": str(programme), "session_id": str(session), "enrolment_id": str(enrolment)}


def telling(service: Bench, theirs: str) -> Grounds:
    """On what a referral to this agency may name the person."""
    now, agency = service.clock(), service.node.agency
    if agency in (Agency.POLICE, Agency.HEALTH):
        danger = Emergency(id=uuid4(), declared_by=theirs, declared_at=now, until=now + timedelta(hours=1))
        return Grounds(basis=Basis.EMERGENCY, purpose=Purpose.PROTECTION_OF_LIFE, emergency=danger)
    purpose = Purpose.LODGING if agency is Agency.SHELTER else Purpose.SOCIAL_SERVICES
    given = Consent(
        id=uuid4(),
        recorded_by=theirs,
        purposes=frozenset({purpose}),
        recipients=frozenset({agency}),
        categories=frozenset({DataCategory.IDENTITY}),
        given_at=now - timedelta(hours=1),
        valid_until=now + timedelta(days=30),
    )
    return Grounds(basis=Basis.CONSENT, purpose=purpose, consent=given)


def a_notice(notice_id: UUID, police: Bench, organisation: str) -> RefusalNoticeRow:
    return RefusalNoticeRow(
        id=notice_id,
        organisation_id=organisation,
        shelter_id="shelter-near-19",
        refused_on=date(2026, 3, 19),
        due_on=date(2026, 3, 25),
        police_may=[],
        received_at=police.clock(),
    )
