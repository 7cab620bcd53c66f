"""Whether whom they referred came to sessions is told to the police on a basis, and nothing else is (F7)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.casework.loops import end_what_ran_out
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NOW, POLICE, SPOKEN, UNTIL, made
from tests.workbench import Bench, bench

SOCIAL, NAME = "social-19", "Серіков"
COURT = {
    "kind": "court_decision",
    "court": {"number": "7599-26/112", "decided_on": "2026-03-02", "until": "2026-04-30"},
}
PROGRAMME = {"name": "Ашуды басқару", "purpose": "psycho_correction"}
AFTER = "2026-04-02T20:00:00+05:00"


@dataclass
class Ends:
    """The police, an akimat that runs a programme, and a worker at each."""

    police: Bench
    social: Bench
    officer: httpx.AsyncClient
    worker: httpx.AsyncClient
    programme: str = ""
    session: str = ""

    def turn_to(self, iso: str) -> None:
        for service in (self.police, self.social):
            service.clock.turn_to(iso)


@pytest.fixture
async def ends(network: Network) -> AsyncIterator[Ends]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SOCIAL, at=NOW) as social,
        police.client(POLICE) as officer,
        social.client(SOCIAL) as worker,
    ):
        one = Ends(police, social, officer, worker)
        one.programme = await made(await worker.post("/programmes", json=PROGRAMME))
        starts = {"starts_at": "2026-04-02T18:00:00+05:00", "minutes": 90}
        one.session = await made(await worker.post(f"/programmes/{one.programme}/sessions", json=starts))
        yield one


async def referred(ends: Ends, *, on_consent: bool = True, role: str = "alleged_offender") -> tuple[str | None, str]:
    """(consent, referral), accepted by the akimat."""
    him = await made(await ends.officer.post("/persons", json={"role": role, "family_name": NAME}))
    body: dict[str, Any] = {"to": {"organisation": SOCIAL}, "purpose": "psycho_correction", "subject": role}
    body |= {"basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01", "person_id": him}
    consent = None
    if on_consent:
        given: dict[str, Any] = {
            "purposes": ["psycho_correction"],
            "recipients": ["social"],
            "categories": ["identity"],
        }
        given |= {"person_id": him, "valid_until": UNTIL, **SPOKEN}
        consent = await made(await ends.officer.post("/consents", json=given))
        body["basis"] = {"kind": "consent", "consent_id": consent}
    referral = await made(await ends.officer.post("/referrals", json=body))
    await exchange(ends.police, ends.social)
    assert (await ends.worker.post(f"/referrals/{referral}/accept")).status_code == 200
    return consent, referral


async def enrolled(ends: Ends, referral: str, told_on: dict[str, Any] | None = None) -> str:
    body = {"referral_id": referral, "told_on": told_on}
    return await made(await ends.worker.post(f"/programmes/{ends.programme}/enrolments", json=body))


async def recorded(ends: Ends, enrolment: str, *, attended: bool) -> dict[str, Any]:
    ends.turn_to(AFTER)
    body = {"enrolment_id": enrolment, "attended": attended}
    answer = await ends.worker.post(f"/sessions/{ends.session}/attendance", json=body)
    assert answer.status_code == 200, answer.text
    await exchange(ends.police, ends.social)
    return dict(answer.json())


async def seen(ends: Ends, referral: str) -> list[dict[str, Any]]:
    return list((await ends.officer.get(f"/referrals/{referral}/progress")).json()["items"])


async def test_on_his_consent_the_police_learn_that_he_came_and_nothing_more(ends: Ends) -> None:
    consent, referral = await referred(ends)
    enrolment = await enrolled(ends, referral, {"kind": "consent", "consent_id": consent})
    assert (await recorded(ends, enrolment, attended=True))["told"] is True
    (one,) = await seen(ends, referral)
    assert (one["kind"], one["basis"], one["consent_id"]) == ("attendance", "consent", consent)
    assert (one["content"]["held_on"], one["content"]["attended"]) == ("2026-04-02", True)
    assert set(one["content"]) == {"referral_id", "attendance_id", "revision", "at", "held_on", "attended"}
    assert (await ends.officer.get(f"/referrals/{referral}")).json()["state"] == "in_progress"


async def test_a_correction_replaces_what_was_told(ends: Ends) -> None:
    consent, referral = await referred(ends)
    enrolment = await enrolled(ends, referral, {"kind": "consent", "consent_id": consent})
    await recorded(ends, enrolment, attended=True)
    await recorded(ends, enrolment, attended=False)
    (one,) = await seen(ends, referral)
    assert (one["content"]["attended"], one["revision"]) == (False, 2)


async def test_without_a_basis_nothing_is_told(ends: Ends) -> None:
    _, referral = await referred(ends)
    done = await recorded(ends, await enrolled(ends, referral), attended=False)
    assert (done["attended"], done["told"], done["kept_back_by"]) == (False, False, "no basis")
    assert await seen(ends, referral) == []


async def test_a_court_that_orders_the_programme_is_told_on_until_its_decision_ends(ends: Ends) -> None:
    _, referral = await referred(ends, on_consent=False)
    await recorded(ends, await enrolled(ends, referral, COURT), attended=False)
    (one,) = await seen(ends, referral)
    assert (one["basis"], one["content"]["attended"]) == ("court_decision", False)
    ends.turn_to("2026-05-01T00:00:00+05:00")
    assert set((await seen(ends, referral))[0]["content"]) == set()  # before any loop has erased it
    async with ends.police.work() as work:
        assert await end_what_ran_out(work) == 1
    (gone,) = await seen(ends, referral)
    assert (gone["content"], gone["erased_at"] is not None) == ({}, True)


async def test_when_he_takes_his_consent_back_what_was_told_on_it_is_erased(ends: Ends) -> None:
    consent, referral = await referred(ends)
    enrolment = await enrolled(ends, referral, {"kind": "consent", "consent_id": consent})
    await recorded(ends, enrolment, attended=True)
    await ends.officer.post(f"/consents/{consent}/withdraw")
    await exchange(ends.police, ends.social)
    (gone,) = await seen(ends, referral)
    assert (gone["content"], gone["erased_at"] is not None) == ({}, True)
    left = (await ends.worker.get(f"/enrolments/{enrolment}")).json()
    assert (left["state"], left["basis"], [a["attended"] for a in left["attendance"]]) == ("withdrawn", None, [None])
    body = {"enrolment_id": enrolment, "attended": True}
    assert (await ends.worker.post(f"/sessions/{ends.session}/attendance", json=body)).status_code == 409


async def test_another_persons_consent_and_a_basis_that_tells_nothing_are_refused(ends: Ends) -> None:
    _, referral = await referred(ends)
    other, _ = await referred(ends)
    path = f"/programmes/{ends.programme}/enrolments"
    wrong = {"referral_id": referral, "told_on": {"kind": "consent", "consent_id": other}}
    assert (await ends.worker.post(path, json=wrong)).status_code == 422
    duty = {"referral_id": referral, "told_on": {"kind": "statutory_duty"}}
    assert (await ends.worker.post(path, json=duty)).status_code == 422
    over = {**COURT, "court": {"number": "1", "decided_on": "2025-01-01", "until": "2026-01-01"}}
    answer = await ends.worker.post(path, json={"referral_id": referral, "told_on": over})
    assert (answer.status_code, answer.json()["rule"]) == (403, "F-NO-COURT-DECISION")


async def test_who_was_not_accepted_or_is_enrolled_already_is_not_enrolled(ends: Ends) -> None:
    _, referral = await referred(ends)
    await enrolled(ends, referral)
    path = f"/programmes/{ends.programme}/enrolments"
    assert (await ends.worker.post(path, json={"referral_id": referral})).status_code == 409
    other = {"name": "Психолог", "purpose": "psychological_help"}
    elsewhere = await made(await ends.worker.post("/programmes", json=other))
    answer = await ends.worker.post(f"/programmes/{elsewhere}/enrolments", json={"referral_id": referral})
    assert answer.status_code == 422
    _, second = await referred(ends)
    await ends.worker.post(f"/referrals/{second}/withdraw")
    assert (await ends.worker.post(path, json={"referral_id": second})).status_code == 409


async def test_attendance_is_recorded_once_the_session_has_begun_and_until_taking_part_ends(ends: Ends) -> None:
    _, referral = await referred(ends)
    enrolment = await enrolled(ends, referral)
    body = {"enrolment_id": enrolment, "attended": True}
    assert (await ends.worker.post(f"/sessions/{ends.session}/attendance", json=body)).status_code == 409
    ends.turn_to(AFTER)
    ended = await ends.worker.post(f"/enrolments/{enrolment}/end", json={"outcome": "completed"})
    assert (ended.status_code, ended.json()["state"]) == (200, "completed")
    assert (await ends.worker.post(f"/sessions/{ends.session}/attendance", json=body)).status_code == 409
    assert (await ends.worker.post(f"/enrolments/{enrolment}/end", json={"outcome": "left"})).status_code == 409


async def test_another_organisations_programme_does_not_exist(ends: Ends) -> None:
    _, referral = await referred(ends)
    enrolment = await enrolled(ends, referral)
    async with ends.social.client("social-23") as stranger:
        for path in (f"/programmes/{ends.programme}", f"/programmes/{ends.programme}/enrolments"):
            assert (await stranger.get(path)).status_code == 404
        assert (await stranger.get(f"/enrolments/{enrolment}")).status_code == 404
        assert (await stranger.get(f"/referrals/{referral}/progress")).status_code == 404
        assert (await stranger.post(f"/enrolments/{enrolment}/end", json={"outcome": "left"})).status_code == 404
        body = {"enrolment_id": enrolment, "attended": True}
        assert (await stranger.post(f"/sessions/{ends.session}/attendance", json=body)).status_code == 404
