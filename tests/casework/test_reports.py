"""Reports of violence to the police (F6): on the duty of no one, on a consent of her, in a danger of all that saves."""

from typing import Any

import httpx
import pytest
from sqlmodel import select, update

from deploy.network import Network
from shared.adapters.outbox import Outgoing, emit
from shared.adapters.outcomes import settle
from shared.adapters.tables import OutboxRow
from shared.casework.directory.tables import OrganisationRow
from shared.casework.loops import watch_deadlines
from shared.contract.events import ViolenceReported
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose
from tests.courier import carry, exchange
from tests.pair import NAME, NOW, POLICE, SHELTER, SPOKEN, UNTIL, Two, made, person
from tests.workbench import Bench, bench

WHERE, STORY, CALL = "Есік қ., Абай к-сі, 5", "Ол есікті сындырып кірді.", "+7 727 000 00 01"
OCCURRED: dict[str, Any] = {
    "kinds": ["physical"],
    "happened_at": "2026-03-20T01:40:00+05:00",
    "children_present": True,
    "weapon": False,
    "call_back": CALL,
}
ON_DUTY = {"report_id", "subject", "kinds", "threat", "happened_on", "happened_at", "children_present", "weapon"}
ON_DUTY |= {"call_back"}
OPENED = ["identity", "contact", "narrative"]


async def victim(warden: httpx.AsyncClient) -> str:
    return await person(warden, phone="+7 701 000 00 09", address=WHERE)


async def consented(warden: httpx.AsyncClient, whom: str, **terms: Any) -> str:
    given = {"person_id": whom, "purposes": ["statutory_report"], "recipients": ["police"], "categories": OPENED}
    return await made(await warden.post("/consents", json={**given, "valid_until": UNTIL, **SPOKEN, **terms}))


async def in_danger(warden: httpx.AsyncClient, whom: str) -> str:
    danger = {"person_id": whom, "why": "Он нашёл её и стоит у двери.", "minutes": 60}
    return await made(await warden.post("/emergencies", json=danger))


