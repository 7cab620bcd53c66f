"""What ends, ends on both sides, whatever the clocks, the trust list or free text say; closing is never blocked."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select, update

from deploy.demo.people import iin
from shared.adapters.outbox import Outgoing, emit
from shared.adapters.tables import OutboxRow
from shared.adapters.telemetry import METRICS
from shared.casework.consents.ending import GROUNDS
from shared.casework.emergencies.tables import EmergencyRow
from shared.casework.messages.tables import MessageRow
from shared.casework.referrals.tables import MoveRow, ReferralRow
from shared.contract.events import ConsentWithdrawn
from tests.courier import carry, collect, exchange
from tests.pair import GIVEN, NAME, POLICE, SHELTER, SPOKEN, UNTIL, Two, made, name_at, person, referred
from tests.workbench import Bench

DANGER = {"why": "Он стоит под дверью приюта.", "minutes": 240}


async def called_for_help(two: Two) -> tuple[str, str]:
    """(emergency, referral): the shelter tells the police who is in danger, and where."""
    whom = await person(two.warden, address="пр. Абая, 5")
    declared = await made(await two.warden.post("/emergencies", json={"person_id": whom, **DANGER}))
    body: dict[str, Any] = {"to": {"organisation": POLICE}, "purpose": "protection_of_life", "person_id": whom}
    body |= {"basis": {"kind": "emergency", "emergency_id": declared}, "call_back": "+7 727 000 00 01"}
    sent = await made(await two.warden.post("/referrals", json=body))
    await exchange(two.shelter, two.police)
    return declared, sent


async def address_at(client: httpx.AsyncClient, referral: str) -> str | None:
    content = (await client.get(f"/referrals/{referral}")).json()["content"]
    return content.get("address") if content else None


async def test_when_the_danger_is_over_the_police_no_longer_know_where_she_is(two: Two) -> None:
    declared, referral = await called_for_help(two)
    assert await address_at(two.officer, referral) == "пр. Абая, 5"
    assert (await two.warden.post(f"/emergencies/{declared}/end")).status_code == 200
    await exchange(two.shelter, two.police)
    assert await address_at(two.officer, referral) is None
    for worker in (two.warden, two.officer):
        late = await worker.post(f"/referrals/{referral}/messages", json={"body": "Она переехала."})
        assert (late.status_code, late.json()["rule"]) == (403, "F-NO-EMERGENCY")


async def test_a_danger_that_was_none_is_over_with_its_review(two: Two) -> None:
    declared, referral = await called_for_help(two)
    async with two.shelter.client(SHELTER, "supervisor") as same:
        found = {"justified": False, "note": "Угрозы не было."}
        assert (await same.post(f"/emergencies/{declared}/review", json=found)).status_code == 403
    async with two.shelter.database.transaction(organisation=SHELTER) as session:
        (await session.exec(select(EmergencyRow))).one().declared_by = "another worker"
    async with two.shelter.client(SHELTER, "supervisor") as supervisor:
        assert (await supervisor.post(f"/emergencies/{declared}/review", json=found)).status_code == 200
    await exchange(two.shelter, two.police)
    assert await address_at(two.officer, referral) is None


async def test_an_emergency_that_nobody_ended_is_over_by_itself(two: Two) -> None:
    _, referral = await called_for_help(two)
    two.turn_to("2026-03-20T16:00:00+05:00")
    assert await address_at(two.officer, referral) is None
    assert await two.end_what_ran_out() == (1, 1)
    assert await two.end_what_ran_out() == (0, 0)


async def test_an_ending_that_fails_stops_no_other_and_is_tried_again(two: Two) -> None:
    first, second = [(await referred(two.officer, await person(two.officer)))[1] for _ in range(2)]
    await exchange(two.police, two.shelter)
    whole = await sealed_at(two.shelter, first)
    assert whole is not None
    await put(two.shelter, first, whole[:-1] + bytes([whole[-1] ^ 1]))
    two.turn_to(UNTIL)
    failed = METRICS.endings_failed._value.get()  # the client has no public way to read a counter
    assert await two.end_what_ran_out() == (2, 1)
    assert METRICS.endings_failed._value.get() - failed == 1
    assert await name_at(two.warden, second) is None
    await put(two.shelter, first, whole)
    assert await two.end_what_ran_out() == (0, 1)
    assert await name_at(two.warden, first) is None


async def sealed_at(service: Bench, referral: str) -> bytes | None:
    async with service.work() as work:
        return (await work.session.exec(select(ReferralRow.sealed).where(ReferralRow.id == UUID(referral)))).one()


async def put(service: Bench, referral: str, sealed: bytes) -> None:
    """As a broken disk or a hand in the database might leave it."""
    async with service.work() as work:
        mine = col(ReferralRow.id) == UUID(referral)
        await work.session.exec(update(ReferralRow).where(mine).values(sealed=sealed))


@pytest.mark.parametrize("asked", [True, False], ids=["its referral is here", "its referral never came"])
@pytest.mark.parametrize("late", [True, False], ids=["after the withdrawal", "before it"])
async def test_of_a_message_about_a_withdrawn_referral_no_text_stays(two: Two, asked: bool, late: bool) -> None:
    _, referral = await referred(two.officer, await person(two.officer))
    request = (await collect(two.police)).letters
    assert (await two.officer.post(f"/referrals/{referral}/messages", json={"body": "Её ищут."})).status_code == 201
    message = (await collect(two.police)).letters
    assert (await two.officer.post(f"/referrals/{referral}/withdraw")).status_code == 200
    withdrawal = (await collect(two.police)).letters
    in_order = (withdrawal, message) if late else (message, withdrawal)
    for subject, payload in [*(request if asked else []), *in_order[0], *in_order[1]]:
        await two.shelter.inbox.receive(subject, payload)
    async with two.shelter.work() as work:
        assert not any((await work.session.exec(select(MessageRow.sealed))).all())
        moves = (await work.session.exec(select(MoveRow.action))).all()
    assert moves == ["withdraw"]


async def test_a_clock_that_is_a_few_seconds_ahead_loses_nothing(two: Two) -> None:
    two.shelter.clock.turn_to("2026-03-20T11:59:30+05:00")
    _, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    assert await name_at(two.warden, referral) == NAME


async def test_a_refusal_with_words_that_comes_after_the_consent_ended_still_closes_the_case(two: Two) -> None:
    _, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    no = {"reason": "not_suitable", "text": "Ахметова больна."}
    assert (await two.warden.post(f"/referrals/{referral}/decline", json=no)).status_code == 200
    two.turn_to(UNTIL)
    await two.end_what_ran_out()
    await exchange(two.shelter, two.police)
    there = (await two.officer.get(f"/referrals/{referral}")).json()
    assert (there["state"], [move["text"] for move in there["moves"]]) == ("declined", [None])


async def test_what_is_written_after_an_end_stays_nowhere(two: Two) -> None:
    _, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    two.turn_to(UNTIL)
    await two.end_what_ran_out()
    no = {"reason": "no_longer_needed", "text": "Она теперь на Абая, 5."}
    assert (await two.officer.post(f"/referrals/{referral}/cancel", json=no)).status_code == 200
    await exchange(two.police, two.shelter)
    for worker in (two.officer, two.warden):
        moves = (await worker.get(f"/referrals/{referral}")).json()["moves"]
        assert [(move["action"], move["text"]) for move in moves] == [("cancel", None)]


async def test_the_shelter_believes_its_own_record_of_an_end_before_what_an_event_says(two: Two) -> None:
    _, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    assert (await two.officer.post(f"/referrals/{referral}/messages", json={"body": "Её ищут."})).status_code == 201
    early = two.police.clock.now
    two.police.clock.turn_to(UNTIL)
    await two.end_what_ran_out()
    two.police.clock.now = early
    await carry(two.police, two.shelter)
    assert "ищут" not in (await two.warden.get(f"/referrals/{referral}/messages")).text


async def test_who_is_not_in_the_trust_list_at_the_moment_is_told_of_an_end_later(two: Two) -> None:
    ended = ConsentWithdrawn(consent_id=uuid4(), at=two.police.clock.now)
    async with two.police.work() as work:
        told = Outgoing(event=ended, sender=POLICE, recipient="shelter-away", grounds=GROUNDS, concerning=uuid4())
        assert (await emit(work, told)).event_id is not None
    assert await carry(two.police, two.shelter) == 0
    async with two.police.work() as work:
        row = (await work.session.exec(select(OutboxRow))).one()
        assert (row.state, row.recipient_node, row.next_attempt_at is not None) == ("waiting", "", True)


async def test_nobody_takes_back_for_a_woman_what_she_consented_to_herself(two: Two) -> None:
    given, referral = await referred(two.officer, await person(two.officer, birth_date="1990-01-01"))
    for path in (f"/consents/{given}/withdraw", f"/referrals/{referral}/withdraw"):
        his = await two.officer.post(path, json={"by": "legal_representative"})
        assert (his.status_code, his.json()["title"]) == (409, "without effect")
    assert (await two.officer.get(f"/referrals/{referral}")).json()["state"] == "requested"


async def test_what_a_girl_consented_to_is_void_once_her_age_is_known(two: Two) -> None:
    whom = await person(two.officer)
    given, _ = await referred(two.officer, whom)
    change = {"iin": iin("2015-04-12", 1111, digit=6)}
    await two.officer.patch(f"/persons/{whom}", json=change, headers={"If-Match": "*"})
    assert (await two.officer.get(f"/consents/{given}")).json()["end"] == "void"


async def test_for_whom_no_age_is_known_nobody_else_consents(two: Two) -> None:
    body = {"person_id": await person(two.officer), **GIVEN, **SPOKEN, "granted_by": "legal_representative"}
    assert (await two.officer.post("/consents", json=body)).status_code == 422
