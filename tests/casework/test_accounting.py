"""What left about one person: told with rule and reason, and what is known of its erasure, no more and no less."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.outcomes import settle
from shared.adapters.tables import OutboxRow
from shared.casework.consents.ending import expire
from shared.casework.referrals import moves
from shared.contract.events import ReferralMoved
from shared.contract.vocabulary import Agency, ReferralAction
from tests.casework.test_withdrawal import NAME, POLICE, SHELTER, made, refer, send_all
from tests.courier import collect, exchange
from tests.workbench import Bench, bench

BEFORE, AFTER = "2026-03-20T12:00:00+05:00", "2026-03-25T09:30:00+05:00"


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE, at=BEFORE) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


async def told(officer: httpx.AsyncClient, person: str) -> dict[str, dict[str, Any]]:
    """What is told of a person, by event type."""
    answer = await officer.get(f"/persons/{person}/disclosures")
    assert answer.status_code == 200, answer.text
    return {item["event_type"]: item for item in answer.json()["items"]}


async def receipt(service: Bench, event_type: str, *, rule: str | None = None) -> None:
    """The shelter's node says that it has committed, or refused, the events of a type."""
    async with service.work() as work:
        kind = col(OutboxRow.event_type) == event_type
        for event_id in (await work.session.exec(select(OutboxRow.id).where(kind))).all():
            await settle(work.session, event_ids=[event_id], recipient_node="shelter", rule=rule, at=work.now)


async def test_what_left_is_told_with_recipient_basis_and_rules_and_never_with_its_values(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, given, referral = await refer(officer)
    await send_all(police)
    await receipt(police, "referral.requested")
    answer = await officer.get(f"/persons/{person}/disclosures")
    (item,) = answer.json()["items"]
    assert (item["event_type"], item["concerning"], item["consent_id"]) == ("referral.requested", referral, given)
    assert item["recipient"] == {"id": SHELTER, "agency": "shelter", "kk": SHELTER, "ru": SHELTER, "en": SHELTER}
    assert (item["purpose"], item["basis"]) == ("lodging", "consent")
    assert {"identity", "worker_contact", "routing"} <= set(item["categories"])
    assert "family_name" in item["fields"]
    (rule,) = item["rules"]
    assert (rule["rule"], rule["source"]) == ("P-F1-LODGING", "1.1; Standard of 26 December 2016 No. 1079, para. 25")
    assert rule["kk"].startswith("Жәбірленушіні")
    assert (item["left"], item["delivery"], item["arrived_at"]) == (True, "received", "2026-03-20T07:00:00Z")
    assert NAME not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_what_was_withheld_is_told_with_the_rule_that_withheld_it(officer: httpx.AsyncClient) -> None:
    somebody = {"role": "victim", "family_name": NAME, "address": "Талғар қ."}
    person = await made(await officer.post("/persons", json=somebody))
    body = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person, "call_back": "+7 7000"}
    await made(await officer.post("/referrals", json={**body, "basis": {"kind": "own_request"}}))
    withheld = (await told(officer, person))["referral.requested"]["withheld"]
    assert [(field["field"], field["rule"]) for field in withheld] == [
        ("address", "F-WHEREABOUTS"),
        ("family_name", "F-WITHOUT-CONSENT"),
    ]
    assert withheld[0]["en"] == "Where a person stays is told to nobody but who saves a life in danger."