async def report(client: httpx.AsyncClient, whom: str | None = None, **more: Any) -> dict[str, Any]:
    answer = await client.post("/violence-reports", json={**OCCURRED, "person_id": whom, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def on_consent(consent: str) -> dict[str, Any]:
    return {"basis": {"kind": "consent", "consent_id": consent}, "circumstances": STORY}


async def seen(client: httpx.AsyncClient, report_id: str) -> dict[str, Any]:
    answer = await client.get(f"/violence-reports/{report_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def alarms(service: Bench, client: httpx.AsyncClient) -> list[tuple[str, str]]:
    """What fired so far, (kind of the reminder, of the deadline)."""
    async with service.work() as work:
        await watch_deadlines(work)
    return [(r["kind"], r["deadline"]["kind"]) for r in (await client.get("/reminders")).json()["items"]]


async def test_on_the_duty_it_says_what_happened_and_not_to_whom(two: Two) -> None:
    sent = await report(two.warden, await victim(two.warden), circumstances=STORY, dependants="Қызы, 4 жаста")
    await exchange(two.shelter, two.police)
    (came,) = (await two.officer.get("/violence-reports")).json()["items"]
    assert (came["id"], came["kind"], came["basis"]) == (sent["id"], "violence", "statutory_duty")
    assert set(came["content"]) == ON_DUTY
    assert came["content"]["happened_on"] == "2026-03-20"
    assert came["person_id"] is None
    withheld = {one["field"]: one["rule"] for one in sent["withheld"]}
    assert set(withheld) == {"family_name", "phone", "address", "circumstances", "dependants"}


async def test_it_goes_to_the_police_of_the_district_or_to_those_named(two: Two) -> None:
    assert (await report(two.warden))["counterpart_id"] == POLICE
    assert (await report(two.warden, to="police-rural-19"))["counterpart_id"] == "police-rural-19"
    for wrong in ("hospital-19", "shelter-near-19", "police-nowhere"):
        answer = await two.warden.post("/violence-reports", json={**OCCURRED, "to": wrong})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "invalid-input"), wrong


async def test_where_nobody_is_responsible_one_is_to_be_named(two: Two) -> None:
    async with two.shelter.work() as work:
        await work.session.exec(update(OrganisationRow).values(responsible_for=[]))
    answer = await two.warden.post("/violence-reports", json=OCCURRED)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "no-responsible-police")
    assert (await report(two.warden, to=POLICE))["counterpart_id"] == POLICE


async def test_on_her_consent_it_also_says_who_she_is_and_never_where(two: Two) -> None:
    whom = await victim(two.warden)
    sent = await report(two.warden, whom, **on_consent(await consented(two.warden, whom)))
    await exchange(two.shelter, two.police)
    content = (await seen(two.officer, sent["id"]))["content"]
    assert (content["family_name"], content["phone"], content["circumstances"]) == (NAME, "+7 701 000 00 09", STORY)
    assert "address" not in content
    assert {one["field"]: one["rule"] for one in sent["withheld"]} == {"address": "F-WHEREABOUTS"}


async def test_a_consent_for_something_else_lets_nothing_leave(two: Two) -> None:
    whom = await victim(two.warden)
    other = await consented(two.warden, whom, purposes=["lodging"])
    answer = await two.warden.post("/violence-reports", json={**OCCURRED, "person_id": whom, **on_consent(other)})
    assert (answer.status_code, answer.json()["rule"]) == (403, "F-NO-LIVE-CONSENT")
    assert (await two.warden.get("/violence-reports")).json()["items"] == []


async def test_nothing_is_reported_about_an_alleged_offender(two: Two) -> None:
    him = await made(await two.warden.post("/persons", json={"role": "alleged_offender"}))
    body = {**OCCURRED, "person_id": him, "subject": "alleged_offender"}
    answer = await two.warden.post("/violence-reports", json=body)
    assert (answer.status_code, answer.json()["rule"]) == (403, "NO-RULE")


async def test_when_a_life_is_in_danger_it_says_where_she_is_until_that_is_over(two: Two) -> None:
    whom = await victim(two.warden)
    danger = await in_danger(two.warden, whom)
    basis = {"basis": {"kind": "emergency", "emergency_id": danger}}
    sent = await report(two.warden, whom, circumstances=STORY, **basis)
    await exchange(two.shelter, two.police)
    assert (await seen(two.officer, sent["id"]))["content"]["address"] == WHERE
    await two.warden.post(f"/emergencies/{danger}/end")
    await exchange(two.shelter, two.police)
    for side in (two.officer, two.warden):
        left = await seen(side, sent["id"])
        assert left["erased_at"]
        assert set(left["content"]) == ON_DUTY


async def test_a_danger_that_ends_by_itself_ends_it_at_both_sides(two: Two) -> None:
    whom = await victim(two.warden)
    basis = {"basis": {"kind": "emergency", "emergency_id": await in_danger(two.warden, whom)}}
    sent = await report(two.warden, whom, **basis)
    await exchange(two.shelter, two.police)
    two.turn_to("2026-03-20T13:00:00+05:00")
    assert set((await seen(two.officer, sent["id"]))["content"]) == ON_DUTY  # before any loop has erased it
    assert await two.end_what_ran_out() == (1, 1)
    assert set((await seen(two.officer, sent["id"]))["content"]) == ON_DUTY


async def test_when_she_takes_her_consent_back_her_name_goes_and_the_report_stays(two: Two) -> None:
    whom = await victim(two.warden)
    consent = await consented(two.warden, whom)
    sent = await report(two.warden, whom, **on_consent(consent))
    await exchange(two.shelter, two.police)
    await two.warden.post(f"/consents/{consent}/withdraw")
    await exchange(two.shelter, two.police)
    for side in (two.officer, two.warden):
        left = await seen(side, sent["id"])
        assert (left["basis"], set(left["content"])) == ("statutory_duty", ON_DUTY)
    assert [await service.waiting() for service in (two.shelter, two.police)] == [[None, None], []]


async def test_withdrawn_before_it_arrived_it_arrives_on_the_duty_alone(two: Two) -> None:
    whom = await victim(two.warden)
    consent = await consented(two.warden, whom)
    sent = await report(two.warden, whom, **on_consent(consent))
    await two.warden.post(f"/consents/{consent}/withdraw")
    await exchange(two.shelter, two.police)
    (came,) = (await two.officer.get("/violence-reports")).json()["items"]
    assert (came["id"], came["basis"], set(came["content"])) == (sent["id"], "statutory_duty", ON_DUTY)
    told = (await two.warden.get("/disclosures", params={"person_id": whom})).json()["items"]
    assert {(one["event_type"], one["basis"], one["delivery"]) for one in told} == {
        ("violence.reported", "statutory_duty", "received"),
        ("violence.reported", "consent", "withheld"),
    }


async def test_a_consent_that_runs_out_is_erased_at_both_sides(two: Two) -> None:
    whom = await victim(two.warden)
    consent = await consented(two.warden, whom, valid_until="2026-03-21T00:00:00+05:00")
    sent = await report(two.warden, whom, **on_consent(consent))
    await exchange(two.shelter, two.police)
    two.turn_to("2026-03-21T00:00:00+05:00")
    await two.end_what_ran_out()
    for side in (two.officer, two.warden):
        assert set((await seen(side, sent["id"]))["content"]) == ON_DUTY


async def test_a_person_who_is_erased_leaves_nothing_of_a_report_here(two: Two) -> None:
    whom = await victim(two.warden)
    sent = await report(two.warden, whom, **on_consent(await consented(two.warden, whom)))
    await exchange(two.shelter, two.police)
    async with two.shelter.client(SHELTER, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{whom}")).status_code == 200
    await exchange(two.shelter, two.police)
    assert (await seen(two.warden, sent["id"]))["content"] == {}
    assert set((await seen(two.officer, sent["id"]))["content"]) == ON_DUTY


async def test_what_a_danger_opened_goes_with_the_person_at_both_sides(two: Two) -> None:
    whom = await victim(two.warden)
    basis = {"basis": {"kind": "emergency", "emergency_id": await in_danger(two.warden, whom)}}
    sent = await report(two.warden, whom, **basis)
    await exchange(two.shelter, two.police)
    async with two.shelter.client(SHELTER, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{whom}")).status_code == 200
    await exchange(two.shelter, two.police)
    assert (await seen(two.warden, sent["id"]))["content"] == {}
    left = await seen(two.officer, sent["id"])
    assert (left["erased_at"] is not None, set(left["content"])) == (True, ON_DUTY)


async def test_what_a_doctor_writes_freely_of_it_stays_in_health(network: Network) -> None:
    async with bench(network, Agency.HEALTH, at=NOW) as health, health.client("hospital-19") as doctor:
        whom = await victim(doctor)
        sent = await report(doctor, whom, **on_consent(await consented(doctor, whom)))
    assert (sent["content"]["family_name"], sent["content"].get("circumstances")) == (NAME, None)
    assert ("circumstances", "F-DOCTOR-WRITES-NOT-TO-POLICE") in [(w["field"], w["rule"]) for w in sent["withheld"]]


async def test_who_asked_not_to_be_named_is_not_named_even_in_danger(network: Network) -> None:
    async with bench(network, Agency.HEALTH, at=NOW) as health, health.client("hospital-19") as doctor:
        whom = await made(await doctor.post("/persons", json={"role": "victim", "anonymous": True, "sex": "female"}))
        basis = {"basis": {"kind": "emergency", "emergency_id": await in_danger(doctor, whom)}}
        sent = await report(doctor, whom, dependants="Қызы, 4 жаста", **basis)
    assert set(sent["content"]) == ON_DUTY
    assert {w["rule"] for w in sent["withheld"]} == {"F-ANONYMOUS"}


async def test_she_is_told_what_left_what_is_erased_and_that_the_report_itself_stays(two: Two) -> None:
    whom = await victim(two.warden)
    consent = await consented(two.warden, whom)
    await report(two.warden, whom, **on_consent(consent))
    await exchange(two.shelter, two.police)
    await two.warden.post(f"/consents/{consent}/withdraw")
    await exchange(two.shelter, two.police)
    items = (await two.warden.get(f"/persons/{whom}/disclosures")).json()["items"]
    (told,) = [one for one in items if one["event_type"] == "violence.reported"]
    assert told["erased_at"] is not None
    assert set(told["stays"]) == {"routing", "occurrence", "worker_contact"}
    assert set(told["categories"]) - set(told["stays"]) == {"identity", "contact", "narrative"}


async def test_what_was_told_on_the_duty_has_nothing_to_erase(two: Two) -> None:
    whom = await victim(two.warden)
    await report(two.warden, whom)
    await exchange(two.shelter, two.police)
    (told,) = (await two.warden.get(f"/persons/{whom}/disclosures")).json()["items"]
    assert set(told["categories"]) == set(told["stays"])
    assert (told["erasure_asked_at"], told["erased_at"]) == (None, None)


async def test_an_answer_kept_for_a_key_is_forgotten_with_what_it_told(two: Two) -> None:
    whom = await victim(two.warden)
    consent = await consented(two.warden, whom)
    call = {"json": {**OCCURRED, "person_id": whom, **on_consent(consent)}, "headers": {"Idempotency-Key": "once"}}
    first, again = [await two.warden.post("/violence-reports", **call) for _ in range(2)]  # type: ignore[arg-type]  # a literal
    assert first.json() == again.json()
    await two.warden.post(f"/consents/{consent}/withdraw")
    assert (await two.warden.post("/violence-reports", **call)).status_code == 409  # type: ignore[arg-type]  # the same


async def test_sent_is_received_once_the_police_have_it_and_registered_once_they_say_so(two: Two) -> None:
    sent = await report(two.warden)
    assert (sent["state"], sent["received_at"]) == ("sent", None)
    await exchange(two.shelter, two.police)
    async with two.shelter.work() as work:
        await watch_deadlines(work)
    assert (await seen(two.warden, sent["id"]))["state"] == "received"
    assert (await seen(two.officer, sent["id"]))["state"] == "received"
    answer = await two.officer.post(f"/violence-reports/{sent['id']}/register")
    assert answer.json()["state"] == "registered"
    await exchange(two.shelter, two.police)
    told = await seen(two.warden, sent["id"])
    assert (told["state"], told["registered_at"]) == ("registered", answer.json()["registered_at"])


async def test_one_that_the_police_refuse_reads_so_with_the_rule_and_its_alarm_stays(two: Two) -> None:
    sent = await report(two.warden)
    async with two.shelter.work() as work:
        row = (await work.session.exec(select(OutboxRow))).one()
        await work.session.exec(update(OutboxRow).values(state="sent", recipient_node="police"))
        await settle(work.session, event_ids=[row.id], recipient_node="police", rule="F-NO-LIVE-CONSENT", at=work.now)
    assert await alarms(two.shelter, two.warden) == []
    told = await seen(two.warden, sent["id"])
    assert (told["state"], told["refusal"]["rule"]) == ("refused", "F-NO-LIVE-CONSENT")
    assert told["refusal"]["en"]
    two.turn_to("2026-03-20T12:15:00+05:00")
    assert await alarms(two.shelter, two.warden) == [("overdue", "report_received")]


async def test_registered_twice_is_registered_and_answered_once(two: Two) -> None:
    sent = await report(two.warden)
    await exchange(two.shelter, two.police)
    first, second = [(await two.officer.post(f"/violence-reports/{sent['id']}/register")).json() for _ in range(2)]
    assert first == second
    assert len(await two.police.waiting()) == 1


async def test_a_report_that_is_not_received_in_fifteen_minutes_gives_one_alarm(two: Two) -> None:
    await report(two.warden)
    two.turn_to("2026-03-20T12:14:59+05:00")
    assert await alarms(two.shelter, two.warden) == []
    two.turn_to("2026-03-20T12:15:00+05:00")
    for _ in range(2):
        assert await alarms(two.shelter, two.warden) == [("overdue", "report_received")]
    two.turn_to("2026-03-21T12:15:00+05:00")
    assert await alarms(two.shelter, two.warden) == [("overdue", "report_received")]


async def test_one_that_was_received_in_time_gives_none_whether_registered_or_not(two: Two) -> None:
    await report(two.warden)
    await exchange(two.shelter, two.police)
    two.turn_to("2026-03-20T12:30:00+05:00")
    assert await alarms(two.shelter, two.warden) == []
    assert (await two.warden.get("/deadlines")).json()["items"] == []


async def test_one_that_the_police_do_not_register_in_fifteen_minutes_gives_one_alarm_there(two: Two) -> None:
    late, done = await report(two.warden), await report(two.warden)
    await exchange(two.shelter, two.police)
    await two.officer.post(f"/violence-reports/{done['id']}/register")
    two.turn_to("2026-03-20T12:15:00+05:00")
    for _ in range(2):
        assert await alarms(two.police, two.officer) == [("overdue", "report_registered")]
    (open_,) = (await two.officer.get("/deadlines")).json()["items"]
    assert open_["concerning"] == late["id"]


async def test_a_report_that_comes_again_is_the_same_report(two: Two) -> None:
    sent = await report(two.warden)
    await carry(two.shelter, two.police)
    event = ViolenceReported.model_validate({"report_id": sent["id"], "subject": "victim", "kinds": ["sexual"]})
    async with two.shelter.work(SHELTER) as work:
        grounds = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT)
        await emit(work, Outgoing(event, SHELTER, POLICE, grounds, event.report_id))
    await exchange(two.shelter, two.police)
    (came,) = (await two.officer.get("/violence-reports")).json()["items"]
    assert came["content"]["kinds"] == ["physical"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kinds": []},
        {"kinds": ["moral"]},
        {"happened_at": None},
        {"happened_on": "2026-03-19"},
        {"happened_at": "2026-03-20T12:00:01+05:00"},
        {"happened_at": None, "happened_on": "2026-03-21"},
        {"basis": {"kind": "consent"}},
        {"call_back": "at the desk"},
    ],
)
async def test_what_is_not_a_report_is_refused(two: Two, wrong: dict[str, Any]) -> None:
    assert (await two.warden.post("/violence-reports", json={**OCCURRED, **wrong})).status_code == 422


async def test_another_organisations_report_does_not_exist(two: Two) -> None:
    sent = await report(two.warden)
    await exchange(two.shelter, two.police)
    async with two.shelter.client("shelter-near-19") as stranger:
        assert (await stranger.get(f"/violence-reports/{sent['id']}")).status_code == 404
    async with two.police.client("police-rural-19") as stranger:
        assert (await stranger.get(f"/violence-reports/{sent['id']}")).status_code == 404
        assert (await stranger.post(f"/violence-reports/{sent['id']}/register")).status_code == 404


async def test_the_police_report_to_nobody(two: Two) -> None:
    assert (await two.officer.post("/violence-reports", json=OCCURRED)).status_code == 405
