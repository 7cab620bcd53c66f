"""Programmes in health: of addiction and sexual health nobody is told who came, and a shelter never is (F7)."""

from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NOW, SPOKEN, UNTIL, made
from tests.workbench import bench

OURS = {Agency.POLICE: "police-19", Agency.SHELTER: "shelter-far-19"}


async def consented(sender: httpx.AsyncClient, purpose: str) -> dict[str, Any]:
    """A referral of her, on her consent."""
    her = await made(await sender.post("/persons", json={"role": "victim", "family_name": "Ахметова"}))
    given = {"person_id": her, "purposes": [purpose], "recipients": ["health"], "categories": ["identity"], **SPOKEN}
    consent = await made(await sender.post("/consents", json={**given, "valid_until": UNTIL}))
    basis = {"kind": "consent", "consent_id": consent}
    return {"to": {"organisation": "hospital-19"}, "purpose": purpose, "person_id": her, "basis": basis}


@pytest.mark.parametrize(
    ("agency", "purpose", "rule"),
    [
        (Agency.POLICE, "psychological_help", None),
        (Agency.POLICE, "sexual_health", "NO-RULE"),
        (Agency.POLICE, "addiction_treatment", "NO-RULE"),
        (Agency.SHELTER, "psychological_help", "NO-RULE"),
        (Agency.SHELTER, "psycho_correction", "NO-RULE"),
    ],
)
async def test_she_is_referred_to_each_and_who_came_is_told_of_some(
    network: Network, agency: Agency, purpose: str, rule: str | None
) -> None:
    async with (
        bench(network, agency, at=NOW) as theirs,
        bench(network, Agency.HEALTH, at=NOW) as health,
        theirs.client(OURS[agency]) as sender,
        health.client("hospital-19") as doctor,
    ):
        asked = await consented(sender, purpose)
        referral = await made(await sender.post("/referrals", json={**asked, "call_back": "+7 727 000 00 01"}))
        await exchange(theirs, health)
        assert (await doctor.post(f"/referrals/{referral}/accept")).status_code == 200
        programme = await made(await doctor.post("/programmes", json={"name": "Топ", "purpose": purpose}))
        body = {"referral_id": referral, "told_on": asked["basis"]}
        answer = await doctor.post(f"/programmes/{programme}/enrolments", json=body)
        assert (answer.status_code, answer.json().get("rule")) == (403 if rule else 201, rule)
        if rule:
            await made(await doctor.post(f"/programmes/{programme}/enrolments", json={"referral_id": referral}))


async def test_who_does_what_is_found_in_the_directory(network: Network) -> None:
    async with bench(network, Agency.POLICE, at=NOW) as police, police.client("police-19") as officer:
        for purpose, agency in (("sexual_health", "health"), ("psycho_correction", "social")):
            found = (await officer.get("/organisations", params={"purpose": purpose})).json()["items"]
            assert found, purpose
            assert {one["agency"] for one in found} == {agency}, purpose
