"""A consent from its giving to its end, at who recorded it and at who relied on it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from deploy.demo.people import iin
from tests.courier import carry, exchange
from tests.pair import GIVEN, NAME, NOW, SHELTER, SPOKEN, UNTIL, Two, made, name_at, person, referred


async def test_a_signed_paper_is_recorded_with_the_hash_of_its_scan_and_nothing_else_has_one(two: Two) -> None:
    whom = await person(two.officer)
    scan = sha256(b"a scan").hexdigest()
    body = {"person_id": whom, **GIVEN, **SPOKEN}
    paper = await two.officer.post("/consents", json={**body, "form": "signed_paper", "document_sha256": scan})
    assert (paper.status_code, paper.json()["document_sha256"], paper.json()["explained_in"]) == (201, scan, "kk")
    assert (await two.officer.post("/consents", json={**body, "form": "signed_paper"})).status_code == 422
    assert (await two.officer.post("/consents", json={**body, "document_sha256": scan})).status_code == 422


async def test_who_relied_on_a_consent_is_told_of_its_end_erases_and_confirms(two: Two) -> None:
    given, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    assert await name_at(two.warden, referral) == NAME
    ended = (await two.officer.post(f"/consents/{given}/withdraw")).json()
    assert [(one["organisation"], one["confirmed_at"]) for one in ended["told"]] == [(SHELTER, None)]
    await exchange(two.police, two.shelter)
    assert await name_at(two.warden, referral) is None
    after = (await two.officer.get(f"/consents/{given}")).json()
    assert [one["organisation"] for one in after["told"] if one["confirmed_at"]] == [SHELTER]
    assert after["end"] == "withdrawn"


async def test_a_consent_that_runs_out_ends_by_itself_on_both_sides_once_and_the_stay_goes_on(two: Two) -> None:
    given, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    for step in ("accept", "start"):
        assert (await two.warden.post(f"/referrals/{referral}/{step}")).status_code == 200
    await exchange(two.police, two.shelter)
    two.turn_to("2026-05-31T23:59:59Z")
    assert await two.end_what_ran_out() == (0, 0)
    two.turn_to(UNTIL)
    assert await two.end_what_ran_out() == (1, 1)
    assert await two.end_what_ran_out() == (0, 0)
    assert [await name_at(who, referral) for who in (two.officer, two.warden)] == [None, None]
    await exchange(two.police, two.shelter)
    ended = (await two.officer.get(f"/consents/{given}")).json()
    assert (ended["end"], [one["confirmed_at"] is not None for one in ended["told"]]) == ("expired", [True])
    assert (await two.warden.post(f"/referrals/{referral}/complete", json={})).json()["state"] == "completed"


async def test_what_came_on_a_consent_is_not_shown_a_moment_after_its_end_even_if_nothing_has_erased_it_yet(
    two: Two,
) -> None:
    _, referral = await referred(two.officer, await person(two.officer))
    await exchange(two.police, two.shelter)
    two.turn_to(UNTIL)
    assert await name_at(two.warden, referral) is None
    box = (await two.warden.get("/referrals", params={"box": "incoming"})).json()["items"]
    assert NAME not in str(box)


async def test_what_is_in_flight_when_the_consent_runs_out_is_withheld(two: Two) -> None:
    _, referral = await referred(two.officer, await person(two.officer))
    two.turn_to(UNTIL)
    await two.end_what_ran_out()
    assert await carry(two.police, two.shelter) == 0
    assert (await two.warden.get(f"/referrals/{referral}")).status_code == 404


async def test_the_end_of_a_consent_that_nobody_relied_on_is_told_to_nobody(two: Two) -> None:
    body = {"person_id": await person(two.officer), **GIVEN, **SPOKEN}
    given = await made(await two.officer.post("/consents", json=body))
    two.turn_to(UNTIL)
    await two.end_what_ran_out()
    assert (await two.officer.get(f"/consents/{given}")).json()["told"] == []


GIRL = {"iin": iin("2015-04-12", 1111, digit=6)}


async def test_what_a_representative_consented_to_is_void_once_he_is_known_as_the_alleged_offender(two: Two) -> None:
    girl = await person(two.officer, **GIRL)
    given, referral = await referred(two.officer, girl, granted_by="legal_representative")
    await exchange(two.police, two.shelter)
    change = {"representative_is_alleged_offender": True}
    assert (await two.officer.patch(f"/persons/{girl}", json=change, headers={"If-Match": "*"})).status_code == 200
    assert (await two.officer.get(f"/consents/{given}")).json()["end"] == "void"
    await exchange(two.police, two.shelter)
    there = (await two.warden.get(f"/referrals/{referral}")).json()
    assert (there["state"], there["content"].get("family_name")) == ("withdrawn", None)


async def test_the_guardianship_authority_consents_where_the_representative_is_the_alleged_offender(two: Two) -> None:
    girl = await person(two.officer, **GIRL, representative_is_alleged_offender=True)
    body = {"person_id": girl, **GIVEN, **SPOKEN}
    his = await two.officer.post("/consents", json={**body, "granted_by": "legal_representative"})
    assert his.status_code == 422
    assert "guardianship authority" in his.json()["detail"]
    theirs = await two.officer.post("/consents", json={**body, "granted_by": "guardianship_authority"})
    assert theirs.status_code == 201


async def test_the_withdrawal_of_a_representative_who_is_the_alleged_offender_has_no_effect(two: Two) -> None:
    girl = await person(two.officer, **GIRL, representative_is_alleged_offender=True)
    given, _ = await referred(two.officer, girl, granted_by="guardianship_authority")
    his = await two.officer.post(f"/consents/{given}/withdraw", json={"by": "legal_representative"})
    assert (his.status_code, his.json()["title"]) == (409, "without effect")
    assert (await two.officer.get(f"/consents/{given}")).json()["end"] is None
    hers = await two.officer.post(f"/consents/{given}/withdraw", json={"by": "self"})
    assert hers.json()["end"] == "withdrawn"


async def test_an_incapacitated_adult_consents_through_somebody_else(two: Two) -> None:
    whom = await person(two.officer, birth_date="1980-01-01", incapacitated=True)
    body = {"person_id": whom, **GIVEN, **SPOKEN}
    assert (await two.officer.post("/consents", json=body)).status_code == 422
    represented = await two.officer.post("/consents", json={**body, "granted_by": "legal_representative"})
    assert represented.status_code == 201


async def test_a_consent_ends_at_most_a_year_after_it_was_given(two: Two) -> None:
    whom = await person(two.officer)
    late = (datetime.fromisoformat(NOW).astimezone(UTC) + timedelta(days=367)).isoformat()
    answer = await two.officer.post("/consents", json={"person_id": whom, **GIVEN, **SPOKEN, "valid_until": late})
    assert answer.status_code == 422
