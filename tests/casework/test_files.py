"""The cumulative file of a case (F17): one timeline of all that was sent, received, due, done and withheld."""

import io
from enum import StrEnum
from typing import Any, get_args
from uuid import UUID, uuid4

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlmodel import col, select

from deploy.migrations.schema import LINEAGES, OF_AGENCY, table_names
from deploy.network import Network
from services.health.app import PARTS as HEALTH
from services.health.voluntary.domain import VoluntaryState
from services.police.app import PARTS as POLICE_PARTS
from services.police.incidents.domain import IncidentOutcome
from services.shelter.app import PARTS as SHELTER_PARTS
from services.shelter.refusals.domain import RefusalState
from services.social.app import PARTS as SOCIAL
from services.social.plans.domain import PlanStep
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.casework.files import endpoints, words
from shared.casework.files.exporting import digest_of
from shared.casework.files.source import Source
from shared.casework.files.sources import DUE, ELSEWHERE, SOURCES
from shared.casework.loops import keep_house
from shared.casework.persons.tables import PersonRow
from shared.casework.programmes.domain import EnrolmentState
from shared.contract.assessment import AssessmentAnswer, AssessmentEnd, AssessmentState
from shared.contract.registers import RemovalReason
from shared.contract.treatment_words import GuardianAnswer, TreatmentState, TreatmentStep
from shared.contract.vocabulary import (
    Agency,
    ConsentEnd,
    InquiryState,
    LetterEnd,
    LetterKind,
    OrderEnd,
    OrderKind,
    Pattern,
    RecallEnd,
    ReferralAction,
    ReferralState,
)
from tests.adapters.test_reads import something_to_read
from tests.adapters.test_writes import calls_of, came, do
from tests.casework.test_letter import pages
from tests.casework.test_walls import Ward, both, ward
from tests.courier import collect
from tests.deploy.test_security import OURS
from tests.pair import POLICE, SHELTER, Two, made, person, referred
from tests.workbench import Bench, bench

__all__ = ["ward"]
PARTS = {parts.agency: parts for parts in (POLICE_PARTS, SHELTER_PARTS, HEALTH, SOCIAL)}
# What entries have as their state.
STATED: tuple[type[StrEnum], ...] = (
    ReferralState,
    ReferralAction,
    ConsentEnd,
    OrderKind,
    OrderEnd,
    Pattern,
    AssessmentState,
    AssessmentAnswer,
    AssessmentEnd,
    EnrolmentState,
    IncidentOutcome,
    RefusalState,
    PlanStep,
    InquiryState,
    LetterKind,
    LetterEnd,
    RecallEnd,
    RemovalReason,
    TreatmentState,
    TreatmentStep,
    GuardianAnswer,
    VoluntaryState,
)


def sources(agency: Agency) -> list[Source]:
    return [*SOURCES, *PARTS[agency].files, *DUE]


