"""Whoever is shown something of a case leaves a trace of it in the record, whichever call it was."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select, update

from deploy.network import Network
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.casework.emergencies.tables import EmergencyRow
from shared.casework.standards.terms import stable_id
from shared.contract.vocabulary import Agency, Purpose
from tests.arrived import (
    a_guardian_request,
    a_letter,
    a_programme,
    a_report,
    a_school,
    an_agreement,
    an_assessment,
    an_order,
)
from tests.deploy.test_security import OURS, calls
from tests.registers import OF_AGENCY, to_compare
from tests.workbench import Bench, bench

WITHOUT_A_TRACE = {
    "/v1/organisations": "the directory is public",
    "/v1/partners": "whom letters can be written to: offices",
    "/v1/beds": "counts of places that are announced to everyone",
    "/v1/edxl/have": "the same in another form",
    "/v1/hsds": "which standard is spoken",
    "/v1/hsds/services": "the directory and those counts in another form",
    "/v1/hsds/services/{service_id}": "the same",
    "/v1/hsds/organizations": "the same",
    "/v1/hsds/organizations/{organization_id}": "the same",
    "/v1/units": "counts of places",
    "/v1/units/{unit}": "counts of places",
    "/v1/deadlines": "kinds and days, of whom they concern an id only",
    "/v1/reminders": "kinds and days, of whom they concern an id only",
    "/v1/programmes": "what is offered, of nobody",
    "/v1/programmes/{programme_id}": "the same, and when",
    "/v1/agreements": "of organisations, and of nobody's case",
    "/v1/agreements/{agreement_id}": "the same",
    "/v1/agreements/{agreement_id}/bundle": "the same",
    "/v1/events": "kinds and times, of what they concern an id only",
    "/v1/webhooks": "which of one's own systems are called, of nobody's case",
    "/v1/webhooks/{webhook_id}": "the same",
    "/v1/webhooks/{webhook_id}/deliveries": "the same, and how each call went",
    "/v1/statistics": "which tables there are, without a figure",
}
QUERIES = {
    "/v1/referrals": {"box": "outgoing"},
    "/v1/inquiries": {"box": "outgoing"},
    "/v1/persons/{person_id}/disclosures/letter": {"language": "en"},
    "/v1/persons/{person_id}/file/pdf": {"language": "ru"},
    "/v1/referrals/{referral_id}/file/pdf": {"language": "ru"},
    "/v1/statistics/{table}": {"month": "2026-02"},
    "/v1/region-statistics": {"month": "2026-02"},
    "/v1/region-statistics/{table}": {"month": "2026-02"},
    "/v1/letters/{letter_id}/pdf": {"language": "kk"},
    "/v1/letters/{letter_id}/recall": {"language": "kk"},
    "/v1/appointments": {"on": "2026-03-23"},
}
# Something to read of what only some agencies have: path, body, and the parameter that names it.
Thing = tuple[str, dict[str, Any], str]
OCCURRED: dict[str, Any] = {"kinds": ["physical"], "happened_on": "2026-03-19", "call_back": "+7 727 000 00 01"}
OCCURRED |= dict.fromkeys(("children_present", "weapon"), False)
ADMITTED = {
    "admitted_at": "2026-03-20T02:10:00+05:00",
    "injuries": "Гематома.",
    "call_back": "+7 727 000 00 03",
    **dict.fromkeys(("complains_of_offence", "criminal_in_nature", "died"), False),
}
REPORT: Thing = ("/violence-reports", OCCURRED, "report_id")
OF_ONE_AGENCY: dict[Agency, tuple[Thing, ...]] = {
    Agency.POLICE: (
        (
            "/incidents",
            {
                "occurred_at": "2026-03-20T01:40:00+05:00",
                "kinds": ["physical"],
                "relation": "spouse",
                **dict.fromkeys(("at_home", "children_present", "inebriated", "weapon"), False),
            },
            "incident_id",
        ),
    ),
    Agency.SHELTER: (REPORT, ("/refusals", {"refused_at": "2026-03-20T11:00:00+05:00"}, "refusal_id")),
    Agency.HEALTH: (
        REPORT,
        ("/examinations", {"kind": "injuries", "findings": "Гематома."}, "examination_id"),
        ("/admissions", ADMITTED, "admission_id"),
    ),
    Agency.SOCIAL: (REPORT, ("/plans", {"goals": [{"kind": "documents"}]}, "plan_id")),
}


def a_question(agency: Agency, person_id: str) -> dict[str, Any]:
    """What somebody there might ask another agency, for a court."""
    to, kind = ("social-23", "social_services") if agency is Agency.HEALTH else ("hospital-23", "medical_certificate")
    court = {"number": "7514-26-00-4/8231", "decided_on": "2026-03-18", "until": "2026-04-30"}
    body = {"to": to, "kind": kind, "person_id": person_id, "call_back": "+7 727 000 00 01"}
    return {**body, "basis": {"kind": "court_decision", "court": court}}


async def entries(service: Bench) -> list[AuditEntry]:
    async with service.work() as work:
        return list((await work.session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))).all())


async def a_person(client: httpx.AsyncClient, role: str, **known: str) -> str:
    return str((await client.post("/persons", json={"role": role, **known})).json()["id"])


async def on_the_path(service: Bench, client: httpx.AsyncClient) -> list[Thing]:
    """A path of compulsory treatment; at health a question for a guardian too, and treatment that is voluntary."""
    if service.node.agency not in (Agency.POLICE, Agency.HEALTH):
        return []
    him = {"person_id": await a_person(client, "alleged_offender")}
    if service.node.agency is Agency.POLICE:
        return [("/treatment-paths", {**him, "to": "addictology-23", "materials": ["other_papers"]}, "path_id")]
    child = await a_person(client, "victim", birth_date="2012-05-01")
    asked = {"person_id": child, "to": "social-23", "call_back": "+7 727 000 01 03"}
    return [
        ("/treatment-paths", {**him, "to": "police-23", "evaded_on": "2026-03-19"}, "path_id"),
        ("/guardian-requests", asked, "request_id"),
        ("/voluntary-treatments", {"person_id": child}, "treatment_id"),
    ]


async def something_to_read(service: Bench, client: httpx.AsyncClient) -> dict[str, str]:
    """An object for each parameter of a path."""
    await calls(service, OURS[service.node.agency])
    (referral,) = (await client.get("/referrals", params={"box": "outgoing"})).json()["items"]
    ids = {"referral_id": referral["id"], "person_id": referral["person_id"], "consent_id": referral["consent_id"]}
    to_make = [("/inquiries", a_question(service.node.agency, referral["person_id"]), "inquiry_id")]
    to_make += [*OF_ONE_AGENCY[service.node.agency], *await on_the_path(service, client)]
    ids["agreement_id"] = str(uuid4())
    whose = OURS[service.node.agency]
    await an_agreement(service, whose, agreement_id=UUID(ids["agreement_id"]), concluded=True)
    if service.node.agency is Agency.POLICE:
        ids["report_id"] = str(uuid4())
        await a_report(service, OURS[Agency.POLICE], report_id=UUID(ids["report_id"]))
        her, him = [await a_person(client, role) for role in ("victim", "alleged_offender")]
        people = {"protected_id": her, "alleged_offender_id": him}
        asked = {"kind": "protective", "from_day": service.clock().date().isoformat(), "asks": ["no_contact"]}
        to_make.append(("/orders", {**asked, **people}, "order_id"))
    else:
        ids["order_id"] = str(uuid4())
        await an_order(service, OURS[service.node.agency], order_id=UUID(ids["order_id"]))
    ids["assessment_id"] = str(uuid4())
    await an_assessment(service, OURS[service.node.agency], assessment_id=UUID(ids["assessment_id"]))
    talked_to = {"person_id": await a_person(client, "alleged_offender"), "held_at": service.clock().isoformat()}
    talk = {**talked_to, "minutes": 40, "place": "office", "forewarned": True, "tell": []}
    to_make.append(("/conversations", talk, "conversation_id"))
    if service.node.agency in OF_AGENCY:
        comparison = uuid4()
        ids["comparison_id"] = str(comparison)
        await to_compare(service, OURS[service.node.agency], [comparison])
        entered = {"person_id": talked_to["person_id"], "since": service.clock().date().isoformat()}
        to_make.append(("/register-entries", OF_AGENCY[service.node.agency] | entered, "entry_id"))
    to_make.append(("/webhooks", {"url": "https://his.example.invalid/qorgau"}, "webhook_id"))
    if "/v1/stays" in service.app.openapi()["paths"]:
        body = {"for": "women_with_children", "capacity": 4, "occupied": 0}
        assert (await client.put("/beds/rooms", json=body)).is_success
        to_make.append(("/stays", {"unit": "rooms"}, "stay_id"))
    for where, what, parameter in to_make:
        made = await client.post(where, json=what)
        assert made.status_code == 201, made.text
        ids[parameter] = made.json()["id"]
    if service.node.agency is not Agency.HEALTH:
        ids["letter_id"] = str(uuid4())
        await a_school(service)
        whose, whom = OURS[service.node.agency], UUID(ids["person_id"])
        await a_letter(service, whose, letter_id=UUID(ids["letter_id"]), person_id=whom)
    if service.node.agency is Agency.SOCIAL:
        ids["request_id"] = str(uuid4())
        await a_guardian_request(service, OURS[Agency.SOCIAL], request_id=UUID(ids["request_id"]))
    if service.node.agency in (Agency.HEALTH, Agency.SOCIAL):
        await a_programme(service, OURS[service.node.agency], ids)
    known = {"organization_id": str(stable_id("organization", "hospital-23"))}
    known |= {"service_id": str(stable_id("service", "hospital-23", Purpose.MEDICAL_EXAMINATION))}
    return {**ids, **known, "unit": "rooms", "table": "referrals-sent-by-purpose"}


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_no_call_shows_anything_of_a_case_without_a_trace(network: Network, agency: Agency) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await something_to_read(service, client)
        silent = []
        for path in [path for path, verbs in service.app.openapi()["paths"].items() if "get" in verbs]:
            if not path.startswith("/v1/"):
                continue
            before = len(await entries(service))
            answer = await client.get(path.removeprefix("/v1").format_map(ids), params=QUERIES.get(path, {}))
            assert answer.status_code == 200, (path, answer.text)
            if len(await entries(service)) == before:
                silent.append(path)
        assert sorted(set(silent) - set(WITHOUT_A_TRACE)) == []


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


async def test_a_list_leaves_one_entry_with_the_ids_that_were_shown(police: Bench) -> None:
    await calls(police, "police-19")
    async with police.client("police-19") as officer:
        (item,) = (await officer.get("/referrals", params={"box": "outgoing"})).json()["items"]
        await officer.get(f"/referrals/{item['id']}")
    listed, read = (await entries(police))[-2:]
    assert (listed.action, listed.details) == (Action.READ_REFERRAL, {"shown": [item["id"]], "count": 1})
    assert (read.action, read.concerning, read.person_id) == (
        Action.READ_REFERRAL,
        item["id"],
        UUID(item["person_id"]),
    )


async def test_of_a_search_the_record_keeps_who_was_found_and_never_what_was_asked(police: Bench) -> None:
    await calls(police, "police-19")
    async with police.client("police-19") as officer:
        (hit,) = (await officer.post("/persons/search", json={"family_name": "Ахметова"})).json()["items"]
        await officer.post("/persons/search", json={"family_name": "Серікова"})
    hits, nobody = (await entries(police))[-2:]
    assert (hits.action, hits.details) == (Action.SEARCHED, {"shown": [hit["id"]], "count": 1})
    assert (nobody.action, nobody.details) == (Action.SEARCHED, {"shown": [], "count": 0})


async def test_the_letter_and_a_table_of_figures_are_recorded_as_taken_away(police: Bench) -> None:
    await calls(police, "police-19")
    async with police.client("police-19", "supervisor") as officer:
        person = (await officer.get("/disclosures")).json()["items"][0]["person_id"]
        await officer.get(f"/persons/{person}/disclosures/letter", params={"language": "kk"})
        await officer.get("/statistics/referrals-sent-by-purpose", params={"month": "2026-02", "format": "csv"})
    letter, table = [one for one in await entries(police) if one.action == Action.EXPORTED]
    assert (letter.action, str(letter.person_id), letter.details["what"]) == (Action.EXPORTED, person, "letter")
    assert (table.action, table.details["what"], table.details["month"]) == (Action.EXPORTED, "statistics", "2026-02")


async def test_a_declared_ended_and_reviewed_emergency_is_recorded_without_its_words(police: Bench) -> None:
    async with police.client("police-19") as officer:
        person = (await officer.post("/persons", json={"role": "victim"})).json()["id"]
        body = {"person_id": person, "why": "Находится без сознания.", "minutes": 60}
        danger = (await officer.post("/emergencies", json=body)).json()["id"]
        assert (await officer.post(f"/emergencies/{danger}/end")).status_code == 200
    async with police.work() as work:  # whoever declared it can't review it
        await work.session.exec(update(EmergencyRow).values(declared_by="somebody else"))
    async with police.client("police-19", "supervisor") as supervisor:
        review = {"justified": False, "note": "Угрозы не было вовсе."}
        answer = await supervisor.post(f"/emergencies/{danger}/review", json=review)
        assert answer.status_code == 200, answer.text
    found = [entry for entry in await entries(police) if entry.concerning == danger]
    assert [(entry.action, entry.details) for entry in found] == [
        (Action.EMERGENCY_DECLARED, {"minutes": 60}),
        (Action.EMERGENCY_ENDED, {}),
        (Action.EMERGENCY_REVIEWED, {"justified": False}),
    ]
    assert {str(entry.person_id) for entry in found} == {person}