async def test_what_was_kept_back_before_it_left_is_not_shown_as_having_left(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, given, _ = await refer(officer)
    await officer.post(f"/consents/{given}/withdraw")
    item = (await told(officer, person))["referral.requested"]
    assert (item["left"], item["delivery"], item["sent_at"]) == (False, "withheld", None)
    assert (item["categories"], item["fields"], item["stays"]) == ([], [], [])
    assert (item["erasure_asked_at"], item["erased_at"]) == (None, None)


async def test_what_was_sent_and_then_kept_back_may_have_arrived(police: Bench, officer: httpx.AsyncClient) -> None:
    person, given, _ = await refer(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    item = (await told(officer, person))["referral.requested"]
    assert (item["left"], item["delivery"], item["arrived_at"]) == (True, "sent", None)
    assert "identity" in item["categories"]


async def test_it_is_erased_since_the_recipient_committed_the_withdrawal_and_asked_for_until_then(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, given, _ = await refer(officer)
    await send_all(police)
    await receipt(police, "referral.requested")
    assert (await told(officer, person))["referral.requested"]["erasure_asked_at"] is None
    await officer.post(f"/consents/{given}/withdraw")
    asked = (await told(officer, person))["referral.requested"]
    assert (asked["erasure_asked_at"], asked["erased_at"]) == ("2026-03-20T07:00:00Z", None)
    police.clock.turn_to(AFTER)
    await receipt(police, "referral.moved")
    erased = (await told(officer, person))["referral.requested"]
    assert (erased["erasure_asked_at"], erased["erased_at"]) == ("2026-03-20T07:00:00Z", "2026-03-25T04:30:00Z")
    assert erased["stays"] == ["routing"]


async def test_a_receipt_for_the_end_of_the_consent_proves_the_erasure_of_what_rested_on_it_and_a_refusal_does_not(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, given, _ = await refer(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    await receipt(police, "referral.moved", rule="UNPROCESSABLE")
    items = await told(officer, person)
    assert (items["referral.requested"]["erasure_asked_at"], items["referral.requested"]["erased_at"]) == (
        "2026-03-20T07:00:00Z",
        None,
    )
    assert (items["referral.moved"]["delivery"], items["referral.moved"]["stopped_by"]["rule"]) == (
        "refused",
        "UNPROCESSABLE",
    )
    police.clock.turn_to(AFTER)
    await receipt(police, "consent.withdrawn")
    assert (await told(officer, person))["referral.requested"]["erased_at"] == "2026-03-25T04:30:00Z"


async def test_a_refusal_of_the_end_of_the_consent_is_no_proof_of_erasure(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, given, _ = await refer(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    await receipt(police, "consent.withdrawn", rule="UNPROCESSABLE")
    assert (await told(officer, person))["referral.requested"]["erased_at"] is None


async def test_a_consent_that_ran_out_is_shown_as_erased_once_its_receiver_has_erased_it(
    network: Network, police: Bench, officer: httpx.AsyncClient
) -> None:
    async with bench(network, Agency.SHELTER, at=BEFORE) as shelter, shelter.client(SHELTER) as host:
        person, _, referral = await refer(officer)
        await exchange(police, shelter)
        assert (await host.get(f"/referrals/{referral}")).json()["content"]["family_name"] == NAME
        police.clock.turn_to("2026-06-02T12:00:00+05:00")
        shelter.clock.turn_to("2026-05-02T12:00:00+05:00")  # so it is told of the end before it sees it itself
        async with police.work() as work:
            assert await expire(work) == 1
        await collect(police)
        asked = (await told(officer, person))["referral.requested"]
        assert (asked["erasure_asked_at"], asked["erased_at"]) == ("2026-06-02T07:00:00Z", None)
        shelter.clock.turn_to("2026-06-02T12:00:00+05:00")
        police.clock.turn_to("2026-06-02T13:00:00+05:00")
        await exchange(police, shelter)
        erased = (await told(officer, person))["referral.requested"]
        assert erased["erased_at"] == "2026-06-02T08:00:00Z"
        assert "family_name" not in {
            name
            for name, value in ((await host.get(f"/referrals/{referral}")).json()["content"] or {}).items()
            if value
        }


async def test_who_withdrew_at_the_other_side_is_erased_there_since_then(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, _, referral = await refer(officer)
    await send_all(police)
    police.clock.turn_to(AFTER)
    async with police.work() as work:
        event = ReferralMoved(referral_id=UUID(referral), version=1, action=ReferralAction.WITHDRAW, at=work.now)
        await moves.learn(work, organisation_id=POLICE, counterpart="shelter-near-19", event=event)
    assert (await told(officer, person))["referral.requested"]["erased_at"] is None
    async with police.work() as work:
        await moves.learn(work, organisation_id=POLICE, counterpart=SHELTER, event=event)
    assert (await told(officer, person))["referral.requested"]["erased_at"] == "2026-03-25T04:30:00Z"


async def test_of_a_referral_that_was_cancelled_nothing_is_claimed_to_be_erased(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, _, referral = await refer(officer)
    await send_all(police)
    await officer.post(f"/referrals/{referral}/cancel", json={"reason": "no_longer_needed"})
    await receipt(police, "referral.moved")
    item = (await told(officer, person))["referral.requested"]
    assert (item["erasure_asked_at"], item["erased_at"]) == (None, None)


async def test_reference_marks_stay_so_they_are_not_told_as_erased(police: Bench, officer: httpx.AsyncClient) -> None:
    person, given, _ = await refer(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    await send_all(police)
    await receipt(police, "referral.moved")
    item = (await told(officer, person))["referral.moved"]
    assert (item["categories"], item["stays"], item["erased_at"]) == (["routing"], ["routing"], None)


async def test_the_pages_hold_each_disclosure_of_that_person_once(police: Bench, officer: httpx.AsyncClient) -> None:
    person, _, referral = await refer(officer)
    await refer(officer)
    for number in range(4):
        await officer.post(f"/referrals/{referral}/messages", json={"body": f"{number}"})
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await officer.get(f"/persons/{person}/disclosures", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    everything = (await officer.get("/disclosures", params={"person_id": person})).json()["items"]
    assert {item["id"] for item in everything} == set(seen)


@pytest.mark.parametrize("what", ["disclosures", "disclosures/letter?language=kk"])
async def test_another_organisations_person_does_not_exist_and_a_machine_reads_nobody(
    police: Bench, officer: httpx.AsyncClient, what: str
) -> None:
    person, _, _ = await refer(officer)
    async with police.client("police-23") as stranger:
        assert (await stranger.get(f"/persons/{person}/{what}")).status_code == 404
    async with police.client(POLICE, "bed-counter") as machine:
        assert (await machine.get(f"/persons/{person}/{what}")).status_code == 403
    assert (await officer.get(f"/persons/{uuid4()}/{what}")).status_code == 404
