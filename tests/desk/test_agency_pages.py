"""Pages of one agency, and those that show more than cases: refusals and notices, network, statistics, rules."""

import csv
import re
from datetime import date, timedelta
from io import StringIO

import httpx
import pytest

from shared.adapters.identity import ROLES
from shared.contract.calendar import local_day
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import Agency, Basis, EventType
from shared.desk.statistics import last_month
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, OTHER, POLICE, SHELTER, form_key, recorded, send
from tests.workbench import Bench

SEES_CASES, COUNTS = ("worker", "supervisor"), ("supervisor", "statistician")
WHO_SEES = {
    "/desk/reports": SEES_CASES,
    "/desk/network": SEES_CASES,
    "/desk/rules": SEES_CASES,
    "/desk/statistics": COUNTS,
}
OF_POLICE, OF_SHELTER = {"/desk/notices": SEES_CASES}, {"/desk/refusals": SEES_CASES}


def menu(page: httpx.Response) -> set[str]:
    return set(re.findall(r'href="(/desk[a-z/-]*)"', page.text.partition("<main")[0]))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", [*WHO_SEES, *OF_POLICE])
async def test_a_page_of_the_police_is_for_the_roles_that_may_make_its_calls(
    police: Bench, signed_in: SignIn, path: str, role: str
) -> None:
    page = await (await signed_in(police, POLICE, role)).get(path)
    allowed = (WHO_SEES | OF_POLICE)[path]
    assert page.status_code == (200 if role in allowed else 403)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    if role in allowed:
        assert path in menu(page)


@pytest.mark.parametrize("role", ROLES)
async def test_refusals_are_for_the_roles_that_may_make_their_calls(
    shelter: Bench, signed_in: SignIn, role: str
) -> None:
    page = await (await signed_in(shelter, SHELTER, role)).get("/desk/refusals")
    assert page.status_code == (200 if role in SEES_CASES else 403)


async def test_the_menu_leads_only_where_one_may_go(police: Bench, shelter: Bench, signed_in: SignIn) -> None:
    worker = menu(await (await signed_in(police, POLICE)).get("/desk"))
    statistician = menu(await (await signed_in(police, POLICE, "statistician")).get("/desk/statistics"))
    warden = menu(await (await signed_in(shelter, SHELTER)).get("/desk"))
    assert {"/desk/notices", "/desk/network", "/desk/rules"} <= worker
    assert not worker & {"/desk/statistics", "/desk/refusals", "/desk/our-beds"}
    assert "/desk/statistics" in statistician
    assert not statistician & {"/desk/persons", "/desk/refer", "/desk/notices"}
    assert {"/desk/refusals", "/desk/our-beds"} <= warden
    assert "/desk/notices" not in warden


async def test_another_agencys_pages_are_not_there(police: Bench, shelter: Bench, signed_in: SignIn) -> None:
    assert (await (await signed_in(police, POLICE)).get("/desk/refusals")).status_code == 404
    assert (await (await signed_in(shelter, SHELTER)).get("/desk/notices")).status_code == 404