async def file(client: httpx.AsyncClient, path: str, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"{path}/file", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def exchange(two: Two) -> None:
    for sender, receiver in ((two.police, two.shelter), (two.shelter, two.police)) * 2:
        for subject, payload in (await collect(sender)).letters:
            await receiver.inbox.receive(subject, payload)


def names_another(table: Any) -> bool:
    """Whether its rows are of somebody, or of something: whether they have an id beside their own."""
    ids = {
        name for name, field in table.model_fields.items() if UUID in (field.annotation, *get_args(field.annotation))
    }
    return bool(ids - {"id"})


def kinds(entries: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(one["kind"], one["way"]) for one in entries}


@pytest.mark.parametrize("agency", list(Agency), ids=str)
def test_no_table_that_tells_of_a_case_is_forgotten(agency: Agency) -> None:
    tables = {t.__tablename__: t for lineage in OF_AGENCY[agency] for t in LINEAGES[lineage]}  # type: ignore[attr-defined]  # every SQLModel table has one
    read = {str(one.__tablename__) for source in sources(agency) for one in source.tables}
    of_a_case = {name for name, one in tables.items() if names_another(one)}
    assert sorted(of_a_case - read - set(ELSEWHERE) - {"outbox", "outbox_done"}) == []
    assert read <= table_names(agency)
    assert all(ELSEWHERE.values())


@pytest.mark.parametrize("agency", list(Agency), ids=str)
def test_each_kind_of_entry_is_one_nouns_and_has_words(agency: Agency) -> None:
    named = [kind for source in sources(agency) for kind in source.kinds]
    assert len(named) == len(set(named))
    said = [one for source in sources(agency) for one in source.kinds.values()]
    assert all(one.kk and one.ru and one.en for one in said)


@pytest.mark.parametrize("states", STATED, ids=lambda one: one.__name__)
def test_every_state_has_words_for_the_paper(states: type[StrEnum]) -> None:
    assert [one for one in states if one not in words.STATES] == []


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_every_agency_keeps_a_file_of_what_it_recorded(network: Network, agency: Agency) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await something_to_read(service, client)
        entries = await file(client, f"/persons/{ids['person_id']}")
    assert {"person_recorded", "consent_given", "referral"} <= {one["kind"] for one in entries}
    assert [one["at"] for one in entries] == sorted((one["at"] for one in entries), reverse=True)
    assert len({one["id"] for one in entries}) == len(entries)


# What comes from others alone, or by itself.
FROM_OTHERS = {
    *("assessment", "assessment_answered", "assessment_concluded", "assessment_ended", "assessment_signed"),
    *("order_told", "told_order_breached", "told_order_ended", "progress_told", "register_matched"),
    *("report_refused", "report_registered", "warning", "warning_acknowledged", "warning_shared"),
}
# What an agency has no call for, or no call of `calls_of` says whom it is about.
LETTERS = {"letter", "letter_closed", "letter_recalled"}
UNCALLED: dict[Agency, set[str]] = {
    Agency.POLICE: {"appointment", "incident_outcome", "order_copy", "report"},
    Agency.SHELTER: {"bed_held", "notice_acknowledged", "register_entered", "register_removed", *LETTERS},
    Agency.HEALTH: {"bed_held", "guardian_answer", *LETTERS},
    Agency.SOCIAL: {"guardian_answer", "guardian_request"},
}


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_whatever_a_call_records_of_somebody_stands_in_their_file(network: Network, agency: Agency) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        ids = await came(service)
        for call in calls_of(agency)[:-1]:  # the last erases
            await do(service, client, call, ids)
        async with service.work() as work:
            mine = PersonRow.organisation_id == OURS[agency]
            everybody = (await work.session.exec(select(PersonRow.id).where(mine))).all()
        told = {one["kind"] for whom in everybody for one in await file(client, f"/persons/{whom}", limit=200)}
    assert {kind for source in sources(agency) for kind in source.kinds} - told <= FROM_OTHERS | UNCALLED[agency]


async def test_the_file_of_a_person_tells_what_was_sent_received_due_done_and_withheld(two: Two) -> None:
    whom = await person(two.officer, phone="+7 701 000 00 01")
    consent, referral = await referred(two.officer, whom)
    await made(await two.officer.post(f"/referrals/{referral}/messages", json={"body": "Она в пути."}))
    await exchange(two)
    assert (await two.warden.post(f"/referrals/{referral}/accept")).status_code == 200
    await made(await two.warden.post(f"/referrals/{referral}/messages", json={"body": "Ждём."}))
    await exchange(two)
    entries = await file(two.officer, f"/persons/{whom}", limit=200)
    assert {
        ("person_recorded", "done"),
        ("consent_given", "done"),
        ("referral", "sent"),
        ("referral_moved", "received"),
        ("message", "sent"),
        ("message", "received"),
        ("disclosed", "sent"),
        ("withheld", "withheld"),
        ("escalation_step", "done"),
    } <= kinds(entries)
    (kept,) = [one for one in entries if one["kind"] == "withheld"]
    assert kept["codes"]["withheld"]["phone"] == "F-NOT-IN-CONSENT"
    assert {one["field"] for one in kept["content"]["withheld"]} >= {"phone"}
    texts = {one["way"]: one["content"].get("text") for one in entries if one["kind"] == "message"}
    assert texts == {"sent": "Она в пути.", "received": None}, "what nobody has read yet is read in the conversation"
    assert (await two.officer.get(f"/referrals/{referral}/messages")).status_code == 200
    read = await file(two.officer, f"/persons/{whom}", limit=200)
    assert {one["content"].get("text") for one in read if one["kind"] == "message"} == {"Она в пути.", "Ждём."}
    assert consent in {one["about"] for one in entries}


async def test_pages_tell_the_whole_file_once(two: Two) -> None:
    whom = await person(two.officer)
    await referred(two.officer, whom)
    whole = await file(two.officer, f"/persons/{whom}", limit=200)
    found: list[str] = []
    cursor: str | None = None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await two.officer.get(f"/persons/{whom}/file", params=asked)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [one["id"] for one in whole]
    assert len(whole) > 4


async def test_a_referral_that_names_nobody_has_a_file_of_its_own_at_both_ends(two: Two) -> None:
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
    referral = await made(await two.officer.post("/referrals", json=body | {"basis": {"kind": "no_personal_data"}}))
    await exchange(two)
    await made(await two.officer.post("/referrals", json=body | {"basis": {"kind": "no_personal_data"}}))
    ours, theirs = [await file(one, f"/referrals/{referral}") for one in (two.officer, two.warden)]
    assert {("referral", "sent"), ("disclosed", "sent"), ("escalation_step", "due")} <= kinds(ours)
    assert kinds(theirs) == {("referral", "received")}
    assert all(one["referral_id"] in (referral, None) for one in (*ours, *theirs))
    assert len([one for one in ours if one["kind"] == "disclosed"]) == 1, "the other's is no part of this file"


async def test_who_was_told_of_an_order_stands_in_her_file_and_nothing_of_it_in_his(two: Two) -> None:
    her = await person(two.officer)
    _, referral = await referred(two.officer, her)
    await exchange(two)
    assert (await two.warden.post(f"/referrals/{referral}/accept")).status_code == 200
    await exchange(two)
    him = await made(await two.officer.post("/persons", json={"role": "alleged_offender", "family_name": "Жұмабаев"}))
    body = {"kind": "protective", "protected_id": her, "alleged_offender_id": him, "from_day": "2026-03-20"}
    await made(await two.officer.post("/orders", json={**body, "asks": ["no_contact"]}))
    hers, his = [await file(two.officer, f"/persons/{one}", limit=200) for one in (her, him)]
    assert [one["counterpart_id"] for one in hers if one["kind"] == "order_copy"] == [SHELTER]
    assert ("order", "done") in kinds(his)
    document = (await two.officer.get(f"/persons/{him}/file/json")).text
    assert not [word for word in (SHELTER, referral) if word in str(his) + document], "who protects her, and where"


async def test_a_deadline_is_due_then_overdue_then_done_late(two: Two) -> None:
    refusal = {"refused_at": "2026-03-20T11:00:00+05:00"}
    whom = await person(two.warden)
    made_ = await made(await two.warden.post("/refusals", json=refusal | {"person_id": whom}))

    async def state() -> tuple[str, str]:
        (one,) = [one for one in await file(two.warden, f"/persons/{whom}") if one["kind"] == "deadline"]
        return one["way"], one["state"]

    assert await state() == ("due", "due")
    two.turn_to("2026-04-02T12:00:00+05:00")
    assert await state() == ("due", "overdue")
    assert (await two.warden.post(f"/refusals/{made_}/send")).status_code == 200
    assert await state() == ("done", "done_late")


async def test_reading_a_file_and_taking_it_away_are_recorded(two: Two) -> None:
    whom = await person(two.officer)
    shown = await file(two.officer, f"/persons/{whom}")
    document = (await two.officer.get(f"/persons/{whom}/file/json")).json()
    async with two.police.work() as work:
        rows = (await work.session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(2))).all()
    exported, read = rows
    assert (read.action, str(read.person_id)) == (Action.READ_FILE, whom)
    assert read.details["shown"] == [one["id"] for one in shown]
    assert (exported.action, exported.details["digest"]) == (Action.EXPORTED, document["digest"])


