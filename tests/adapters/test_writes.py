"""Whoever records or changes something of a case leaves one entry of it in the record, whichever call it was."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select, update

from deploy.network import Network
from services.health.admissions.tables import AdmissionRow
from services.health.examinations.tables import ExaminationRow
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.outbox import Work
from shared.casework.consents import store as consents
from shared.casework.emergencies.tables import EmergencyRow
from shared.casework.referrals import store as referrals
from shared.casework.walls.tables import WallRow
from shared.contract.events import ReferralRequested
from shared.contract.grounds import Grounds, label
from shared.contract.vocabulary import Agency, Basis, DataCategory, Purpose, Side
from tests.adapters.test_reads import a_question
from tests.arrived import (
    a_guardian_request,
    a_notice,
    a_path,
    a_programme,
    a_report,
    a_school,
    a_warning,
    an_agreement,
    an_assessment,
    asked_of,
    taken_in,
    telling,
)
from tests.deploy.test_security import OURS
from tests.registers import COMPARABLE, OF_AGENCY, to_compare
from tests.workbench import Bench, bench

WITHOUT_AN_ENTRY = {
    "PUT /v1/beds/{unit}": "counts of places that are announced to everyone; of no one's case",
    "POST /v1/beds/reachable": "asks of a measurement of nobody; keeps nothing",
    "POST /v1/programmes": "what is offered; of no one's case",
    "POST /v1/programmes/{programme_id}/sessions": "the same, and when",
}
# What left, and what policy kept back, has entries of its own beside that of the call.
OF_WHAT_LEAVES = {Action.DISCLOSED, Action.DECIDED, Action.WITHHELD}
Ids = dict[str, str]
Call = tuple[str, Callable[[Ids], dict[str, Any]] | dict[str, Any] | None]
TERMS = {"purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"], "form": "spoken"}
GIVEN = {**TERMS, "valid_until": "2026-06-01T00:00:00Z", "granted_by": "self", "explained_in": "kk"}
DANGER = {"why": "Находится без сознания.", "minutes": 60}
NEAR = {"near": "190000000", "purpose": "lodging", "hold": "women_with_children"}
TALK = {"held_at": "2026-03-20T11:00:00+05:00", "minutes": 40, "place": "office", "forewarned": True}
TALK |= {"said": "Салдары түсіндірілді."}
NO_ROOM = {"reason": "no_room", "text": "Бос орын жоқ."}
# Path, and body: in this order, one after the other. What a call makes is called by the word after the arrow.
EVERYWHERE: tuple[Call, ...] = (
    ("POST /v1/persons -> person_id", {"role": "victim", "family_name": "Ахметова"}),
    ("PATCH /v1/persons/{person_id}", {"given_name": "Гүлнұр"}),
    ("POST /v1/persons/search", {"family_name": "Ахметова"}),
    ("POST /v1/persons/from-referral -> taken_over", lambda ids: {"referral_id": ids["told"]}),
    ("POST /v1/emergencies -> emergency_id", lambda ids: {**DANGER, "person_id": ids["person_id"]}),
    ("POST /v1/emergencies/{emergency_id}/end", None),
    ("POST /v1/emergencies/{emergency_id}/review", {"justified": True, "note": "Скорая подтвердила."}),
    ("POST /v1/consents -> consent_id", lambda ids: {**GIVEN, "person_id": ids["person_id"]}),
    ("POST /v1/referrals/suggestions", lambda ids: {**NEAR, "person_id": ids["person_id"]}),
    ("POST /v1/beds/reachable", lambda ids: {"near": "190000000", "per_mille": 2, "measured_at": ids["now"]}),
    ("POST /v1/disclosures/preview", lambda ids: asked(ids, "consent_id")),
    ("POST /v1/referrals -> referral_id", lambda ids: asked(ids, "consent_id")),
    ("POST /v1/referrals/{referral_id}/messages -> message_id", {"body": "Она ждёт."}),
    ("POST /v1/referrals/{referral_id}/cancel", {"reason": "other"}),
    ("POST /v1/referrals/{declined}/decline", NO_ROOM),
    ("POST /v1/referrals/{redirected}/redirect", NO_ROOM),
    ("POST /v1/referrals/{done}/accept", None),
    ("POST /v1/referrals/{done}/start", None),
    ("POST /v1/referrals/{done}/complete", {}),
    ("POST /v1/referrals/{withdrawn}/withdraw", None),
    ("POST /v1/inquiries -> inquiry_id", lambda ids: a_question(Agency(ids["agency"]), ids["person_id"])),
    ("POST /v1/inquiries/{inquiry_id}/cancel", None),
    ("POST /v1/inquiries/{to_answer}/answer", {"text": "Жатып ем алды."}),
    ("POST /v1/inquiries/{to_refuse}/refuse", {"ground": "no_basis"}),
    ("POST /v1/consents/{consent_id}/withdraw", None),
    ("POST /v1/warnings/{warning_id}/acknowledge", None),
    ("POST /v1/assessments/{held_one}/sign", {"challenging": True}),
    ("POST /v1/persons -> talked_to", {"role": "alleged_offender"}),
    ("POST /v1/conversations -> conversation_id", lambda ids: {**TALK, "person_id": ids["talked_to"]}),
    ("POST /v1/webhooks -> webhook_id", {"url": "https://his.example.invalid/qorgau"}),
    ("POST /v1/webhooks/{webhook_id}/test", None),
    ("POST /v1/webhooks/{webhook_id}/replay", {}),
    ("DELETE /v1/webhooks/{webhook_id}", None),
    ("POST /v1/agreements/{agreement_id}/sign", lambda ids: {"version": 1, "sha256": ids["sha256"]}),
    ("POST /v1/agreements/{refused}/decline", {"version": 1, "reason": "parties"}),
    ("POST /v1/agreements/{concluded}/notice", {"ends_on": "2099-01-01"}),
)
ANSWERING: Call = ("POST /v1/assessments/{asked_one}/answer", {"answer": "accepted"})
WHEN = {"meets_at": "2099-03-24T10:00:00+05:00", "place": "police-19", "call_back": "+7 727 000 00 01"}
ASSESSED: tuple[Call, ...] = (
    (
        "POST /v1/assessments -> assessment_id",
        lambda ids: {
            **WHEN,
            "person_id": ids["person_id"],
            "basis": {"kind": "own_request"},
            "invite": [
                {"organisation": "social-19", "seat": "social_worker"},
                {"organisation": "hospital-19", "seat": "psychologist"},
            ],
        },
    ),
    ("POST /v1/assessments/{assessment_id}/rounds", WHEN),
    ("POST /v1/assessments/{assessment_id}/end", {"end": "cancelled"}),
)


def registers(agency: Agency) -> tuple[Call, ...]:
    """Of an agency that keeps registers."""
    kind, _, counterpart, their_kind, _ = COMPARABLE[agency]
    entered = {**OF_AGENCY[agency], "since": "2026-03-20"}
    return (
        ("POST /v1/persons -> listed", {"role": "alleged_offender"}),
        ("POST /v1/register-entries -> entry_id", lambda ids: {**entered, "person_id": ids["listed"]}),
        ("POST /v1/register-entries/{entry_id}/reviews", None),
        ("POST /v1/register-entries/{entry_id}/remove", {"because": "ground_ended"}),
        (
            "POST /v1/comparisons -> comparison_id",
            {"counterpart_id": counterpart, "kind": kind, "their_kind": their_kind},
        ),
        ("POST /v1/comparisons/{comparison_id}/abort", None),
        ("POST /v1/comparisons/{declined_comparison}/decline", None),
        ("POST /v1/comparisons/{asked_comparison}/answer", None),
    )


REPORT: Call = (
    "POST /v1/violence-reports -> report_id",
    lambda ids: {
        "person_id": ids["person_id"],
        "kinds": ["physical"],
        "happened_on": "2026-03-19",
        "call_back": "+7 727 000 00 01",
        "circumstances": "Есікті сындырды.",
        **dict.fromkeys(("children_present", "weapon"), False),
    },
)
LETTER: tuple[Call, ...] = (
    (
        "POST /v1/consents -> for_letters",
        lambda ids: {
            **GIVEN,
            "person_id": ids["person_id"],
            "purposes": ["restoration_of_rights"],
            "recipients": ["school"],
        },
    ),
    (
        "POST /v1/letters -> letter_id",
        lambda ids: {
            "to": "school-talgar-3",
            "person_id": ids["person_id"],
            "purpose": "restoration_of_rights",
            "basis": {"kind": "consent", "consent_id": ids["for_letters"]},
            "call_back": "+7 727 000 00 01",
        },
    ),
    (
        "POST /v1/letters/{letter_id}/confirm",
        {"their_number": "114-26", "came_back_on": "2026-03-20", "signed_by": "Н. Сейітқали"},
    ),
    ("POST /v1/consents/{for_letters}/withdraw", None),
    ("POST /v1/letters/{letter_id}/recall", {"end": "erased_there", "on": "2026-03-20"}),
)
BEDS: tuple[Call, ...] = (
    ("PUT /v1/beds/{unit}", {"for": "women_with_children", "capacity": 4, "occupied": 0}),
    ("POST /v1/stays -> stay_id", lambda ids: {"unit": ids["unit"], "person_id": ids["person_id"]}),
    ("POST /v1/stays/{stay_id}/end", None),
)
CAME = {"attended": True}
PROGRAMMES: tuple[Call, ...] = (
    ("POST /v1/programmes -> offered", {"name": "Ашуды басқару", "purpose": "psycho_correction"}),
    ("POST /v1/programmes/{programme_id}/sessions", lambda ids: {"starts_at": ids["tomorrow"], "minutes": 60}),
    ("POST /v1/referrals/{enrolling}/accept", None),
    (
        "POST /v1/programmes/{programme_id}/enrolments -> enrolment_id",
        lambda ids: {"referral_id": ids["enrolling"], "person_id": ids["person_id"]},
    ),
    ("POST /v1/sessions/{session_id}/attendance -> came", lambda ids: {**CAME, "enrolment_id": ids["enrolment_id"]}),
    ("POST /v1/enrolments/{enrolment_id}/end", {"outcome": "completed"}),
)
TEN = {"starts_at": "2099-03-23T10:00:00+05:00", "ends_at": "2099-03-23T10:30:00+05:00"}
BOTH_HERE: tuple[Call, ...] = (
    ("POST /v1/appointments -> appointment_id", lambda ids: {**TEN, "person_id": ids["person_id"]}),
    ("POST /v1/appointments/{appointment_id}/cancel", None),
    ("POST /v1/walls/{wall_id}/staff", {"staff": "nurse-7", "side": "victim"}),
    ("POST /v1/walls/{wall_id}/end", None),
)
AGREED = {"parties": ["social-19", "police-19"], "exchanges": [], "valid_from": "2099-01-01"}
BEGUN: dict[Agency, dict[str, Any]] = {
    Agency.POLICE: {"materials": ["other_papers"]},
    Agency.HEALTH: {"evaded_on": "2026-03-19"},
}
PATH_OF_HIS: tuple[Call, ...] = (
    ("POST /v1/persons -> evader", {"role": "alleged_offender"}),
    (
        "POST /v1/treatment-paths -> path_id",
        lambda ids: {"person_id": ids["evader"], "to": ids["other_side"], **BEGUN[Agency(ids["agency"])]},
    ),
    ("POST /v1/treatment-paths/{path_id}/person", lambda ids: {"person_id": ids["evader"]}),
    ("POST /v1/treatment-paths/{path_id}/close", None),
)
DECIDED = {"ordered": False, "number": "7599-26-00-4/112", "decided_on": "2026-03-20"}
COURT = {"number": "7599-26-00-4/113", "decided_on": "2026-03-20", "until": "2026-12-31"}
TREATED = {"ordered": True, "court": COURT, "from_day": "2026-03-20", "last_day": "2026-12-31"}
AT_THE_POLICE: tuple[Call, ...] = (
    *PATH_OF_HIS,
    ("POST /v1/treatment-paths/{evaded}/examination", {"setting": "out_patient"}),
    ("POST /v1/treatment-paths/{evaded}/search", None),
    ("POST /v1/treatment-paths/{evaded}/found", None),
    ("POST /v1/treatment-paths/{examined}/materials", {"materials": ["other_papers"]}),
    ("POST /v1/treatment-paths/{at_court}/decision", DECIDED),
)
SHEET = {"signed_on": "2026-03-20", "sha256": "9f" * 32}
NOTE = {"explained_in": "kk", "signed_by": "legal_representative", "patient": SHEET, "addictologist": SHEET}
NOTE |= {"consequences": ["illness_worsens", "evasion_is_told", "court_may_order"]}
AT_THE_CLINIC: tuple[Call, ...] = (
    *PATH_OF_HIS,
    ("PUT /v1/beds/{ward}", {"for": "addictology", "capacity": 4, "occupied": 0}),
    ("POST /v1/treatment-paths/{ordered}/out-patient-refused", None),
    ("POST /v1/treatment-paths/{ordered_in}/admit", lambda ids: {"unit": ids["ward"]}),
    ("POST /v1/treatment-paths/{ordered_in}/examined", None),
    ("POST /v1/treatment-paths/{sent}/court", {"received_on": "2026-03-20"}),
    ("POST /v1/treatment-paths/{sent}/decision", TREATED),
    ("POST /v1/treatment-paths/{sent}/begin", lambda ids: {"unit": ids["ward"]}),
    ("POST /v1/treatment-paths/{sent}/end", {"end": "court_ended"}),
    ("POST /v1/persons -> child", {"role": "victim", "birth_date": "2012-05-01"}),
    (
        "POST /v1/guardian-requests -> request_id",
        lambda ids: {"person_id": ids["child"], "to": "social-23", "call_back": "+7 727 000 01 03"},
    ),
    ("POST /v1/voluntary-treatments -> treatment_id", lambda ids: {"person_id": ids["child"]}),
    ("POST /v1/voluntary-treatments/{treatment_id}/begin", {"agreed_by": "legal_representative"}),
    ("POST /v1/voluntary-treatments/{treatment_id}/end", {"outcome": "completed"}),
    ("POST /v1/voluntary-treatments -> offered_too", lambda ids: {"person_id": ids["child"]}),
    ("POST /v1/voluntary-treatments/{offered_too}/refusal", NOTE),
)
OF_ONE_AGENCY: dict[Agency, tuple[Call, ...]] = {
    Agency.POLICE: (
        *LETTER,
        (
            "POST /v1/incidents -> incident_id",
            lambda ids: {
                "victim_id": ids["person_id"],
                "occurred_at": "2026-03-20T01:40:00+05:00",
                "kinds": ["physical"],
                "relation": "spouse",
                **dict.fromkeys(("at_home", "children_present", "inebriated", "weapon"), False),
            },
        ),
        ("PATCH /v1/incidents/{incident_id}", {"measures": ["protective_order"]}),
        ("POST /v1/persons -> him", {"role": "alleged_offender"}),
        (
            "POST /v1/orders -> order_id",
            lambda ids: {
                "kind": "protective",
                "protected_id": ids["person_id"],
                "alleged_offender_id": ids["him"],
                "from_day": "2026-03-20",
                "last_day": "2026-04-01",
                "asks": ["no_contact"],
            },
        ),
        ("POST /v1/orders/{order_id}/extend", {"last_day": "2026-04-10"}),
        ("POST /v1/orders/{order_id}/breaches", {"breached_at": "2026-03-20T11:00:00+05:00"}),
        ("POST /v1/orders/{order_id}/end", {"end": "lifted"}),
        ("POST /v1/warnings/{to_share}/share", None),
        *ASSESSED,
        *registers(Agency.POLICE),
        ("POST /v1/refusal-notices/{notice_id}/acknowledge", None),
        ("POST /v1/violence-reports/{came_report}/register", None),
        *AT_THE_POLICE,
    ),
    Agency.SHELTER: (
        *BEDS,
        *BOTH_HERE,
        REPORT,
        ANSWERING,
        (
            "POST /v1/refusals -> refusal_id",
            lambda ids: {"refused_at": "2026-03-20T11:00:00+05:00", "person_id": ids["person_id"]},
        ),
        ("POST /v1/refusals/{refusal_id}/send", None),
    ),
    Agency.HEALTH: (
        *BEDS,
        *PROGRAMMES,
        *BOTH_HERE,
        *registers(Agency.HEALTH),
        REPORT,
        ANSWERING,
        (
            "POST /v1/examinations -> examination_id",
            lambda ids: {"kind": "injuries", "findings": "Гематома.", "person_id": ids["person_id"]},
        ),
        ("DELETE /v1/examinations/{unnamed}", None),
        (
            "POST /v1/admissions -> admission_id",
            lambda ids: {
                "person_id": ids["person_id"],
                "admitted_at": "2026-03-20T02:10:00+05:00",
                "injuries": "Гематома.",
                "call_back": "+7 727 000 00 03",
                "complains_of_offence": True,
                **dict.fromkeys(("criminal_in_nature", "died"), False),
            },
        ),
        ("DELETE /v1/admissions/{nobodys}", None),
        *AT_THE_CLINIC,
    ),
    Agency.SOCIAL: (
        *LETTER,
        *PROGRAMMES,
        REPORT,
        ANSWERING,
        *BOTH_HERE,
        ("POST /v1/guardian-requests/{to_decide}/answer", {"answer": "consents"}),
        ("POST /v1/agreements -> drafted", {"region": "19", **AGREED}),
        ("POST /v1/agreements/{drafted}/versions", AGREED),
        *registers(Agency.SOCIAL),
        (
            "POST /v1/plans -> plan_id",
            lambda ids: {"goals": [{"kind": "documents"}], "person_id": ids["person_id"]},
        ),
        ("PUT /v1/plans/{plan_id}", {"goals": [{"kind": "documents", "progress": "done"}]}),
        ("POST /v1/plans/{plan_id}/entries", {"kind": "documents", "progress": "done", "text": "Құжат берілді."}),
        ("POST /v1/plans/{plan_id}/reviews", {}),
        ("POST /v1/plans/{plan_id}/close", {}),
    ),
}
ASKED_TO_COMPARE = ("asked_comparison", "declined_comparison")
AT_THE_END: tuple[Call, ...] = (("DELETE /v1/persons/{person_id}", None),)
# Calls that are done once: again, they change nothing, and show what there is.
AGAIN = (
    "POST /v1/stays/{stay_id}/end",
    "POST /v1/appointments/{appointment_id}/cancel",
    "POST /v1/refusals/{refusal_id}/send",
    "POST /v1/refusal-notices/{notice_id}/acknowledge",
    "POST /v1/violence-reports/{came_report}/register",
    "POST /v1/consents/{consent_id}/withdraw",
    "POST /v1/warnings/{warning_id}/acknowledge",
    "POST /v1/warnings/{to_share}/share",
)
CONTENTS = (
    "Ахметова",
    "Гүлнұр",
    "Она ждёт",
    "Бос орын",
    "сознания",
    "Гематома",
    "Скорая",
    "protective_order",
    "сындырды",
    "түсіндірілді",
    "Жатып",
    "Сейітқали",
)


# Paths of compulsory treatment that came or began before, and how many of their steps are known.
PATHS = {"evaded": 1, "ordered": 2, "ordered_in": 4, "examined": 6, "sent": 7, "at_court": 8}
SAME = {
    "unnamed": "examination_id",
    "nobodys": "admission_id",
    "came_report": "report_id",
    "to_share": "warning_id",
    "held_one": "assessment_id",
    "asked_one": "assessment_id",
    "to_answer": "inquiry_id",
    "to_refuse": "inquiry_id",
    **dict.fromkeys(("refused", "concluded", "drafted"), "agreement_id"),
    **dict.fromkeys(ASKED_TO_COMPARE, "comparison_id"),
    "for_letters": "consent_id",
    **dict.fromkeys(PATHS, "path_id"),
    "to_decide": "request_id",
    "offered_too": "treatment_id",
    "ward": "unit",
}


def asked(ids: Ids, consent: str) -> dict[str, Any]:
    body = {"to": {"organisation": "shelter-near-23"}, "purpose": "lodging", "person_id": ids["person_id"]}
    return {**body, "basis": {"kind": "consent", "consent_id": ids[consent]}, "call_back": "+7 727 000 00 01"}


def calls_of(agency: Agency) -> tuple[Call, ...]:
    return (*EVERYWHERE, *OF_ONE_AGENCY[agency], *AT_THE_END)


def route(call: str) -> str:
    """As the API describes it: whichever referral it is, the route names it in one way."""
    path = call.split(" -> ", maxsplit=1)[0]
    for which in ("declined", "redirected", "done", "withdrawn", "enrolling"):
        path = path.replace(f"{{{which}}}", "{referral_id}")
    for ours, theirs in SAME.items():
        path = path.replace(f"{{{ours}}}", f"{{{theirs}}}")
    return path


def writing(service: Bench) -> set[str]:
    paths = service.app.openapi()["paths"]
    return {f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs if verb != "get"}


async def came(service: Bench) -> Ids:
    """What others sent: five referrals that name nobody, one that tells of a person, two questions, drafts of
    agreements, and to the police a notice and a report; at health an examination and an admission of nobody named;
    where there are programmes, one."""
    agency, theirs = service.node.agency, "social-23" if service.node.agency is Agency.HEALTH else "hospital-19"
    theirs = theirs if agency in (Agency.HEALTH, Agency.POLICE) else "police-19"
    nobody = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.LODGING)
    which = dict.fromkeys(("declined", "redirected", "done", "withdrawn"), nobody)
    which["enrolling"] = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.PSYCHO_CORRECTION)
    named = ("told", "notice_id", "came_report", "unnamed", "nobodys", "warning_id", "to_share", "wall_id")
    asked_to, questions = ("held_one", "asked_one"), ("to_answer", "to_refuse")
    ids = {name: str(uuid4()) for name in (*which, *named, *asked_to, *questions, *ASKED_TO_COMPARE)}
    async with service.work(OURS[agency]) as work:
        if agency is Agency.HEALTH:
            work.session.add_all(of_nobody_named(ids, work.now))
        await referred(service, work, {**which, "told": telling(service, theirs)}, ids=ids, theirs=theirs)
        wall, (hers, his) = UUID(ids["wall_id"]), (uuid4(), uuid4())
        work.session.add(WallRow(organisation_id=OURS[agency], id=wall, hers=hers, his=his, made_at=work.now))
        if agency is Agency.POLICE:
            work.session.add(a_notice(UUID(ids["notice_id"]), service, OURS[agency]))
    for name in questions:
        await asked_of(service, OURS[agency], inquiry_id=UUID(ids[name]), sender=theirs)
    await a_warning(service, OURS[agency], warning_id=UUID(ids["warning_id"]))
    for name in asked_to:
        await an_assessment(service, OURS[agency], assessment_id=UUID(ids[name]), held=name == "held_one")
    await to_compare(service, OURS[agency], [UUID(ids[name]) for name in ASKED_TO_COMPARE])
    whom = await taken_in(service, OURS[agency])
    await a_warning(service, OURS[agency], warning_id=UUID(ids["to_share"]), person_id=whom)
    if agency is Agency.POLICE:
        await a_report(service, OURS[agency], report_id=UUID(ids["came_report"]))
    if agency in (Agency.HEALTH, Agency.SOCIAL):
        await a_programme(service, OURS[agency], ids)
    ids |= await agreed_on(service, OURS[agency])
    if agency in (Agency.POLICE, Agency.SOCIAL):
        await a_school(service)
    ids |= await begun_before(service, OURS[agency])
    now = service.clock()
    tomorrow = now + timedelta(days=1)
    return {**ids, "agency": agency, "unit": "rooms", "now": now.isoformat(), "tomorrow": tomorrow.isoformat()}


async def begun_before(service: Bench, mine: str) -> Ids:
    """Paths of compulsory treatment, each as far on as a call needs; at social services a question for a guardian."""
    agency = service.node.agency
    ids = {name: str(uuid4()) for name in (*PATHS, "to_decide")}
    for name, steps in PATHS.items() if agency in BEGUN else ():
        await a_path(service, mine, path_id=UUID(ids[name]), steps=steps)
    if agency is Agency.SOCIAL:
        await a_guardian_request(service, mine, request_id=UUID(ids["to_decide"]))
    return {**ids, "ward": "ward", "other_side": "police-23" if agency is Agency.HEALTH else "addictology-23"}


async def agreed_on(service: Bench, mine: str) -> Ids:
    """Drafts of local agreements that came, and one that was concluded; the hash of the draft to sign."""
    ids = {name: str(uuid4()) for name in ("agreement_id", "refused", "concluded")}
    drafts = {
        name: await an_agreement(service, mine, agreement_id=UUID(ids[name])) for name in ("agreement_id", "refused")
    }
    await an_agreement(service, mine, agreement_id=UUID(ids["concluded"]), concluded=True)
    return {**ids, "sha256": drafts["agreement_id"]}


async def referred(service: Bench, work: Work, which: dict[str, Grounds], *, ids: Ids, theirs: str) -> None:
    """Referrals that came, each on its grounds; the one that tells says a name."""
    ours = OURS[service.node.agency]
    parties = referrals.Parties(ours=ours, theirs=theirs)
    for name, grounds in which.items():
        if grounds.consent is not None:
            await consents.remember(work.session, organisation_id=ours, consent=grounds.consent)
        name_of_whom = {"family_name": "Ахметова"} if name == "told" else {}
        about = {"referral_id": ids[name], "purpose": grounds.purpose, "subject": grounds.subject}
        event = ReferralRequested.model_validate({**about, "call_back": "+7 727 000 01 02", **name_of_whom})
        carried = label(origin=theirs, grounds=grounds, categories=frozenset({DataCategory.IDENTITY}))
        kept = {"side": Side.RECEIVER, "parties": parties, "now": work.now, "handling": carried}
        row = await referrals.copied(work.session, event=event, grounds=grounds, **kept)  # type: ignore[arg-type]  # a literal
        work.session.add(row)


def of_nobody_named(ids: Ids, now: datetime) -> tuple[ExaminationRow, AdmissionRow]:
    """An examination and an admission at the clinic."""
    ours = OURS[Agency.HEALTH]
    examination = ExaminationRow(id=UUID(ids["unnamed"]), organisation_id=ours, examined_at=now)
    admission = AdmissionRow(id=UUID(ids["nobodys"]), organisation_id=ours, admitted_at=now, created_at=now)
    return examination, admission


async def entries(service: Bench) -> list[AuditEntry]:
    async with service.work() as work:
        return list((await work.session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))).all())


async def do(service: Bench, client: httpx.AsyncClient, call: Call, ids: Ids) -> list[AuditEntry]:
    """Make a call, and keep the id of what it made; the entries that it left, but those of what leaves."""
    (where, body), before = call, len(await entries(service))
    verb, path = where.split(" -> ")[0].format_map(ids).split(" ")
    if path.endswith("/review"):  # whoever declared it can't review it
        async with service.work() as work:
            await work.session.exec(update(EmergencyRow).values(declared_by="somebody else"))
    given = body(ids) if callable(body) else body
    answer = await client.request(verb, path.removeprefix("/v1"), json=given, headers=match(verb, path))
    assert answer.is_success, (where, answer.text)
    if " -> " in where:
        ids[where.split(" -> ")[1]] = answer.json()["id"]
    return [entry for entry in (await entries(service))[before:] if entry.action not in OF_WHAT_LEAVES]


def match(verb: str, path: str) -> dict[str, str]:
    return {"If-Match": "*"} if verb in ("PATCH", "PUT") and "/beds/" not in path else {}


@pytest.fixture(params=list(Agency), ids=str)
async def service(network: Network, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with bench(network, request.param) as made:
        yield made


async def test_every_call_that_records_or_changes_leaves_one_entry_and_none_says_what(service: Bench) -> None:
    ids = await came(service)
    async with service.client(OURS[service.node.agency], "supervisor") as client:
        left = {call[0]: await do(service, client, call, ids) for call in calls_of(service.node.agency)}
    assert {route(call) for call in left} == writing(service)
    silent = set(WITHOUT_AN_ENTRY) & writing(service)
    assert {route(call): len(found) for call, found in left.items() if len(found) != 1} == dict.fromkeys(silent, 0)
    for call, entry in [(call, found[0]) for call, found in left.items() if found]:
        assert entry.concerning == object_of(call, ids), call
        assert entry.actor == f"dev@{OURS[service.node.agency]}"
        assert entry.person_id is not None or entry.action != Action.RECORDED, call
        assert not any(word in str(entry.details) for word in CONTENTS), call


def object_of(call: str, ids: Ids) -> str | None:
    """What a call made, or else what its path names; a search and a preview are about no single thing."""
    path, _, made = call.partition(" -> ")
    named = [made] if made else [word[1:-1] for word in path.split("/") if word.startswith("{")]
    return ids[named[0]] if named else None


async def test_a_call_that_is_made_again_and_changes_nothing_is_recorded_as_a_read(service: Bench) -> None:
    ids = await came(service)
    async with service.client(OURS[service.node.agency], "supervisor") as client:
        for call in calls_of(service.node.agency)[:-1]:
            await do(service, client, call, ids)
        for where in [where for where in AGAIN if route(where) in writing(service)]:
            (entry,) = await do(service, client, (where, None), ids)
            assert entry.action.startswith("read_"), where


async def test_what_is_moved_by_whom_is_recorded_as_well_as_what_left_of_it(network: Network) -> None:
    async with bench(network, Agency.SHELTER) as service, service.client(OURS[Agency.SHELTER]) as warden:
        ids = await came(service)
        await do(service, warden, ("POST /v1/referrals/{done}/accept", None), ids)
        *_, told, moved = await entries(service)
    assert (told.action, told.concerning) == (Action.DISCLOSED, ids["done"])
    assert (moved.action, moved.concerning) == (Action.CHANGED, ids["done"])
    assert moved.details == {"what": "referral", "move": "accept"}
