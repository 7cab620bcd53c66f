"""The story of the demo, sentence by sentence, as the four services remember it afterwards."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from deploy.demo.people import HER, HER_ADDRESS, HER_INJURY, HER_PHONE
from deploy.demo.stage import Said, Stage
from deploy.demo.story import OUTCOME, play
from tests.network import Access

pytestmark = pytest.mark.xdist_group("story")


@pytest.fixture(scope="module")
async def told(access: Access) -> AsyncIterator[tuple[Stage, list[Said]]]:
    """The story, played once, and what was said."""
    said = list[Said]()
    async with access.stage(next(access.alone)) as stage:
        stage.tell = said.append
        await play(stage)
        yield stage, said


Told = tuple[Stage, list[Said]]


async def test_she_consents_for_thirty_days_and_to_nothing_about_her_health_for_the_police(told: Told) -> None:
    stage, _ = told
    consent = await stage.at("police").get(f"/consents/{stage.ids['consent']}")
    given, until = (datetime.fromisoformat(consent[key]) for key in ("given_at", "valid_until"))
    assert timedelta(days=29) < until - given <= timedelta(days=30)
    assert "police" not in consent["recipients"]
    assert consent["purposes"] == ["lodging", "medical_examination"]


async def test_the_nearest_shelter_was_full_and_the_second_had_a_room(told: Told) -> None:
    _, said = told
    looked = [s.what for s in said if "km" in s.what]
    assert "full" in looked[0]
    assert "one family room free" in looked[1]


async def test_the_referral_held_the_room_and_the_stay_used_it(told: Told) -> None:
    stage, _ = told
    referral = await stage.at("police").get(f"/referrals/{stage.ids['lodging']}")
    assert referral["hold_state"] == "held"
    assert datetime.fromisoformat(referral["held_until"]) - datetime.fromisoformat(referral["created_at"]) > timedelta(
        minutes=89
    )
    unit = (await stage.at("far_shelter").get("/units"))["items"][0]
    assert (unit["capacity"], unit["occupied"], unit["held"], unit["free"]) == (4, 4, 0, 0)


async def test_the_shelter_got_her_name_and_neither_her_address_nor_her_injury(told: Told) -> None:
    stage, _ = told
    content = (await stage.at("far_shelter").get(f"/referrals/{stage.ids['lodging']}"))["content"]
    assert content["family_name"] == HER["family_name"]
    assert content["phone"] == HER_PHONE
    assert HER_ADDRESS not in str(content)
    assert HER_INJURY not in str(content)


async def test_the_conversation_was_delivered_and_read(told: Told) -> None:
    stage, _ = told
    asked = (await stage.at("far_shelter").get(f"/referrals/{stage.ids['lodging']}/messages"))["items"]
    assert [m["body"] for m in asked] == ["Да, одна.", "Нужна ли детская кровать?"]
    assert asked[1]["delivered_at"] is not None
    assert asked[1]["read_at"] is not None


async def test_health_examined_her_and_social_services_made_a_plan(told: Told) -> None:
    stage, _ = told
    examination = await stage.at("hospital").get(f"/examinations/{stage.ids['examination']}")
    plan = await stage.at("social").get(f"/plans/{stage.ids['plan']}")
    assert examination["referral_id"] == stage.ids["medical"]
    assert [s["kind"] for s in plan["goals"]] == ["documents", "benefits"]


async def test_nothing_about_her_nor_where_she_is_went_to_the_addictologist(told: Told) -> None:
    stage, _ = told
    content = (await stage.at("addictology").get(f"/referrals/{stage.ids['addiction']}"))["content"]
    hers = (HER["given_name"], "Сәрсенова", HER_ADDRESS, HER_PHONE, stage.cast.far_shelter, "приют")
    assert content["family_name"] == "Сәрсенов"
    assert not [word for word in hers if word in str(content)]
    assert content["address"] is content["circumstances"] is content["dependants"] is content["health"] is None


async def test_the_refusal_notice_said_that_and_when_and_not_who_or_where(told: Told) -> None:
    stage, _ = told
    refusal = await stage.at("far_shelter").get(f"/refusals/{stage.ids['refusal']}")
    notices = (await stage.at("police").get("/refusal-notices"))["items"]
    notice = next(n for n in notices if n["id"] == stage.ids["refusal"])
    assert refusal["state"] == "acknowledged"
    assert date.fromisoformat(notice["due_on"]) > date.fromisoformat(notice["refused_on"])
    assert set(notice) == {
        "id", "shelter_id", "refused_on", "due_on", "police_may", "received_at", "acknowledged_at",
    }  # fmt: skip
    assert not [value for value in (*HER.values(), HER_PHONE, stage.ids["guest"]) if value in str(notice)]


async def test_her_withdrawal_erased_healths_copy_and_kept_its_medical_record(told: Told) -> None:
    stage, _ = told
    copy = await stage.at("hospital").get(f"/referrals/{stage.ids['medical']}")
    consent = await stage.at("hospital").get(f"/consents/{stage.ids['health_consent']}")
    assert copy["state"] == "withdrawn"
    assert HER["family_name"] not in str(copy)
    assert consent["withdrawn_at"] is not None
    assert (await stage.at("hospital").get(f"/examinations/{stage.ids['examination']}"))["findings"]


async def test_the_accounting_lists_all_that_moved_about_her_and_that_it_arrived(told: Told) -> None:
    stage, _ = told
    items = (await stage.at("far_shelter").get("/disclosures", person_id=stage.ids["guest"]))["items"]
    moved = {(item["event_type"], item["recipient_id"]) for item in items}
    assert moved == {
        ("referral.requested", stage.cast.hospital),
        ("referral.requested", stage.cast.social),
        ("refusal_notice.issued", stage.cast.police),
        ("consent.withdrawn", stage.cast.hospital),
        ("referral.moved", stage.cast.hospital),
    }
    assert {item["delivery"] for item in items} == {"received"}


async def test_the_rural_referral_waited_while_the_line_was_cut_and_arrived(told: Told) -> None:
    stage, said = told
    referral = await stage.at("social").get(f"/referrals/{stage.ids['rural']}")
    assert referral["counterpart_id"] == stage.cast.rural_police
    assert said[-1].disclosure is not None
    assert said[-1].disclosure["event_type"] == "referral.requested"


async def test_both_sides_of_every_referral_agree_in_the_end(told: Told) -> None:
    stage, _ = told
    for name, (sender, receiver, state) in OUTCOME.items():
        for role in (sender, receiver):
            assert (await stage.at(role).get(f"/referrals/{stage.ids[name]}"))["state"] == state
