"""Orders as the police make them (F10): within the law of the day; who treats him is told that he must, no more."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.contract.events import OrderIssued
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NOW, POLICE, made
from tests.workbench import Bench, bench

HER_NAME, HER_HOME, HIS_NAME, HIS_HOME = "Ахметова", "Есік қ., Абай к-сі, 5", "Жұмабаев", "Талғар қ., Рысқұлов к-сі, 9"
TODAY = "2026-03-20"
COURT = {"number": "7599-26-00-4/112", "decided_on": TODAY, "until": "2027-03-20"}
BY_COURT: dict[str, Any] = {"kind": "behaviour_requirements", "last_day": "2026-09-20", "court": COURT}
TREATED = {"asks": ["no_contact", "addiction_treatment"], "treat_at": "hospital-19"}


@dataclass
class Desk:
    """An officer, and two people whom the police know."""

    police: Bench
    officer: httpx.AsyncClient
    her: str
    him: str

    async def order(self, **more: Any) -> httpx.Response:
        body = {"kind": "protective", "protected_id": self.her, "alleged_offender_id": self.him, "from_day": TODAY}
        return await self.officer.post("/orders", json={**body, "asks": ["no_contact"], **more})

    async def made(self, **more: Any) -> dict[str, Any]:
        answer = await self.order(**more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture
async def desk(network: Network) -> AsyncIterator[Desk]:
    async with bench(network, Agency.POLICE, at=NOW) as police, police.client(POLICE, "supervisor") as officer:
        her = {"role": "victim", "family_name": HER_NAME, "address": HER_HOME}
        him = {"role": "alleged_offender", "family_name": HIS_NAME, "address": HIS_HOME, "phone": "+7 701 000 00 07"}
        ids = [await made(await officer.post("/persons", json=one)) for one in (her, him)]
        yield Desk(police, officer, *ids)


async def test_a_protective_order_lasts_thirty_days_and_no_longer(desk: Desk) -> None:
    order = await desk.made()
    assert (order["state"], order["last_day"], order["version"]) == ("in_force", "2026-04-19", 1)
    longer = await desk.officer.post(f"/orders/{order['id']}/extend", json={"last_day": "2026-04-20"})
    assert (longer.status_code, "No. 175-V" in longer.json()["detail"]) == (422, True)
    left = (await desk.officer.get(f"/orders/{order['id']}")).json()
    assert left == order


async def test_that_and_where_he_is_treated_stands_in_his_file_and_not_in_hers(desk: Desk) -> None:
    await desk.made(**BY_COURT, **TREATED)
    read = {}
    for whom in (desk.her, desk.him):
        entries = (await desk.officer.get(f"/persons/{whom}/file")).json()["items"]
        (read[whom],) = [one["content"] for one in entries if one["kind"] == "order"]
    assert (read[desk.him]["treat_at"], set(read[desk.him]["asks"])) == ("hospital-19", set(TREATED["asks"]))
    assert ("treat_at" in read[desk.her], read[desk.her]["asks"]) == (False, ["no_contact"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_day": "2026-04-20"},
        {"from_day": "2026-03-21"},
        {"from_day": "2026-01-10", "last_day": "2026-02-09"},
        {"kind": "barring", "court": COURT},
        {"asks": ["addiction_treatment"], "treat_at": "hospital-19"},
        {**BY_COURT, "court": None},
        {**BY_COURT, "last_day": "2026-06-19"},
        {**BY_COURT, "court": {**COURT, "until": "2026-09-19"}},
        {**BY_COURT, "asks": ["report_to_police"], "reports_a_month": 5},
        {**BY_COURT, "asks": ["leave_home"], "home_until": "2026-04-20"},
        {**BY_COURT, "asks": ["addiction_treatment"]},
        {**BY_COURT, "treat_at": "hospital-19"},
        {**BY_COURT, **TREATED, "treat_at": "shelter-near-19"},
        {**BY_COURT, **TREATED, "treat_at": "hospital-nowhere"},
        {"asks": []},
    ],
)
async def test_what_the_law_does_not_know_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    assert (await desk.order(**wrong)).status_code == 422
    assert (await desk.officer.get("/orders")).json()["items"] == []


async def test_it_names_people_whom_the_police_know_in_their_roles(desk: Desk) -> None:
    for wrong in ({"protected_id": desk.him}, {"alleged_offender_id": desk.her}, {"dependants": [desk.him]}):
        assert (await desk.order(**wrong)).status_code == 422, wrong
    async with desk.police.client("police-rural-19") as others:
        stranger = await made(await others.post("/persons", json={"role": "victim"}))
    assert (await desk.order(protected_id=stranger)).status_code == 404
    assert (await desk.order(incident_id=stranger)).status_code == 404


async def test_a_court_can_extend_its_requirements_to_a_year_in_all(desk: Desk) -> None:
    asked = {"asks": ["report_to_police", "leave_home"], "reports_a_month": 4, "home_until": "2026-04-19"}
    order = await desk.made(**BY_COURT, **asked)
    where = f"/orders/{order['id']}/extend"
    extended = (await desk.officer.post(where, json={"last_day": "2027-03-20"})).json()
    assert (extended["last_day"], extended["version"], extended["reports_a_month"]) == ("2027-03-20", 2, 4)
    for day in ("2027-03-21", "2027-03-20", "2026-09-20"):
        assert (await desk.officer.post(where, json={"last_day": day})).status_code == 422


async def test_an_order_that_was_lifted_is_neither_extended_nor_lifted_again(desk: Desk) -> None:
    order = await desk.made(last_day="2026-04-01")
    lifted = (await desk.officer.post(f"/orders/{order['id']}/end", json={"end": "lifted"})).json()
    assert (lifted["state"], lifted["end"]) == ("ended", "lifted")
    assert (await desk.officer.get("/deadlines")).json()["items"] == []
    for what, body in (("end", {"end": "lifted"}), ("extend", {"last_day": "2026-04-10"})):
        again = await desk.officer.post(f"/orders/{order['id']}/{what}", json=body)
        assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "not-in-force")


async def test_it_is_broken_while_it_is_in_force_and_not_in_the_future(desk: Desk) -> None:
    order = await desk.made(from_day="2026-03-19")
    where = f"/orders/{order['id']}/breaches"
    for when in ("2026-03-18T23:59:59+05:00", "2026-03-20T12:00:01+05:00"):
        assert (await desk.officer.post(where, json={"breached_at": when})).status_code == 422
    answer = await desk.officer.post(where, json={"breached_at": "2026-03-19T00:00:00+05:00"})
    assert answer.status_code == 201
    (warning,) = (await desk.officer.get("/warnings")).json()["items"]
    assert (warning["pattern"], warning["person_id"]) == ("orders_breached", desk.her)
    assert warning["facts"][0]["id"] == answer.json()["breaches"][0]["id"]
    assert warning["reason"]["ru"] == "Нарушено предписание, которое защищает."


async def test_who_treats_him_learns_who_he_is_and_that_he_must_and_nothing_of_her(
    desk: Desk, network: Network
) -> None:
    order = await desk.made(**BY_COURT, **TREATED)
    assert [(one["recipient_id"], one["purpose"]) for one in order["told"]] == [("hospital-19", "compulsory_treatment")]
    (letter,) = [e for e in await desk.police.waiting() if e and isinstance(e.data.content, OrderIssued)]
    said = letter.model_dump_json()
    for word in (
        HER_NAME,
        HER_HOME,
        HIS_HOME,
        desk.her,
        desk.him,
        order["id"],
        COURT["number"],
        "no_contact",
        "000 00 07",
    ):
        assert word not in said, word
    async with bench(network, Agency.HEALTH, at=NOW) as health, health.client("hospital-19") as doctor:
        await exchange(desk.police, health)
        (told,) = (await doctor.get("/orders")).json()["items"]
        assert (told["subject"], told["purpose"], told["state"]) == (
            "alleged_offender",
            "compulsory_treatment",
            "in_force",
        )
        assert told["content"] == {
            "family_name": HIS_NAME,
            "requirement": "addiction_treatment",
            "last_day": "2026-09-20",
        }
        await desk.officer.post(f"/orders/{order['id']}/breaches", json={"breached_at": NOW})
        await desk.officer.post(f"/orders/{order['id']}/extend", json={"last_day": "2026-10-20"})
        await exchange(desk.police, health)
        (told,) = (await doctor.get("/orders")).json()["items"]
        assert (told["content"]["last_day"], told["breached_at"]) == ("2026-10-20", [])
        assert (await doctor.get("/warnings")).json()["items"] == []


async def test_without_a_requirement_of_treatment_health_is_told_nothing(desk: Desk) -> None:
    order = await desk.made(**BY_COURT)
    assert order["told"] == []
    assert [e for e in await desk.police.waiting() if e and isinstance(e.data.content, OrderIssued)] == []


async def test_when_he_is_erased_what_it_asks_of_him_goes_and_that_it_protects_her_stays(desk: Desk) -> None:
    order = await desk.made(**BY_COURT)
    assert (await desk.officer.delete(f"/persons/{desk.him}")).status_code == 200
    left = (await desk.officer.get(f"/orders/{order['id']}")).json()
    assert (left["state"], left["asks"], left["court"], left["number"]) == ("in_force", [], None, None)
    assert (await desk.order()).status_code == 410


async def test_she_is_told_who_knows_of_her_order(desk: Desk, network: Network) -> None:
    body: dict[str, Any] = {"to": {"organisation": "shelter-far-19"}, "purpose": "lodging", "person_id": desk.her}
    body |= {"basis": {"kind": "own_request"}, "call_back": "+7 727 000 00 01"}
    referral = await made(await desk.officer.post("/referrals", json=body))
    async with bench(network, Agency.SHELTER, at=NOW) as shelter, shelter.client("shelter-far-19") as warden:
        await exchange(desk.police, shelter)
        await warden.post(f"/referrals/{referral}/accept")
        await exchange(shelter, desk.police)
    await desk.made()
    items = (await desk.officer.get(f"/persons/{desk.her}/disclosures")).json()["items"]
    (told,) = [one for one in items if one["event_type"] == "order.issued"]
    assert (told["recipient"]["id"], told["basis"]) == ("shelter-far-19", "statutory_duty")
    assert set(told["categories"]) == {"routing", "order"}
