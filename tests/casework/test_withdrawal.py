"""A person takes a consent or a referral back: what stays, what is told, what is forgotten."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, select

from deploy.demo.people import iin
from deploy.network import Network
from shared.adapters.outcomes import settle
from shared.adapters.relay import Relay
from shared.adapters.tables import OutboxRow
from shared.casework.consents import store as consents
from shared.contract.vocabulary import Agency, DataCategory, Purpose
from tests.workbench import Bench, bench

POLICE, SHELTER = "police-19", "shelter-far-19"
NAME = "Ахметова"
GIVEN = {"granted_by": "self", "form": "spoken", "explained_in": "kk"}


class Silence:
    """A broker that takes everything and tells nobody: what an acknowledgement lost on the way looks like."""

    is_connected = True

    async def publish(self, *_: object, **__: object) -> None:
        """Taken."""


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


async def made(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def consent(officer: httpx.AsyncClient, person: str, **more: object) -> str:
    terms = {
        "purposes": ["lodging"],
        "recipients": ["shelter"],
        "categories": ["identity"],
        **GIVEN,
    }
    body = {"person_id": person, "valid_until": "2026-06-01T00:00:00Z", **terms, **more}
    return await made(await officer.post("/consents", json=body))


async def refer(officer: httpx.AsyncClient, **more: object) -> tuple[str, str, str]:
    """(person, consent, referral)"""
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": NAME}))
    given = await consent(officer, person, **more)
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
    return person, given, await made(await officer.post("/referrals", json=body))


async def outbox(service: Bench) -> list[tuple[str, str]]:
    async with service.work() as work:
        rows = await work.session.exec(select(OutboxRow).order_by(col(OutboxRow.created_at), col(OutboxRow.event_type)))
        return [(row.event_type, row.state) for row in rows]


async def send_all(service: Bench) -> None:
    settings = service.app.state.settings
    about: dict[str, Any] = {"database": service.database, "node": service.node, "clock": service.clock}
    relay = Relay(**about, broker=Silence(), settings=settings, consents_now=consents.all_terms_now)  # type: ignore[arg-type]  # stands in for the network
    await relay.send_due()


@pytest.mark.parametrize("how", ["consent", "referral"])
async def test_what_never_left_is_kept_back_and_nobody_is_told(
    police: Bench, officer: httpx.AsyncClient, how: str
) -> None:
    _, given, referral = await refer(officer)
    path = f"/consents/{given}/withdraw" if how == "consent" else f"/referrals/{referral}/withdraw"
    assert (await officer.post(path)).status_code == 200
    assert await outbox(police) == [("referral.requested", "withheld")]


async def test_what_was_sent_by_mistake_and_has_not_left_is_kept_back(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    _, _, referral = await refer(officer)
    await officer.post(f"/referrals/{referral}/cancel", json={"reason": "sent_by_mistake"})
    assert await outbox(police) == [("referral.requested", "withheld")]


async def test_what_may_have_arrived_is_told_to_its_receiver_although_no_receipt_came(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    _, given, _ = await refer(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    assert sorted(await outbox(police)) == [
        ("consent.withdrawn", "waiting"),
        ("referral.moved", "waiting"),
        ("referral.requested", "withheld"),
    ]


async def test_a_receipt_that_comes_after_the_withdrawal_still_says_that_it_arrived(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    person, given, referral = await refer(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    async with police.work() as work:
        asked = OutboxRow.event_type == "referral.requested"
        event_id = (await work.session.exec(select(OutboxRow.id).where(asked))).one()
        await settle(work.session, event_ids=[event_id], recipient_node="shelter", rule=None, at=work.now)
    items = (await officer.get("/disclosures", params={"person_id": person})).json()["items"]
    told = {item["event_type"]: item["delivery"] for item in items}
    assert told["referral.requested"] == "received"
    assert (await officer.get(f"/referrals/{referral}")).json()["delivery"] == "received"


async def test_the_outbox_forgets_what_an_event_said_once_it_is_done(police: Bench, officer: httpx.AsyncClient) -> None:
    _, given, _ = await refer(officer)
    await officer.post(f"/consents/{given}/withdraw")
    async with police.work() as work:
        assert (await work.session.exec(select(OutboxRow.sealed))).one() is None


async def test_an_answer_kept_for_a_key_is_forgotten_with_its_referral(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": NAME}))
    given = await consent(officer, person)
    body = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
    key = {"Idempotency-Key": str(uuid4())}
    assert NAME in (await officer.post("/referrals", json=body, headers=key)).text
    await officer.post(f"/consents/{given}/withdraw")
    again = await officer.post("/referrals", json=body, headers=key)
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[1]) == (409, "answer-erased")


async def test_the_consent_travels_with_nothing_but_what_matters_between_the_two(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    wide = {"purposes": ["lodging", "addiction_treatment"], "recipients": [SHELTER, "shelter-near-19", "health"]}
    await refer(officer, **wide, categories=["identity", "addiction"])
    (envelope,) = await police.waiting()
    assert envelope is not None
    assert envelope.data.grounds is not None
    terms = envelope.data.grounds.consent
    assert terms is not None
    said = (terms.purposes, terms.recipients, terms.categories)
    assert said == (frozenset({Purpose.LODGING}), frozenset({SHELTER}), frozenset({DataCategory.IDENTITY}))


async def test_her_own_request_without_a_consent_does_not_say_who_she_is(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": NAME}))
    body = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person}
    sent = await officer.post("/referrals", json={**body, "basis": {"kind": "own_request"}, "call_back": "+7 7000"})
    assert sent.json()["content"]["family_name"] is None
    assert [(w["field"], w["rule"]) for w in sent.json()["withheld"]] == [("family_name", "F-WITHOUT-CONSENT")]


async def test_a_minor_known_by_her_iin_alone_does_not_consent_for_herself(officer: httpx.AsyncClient) -> None:
    girl = {"role": "victim", "iin": iin("2015-04-12", 1111, digit=6)}
    person = await made(await officer.post("/persons", json=girl))
    body = {"person_id": person, "purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"]}
    answer = await officer.post(
        "/consents",
        json={
            **body,
            "valid_until": "2026-06-01T00:00:00Z",
            **GIVEN,
        },
    )
    assert answer.status_code == 422
    assert "legal representative" in answer.json()["detail"]


async def test_her_referral_can_not_be_replaced_by_one_about_him(officer: httpx.AsyncClient) -> None:
    _, _, hers = await refer(officer)
    body = {"to": {"organisation": "addictology-19"}, "purpose": "addiction_treatment", "subject": "alleged_offender"}
    body |= {"basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01", "replaces": hers}
    assert (await officer.post("/referrals", json=body)).status_code == 422
    assert (await officer.post("/disclosures/preview", json=body)).status_code == 422


async def test_how_many_she_has_with_her_is_not_said_of_him(officer: httpx.AsyncClient) -> None:
    body = {"to": {"organisation": "addictology-19"}, "purpose": "addiction_treatment", "subject": "alleged_offender"}
    body |= {"basis": {"kind": "no_personal_data"}, "call_back": "+7 727 000 00 01"}
    shown = await officer.post("/disclosures/preview", json={**body, "household": {"adults": 1, "children": 3}})
    assert "household" not in shown.json()["content"]
    assert shown.json()["withheld"][0]["rule"] == "F-OFFENDER-NOT-ABOUT-HER"


async def test_a_preview_is_not_kept_for_its_key(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim", "family_name": NAME}))
    given = await consent(officer, person)
    body = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
    key = {"Idempotency-Key": str(uuid4())}
    assert NAME in (await officer.post("/disclosures/preview", json=body, headers=key)).text
    await officer.post(f"/consents/{given}/withdraw")
    again = await officer.post("/disclosures/preview", json=body, headers=key)
    assert again.json()["permitted"] is False
    assert NAME not in again.text


async def test_a_court_decision_refers_him_while_it_binds_and_only_with_its_number(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "alleged_offender", "family_name": NAME}))
    body = {"to": {"organisation": "addictology-19"}, "purpose": "compulsory_treatment", "subject": "alleged_offender"}
    body |= {"call_back": "+7 727 000 00 01", "person_id": person}

    async def refer_by(basis: dict[str, Any]) -> httpx.Response:
        return await officer.post("/referrals", json={**body, "basis": {"kind": "court_decision", **basis}})

    court = {"number": "7514-26-00-4/12", "decided_on": "2026-03-18", "until": "2028-03-18"}
    assert (await refer_by({})).status_code == 422
    assert (await refer_by({"court": court})).json()["content"]["family_name"] == NAME
    over = await refer_by({"court": {**court, "until": "2026-03-19"}})
    assert (over.status_code, over.json()["rule"]) == (403, "F-NO-COURT-DECISION")
