"""What came to a service, as if it had been sent, or as if it had happened: for tests of one service alone."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.police.refusal_notices.tables import RefusalNoticeRow
from shared.casework.agreements import store as agreements
from shared.casework.agreements.moving import settle, take_in
from shared.casework.agreements.tables import AnswerRow
from shared.casework.assessments import store as assessments
from shared.casework.assessments.tables import AssessmentRow
from shared.casework.consents import store as consents
from shared.casework.guardianship import store as guardians
from shared.casework.guardianship.tables import GuardianRequestRow
from shared.casework.inquiries import store as inquiries
from shared.casework.letters.store import PartnerDetails, Words, put_partner, seal
from shared.casework.letters.tables import LetterRow
from shared.casework.orders import store as orders
from shared.casework.orders.tables import ReceivedOrderRow
from shared.casework.programmes.tables import EnrolmentRow, ProgrammeRow, SessionRow
from shared.casework.referrals.store import Parties
from shared.casework.referrals.tables import ReferralRow
from shared.casework.reports import store as reports
from shared.casework.treatment import store as treatment
from shared.casework.treatment.opening import new_path
from shared.casework.treatment.standing import settle as settle_path
from shared.casework.treatment.tables import StepRow
from shared.casework.warnings import store as warnings
from shared.casework.warnings.tables import WarningRow
from shared.contract.agreement import Agreement
from shared.contract.assessment import Seat
from shared.contract.concluding import Text, name_of
from shared.contract.consent import Consent
from shared.contract.decisions import owed
from shared.contract.events import InformationRequested, LetterWritten, ViolenceReported
from shared.contract.grounds import Emergency, Grounds
from shared.contract.treatment_words import TreatmentStep
from shared.contract.vocabulary import (
    Agency,
    Basis,
    DataCategory,
    LetterKind,
    Partner,
    Pattern,
    Purpose,
    ReferralState,
    Side,
    SubjectRole,
    ViolenceKind,
)
from tests.workbench import Bench

SCHOOL = "school-talgar-3"
ON_DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT)


async def a_school(service: Bench) -> None:
    """A partner that letters can be written to."""
    names = {f"name_{language}": f"school {language}" for language in ("kk", "ru", "en")}
    school = PartnerDetails(id=SCHOOL, kind=Partner.SCHOOL, kato="196200000", address="Талғар, Абай 1", **names)
    async with service.work() as work:
        await put_partner(work.session, details=school, at=work.now)


async def a_letter(service: Bench, organisation: str, *, letter_id: UUID, person_id: UUID) -> None:
    """A letter to the school, as if it had been written, and recalled."""
    event = LetterWritten(letter_id=letter_id, number="2026/1", kind=LetterKind.REFERRAL, at=service.clock())
    about: dict[str, Any] = {"organisation_id": organisation, "person_id": person_id, "partner_id": SCHOOL}
    about |= {"year": 2026, "serial": 1}
    about |= {"purpose": Purpose.RESTORATION_OF_RIGHTS, "subject": SubjectRole.VICTIM, "basis": Basis.CONSENT}
    async with service.work(organisation) as work:
        row = LetterRow(
            id=letter_id, kind=event.kind, written_at=work.now, due_on=work.now.date(), recalled_at=work.now, **about
        )
        await seal(work.session, row, Words(content=event))
        work.session.add(row)


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


async def asked_of(service: Bench, organisation: str, *, inquiry_id: UUID, sender: str) -> None:
    """A question that somebody asks for a court."""
    court = {"number": "7514-26-00-4/8231", "decided_on": "2026-03-18", "until": "2026-04-30"}
    grounds = {"basis": Basis.COURT_DECISION, "purpose": Purpose.INFORMATION_REQUEST, "court": court}
    about = {"inquiry_id": inquiry_id, "kind": "social_services", "subject": SubjectRole.VICTIM, "calendar": "KZ"}
    asked = {**about, "due_on": "2026-03-30", "remind_on": "2026-03-27", "family_name": "Ахметова"}
    kept = {"side": Side.RECEIVER, "parties": Parties(ours=organisation, theirs=sender)}
    async with service.work(organisation) as work:
        event = InformationRequested.model_validate(asked)
        on = Grounds.model_validate(grounds)
        await inquiries.keep(work.session, event=event, grounds=on, now=work.now, **kept)  # type: ignore[arg-type]  # a literal


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


async def an_order(service: Bench, organisation: str, *, order_id: UUID) -> None:
    """What the police told of an order."""
    async with service.work(organisation) as work:
        row = ReceivedOrderRow(
            id=order_id,
            organisation_id=organisation,
            counterpart_id="police-19",
            subject=SubjectRole.VICTIM,
            purpose=Purpose.PROTECTION_ORDER,
            version=1,
            last_day=date(2026, 4, 19),
            received_at=work.now,
            updated_at=work.now,
        )
        await orders.seal(work.session, row, {"kind": "protective", "last_day": "2026-04-19"})
        work.session.add(row)


async def an_assessment(service: Bench, organisation: str, *, assessment_id: UUID, held: bool = False) -> None:
    """The police have proposed it on a consent to the outcome; `held`: this organisation came, and may sign."""
    agency = service.node.agency
    seats = {Agency.POLICE: Seat.OFFICER, Agency.SHELTER: Seat.HOST, Agency.SOCIAL: Seat.SOCIAL_WORKER}
    async with service.work(organisation) as work:
        now, hour = work.now, timedelta(hours=1)
        given = Consent(
            id=uuid4(),
            recorded_by="police-23",
            purposes=frozenset({Purpose.JOINT_ASSESSMENT}),
            recipients=frozenset({agency}),
            categories=frozenset({DataCategory.ASSESSMENT}),
            given_at=now - hour,
            valid_until=now + timedelta(days=30),
        )
        await consents.remember(work.session, organisation_id=organisation, consent=given)
        row = AssessmentRow(
            id=assessment_id,
            organisation_id=organisation,
            side=Side.SENDER if agency is Agency.POLICE else Side.RECEIVER,
            counterpart_id=None if agency is Agency.POLICE else "police-23",
            seat=seats.get(agency, Seat.PSYCHOLOGIST),
            basis=Basis.CONSENT,
            consent_id=given.id,
            round=1,
            meets_at=now - hour if held else now + hour,
            place="police-23",
            answer_by=now.date(),
            answer="accepted" if held else None,
            created_at=now,
            updated_at=now,
        )
        await assessments.seal(work.session, row, {"room": "214", "call_back": "+7 727 000 00 01"})
        work.session.add(row)


async def a_warning(service: Bench, organisation: str, *, warning_id: UUID, person_id: UUID | None = None) -> None:
    """Something repeats."""
    async with service.work(organisation) as work:
        row = WarningRow(
            id=warning_id,
            organisation_id=organisation,
            pattern=Pattern.INCIDENTS,
            person_id=person_id,
            trigger_id=warning_id,
            times=3,
            created_at=work.now,
            updated_at=work.now,
        )
        await warnings.add(work.session, row)


async def taken_in(service: Bench, organisation: str) -> UUID:
    """Whom a shelter has taken in on this organisation's referral."""
    whom = uuid4()
    row = ReferralRow(
        id=uuid4(),
        organisation_id=organisation,
        side=Side.SENDER,
        counterpart_id="shelter-far-19",
        person_id=whom,
        purpose=Purpose.LODGING,
        subject=SubjectRole.VICTIM,
        basis=Basis.NO_PERSONAL_DATA,
        state=ReferralState.ACCEPTED,
        created_at=service.clock(),
        updated_at=service.clock(),
    )
    async with service.work() as work:
        work.session.add(row)
    return whom