async def test_a_document_bears_its_digest_and_how_far_the_record_was(two: Two) -> None:
    whom = await person(two.officer)
    await referred(two.officer, whom)
    document = (await two.officer.get(f"/persons/{whom}/file/json")).json()
    assert digest_of(document) == document["digest"]
    assert document["person"]["family_name"] == "Ахметова"
    assert set(document["record"]) == {"node", "position", "chain_hash"}
    document["entries"][0]["kind"] = "another"
    assert digest_of(document) != document["digest"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_file_on_paper_is_in_the_readers_language_and_names_what_it_is_verified_with(
    two: Two, language: str
) -> None:
    whom = await person(two.officer)
    _, referral = await referred(two.officer, whom)
    answer = await two.officer.get(f"/persons/{whom}/file/pdf", params={"language": language})
    assert answer.status_code == 200, answer.text
    said = " ".join(pages(answer))
    titles = {"kk": "Жинақталған іс", "ru": "Накопительное дело", "en": "Cumulative case file"}
    sent = {"kk": "жолдама", "ru": "направление", "en": "a referral"}
    assert titles[language] in said
    assert sent[language] in said
    assert "Ахметова" in said
    assert PdfReader(io.BytesIO(answer.content)).metadata is not None
    one = await two.officer.get(f"/referrals/{referral}/file/pdf", params={"language": language})
    assert one.status_code == 200


async def test_a_file_that_is_too_long_for_a_document_is_refused_and_not_cut(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    whom = await person(two.officer)
    await referred(two.officer, whom)
    monkeypatch.setattr(endpoints, "LONGEST_EXPORT", 2)
    for form in ("json", "pdf"):
        answer = await two.officer.get(f"/persons/{whom}/file/{form}", params={"language": "kk"})
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "too-long-for-a-document")


async def test_who_was_erased_has_no_file_nor_have_their_referrals(two: Two) -> None:
    whom = await person(two.officer)
    _, referral = await referred(two.officer, whom)
    async with two.police.client(POLICE, "supervisor") as chief:
        assert (await chief.delete(f"/persons/{whom}")).status_code == 200
        for path in (f"/persons/{whom}/file", f"/persons/{whom}/file/json", f"/referrals/{referral}/file"):
            assert (await chief.get(path)).status_code == 410, path


@pytest.mark.parametrize("path", ["/file", "/file/json", "/file/pdf"])
async def test_another_organisations_file_does_not_exist_and_a_statistician_reads_none(two: Two, path: str) -> None:
    whom = await person(two.officer)
    _, referral = await referred(two.officer, whom)
    asked = {"language": "ru"}
    async with two.police.client("police-23") as other, two.police.client(POLICE, "statistician") as counting:
        for of in (f"/persons/{whom}", f"/referrals/{referral}", f"/persons/{uuid4()}"):
            assert (await other.get(of + path, params=asked)).status_code == 404
            assert (await counting.get(of + path, params=asked)).status_code == 403


async def test_no_entry_of_a_file_is_shown_to_who_is_on_the_other_side_of_its_wall(ward: Ward) -> None:
    her, him = await both(ward)
    body = {"kind": "injuries", "findings": "Гематома."}
    await made(await ward.surgeon.post("/examinations", json={**body, "person_id": her}))
    for client, allowed, hidden in ((ward.surgeon, her, him), (ward.addictologist, him, her)):
        assert (await client.get(f"/persons/{allowed}/file")).status_code == 200
        for form in ("", "/json", "/pdf?language=kk"):
            assert (await client.get(f"/persons/{hidden}/file{form}")).status_code == 404
    (found,) = [one for one in await file(ward.surgeon, f"/persons/{her}") if one["kind"] == "examination"]
    assert found["content"]["findings"] == "Гематома."
    assert (await ward.nurse.get(f"/persons/{her}/file")).status_code == 404


async def test_what_is_kept_no_longer_is_removed_with_all_that_hangs_on_it_and_nothing_that_is_open(two: Two) -> None:
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
    body |= {"basis": {"kind": "no_personal_data"}}
    over, open_ = [await made(await two.officer.post("/referrals", json=body)) for _ in range(2)]
    await made(await two.officer.post(f"/referrals/{over}/messages", json={"body": "Она в пути."}))
    assert (await two.officer.post(f"/referrals/{over}/cancel", json={"reason": "other"})).status_code == 200
    before = await file(two.officer, f"/referrals/{over}")
    assert {one["kept_until"] for one in before if one["noun"] in ("referrals", "messages")} == {"2031-03-20T19:00:00Z"}
    assert {one["kept_until"] for one in await file(two.officer, f"/referrals/{open_}")} == {None}
    for day, left in (("2031-03-20", 2), ("2031-03-21", 1)):
        two.turn_to(f"{day}T12:00:00+05:00")
        async with two.police.work() as work:
            await keep_house(work, POLICE_PARTS.files)
        async with two.police.work() as work:
            rows = (await work.session.exec(text("select id from referrals"))).all()  # type: ignore[call-overload]  # text
            messages = (await work.session.exec(text("select id from messages"))).all()  # type: ignore[call-overload]  # text
        assert (len(rows), len(messages)) == (left, left - 1)
    assert (await two.officer.get(f"/referrals/{over}/file")).status_code == 404
    async with two.police.work() as work:
        removed = (await work.session.exec(select(AuditEntry).where(AuditEntry.action == Action.REMOVED))).all()
    assert [(one.organisation_id, one.details["what"], one.details["count"]) for one in removed] == [
        (POLICE, "referrals", 1)
    ]


async def test_that_it_was_erased_there_is_still_known_when_the_referral_is_removed(two: Two) -> None:
    whom = await person(two.officer)
    _, referral = await referred(two.officer, whom)
    await exchange(two)
    assert (await two.warden.post(f"/referrals/{referral}/withdraw")).status_code == 200
    await exchange(two)
    before = await requested(two, whom)
    two.turn_to("2041-01-01T12:00:00+05:00")
    async with two.police.work() as work:
        await keep_house(work, POLICE_PARTS.files)
    assert (await two.officer.get(f"/referrals/{referral}")).status_code == 404
    assert (await requested(two, whom))["erased_at"] == before["erased_at"] == "2026-03-20T07:00:00Z"


async def requested(two: Two, whom: str) -> dict[str, Any]:
    """What the accounting says of the referral."""
    items = (await two.officer.get(f"/persons/{whom}/disclosures")).json()["items"]
    return next(one for one in items if one["event_type"] == "referral.requested")


@pytest.mark.parametrize("agency", list(Agency), ids=str)
async def test_each_kind_that_is_over_is_removed_at_every_agency(network: Network, agency: Agency) -> None:
    async with bench(network, agency) as service, service.client(OURS[agency], "supervisor") as client:
        await something_to_read(service, client)
        service.clock.turn_to("2099-01-01T00:00:00+05:00")
        async with service.work() as work:
            await keep_house(work, service.app.state.parts.files)
        left = await left_over(service, sources(agency))
    assert left == [], "rows that ended long ago"


async def left_over(service: Bench, told: list[Source]) -> list[str]:
    found = []
    async with service.work() as work:
        for one in [one for source in told for one in source.removed]:
            if (await work.session.exec(select(one.table).where(one.ended.is_not(None), one.over))).first() is not None:
                found.append(str(one.table.__tablename__))
    return found
