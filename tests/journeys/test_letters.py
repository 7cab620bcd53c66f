"""A school and a prosecutor, who have no service, are written to on paper (F5, F10) while the agencies' services run:
what a letter says, that its page came back, and that the end of a consent is told to who was written to on it."""

import io
from datetime import datetime, timedelta

import pytest
from pypdf import PdfReader

from deploy.demo.office import Json, Office, eventually
from deploy.demo.people import in_thirty_days
from deploy.demo.stage import Stage
from deploy.network import Network
from shared.contract.calendar import ZONE
from shared.contract.vocabulary import Agency, Partner
from tests.partners import make_known

pytestmark = pytest.mark.processes  # partners are made known through the databases
HER = {"role": "victim", "family_name": "Төлегенова", "given_name": "Айжан", "address": "Абай көшесі, 7"}
CALL_BACK = "+7 727 000 01 05"


async def printed(office: Office, path: str) -> str:
    answer = await office.client.get(path, params={"language": "kk"})
    assert answer.status_code == 200, answer.text
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)


async def consented(office: Office, person: str, purpose: str, to: str) -> str:
    given = {"person_id": person, "purposes": [purpose], "recipients": [to], "categories": ["identity", "narrative"]}
    given |= {"valid_until": in_thirty_days(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    return str((await office.post("/consents", given))["id"])


async def her_order(police: Office) -> tuple[str, str, str]:
    """(order, her, him)"""
    her = (await police.post("/persons", HER))["id"]
    him = (await police.post("/persons", {"role": "alleged_offender", "family_name": "Жақыпов"}))["id"]
    today = datetime.now(ZONE).date()
    body = {"kind": "protective", "protected_id": her, "alleged_offender_id": him, "asks": ["no_contact"]}
    body |= {"from_day": today.isoformat(), "last_day": (today + timedelta(days=10)).isoformat()}
    return (await police.post("/orders", body))["id"], her, him


async def test_a_school_is_written_to_on_her_consent_confirms_it_and_is_told_when_the_consent_has_ended(
    stage: Stage, network: Network
) -> None:
    social, police = stage.at("social"), stage.at("police")
    school = f"school-{social.organisation}"
    await make_known(network, Agency.SOCIAL, **{school: Partner.SCHOOL})
    her = (await social.post("/persons", HER))["id"]
    consent = await consented(social, her, "restoration_of_rights", "school")
    body = {"to": school, "person_id": her, "purpose": "restoration_of_rights", "call_back": CALL_BACK}
    body |= {"basis": {"kind": "consent", "consent_id": consent}, "circumstances": "Қызы мектеп ауыстырады."}
    letter = await social.post("/letters", body)
    paper = await printed(social, f"/letters/{letter['id']}/pdf")
    assert [
        word for word in ("Төлегенова Айжан", letter["number"], f"{school} kk", CALL_BACK) if word not in paper
    ] == []
    assert "Абай көшесі" not in paper
    today = datetime.now(ZONE).date().isoformat()
    came_back = {"their_number": "31-26", "came_back_on": today, "signed_by": "Директор"}
    assert (await social.post(f"/letters/{letter['id']}/confirm", came_back))["end"] == "confirmed"

    await social.post(f"/consents/{consent}/withdraw")
    assert (await social.client.get(f"/letters/{letter['id']}/pdf", params={"language": "kk"})).status_code == 410
    recall = await printed(social, f"/letters/{letter['id']}/recall")
    assert letter["number"] in recall
    assert "Төлегенова" not in recall
    ended = await social.post(f"/letters/{letter['id']}/recall", {"end": "erased_there", "on": today})
    assert (ended["content"], ended["recall_end"]) == (None, "erased_there")
    told = (await social.get(f"/persons/{her}/disclosures"))["items"]
    assert {(one["event_type"], one["delivery"], one["recipient"]["agency"]) for one in told} == {
        ("letter.written", "on_paper", "school"),
        ("letter.recalled", "on_paper", "school"),
    }
    assert school not in {one["id"] for one in (await police.get("/partners"))["items"]}
    assert school not in {one["id"] for one in (await social.get("/organisations"))["items"]}


async def test_a_prosecutor_learns_by_duty_whom_an_order_is_against_and_a_school_on_consent_whom_it_protects(
    stage: Stage, network: Network
) -> None:
    police = stage.at("police")
    school, prosecutor = f"school-{police.organisation}", f"prosecutor-{police.organisation}"
    await make_known(network, Agency.POLICE, **{school: Partner.SCHOOL, prosecutor: Partner.PROSECUTOR})
    order, her, him = await her_order(police)
    about = {"purpose": "protection_order", "order_id": order, "call_back": CALL_BACK}
    duty = {"to": prosecutor, "person_id": him, "subject": "alleged_offender", "basis": {"kind": "statutory_duty"}}
    to_prosecutor = await police.post("/letters", {**about, **duty})
    assert "Жақыпов" in await printed(police, f"/letters/{to_prosecutor['id']}/pdf")
    assert "Төлегенова" not in str(to_prosecutor)
    unasked = {"to": school, "person_id": her, "basis": {"kind": "statutory_duty"}}
    refused = await police.client.post("/letters", json={**about, **unasked})
    assert (refused.status_code, refused.json()["rule"]) == (403, "NO-RULE")
    consent = await consented(police, her, "protection_order", school)
    asked = {**unasked, "basis": {"kind": "consent", "consent_id": consent}}
    to_school = await police.post("/letters", {**about, **asked})
    assert "Жақыпов" not in str(to_school)

    async def due() -> list[Json]:
        items = (await police.get("/deadlines"))["items"]
        return [one for one in items if one["concerning"] in {to_prosecutor["id"], to_school["id"]}]

    assert [one["kind"] for one in await eventually("both pages are waited for", due)] == ["letter_confirmed"] * 2