async def an_agreement(service: Bench, organisation: str, *, agreement_id: UUID, concluded: bool = False) -> str:
    """A draft that came from social services, or what was concluded, between them and this organisation: its hash."""
    drafter = "social-11"
    parties = frozenset({organisation, drafter})
    named, begins = name_of(agreement_id, "19"), date(2026, 4, 1)
    agreed = Agreement(id=named, region="19", parties=parties, exchanges=(), valid_from=begins)
    text = Text(version=1, agreement=agreed)
    async with service.work(organisation) as work:
        mine = {"organisation_id": organisation, "drafter_id": drafter}
        await take_in(work, agreement_id, text, **mine)
        for party in parties if concluded else ():
            about = {"agreement_id": agreement_id, "version": 1, "party_id": party, "sha256": text.sha256}
            row = {**about, "organisation_id": organisation, "signature": "e30.e30.e30", "answered_at": work.now}
            await agreements.keep(work.session, AnswerRow.model_validate(row))
        await settle(work, agreement_id, 1, organisation_id=organisation)
    return text.sha256


PATH = (
    (Agency.HEALTH, TreatmentStep.EVADE),
    (Agency.POLICE, TreatmentStep.ORDER_OUT_PATIENT),
    (Agency.HEALTH, TreatmentStep.REFUSE_OUT_PATIENT),
    (Agency.POLICE, TreatmentStep.ORDER_IN_PATIENT),
    (Agency.HEALTH, TreatmentStep.ADMIT),
    (Agency.HEALTH, TreatmentStep.EXAMINE),
    (Agency.POLICE, TreatmentStep.SEND_MATERIALS),
    (Agency.HEALTH, TreatmentStep.REFER_TO_COURT),
)


async def a_path(service: Bench, organisation: str, *, path_id: UUID, steps: int) -> None:
    """A path of compulsory treatment of which so many steps are known: health began it, or the police were told."""
    theirs = "police-23" if service.node.agency is Agency.HEALTH else "addictology-23"
    async with service.work(organisation) as work:
        day = work.now.date()
        row = new_path(path_id, organisation, counterpart_id=theirs, began_on=day, now=work.now)
        await treatment.seal(work.session, row, treatment.Words(person={"family_name": "Ахметов"}))
        for version, (by, step) in enumerate(PATH[:steps], 1):
            known: dict[str, Any] = {
                "organisation_id": organisation,
                "path_id": path_id,
                "version": version,
                "by": by,
                "step": step,
            }
            await treatment.keep_step(work.session, StepRow(**known, on=day, details={}, at=work.now))
        await settle_path(work, row)


async def a_guardian_request(service: Bench, organisation: str, *, request_id: UUID) -> None:
    """Health asks the guardianship authority to decide for a minor."""
    async with service.work(organisation) as work:
        row = GuardianRequestRow(
            id=request_id,
            organisation_id=organisation,
            counterpart_id="addictology-23",
            subject=SubjectRole.VICTIM,
            answer_by=date(2026, 3, 30),
            asked_at=work.now,
        )
        await guardians.seal(work.session, row, {"call_back": "+7 727 000 01 03"})
        work.session.add(row)
