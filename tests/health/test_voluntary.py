"""Voluntary treatment of addiction (F8): anonymous if the patient wishes, and refused with a note that both signed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import httpx
import pytest

from deploy.network import Network
from services.health.voluntary.domain import CONSEQUENCES, Consequence, to_explain, why_no_note
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NAME, NOW, made
from tests.treating import CLINIC
from tests.workbench import Bench, bench

DAY = date(2026, 3, 20)
SHEET = {"signed_on": "2026-03-20", "sha256": "9f" * 32}
ALL = [str(one) for one in Consequence]
NOTE = {"explained_in": "kk", "consequences": ALL, "signed_by": "self", "patient": SHEET, "addictologist": SHEET}
PATIENT = {"role": "victim", "family_name": NAME, "birth_date": "1991-04-12"}
CHILD = {"birth_date": "2012-05-01"}
Json = dict[str, Any]


def test_all_that_may_follow_from_a_refusal_is_explained_as_the_law_of_the_day_has_it() -> None:
    assert to_explain(DAY) == frozenset(Consequence)
    assert to_explain(date(2008, 1, 1)) == frozenset(Consequence) - {Consequence.ILLNESS_WORSENS}
    ended = tuple(replace(row, valid_until=DAY) for row in CONSEQUENCES)
    assert to_explain(DAY, rows=ended) == frozenset()
    assert all(row.source for row in CONSEQUENCES)


def test_a_note_without_one_of_them_or_with_a_signature_of_tomorrow_is_none() -> None:
    said: Json = {"signed": (DAY, DAY), "on": DAY, "rows": CONSEQUENCES}
    assert why_no_note(explained=frozenset(Consequence), **said) is None
    for one in Consequence:
        assert why_no_note(explained=frozenset(Consequence) - {one}, **said) is not None
    tomorrow = {**said, "signed": (DAY, date(2026, 3, 21))}
    assert why_no_note(explained=frozenset(Consequence), **tomorrow) == "a note is not signed in the future"


@dataclass
class Ward:
    """An addictology organisation at rest, with a worker."""

    health: Bench
    doctor: httpx.AsyncClient

    async def patient(self, **who: Any) -> str:
        return await made(await self.doctor.post("/persons", json={**PATIENT, **who}))

    async def offers(self, person: str, **more: Any) -> httpx.Response:
        return await self.doctor.post("/voluntary-treatments", json={"person_id": person, **more})

    async def offered(self, person: str | None = None, **more: Any) -> str:
        return await made(await self.offers(person or await self.patient(), **more))

    async def does(self, treatment: str, what: str, body: Json) -> httpx.Response:
        return await self.doctor.post(f"/voluntary-treatments/{treatment}/{what}", json=body)

    async def at(self, treatment: str) -> Json:
        answer = await self.doctor.get(f"/voluntary-treatments/{treatment}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
async def ward(network: Network) -> AsyncIterator[Ward]:
    async with (
        bench(network, Agency.HEALTH, at=NOW) as health,
        health.client(CLINIC, "worker", "supervisor") as doctor,
    ):
        yield Ward(health, doctor)


@pytest.mark.parametrize("outcome", ["completed", "stopped"])
async def test_treatment_is_offered_begins_with_agreement_and_ends(ward: Ward, outcome: str) -> None:
    treatment = await ward.offered()
    assert (await ward.at(treatment))["state"] == "offered"
    assert (await ward.does(treatment, "begin", {"agreed_by": "self"})).status_code == 200
    under_way = await ward.at(treatment)
    assert (under_way["state"], under_way["agreed_by"], under_way["began_at"]) == (
        "under_way",
        "self",
        "2026-03-20T07:00:00Z",
    )
    assert (await ward.does(treatment, "end", {"outcome": outcome})).status_code == 200
    ended = await ward.at(treatment)
    assert (ended["state"], ended["ended_at"]) == (outcome, "2026-03-20T07:00:00Z")


async def test_who_is_anonymous_is_treated_alike_and_nothing_is_told_of_anybody(ward: Ward) -> None:
    nobody = await made(await ward.doctor.post("/persons", json={"role": "victim", "anonymous": True}))
    treatment = await ward.offered(nobody, agreed_by="self")
    assert (await ward.does(treatment, "end", {"outcome": "completed"})).status_code == 200
    assert (await ward.does(await ward.offered(nobody), "refusal", NOTE)).status_code == 200
    assert await ward.health.waiting() == []
    assert (await ward.doctor.get("/disclosures")).json()["items"] == []


@pytest.mark.parametrize("begun", [False, True])
async def test_a_refusal_is_a_note_with_what_was_explained_and_both_signatures(ward: Ward, begun: bool) -> None:
    treatment = await ward.offered(**({"agreed_by": "self"} if begun else {}))
    assert (await ward.does(treatment, "refusal", NOTE)).status_code == 200
    refused = await ward.at(treatment)
    assert (refused["state"], refused["refusal"]) == ("refused", NOTE)
    assert await ward.health.waiting() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"consequences": ALL[:2]},
        {"consequences": []},
        {"patient": None},
        {"addictologist": None},
        {"patient": {**SHEET, "signed_on": "2026-03-21"}},
        {"addictologist": {**SHEET, "sha256": "unsigned"}},
        {"signed_by": "guardianship_authority"},
        {"signed_by": "legal_representative"},
        {"explained_in": "kazakh"},
        {"story": "x"},
    ],
)
async def test_what_lacks_an_explanation_or_a_signature_is_no_note(ward: Ward, wrong: Json) -> None:
    treatment = await ward.offered()
    assert (await ward.does(treatment, "refusal", {**NOTE, **wrong})).status_code == 422
    assert (await ward.at(treatment))["state"] == "offered"


async def test_for_a_minor_a_representative_agrees_and_signs_and_not_the_child(ward: Ward) -> None:
    child = await ward.patient(**CHILD)
    assert (await ward.offers(child, agreed_by="self")).status_code == 422
    treatment = await ward.offered(child, agreed_by="legal_representative")
    assert (await ward.does(treatment, "refusal", NOTE)).status_code == 422
    signed = {**NOTE, "signed_by": "legal_representative"}
    assert (await ward.does(treatment, "refusal", signed)).status_code == 200


async def test_a_representative_who_is_the_alleged_offender_decides_nothing(ward: Ward) -> None:
    child = await ward.patient(**CHILD, representative_is_alleged_offender=True)
    assert (await ward.offers(child, agreed_by="legal_representative")).status_code == 422
    treatment = await ward.offered(child)
    signed = {**NOTE, "signed_by": "legal_representative"}
    assert (await ward.does(treatment, "refusal", signed)).status_code == 422


async def test_the_guardianship_authority_agrees_only_once_it_has_answered_that_it_consents(
    ward: Ward, network: Network
) -> None:
    child = await ward.patient(**CHILD, representative_is_alleged_offender=True)
    treatment = await ward.offered(child)
    agreed = {"agreed_by": "guardianship_authority"}
    assert (await ward.does(treatment, "begin", agreed)).status_code == 409
    async with bench(network, Agency.SOCIAL, at=NOW) as social, social.client("social-19") as guardian:
        for answer, status in (("refuses", 409), ("consents", 200)):
            asked = {"person_id": child, "to": "social-19", "call_back": "+7 727 000 01 03"}
            request = await made(await ward.doctor.post("/guardian-requests", json=asked))
            await exchange(ward.health, social)
            await guardian.post(f"/guardian-requests/{request}/answer", json={"answer": answer})
            ward.health.clock.turn_to(
                "2026-03-20T12:00:01+05:00" if answer == "refuses" else "2026-03-20T12:00:02+05:00"
            )
            await exchange(social, ward.health)
            assert (await ward.does(treatment, "begin", agreed)).status_code == status, answer
    assert (await ward.at(treatment))["agreed_by"] == "guardianship_authority"


async def test_what_is_not_possible_now_is_refused(ward: Ward) -> None:
    treatment = await ward.offered()
    assert (await ward.does(treatment, "end", {"outcome": "completed"})).status_code == 409
    await ward.does(treatment, "refusal", NOTE)
    for what, body in (("begin", {"agreed_by": "self"}), ("refusal", NOTE), ("end", {"outcome": "stopped"})):
        assert (await ward.does(treatment, what, body)).status_code == 409, what
    assert (await ward.does(treatment, "end", {"outcome": "refused"})).status_code == 422


async def test_another_organisations_treatment_and_patient_do_not_exist(ward: Ward) -> None:
    person = await ward.patient()
    treatment = await ward.offered(person)
    async with ward.health.client("hospital-19", "worker") as stranger:
        assert (await stranger.get(f"/voluntary-treatments/{treatment}")).status_code == 404
        assert (await stranger.get("/voluntary-treatments")).json()["items"] == []
        assert (await stranger.post("/voluntary-treatments", json={"person_id": person})).status_code == 404
        for what, body in (("begin", {"agreed_by": "self"}), ("refusal", NOTE), ("end", {"outcome": "stopped"})):
            answer = await stranger.post(f"/voluntary-treatments/{treatment}/{what}", json=body)
            assert answer.status_code == 404, what


async def test_who_only_counts_reads_no_treatment(ward: Ward) -> None:
    treatment = await ward.offered()
    async with ward.health.client(CLINIC, "statistician") as nobody:
        assert (await nobody.get(f"/voluntary-treatments/{treatment}")).status_code == 403
        assert (await nobody.get("/voluntary-treatments")).status_code == 403


async def test_who_agreed_and_the_note_go_with_the_patient_who_is_erased_and_treatment_still_ends(ward: Ward) -> None:
    person = await ward.patient()
    refused, going_on = await ward.offered(person), await ward.offered(person, agreed_by="self")
    await ward.does(refused, "refusal", NOTE)
    assert (await ward.doctor.delete(f"/persons/{person}")).status_code == 200
    assert (await ward.at(refused))["refusal"] is None
    assert (await ward.at(going_on))["agreed_by"] is None
    assert (await ward.does(going_on, "end", {"outcome": "stopped"})).status_code == 200
    assert (await ward.offers(person)).status_code == 410


async def test_treatment_by_a_referral_begins_with_one_to_addiction_treatment_that_was_accepted_here(
    ward: Ward, network: Network
) -> None:
    async with bench(network, Agency.POLICE, at=NOW) as police, police.client("police-19") as officer:
        terms: Json = {"basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01"}
        to = {"to": {"organisation": CLINIC}, **terms}
        sent = [
            await made(await officer.post("/referrals", json={**to, "purpose": purpose}))
            for purpose in ("addiction_treatment", "medical_examination")
        ]
        await exchange(police, ward.health)
        right, wrong = sent
        person = await ward.patient()
        assert (await ward.offers(person, referral_id=right)).status_code == 409
        for referral in sent:
            assert (await ward.doctor.post(f"/referrals/{referral}/accept")).is_success
        assert (await ward.offers(person, referral_id=wrong)).status_code == 422
        assert (await ward.offers(person, referral_id=person)).status_code == 404
        treatment = await ward.offered(person, referral_id=right, agreed_by="self")
        assert (await ward.at(treatment))["referral_id"] == right
