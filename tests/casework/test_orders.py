"""Orders (F10) as those know them who protect her: that there is one, until when, whether it was broken; no names."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from shared.adapters.outbox import Outgoing, emit
from shared.casework.loops import watch_deadlines
from shared.contract.events import OrderBreached, OrderChanged, OrderIssued
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, Purpose
from shared.desk import sessions
from tests.courier import carry, collect, exchange
from tests.pair import NAME, NOW, SHELTER, Two, made, person, referred
from tests.workbench import Bench

HIS_NAME, HIS_HOME = "Жұмабаев", "Талғар қ., Рысқұлов к-сі, 9"
TODAY, ENDS = "2026-03-20", "2026-04-19"


@dataclass
class Case:
    """Somebody at the shelter, whom the police referred, and who has to stay away from her."""

    two: Two
    her: str
    him: str
    referral: str
    consent: str

    async def order(self, **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "kind": "protective",
            "protected_id": self.her,
            "alleged_offender_id": self.him,
            "from_day": TODAY,
        }
        body |= {"asks": ["no_violence", "no_contact"], "number": "ЗП-112/26", **more}
        answer = await self.two.officer.post("/orders", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def act(self, order: dict[str, Any], what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.two.officer.post(f"/orders/{order['id']}/{what}", json=body)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def at_the_shelter(self) -> list[dict[str, Any]]:
        await exchange(self.two.police, self.two.shelter)
        answer = await self.two.warden.get("/orders")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


@pytest.fixture
async def case(two: Two) -> Case:
    her = await person(two.officer, address="Есік қ., Абай к-сі, 5")
    him = {"role": "alleged_offender", "family_name": HIS_NAME, "address": HIS_HOME}
    offender = await made(await two.officer.post("/persons", json=him))
    consent, referral = await referred(two.officer, her)
    await exchange(two.police, two.shelter)
    return Case(two, her, offender, referral, consent)


async def taken_on(case: Case) -> None:
    assert (await case.two.warden.post(f"/referrals/{case.referral}/accept")).is_success
    await exchange(case.two.shelter, case.two.police)


async def look(service: Bench, client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """What fired so far, once all clocks have run: (kind of the reminder, of the deadline)."""
    async with service.work() as work:
        await watch_deadlines(work, service.app.state.parts.clocks)
    return [(r["kind"], r["deadline"]["kind"]) for r in (await client.get("/reminders")).json()["items"]]


async def test_the_shelter_that_took_her_in_knows_that_an_order_protects_her_and_until_when(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    (told,) = await case.at_the_shelter()
    assert (told["state"], told["referral_id"], told["subject"]) == ("in_force", case.referral, "victim")
    assert told["content"] == {"kind": "protective", "from_day": TODAY, "last_day": ENDS, "dependants_too": False}
    assert [(one["recipient_id"], one["kept_back_by"]) for one in order["told"]] == [(SHELTER, None)]


async def test_it_learns_neither_against_whom_nor_who_she_is_nor_by_which_id_the_police_know_it(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    letters = [e for e in await case.two.police.waiting() if e and isinstance(e.data.content, OrderIssued)]
    said = letters[0].model_dump_json()
    for word in (HIS_NAME, HIS_HOME, NAME, case.her, case.him, order["id"], "ЗП-112"):
        assert word not in said, word
    (told,) = await case.at_the_shelter()
    assert told["id"] != order["id"]


async def test_who_takes_her_in_later_is_told_then_and_who_has_not_yet_is_not(case: Case) -> None:
    assert (await case.order())["told"] == []
    assert await case.at_the_shelter() == []
    await taken_on(case)
    (told,) = await case.at_the_shelter()
    assert told["content"]["last_day"] == ENDS
    assert (await case.two.warden.post(f"/referrals/{case.referral}/start")).is_success
    assert len(await case.at_the_shelter()) == 1


async def test_an_order_that_covers_a_child_is_told_to_who_shelters_the_child(case: Case) -> None:
    child = await made(await case.two.officer.post("/persons", json={"role": "dependant"}))
    to = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": child, "subject": "dependant"}
    body = {**to, "basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01"}
    referral = await made(await case.two.officer.post("/referrals", json=body))
    await exchange(case.two.police, case.two.shelter)
    await case.two.warden.post(f"/referrals/{referral}/accept")
    await exchange(case.two.shelter, case.two.police)
    await case.order(dependants=[child])
    (told,) = await case.at_the_shelter()
    assert (told["referral_id"], told["subject"], told["content"]["dependants_too"]) == (referral, "dependant", True)


async def test_a_breach_is_told_at_once_and_is_a_warning_there(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    await case.at_the_shelter()
    when = "2026-03-20T11:30:00+05:00"
    broken = await case.act(order, "breaches", {"breached_at": when})
    assert len(broken["breaches"]) == 1
    (told,) = await case.at_the_shelter()
    assert told["breached_at"] == ["2026-03-20T06:30:00Z"]
    (warning,) = (await case.two.warden.get("/warnings")).json()["items"]
    assert (warning["pattern"], warning["referral_id"], warning["times"]) == ("orders_breached", case.referral, 1)


async def test_the_desk_of_who_protects_her_shows_until_when_and_that_it_was_broken(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    await case.act(order, "breaches", {"breached_at": "2026-03-20T11:30:00+05:00"})
    await case.at_the_shelter()
    state = case.two.shelter.app.state
    key = await sessions.begin(state, {"sub": "dev", "org": SHELTER, "roles": ["worker"], "name": "Дәурен"})
    transport, cookies = httpx.ASGITransport(app=case.two.shelter.app), {sessions.COOKIE: key}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", cookies=cookies) as browser:
        page = (await browser.get("/desk/orders", headers={"accept-language": "en"})).text
    for words in (
        "protective order",
        "in force",
        "until 19 April 2026",
        "broken: 1",
        f"/desk/referrals/{case.referral}",
    ):
        assert words in page, words
    assert HIS_NAME not in page


async def test_who_no_longer_protects_her_is_not_told_of_a_breach_but_that_the_order_was_lifted(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    await case.at_the_shelter()
    await case.two.officer.post(f"/consents/{case.consent}/withdraw")
    await case.act(order, "breaches", {"breached_at": NOW})
    assert (await case.at_the_shelter())[0]["breached_at"] == []
    await case.act(order, "end", {"end": "lifted"})
    (told,) = await case.at_the_shelter()
    assert (told["state"], told["end"]) == ("ended", "lifted")
    assert (await case.two.warden.get("/warnings")).json()["items"] == []


async def test_both_are_reminded_three_days_before_its_end_and_it_ends_by_itself_once(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    await case.at_the_shelter()
    sides = ((case.two.police, case.two.officer), (case.two.shelter, case.two.warden))
    case.two.turn_to("2026-04-15T23:59:00+05:00")
    assert [await look(*side) for side in sides] == [[], []]
    case.two.turn_to("2026-04-16T00:00:00+05:00")
    for _ in range(2):
        assert [await look(*side) for side in sides] == [[("due_soon", "order_ends")]] * 2
    case.two.turn_to("2026-04-19T23:59:59+05:00")
    assert (await case.two.officer.get(f"/orders/{order['id']}")).json()["state"] == "in_force"
    case.two.turn_to("2026-04-20T00:00:00+05:00")
    assert (await case.two.officer.get(f"/orders/{order['id']}")).json()["state"] == "ended"  # before any clock has run
    for _ in range(2):
        assert [await look(*side) for side in sides] == [[("due_soon", "order_ends")]] * 2
    mine = (await case.two.officer.get(f"/orders/{order['id']}")).json()
    (theirs,) = await case.at_the_shelter()
    assert [(one["state"], one["end"]) for one in (mine, theirs)] == [("ended", "ran_out")] * 2
    for client in (case.two.officer, case.two.warden):
        assert (await client.get("/deadlines")).json()["items"] == []


async def test_an_extension_moves_the_end_and_its_reminder_at_both(case: Case) -> None:
    await taken_on(case)
    order = await case.order(last_day="2026-03-30")
    await case.at_the_shelter()
    await case.act(order, "extend", {"last_day": ENDS})
    (told,) = await case.at_the_shelter()
    assert told["content"]["last_day"] == ENDS
    for client in (case.two.officer, case.two.warden):
        (due,) = (await client.get("/deadlines")).json()["items"]
        assert (due["kind"], due["due_on"]) == ("order_ends", ENDS)


async def test_an_extension_that_arrives_after_the_old_end_brings_it_back(case: Case) -> None:
    await taken_on(case)
    order = await case.order(last_day="2026-03-22")
    await case.at_the_shelter()
    await case.act(order, "extend", {"last_day": ENDS})
    case.two.turn_to("2026-03-23T09:00:00+05:00")
    await look(case.two.shelter, case.two.warden)
    assert (await case.two.warden.get("/orders")).json()["items"][0]["end"] == "ran_out"
    (told,) = await case.at_the_shelter()
    assert (told["state"], told["end"], told["content"]["last_day"]) == ("in_force", None, ENDS)


async def test_whatever_arrives_first_it_stands_as_it_was_said_last(case: Case) -> None:
    await taken_on(case)
    order = await case.order(last_day="2026-03-30")
    await case.act(order, "extend", {"last_day": "2026-04-05"})
    await case.act(order, "extend", {"last_day": ENDS})
    await case.act(order, "breaches", {"breached_at": NOW})
    letters = (await collect(case.two.police)).letters
    for subject, payload in reversed([*letters, *letters]):
        await case.two.shelter.inbox.receive(subject, payload)
    (told,) = await case.at_the_shelter()
    assert told["content"] == {"kind": "protective", "from_day": TODAY, "last_day": ENDS, "dependants_too": False}
    assert len(told["breached_at"]) == 1
    assert len((await case.two.warden.get("/warnings")).json()["items"]) == 1


async def test_when_she_is_erased_where_she_was_taken_in_what_was_told_of_the_order_goes_with_her(case: Case) -> None:
    await taken_on(case)
    await case.order()
    (told,) = await case.at_the_shelter()
    mine = await made(await case.two.warden.post("/persons/from-referral", json={"referral_id": case.referral}))
    assert (await case.two.warden.get(f"/orders/{told['id']}")).json()["person_id"] == mine
    async with case.two.shelter.client(SHELTER, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{mine}")).status_code == 200
    left = (await case.two.warden.get(f"/orders/{told['id']}")).json()
    assert (left["content"], left["person_id"]) == ({}, None)


async def test_another_organisations_order_does_not_exist(case: Case) -> None:
    await taken_on(case)
    order = await case.order()
    (told,) = await case.at_the_shelter()
    async with case.two.shelter.client("shelter-near-19") as stranger:
        assert (await stranger.get(f"/orders/{told['id']}")).status_code == 404
        assert (await stranger.get("/orders")).json()["items"] == []
    async with case.two.police.client("police-rural-19") as stranger:
        assert (await stranger.get(f"/orders/{order['id']}")).status_code == 404
        for what, body in (
            ("end", {"end": "lifted"}),
            ("extend", {"last_day": ENDS}),
            ("breaches", {"breached_at": NOW}),
        ):
            assert (await stranger.post(f"/orders/{order['id']}/{what}", json=body)).status_code == 404


async def test_nobody_else_can_change_what_the_police_told(case: Case) -> None:
    await taken_on(case)
    await case.order()
    (told,) = await case.at_the_shelter()
    stranger = "police-rural-19"
    grounds = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.PROTECTION_ORDER)
    ended = OrderChanged.model_validate({"order_id": told["id"], "version": 9, "ended_on": TODAY, "end": "lifted"})
    broken = OrderBreached.model_validate({"order_id": told["id"], "breach_id": case.her, "breached_at": NOW})
    async with case.two.police.work(stranger) as work:
        for event in (ended, broken):
            await emit(work, Outgoing(event, stranger, SHELTER, grounds, event.order_id))
    await carry(case.two.police, case.two.shelter)
    (left,) = await case.at_the_shelter()
    assert (left["state"], left["breached_at"]) == ("in_force", [])
