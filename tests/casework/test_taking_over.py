"""What another organisation sent becomes a record here, goes no further than it may, and ends with its consent."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select

from deploy.network import Network
from shared.adapters.audit_tables import AuditEntry
from shared.casework.persons.received import CATEGORY_OF
from shared.casework.persons.tables import PersonIndexRow, PersonRow
from shared.casework.referrals.sending import PERSON_FIELDS
from shared.contract.grounds import Handling
from shared.contract.vocabulary import Agency, DataCategory
from tests.casework.test_consents import GIRL
from tests.courier import exchange
from tests.pair import GIVEN, NAME, NOW, POLICE, SHELTER, SPOKEN, UNTIL, Two, made, person, referred
from tests.workbench import Bench, bench

HOSPITAL = "hospital-19"
PHONE = "+7 701 000 00 02"
RULE = "F-RECEIVED-FOR-ANOTHER"


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SHELTER, at=NOW) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


async def sent(two: Two, *, number: str | None = None, **terms: Any) -> tuple[str, str]:
    """(the consent, the referral), which has arrived."""
    whom = await person(two.officer, given_name="Гүлнұр", phone=PHONE, languages=["kk"], iin=number)
    came = await referred(two.officer, whom, **terms)
    await exchange(two.police, two.shelter)
    return came


async def taken(client: httpx.AsyncClient, referral: str) -> str:
    return await made(await client.post("/persons/from-referral", json={"referral_id": referral}))


async def taken_over(two: Two, **terms: Any) -> tuple[str, str]:
    """(the consent at the police, the person at the shelter)"""
    given, referral = await sent(two, **terms)
    return given, await taken(two.warden, referral)


async def consented_here(two: Two, whom: str, *categories: str) -> str:
    body = {**GIVEN, **SPOKEN, "person_id": whom, "purposes": ["medical_examination"], "recipients": ["health"]}
    return await made(await two.warden.post("/consents", json={**body, "categories": list(categories)}))


async def to_the_hospital(two: Two, whom: str, basis: dict[str, str]) -> httpx.Response:
    body = {"to": {"organisation": HOSPITAL}, "purpose": "medical_examination", "person_id": whom, "basis": basis}
    return await two.warden.post("/referrals", json={**body, "call_back": "+7 727 000 00 03"})


async def in_danger(two: Two, whom: str, *, to: str) -> httpx.Response:
    words = {"person_id": whom, "why": "Қауіп төніп тұр, көмек керек.", "minutes": 60}
    declared = await made(await two.warden.post("/emergencies", json=words))
    body = {"to": {"organisation": to}, "purpose": "protection_of_life", "person_id": whom}
    body |= {"basis": {"kind": "emergency", "emergency_id": declared}, "call_back": "+7 727 000 00 03"}
    return await two.warden.post("/referrals", json=body)


async def at_the_shelter(two: Two, whom: str) -> dict[str, Any]:
    found: dict[str, Any] = (await two.warden.get(f"/persons/{whom}")).json()
    return found


async def labels(service: Bench, whom: str) -> list[Handling]:
    async with service.work() as work:
        row = (await work.session.exec(select(PersonRow).where(PersonRow.id == UUID(whom)))).one()
        return [Handling.model_validate(label) for label in row.handling or ()]


async def finds(two: Two) -> list[str]:
    found = await two.warden.post("/persons/search", json={"family_name": NAME})
    return [one["id"] for one in found.json()["items"]]


async def test_the_shelter_takes_over_what_the_police_sent_and_no_more(two: Two) -> None:
    given, whom = await taken_over(two)
    known = await at_the_shelter(two, whom)
    assert (known["role"], known["family_name"], known["given_name"]) == ("victim", NAME, "Гүлнұр")
    assert (known["languages"], known["phone"], known["anonymous"]) == (["kk"], None, False)
    assert await finds(two) == [whom]
    (label,) = await labels(two.shelter, whom)
    assert (label.origin, label.basis, str(label.consent_id)) == (POLICE, "consent", given)
    assert DataCategory.IDENTITY in label.categories


async def test_the_audit_says_whence_a_record_came_and_not_of_whom(two: Two) -> None:
    _, referral = await sent(two)
    whom = await taken(two.warden, referral)
    async with two.shelter.work() as work:
        written = select(AuditEntry).where(AuditEntry.action == "person_recorded")
        entry = (await work.session.exec(written)).one()
    assert (entry.concerning, entry.details) == (whom, {"referral_id": referral, "origin": POLICE})


async def test_in_an_emergency_the_hospital_learns_nothing_of_what_came_from_the_police(two: Two) -> None:
    _, whom = await taken_over(two)
    told = (await in_danger(two, whom, to=HOSPITAL)).json()
    assert (told["content"]["family_name"], told["content"]["given_name"]) == (None, None)
    withheld = {one["field"]: one["rule"] for one in told["withheld"]}
    assert {"family_name", "given_name"} <= set(withheld)
    assert set(withheld.values()) == {RULE}


async def test_in_an_emergency_the_police_are_told_what_came_from_them(two: Two) -> None:
    _, whom = await taken_over(two)
    told = (await in_danger(two, whom, to=POLICE)).json()
    assert (told["content"]["family_name"], told["withheld"]) == (NAME, [])


async def test_on_a_consent_that_she_gives_at_the_shelter_the_hospital_learns_her_name(two: Two) -> None:
    _, whom = await taken_over(two)
    basis = {"kind": "consent", "consent_id": await consented_here(two, whom, "identity")}
    assert (await to_the_hospital(two, whom, basis)).json()["content"]["family_name"] == NAME


@pytest.mark.parametrize("how", ["withdrawn", "expired", "void"])
async def test_what_was_taken_over_goes_with_the_consent_that_it_came_on(two: Two, how: str) -> None:
    girl = {"number": GIRL["iin"], "granted_by": "legal_representative"}
    given, whom = await taken_over(two, **girl)
    if how == "withdrawn":
        await two.officer.post(f"/consents/{given}/withdraw")
    elif how == "expired":
        two.turn_to(UNTIL)
        await two.end_what_ran_out()
    else:
        await end_as_void(two, given)
    await exchange(two.police, two.shelter)
    left = await at_the_shelter(two, whom)
    assert [left[name] for name in ("family_name", "given_name", "languages")] == [None, None, []]
    assert (await finds(two), await labels(two.shelter, whom)) == ([], [])
    async with two.shelter.work() as work:
        assert (await work.session.exec(select(PersonIndexRow))).all() == []
        entry = (await work.session.exec(select(AuditEntry).where(AuditEntry.action == "person_corrected"))).one()
    assert {"family_name", "given_name", "languages"} <= set(entry.details["fields"])


async def end_as_void(two: Two, given: str) -> None:
    """Her representative turns out to be the alleged offender."""
    girl = (await two.officer.get(f"/consents/{given}")).json()["person_id"]
    change = {"representative_is_alleged_offender": True}
    assert (await two.officer.patch(f"/persons/{girl}", json=change, headers={"If-Match": "*"})).status_code == 200
    assert (await two.officer.get(f"/consents/{given}")).json()["end"] == "void"


async def test_what_she_told_the_shelter_herself_stays_when_the_polices_consent_ends(two: Two) -> None:
    given, whom = await taken_over(two)
    hers = {"phone": "+7 701 000 00 09"}
    await two.warden.patch(f"/persons/{whom}", json=hers, headers={"If-Match": "*"})
    await two.officer.post(f"/consents/{given}/withdraw")
    await exchange(two.police, two.shelter)
    left = await at_the_shelter(two, whom)
    assert (left["family_name"], left["phone"]) == (None, hers["phone"])


async def test_what_a_consent_given_here_covers_stays_until_that_ends_too(two: Two) -> None:
    given, whom = await taken_over(two, categories=["identity", "contact"])
    here = await consented_here(two, whom, "identity")
    await two.officer.post(f"/consents/{given}/withdraw")
    await exchange(two.police, two.shelter)
    left = await at_the_shelter(two, whom)
    assert (left["family_name"], left["phone"]) == (NAME, None)
    assert [label.categories for label in await labels(two.shelter, whom)] == [{DataCategory.IDENTITY}]
    assert {one["rule"] for one in (await in_danger(two, whom, to=HOSPITAL)).json()["withheld"]} == {RULE}
    await two.warden.post(f"/consents/{here}/withdraw")
    assert (await at_the_shelter(two, whom))["family_name"] is None
    assert await labels(two.shelter, whom) == []


async def test_the_end_of_a_consent_given_here_takes_nothing_while_the_polices_holds(two: Two) -> None:
    _, whom = await taken_over(two)
    here = await consented_here(two, whom, "identity")
    await two.warden.post(f"/consents/{here}/withdraw")
    assert (await at_the_shelter(two, whom))["family_name"] == NAME


async def test_what_was_taken_over_goes_when_the_referral_is_withdrawn(two: Two) -> None:
    _, referral = await sent(two)
    whom = await taken(two.warden, referral)
    assert (await two.officer.post(f"/referrals/{referral}/withdraw", json={"by": "self"})).status_code == 200
    await exchange(two.police, two.shelter)
    left = await at_the_shelter(two, whom)
    assert [left[name] for name in ("family_name", "given_name", "languages")] == [None, None, []]
    assert (await finds(two), await labels(two.shelter, whom)) == ([], [])


async def called_for(two: Two) -> tuple[str, str]:
    """(the emergency at the shelter, the person at the police)"""
    whom = await person(two.warden, given_name="Гүлнұр", phone=PHONE)
    words = {"person_id": whom, "why": "Қауіп төніп тұр, көмек керек.", "minutes": 60}
    declared = await made(await two.warden.post("/emergencies", json=words))
    body: dict[str, Any] = {"to": {"organisation": POLICE}, "purpose": "protection_of_life", "person_id": whom}
    body |= {"basis": {"kind": "emergency", "emergency_id": declared}, "call_back": "+7 727 000 00 01"}
    referral = await made(await two.warden.post("/referrals", json=body))
    await exchange(two.shelter, two.police)
    return declared, await taken(two.officer, referral)


async def at_the_police(two: Two, whom: str) -> tuple[str | None, str | None]:
    """(family name, telephone)"""
    found = (await two.officer.get(f"/persons/{whom}")).json()
    return found["family_name"], found["phone"]


@pytest.mark.parametrize("by_itself", [False, True])
async def test_what_was_taken_over_goes_with_the_emergency_that_it_came_on(two: Two, *, by_itself: bool) -> None:
    declared, whom = await called_for(two)
    assert await at_the_police(two, whom) == (NAME, PHONE)
    if by_itself:
        two.turn_to("2026-03-20T13:00:00+05:00")
        await two.end_what_ran_out()
    else:
        assert (await two.warden.post(f"/emergencies/{declared}/end")).status_code == 200
        await exchange(two.shelter, two.police)
    assert await at_the_police(two, whom) == (None, None)
    assert await labels(two.police, whom) == []


async def test_what_she_allows_the_police_outlives_the_emergency_until_she_takes_that_back(two: Two) -> None:
    declared, whom = await called_for(two)
    here = await made(await two.officer.post("/consents", json={"person_id": whom, **GIVEN, **SPOKEN}))
    await two.warden.post(f"/emergencies/{declared}/end")
    await exchange(two.shelter, two.police)
    assert await at_the_police(two, whom) == (NAME, None)
    await two.officer.post(f"/consents/{here}/withdraw")
    assert await at_the_police(two, whom) == (None, None)


async def test_a_referral_that_is_taken_over_twice_makes_one_record(two: Two) -> None:
    given, referral = await sent(two)
    whom = await taken(two.warden, referral)
    again = await two.warden.post("/persons/from-referral", json={"referral_id": referral})
    assert (again.status_code, again.json()["id"], again.json()["family_name"]) == (200, whom, NAME)
    assert again.headers["ETag"]
    assert await finds(two) == [whom]
    await two.officer.post(f"/consents/{given}/withdraw")
    await exchange(two.police, two.shelter)
    late = await two.warden.post("/persons/from-referral", json={"referral_id": referral})
    assert (late.status_code, late.json()["id"], late.json()["family_name"]) == (200, whom, None)


async def test_two_who_take_over_at_once_get_the_same_record(two: Two) -> None:
    _, referral = await sent(two)
    calls = [two.warden.post("/persons/from-referral", json={"referral_id": referral}) for _ in range(4)]
    answers = await asyncio.gather(*calls)
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201]
    assert len({one.json()["id"] for one in answers}) == 1


async def test_who_was_erased_here_can_be_taken_over_anew(two: Two) -> None:
    _, referral = await sent(two)
    whom = await taken(two.warden, referral)
    async with two.shelter.client(SHELTER, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{whom}")).status_code == 200
    assert await taken(two.warden, referral) != whom


async def test_another_organisations_record_is_not_touched(two: Two) -> None:
    _, whom = await taken_over(two)
    given, _ = await sent(two)
    await two.officer.post(f"/consents/{given}/withdraw")
    await exchange(two.police, two.shelter)
    assert (await at_the_shelter(two, whom))["family_name"] == NAME


async def test_an_answer_kept_for_a_key_does_not_outlive_the_consent(two: Two) -> None:
    given, referral = await sent(two)
    call: dict[str, Any] = {"json": {"referral_id": referral}, "headers": {"Idempotency-Key": str(uuid4())}}
    first = await two.warden.post("/persons/from-referral", **call)
    assert (await two.warden.post("/persons/from-referral", **call)).json() == first.json()
    await two.officer.post(f"/consents/{given}/withdraw")
    await exchange(two.police, two.shelter)
    assert NAME not in (await two.warden.post("/persons/from-referral", **call)).text


async def test_nothing_is_taken_over_of_a_referral_that_tells_nothing_or_may_not_be_read_any_more(two: Two) -> None:
    opaque = {"to": {"organisation": SHELTER}, "purpose": "lodging", "basis": {"kind": "no_personal_data"}}
    referral = await made(await two.officer.post("/referrals", json={**opaque, "call_back": "+7 727 000 00 01"}))
    _, ended = await sent(two)
    two.turn_to(UNTIL)
    for which in (referral, ended):
        answer = await two.warden.post("/persons/from-referral", json={"referral_id": which})
        assert (answer.status_code, answer.json()["title"]) == (409, "nothing to take over")


async def test_only_who_received_a_referral_takes_over(two: Two) -> None:
    _, referral = await sent(two)
    asked = {"referral_id": referral}
    assert (await two.officer.post("/persons/from-referral", json=asked)).status_code == 404
    assert (await two.warden.post("/persons/from-referral", json={"referral_id": str(uuid4())})).status_code == 404
    async with two.shelter.client("shelter-near-19") as other, two.shelter.client(SHELTER, "reader") as reader:
        assert (await other.post("/persons/from-referral", json=asked)).status_code == 404
        assert (await reader.post("/persons/from-referral", json=asked)).status_code == 403


async def test_an_erased_record_keeps_no_label(two: Two) -> None:
    _, whom = await taken_over(two)
    async with two.shelter.client(SHELTER, "supervisor") as supervisor:
        assert (await supervisor.delete(f"/persons/{whom}")).status_code == 200
    assert await labels(two.shelter, whom) == []


def test_every_field_that_leaves_of_a_person_can_be_taken_over_and_forgotten_by_its_category() -> None:
    assert set(CATEGORY_OF) == set(PERSON_FIELDS)