async def test_a_refusal_is_recorded_with_the_person_and_its_notice_shows_what_the_police_will_see_and_no_more(
    shelter: Bench, signed_in: SignIn
) -> None:
    warden = await signed_in(shelter, SHELTER)
    person = await recorded(warden, given_name="Айгүл")
    led = re.search(r'href="(/desk/refusals\?person=[^"]+)"', (await warden.get(person)).text)
    assert led
    form = await warden.get(led[1])
    assert f'name="person_id" value="{person.rpartition("/")[2]}"' in form.text
    then = (shelter.clock.now + timedelta(hours=5) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = await send(
        warden,
        "/desk/refusals",
        **{"person_id": person.rpartition("/")[2], "refused_at:moment": then, "agrees_to_contact:flag": "yes"},
    )
    assert answer.status_code == 303, answer.text
    shown = words(await warden.get(answer.headers["location"]))
    assert "not sent yet" in shown
    assert "count it, offer contact through the shelter" in shown
    assert not re.search("Сәрсенова|Айгүл", shown)
    assert answer.headers["location"] in (await warden.get("/desk/refusals")).text
    assert answer.headers["location"] in (await warden.get("/desk")).text  # it is due


async def test_a_report_on_the_duty_says_what_happened_and_not_to_whom_and_a_box_that_is_not_ticked_says_no(
    shelter: Bench, signed_in: SignIn
) -> None:
    warden = await signed_in(shelter, SHELTER)
    person = (await recorded(warden, given_name="Айгүл")).rpartition("/")[2]
    form = await warden.get(f"/desk/report?person={person}")
    assert f'name="person_id" value="{person}"' in form.text
    said = {
        "person_id": person,
        "subject": "victim",
        "kinds[]": "physical",
        "happened_on": f"{shelter.clock.now:%Y-%m-%d}",
    }
    said |= {
        "weapon:flag": "yes",
        "call_back": "+7 727 000 00 01",
        "basis": "statutory_duty",
        "circumstances": "Ночью.",
    }
    answer = await send(warden, "/desk/report", **said)
    assert answer.status_code == 303, answer.text
    shown = words(await warden.get(answer.headers["location"]))
    assert "Kinds of violence physical violence" in shown
    assert "With a weapon yes" in shown
    assert "Children were present no" in shown
    assert not re.search("Сәрсенова|Айгүл|Ночью", shown)
    assert answer.headers["location"] in (await warden.get("/desk/reports")).text


async def test_a_report_without_a_kind_or_a_number_to_call_is_not_sent(shelter: Bench, signed_in: SignIn) -> None:
    warden = await signed_in(shelter, SHELTER)
    said = {"subject": "victim", "happened_on": f"{shelter.clock.now:%Y-%m-%d}", "basis": "statutory_duty"}
    for more in ({"kinds[]": "physical"}, {"call_back": "+7 727 000 00 01"}):
        assert (await send(warden, "/desk/report", **said, **more)).status_code == 422
    assert "There is nothing here yet" in words(await warden.get("/desk/reports"))


async def test_a_report_of_another_organisation_is_not_there_and_only_the_police_register(
    police: Bench, shelter: Bench, signed_in: SignIn
) -> None:
    officer, warden = await signed_in(police, POLICE), await signed_in(shelter, SHELTER)
    for browser in (officer, warden):
        assert (await browser.get(f"/desk/reports/{NOBODYS}")).status_code == 404
    assert (await send(officer, f"/desk/reports/{NOBODYS}/register")).status_code == 404
    assert (await send(warden, f"/desk/reports/{NOBODYS}/register")).status_code in {404, 405}
    assert (await officer.get("/desk/report")).status_code == 404


async def test_an_order_is_recorded_from_the_page_of_whom_it_protects_broken_extended_and_ended(
    police: Bench, signed_in: SignIn
) -> None:
    officer = await signed_in(police, POLICE)
    hers = await recorded(officer, given_name="Айгүл")
    his = (await send(officer, "/desk/persons", role="alleged_offender", family_name="Сәрсенов")).headers["location"]
    led = re.search(r'href="(/desk/orders/against[^"]+)"', (await officer.get(hers)).text)
    assert led
    assert "It protects" in words(await officer.get(led[1]))
    whom = {"protected_id": hers.rpartition("/")[2]}
    nobody = await send(officer, "/desk/orders/against", family_name="Ешкімов", **whom)
    assert "No alleged offender of that name is recorded here." in words(nobody)
    found = await send(officer, "/desk/orders/against", family_name="Сәрсенов", **whom)
    assert f'name="alleged_offender_id" value="{his.rpartition("/")[2]}"' in found.text
    assert hers.rpartition("/")[2] not in found.text.partition("<fieldset>")[2]  # she is nobody to protect her from
    today = local_day(police.clock.now)
    order = whom | {"alleged_offender_id": his.rpartition("/")[2], "from_day": f"{today}", "number": "ЗП-1/26"}
    order |= {"kind": "protective", "asks[]": "no_violence", "last_day": f"{today + timedelta(days=9)}"}
    answer = await send(officer, "/desk/orders", **order)
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    shown = words(await officer.get(path))
    assert "in force" in shown
    assert "None is recorded" in shown
    then = (police.clock.now + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    await send(officer, f"{path}/breaches", **{"breached_at:moment": then})
    assert "broken: 1" in words(await officer.get("/desk/orders"))
    await send(officer, f"{path}/extend", last_day=f"{today + timedelta(days=20)}")
    assert "None is recorded" not in words(await officer.get(path))
    assert (await send(officer, f"{path}/extend", last_day=f"{today + timedelta(days=90)}")).status_code == 422
    await send(officer, f"{path}/end", end="lifted")
    assert "ended" in words(await officer.get(path))
    assert (await send(officer, f"{path}/end", end="lifted")).status_code == 409


async def test_what_a_court_ordered_is_recorded_with_its_decision_and_not_without(
    police: Bench, signed_in: SignIn
) -> None:
    officer = await signed_in(police, POLICE)
    her = (await recorded(officer)).rpartition("/")[2]
    his = (await send(officer, "/desk/persons", role="alleged_offender", family_name="Сәрсенов")).headers["location"]
    today = local_day(police.clock.now)
    order = {"protected_id": her, "alleged_offender_id": his.rpartition("/")[2], "from_day": f"{today}"}
    order |= {"kind": "behaviour_requirements", "last_day": f"{today + timedelta(days=120)}", "treat_at": "hospital-19"}
    asks = {"asks[]": ["no_contact", "addiction_treatment"]}
    assert (await send(officer, "/desk/orders", **order, **asks)).status_code == 422
    court = {"number": "7599-26-00-4/112", "decided_on": f"{today}", "until": f"{today + timedelta(days=365)}"}
    decided = {f"court.{name}": said for name, said in court.items()}
    answer = await send(officer, "/desk/orders", **order, **asks, **decided)
    assert answer.status_code == 303, answer.text
    shown = words(await officer.get(answer.headers["location"]))
    assert "special requirements for behaviour" in shown
    assert "addiction treatment" in shown


async def test_a_report_in_danger_to_life_rests_on_the_danger_that_was_declared(
    shelter: Bench, signed_in: SignIn
) -> None:
    warden = await signed_in(shelter, SHELTER)
    person = (await recorded(warden, given_name="Айгүл")).rpartition("/")[2]
    assert "emergency:" not in (await warden.get(f"/desk/report?person={person}")).text
    declared = {"person_id": person, "why": "Нападение.", "minutes:number": "60"}
    assert (await send(warden, "/desk/emergencies", **declared)).status_code == 303
    danger = re.search(r'value="(emergency:[^"]+)"', (await warden.get(f"/desk/report?person={person}")).text)
    assert danger
    said = {"person_id": person, "subject": "victim", "kinds[]": "physical", "basis": danger[1]}
    said |= {"happened_on": f"{shelter.clock.now:%Y-%m-%d}", "call_back": "+7 727 000 00 01"}
    answer = await send(warden, "/desk/report", **said)
    assert answer.status_code == 303, answer.text
    assert "Сәрсенова" in words(await warden.get(answer.headers["location"]))


async def test_orders_that_were_told_here_are_shown_at_the_shelter(shelter: Bench, signed_in: SignIn) -> None:
    warden = await signed_in(shelter, SHELTER)
    assert "There is nothing here yet" in words(await warden.get("/desk/orders"))
    assert (await warden.get("/desk/orders/against")).status_code == 404


async def test_an_order_of_another_organisation_is_not_there(police: Bench, signed_in: SignIn) -> None:
    officer = await signed_in(police, POLICE)
    assert (await officer.get(f"/desk/orders/{NOBODYS}")).status_code == 404
    assert (await officer.get(f"/desk/orders/against?person={NOBODYS}")).status_code == 404
    assert (await send(officer, f"/desk/orders/{NOBODYS}/end", end="lifted")).status_code == 404


@pytest.mark.parametrize("whom", ["x", "1", NOBODYS[:-1], "%00"])
async def test_what_is_nobodys_id_is_nobody(police: Bench, shelter: Bench, signed_in: SignIn, whom: str) -> None:
    officer, warden = await signed_in(police, POLICE), await signed_in(shelter, SHELTER)
    for browser, path in ((officer, "refer"), (officer, "orders/against"), (warden, "report"), (warden, "refusals")):
        assert (await browser.get(f"/desk/{path}?person={whom}")).status_code == 404, path
    answer = await send(officer, "/desk/orders/against", family_name="Сәрсенов", protected_id=whom)
    assert answer.status_code == 404


async def test_a_refusal_in_the_future_is_refused_with_the_reason(shelter: Bench, signed_in: SignIn) -> None:
    warden = await signed_in(shelter, SHELTER)
    then = (shelter.clock.now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    for said in (then, "2026-02-31T10:00", "yesterday"):
        answer = await send(warden, "/desk/refusals", **{"refused_at:moment": said})
        assert answer.status_code == 422
    assert "There is nothing here yet" in words(await warden.get("/desk/refusals"))


async def test_a_refusal_of_another_organisation_is_not_there(shelter: Bench, signed_in: SignIn) -> None:
    warden = await signed_in(shelter, SHELTER)
    assert (await warden.get(f"/desk/refusals/{NOBODYS}")).status_code == 404
    assert (await send(warden, f"/desk/refusals/{NOBODYS}/send")).status_code == 404


async def test_the_network_says_what_waits_since_when_and_that_it_is_not_reached(
    police: Bench, signed_in: SignIn
) -> None:
    officer, other = await signed_in(police, POLICE), await signed_in(police, OTHER)
    before = words(await officer.get("/desk/network"))
    assert "does not reach the network now" in before
    asked = {"purpose": "lodging", "to.organisation": SHELTER, "urgency": "urgent", "basis": "no_personal_data"}
    await send(officer, "/desk/refer", step="send", call_back="+7 727 000 00 01", **asked)
    assert re.search(r"1, since \d+ \w+, \d\d:\d\d", words(await officer.get("/desk/network")))
    assert ", since" not in words(await other.get("/desk/network"))


async def test_a_table_of_a_month_that_is_over_is_drawn_written_and_taken_away(
    police: Bench, signed_in: SignIn
) -> None:
    statistician = await signed_in(police, POLICE, "statistician")
    first = await statistician.get("/desk/statistics")
    month = re.search(r'name="month"[^>]* value="([0-9-]+)"', first.text)
    assert month
    assert "Referrals sent, by purpose" in words(first)
    asked = await statistician.get(f"/desk/statistics/asked?table=referrals-sent-by-purpose&month={month[1]}")
    page = await statistician.get(asked.headers["location"])
    assert "temporary lodging 0" in words(page)
    assert page.text.count("<svg") == words(page).count(" 0 ") - 1  # the sum has no bar
    taken = await statistician.get(f"{asked.headers['location']}&format=csv")
    assert taken.headers["content-type"] == "text/csv; charset=utf-8"
    assert ["referrals-sent-by-purpose", month[1], month[1], "lodging", "0"] in list(csv.reader(StringIO(taken.text)))


@pytest.mark.parametrize("said", ["month=2099-01", "month=March", "", "month=2026-03&person=1"])
async def test_a_month_that_is_not_over_or_none_at_all_is_refused(police: Bench, signed_in: SignIn, said: str) -> None:
    statistician = await signed_in(police, POLICE, "statistician")
    assert (await statistician.get(f"/desk/statistics/referrals-sent-by-purpose?{said}")).status_code == 422


@pytest.mark.parametrize(
    ("today", "month"), [("2026-03-01", "2026-01"), ("2026-03-02", "2026-02"), ("2026-01-15", "2025-12")]
)
def test_the_last_month_is_the_newest_that_is_over_since_a_whole_day(today: str, month: str) -> None:
    assert last_month(date.fromisoformat(today)) == month


@pytest.mark.parametrize(("language", "why"), [("kk", "Ереже"), ("ru", "Правило"), ("en", "Rule")])
async def test_the_rules_say_what_may_be_told_to_whom_by_which_article_and_why(
    police: Bench, signed_in: SignIn, language: str, why: str
) -> None:
    officer = await signed_in(police, POLICE)
    await officer.get(f"/desk/language/{language}?back_to=/desk")
    page = words(await officer.get("/desk/rules?event=referral.requested.v1&to=shelter&basis=consent"))
    assert why in page
    rows = [
        row
        for row in PERMITS
        if EventType.REFERRAL_REQUESTED in row.events
        and Agency.POLICE in row.senders
        and Agency.SHELTER in row.recipients
        and Basis.CONSENT in row.bases
    ]
    assert rows
    for row in rows:
        assert f"{row.id} · {row.source}" in page
        assert getattr(row.reason, language) in page
    assert "P-F10" not in page


async def test_the_rules_of_one_agency_are_those_by_which_it_tells(
    police: Bench, shelter: Bench, signed_in: SignIn
) -> None:
    of_police = words(await (await signed_in(police, POLICE)).get("/desk/rules"))
    of_shelter = words(await (await signed_in(shelter, SHELTER)).get("/desk/rules"))
    assert of_police != of_shelter
    nothing = await (await signed_in(police, POLICE)).get("/desk/rules?event=nothing&to=nobody&basis=none")
    assert words(nothing) == of_police  # what is no code asks for nothing


async def test_a_notice_that_did_not_come_is_not_there(police: Bench, signed_in: SignIn) -> None:
    officer = await signed_in(police, POLICE)
    assert "There is nothing here yet" in words(await officer.get("/desk/notices"))
    assert (await send(officer, f"/desk/notices/{NOBODYS}/acknowledge")).status_code == 404
    assert form_key(await officer.get("/desk/notices"))
