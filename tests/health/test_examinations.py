"""What only health does: examinations, which stay in health."""

from collections.abc import AsyncIterator

import pytest

from deploy.demo.stage import Stage
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.journeys.test_referrals import send
from tests.workbench import Bench, bench

FOUND = {"kind": "injuries", "findings": "Гематома левого предплечья."}


async def test_an_examination_belongs_to_a_referral_that_was_accepted_here(stage: Stage) -> None:
    police, hospital = stage.at("police"), stage.at("hospital")
    referral = await send(police, hospital, purpose="medical_examination")
    early = await hospital.client.post("/examinations", json={**FOUND, "referral_id": referral})
    await hospital.post(f"/referrals/{referral}/accept")
    made = await hospital.post("/examinations", {**FOUND, "referral_id": referral})
    assert early.status_code == 409
    assert (await hospital.get(f"/examinations/{made['id']}"))["findings"] == FOUND["findings"]


async def test_another_clinic_of_the_same_service_does_not_see_it(stage: Stage) -> None:
    hospital, clinic = stage.at("hospital"), stage.at("addictology")
    made = await hospital.post("/examinations", FOUND)
    referral = await send(stage.at("police"), hospital, purpose="medical_examination")
    assert (await clinic.client.get(f"/examinations/{made['id']}")).status_code == 404
    assert (await clinic.client.post("/examinations", json={**FOUND, "referral_id": referral})).status_code == 404


async def test_detoxification_beds_are_on_the_same_board(stage: Stage) -> None:
    clinic, police = stage.at("addictology"), stage.at("police")
    await clinic.count("detox", kind="detoxification", capacity=2, occupied=1)
    body = {"purpose": "addiction_treatment", "subject": "alleged_offender", "hold": "detoxification"}
    referral = await send(police, clinic, **body)
    assert (await clinic.get(f"/referrals/{referral}"))["hold_state"] == "held"
    assert (await clinic.get("/units/detox"))["free"] == 0


@pytest.fixture
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH) as service:
        yield service


async def test_examinations_are_listed_page_by_page_and_another_clinics_are_not(health: Bench) -> None:
    async with health.client("hospital-19") as doctor, health.client("addictology-19") as stranger:
        recorded = []
        for minute in range(3):
            health.clock.turn_to(f"2026-03-20T12:0{minute}:00+05:00")
            recorded.append((await doctor.post("/examinations", json=FOUND)).json()["id"])
        first = (await doctor.get("/examinations", params={"limit": 2})).json()
        second = (await doctor.get("/examinations", params={"limit": 2, "cursor": first["next"]})).json()
        assert [one["id"] for one in first["items"] + second["items"]] == recorded[::-1]
        assert (first["items"][0]["findings"], second["next"]) == (FOUND["findings"], None)
        assert (await stranger.get("/examinations")).json()["items"] == []
