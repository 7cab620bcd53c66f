"""Letters to partners without a service: what they may say, how they are printed, and how they end."""

import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pypdf import PdfReader

from deploy.demo.people import iin
from deploy.network import Network
from shared.casework.consents.ending import expire
from shared.casework.deadlines.clock import remind
from shared.casework.letters import sentences
from shared.casework.letters.store import PartnerDetails, put_partner
from shared.contract.vocabulary import Agency, LetterKind, Need, OrderKind, Partner
from tests.casework.test_withdrawal import made
from tests.pair import POLICE, SPOKEN, UNTIL
from tests.workbench import Bench, bench

SCHOOL, PROSECUTOR = "school-talgar-3", "prosecutor-talgar"
HER = {
    "role": "victim",
    "family_name": "Ғаниқызы",
    "given_name": "Үміт",
    "birth_date": "1991-04-12",
    "phone": "+7 701 000 00 01",
    "address": "Талғар қ., Қонаев көшесі, 5",
}
TEXT = "Қызы мектеп ауыстыруы керек."
CAME_BACK = {"their_number": "114-26", "came_back_on": "2026-03-20", "signed_by": "Директор Н. Сейітқали"}


def a_partner(partner_id: str, kind: Partner) -> PartnerDetails:
    names = {f"name_{language}": f"{kind} {language}" for language in ("kk", "ru", "en")}
    return PartnerDetails(id=partner_id, kind=kind, kato="196200000", address="Талғар, Абай 1", **names)


async def with_partners(service: Bench) -> None:
    async with service.work() as work:
        for partner_id, kind in ((SCHOOL, Partner.SCHOOL), (PROSECUTOR, Partner.PROSECUTOR)):
            await put_partner(work.session, details=a_partner(partner_id, kind), at=work.now)


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        await with_partners(service)
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


async def consented(officer: httpx.AsyncClient, *, person: str | None = None, **terms: Any) -> dict[str, Any]:
    """A letter about a person who consented to it: of a new one, unless told of whom."""
    person = person or await made(await officer.post("/persons", json=HER))
    given = {"purposes": ["restoration_of_rights"], "recipients": ["school"], "valid_until": UNTIL, **SPOKEN}
    given |= {"person_id": person, "categories": ["identity", "contact", "narrative"], **terms}
    consent = await made(await officer.post("/consents", json=given))
    body = {"to": SCHOOL, "person_id": person, "purpose": given["purposes"][0], "call_back": "+7 727 000 00 01"}
    return {**body, "basis": {"kind": "consent", "consent_id": consent}, "needs": ["school"], "circumstances": TEXT}


async def written(officer: httpx.AsyncClient, **terms: Any) -> dict[str, Any]:
    answer = await officer.post("/letters", json=await consented(officer, **terms))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def an_order(officer: httpx.AsyncClient) -> tuple[str, str, str]:
    """(order, her, him)"""
    her = await made(await officer.post("/persons", json=HER))
    him = await made(await officer.post("/persons", json={"role": "alleged_offender", "family_name": "Ахметов"}))
    body = {"kind": "protective", "protected_id": her, "alleged_offender_id": him, "asks": ["no_contact"]}
    body |= {"from_day": "2026-03-20", "last_day": "2026-04-01"}
    return await made(await officer.post("/orders", json=body)), her, him


async def test_a_letter_says_what_the_consent_opens_and_the_record_tells_that_it_left(
    officer: httpx.AsyncClient,
) -> None:
    letter = await written(officer)
    said = letter["content"]
    assert (said["family_name"], said["phone"], said["circumstances"]) == ("Ғаниқызы", HER["phone"], TEXT)
    assert (letter["number"], letter["kind"], letter["due_on"]) == ("2026/1", "referral", "2026-04-08")
    assert "Қонаев" not in str(letter)
    (left,) = (await officer.get("/disclosures", params={"person_id": letter["person_id"]})).json()["items"]
    assert (left["recipient_id"], left["recipient_agency"], left["event_type"]) == (SCHOOL, "school", "letter.written")
    assert (left["delivery"], left["rules"][0], left["arrived_at"]) == ("on_paper", "P-F5-LETTER", None)
    (told,) = (await officer.get(f"/persons/{letter['person_id']}/disclosures")).json()["items"]
    assert (told["left"], told["delivery"], told["recipient"]["agency"]) == (True, "on_paper", "school")
    accounting = await officer.get(f"/persons/{letter['person_id']}/disclosures/letter", params={"language": "kk"})
    assert "мектеп" in text_of(accounting)


async def test_what_the_consent_does_not_name_is_kept_out_of_the_letter_by_a_rule_that_is_told(
    officer: httpx.AsyncClient,
) -> None:
    letter = await written(officer, categories=["identity"])
    assert {"phone", "circumstances"} & set(letter["content"]) == set()
    assert {one["field"]: one["rule"] for one in letter["withheld"]} == dict.fromkeys(
        ("phone", "circumstances"), "F-NOT-IN-CONSENT"
    )


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"categories": ["contact"]}, "F-NOT-IN-CONSENT"),
        ({"recipients": ["court"]}, "F-NO-LIVE-CONSENT"),
        ({"purposes": ["lodging"]}, "NO-RULE"),
    ],
)
async def test_what_no_rule_lets_out_is_not_written(
    officer: httpx.AsyncClient, terms: dict[str, Any], rule: str
) -> None:
    answer = await officer.post("/letters", json=await consented(officer, **terms))
    assert (answer.status_code, answer.json()["rule"]) == (403, rule)
    assert (await officer.get("/letters")).json()["items"] == []
    assert (await officer.get("/disclosures")).json()["items"] == []


@pytest.mark.parametrize("basis", ["statutory_duty", "own_request", "no_personal_data"])
async def test_without_consent_nobody_is_written_about(officer: httpx.AsyncClient, basis: str) -> None:
    answer = await officer.post("/letters", json={**await consented(officer), "basis": {"kind": basis}})
    assert (answer.status_code, answer.json()["rule"]) == (403, "NO-RULE")


async def test_a_consent_that_names_the_one_school_is_enough(officer: httpx.AsyncClient) -> None:
    assert (await written(officer, recipients=[SCHOOL]))["to"] == SCHOOL


async def test_numbers_follow_one_another_and_begin_anew_with_the_year(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    assert [(await written(officer))["number"] for _ in range(2)] == ["2026/1", "2026/2"]
    police.clock.turn_to("2027-01-01T00:00:01+05:00")
    assert (await written(officer, valid_until="2027-06-01T00:00:00Z"))["number"] == "2027/1"


async def test_who_stands_behind_a_wall_does_not_see_a_letter_and_does_not_give_its_number_again(
    network: Network,
) -> None:
    his = iin("1985-02-03", 4321, digit=3)
    async with (
        bench(network, Agency.SOCIAL) as social,
        social.client("social-19", who="her worker") as hers,
        social.client("social-19", who="his worker") as theirs,
    ):
        await with_partners(social)
        body = await consented(hers)
        written_of_her = (await hers.post("/letters", json=body)).json()
        named = {"role": "victim", "family_name": "Оспанова", "other_party": {"iin": his}}
        her = await made(await hers.post("/persons", json=named))
        of_her = await consented(hers, person=her)
        letter = (await hers.post("/letters", json=of_her)).json()
        await made(await theirs.post("/persons", json={"role": "alleged_offender", "family_name": "О", "iin": his}))
        assert (await hers.get(f"/letters/{letter['id']}")).status_code == 200
        assert (await theirs.get(f"/letters/{letter['id']}")).status_code == 404
        assert [one["id"] for one in (await theirs.get("/letters")).json()["items"]] == [written_of_her["id"]]
        again = await theirs.post("/letters", json=await consented(theirs))
    assert [one["number"] for one in (written_of_her, letter, again.json())] == ["2026/1", "2026/2", "2026/3"]


async def test_the_prosecutor_learns_by_duty_whom_an_order_is_against_and_nothing_of_her(
    officer: httpx.AsyncClient,
) -> None:
    order, _, him = await an_order(officer)
    body: dict[str, Any] = {
        "to": PROSECUTOR,
        "person_id": him,
        "subject": "alleged_offender",
        "purpose": "protection_order",
    }
    body |= {"basis": {"kind": "statutory_duty"}, "order_id": order, "call_back": "+7 727 000 00 01"}
    letter = (await officer.post("/letters", json={**body, "circumstances": TEXT, "needs": ["pets"]})).json()
    said = letter["content"]
    assert (letter["kind"], said["family_name"], said["order_until"]) == ("order_notice", "Ахметов", "2026-04-01")
    assert {"circumstances", "needs"} & set(said) == set()
    assert {one["field"]: one["rule"] for one in letter["withheld"]} == {
        "circumstances": "F-OFFENDER-NOT-ABOUT-HER",
        "needs": "NO-RULE",
    }
    assert "Ғаниқызы" not in str(letter)
    assert (await officer.get("/disclosures")).json()["items"][0]["rules"][0] == "P-F10-LETTER"


async def test_a_school_learns_on_consent_of_the_order_that_protects(officer: httpx.AsyncClient) -> None:
    order, her, _ = await an_order(officer)
    given = {"person_id": her, "purposes": ["protection_order"], "recipients": ["school"], "categories": ["identity"]}
    consent = await made(await officer.post("/consents", json={**given, "valid_until": UNTIL, **SPOKEN}))
    body: dict[str, Any] = {"to": SCHOOL, "person_id": her, "purpose": "protection_order", "order_id": order}
    body |= {"basis": {"kind": "consent", "consent_id": consent}, "call_back": "+7 727 000 00 01"}
    answer = await officer.post("/letters", json=body)
    assert (answer.status_code, answer.json()["content"]["order_kind"]) == (201, "protective")
    wrong = await officer.post("/letters", json={**body, "order_id": str(uuid4())})
    assert wrong.status_code == 404
    other = await made(await officer.post("/persons", json=HER))
    assert (await officer.post("/letters", json={**body, "person_id": other})).status_code == 422


async def test_who_makes_no_orders_tells_of_none(network: Network) -> None:
    async with bench(network, Agency.SOCIAL) as social, social.client("social-19") as worker:
        await with_partners(social)
        body = await consented(worker, purposes=["protection_order"])
        answer = await worker.post("/letters", json={**body, "order_id": str(uuid4())})
    assert (answer.status_code, "orders" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "change",
    [{"to": "school-nowhere"}, {"purpose": "protection_order"}, {"order_id": str(uuid4())}, {"subject": "dependant"}],
)
async def test_a_letter_that_makes_no_sense_is_refused(officer: httpx.AsyncClient, change: dict[str, Any]) -> None:
    assert (await officer.post("/letters", json={**await consented(officer), **change})).status_code == 422


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_the_printed_letter_says_what_the_letter_says_and_has_a_page_to_sign(
    officer: httpx.AsyncClient, language: str
) -> None:
    letter = await written(officer, categories=["identity"])
    answer = await officer.get(f"/letters/{letter['id']}/pdf", params={"language": language})
    text = text_of(answer)
    title = getattr(sentences.TITLES[LetterKind.REFERRAL], language)
    said = [title, "2026/1", "Ғаниқызы Үміт", f"school {language}", "Талғар, Абай 1", "+7 727 000 00 01"]
    said += [getattr(words, language) for words in (sentences.CONFIRMS, sentences.SIGNATURE, sentences.SEND_BACK)]
    assert [one for one in said if one not in text] == []
    assert [one for one in (HER["phone"], TEXT, "Қонаев", letter["person_id"]) if one in text] == []
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2
    assert answer.headers["content-type"] == "application/pdf"


def test_every_need_order_and_kind_of_letter_has_words() -> None:
    assert (set(sentences.NEED), set(sentences.ORDERS), set(sentences.TITLES)) == (
        set(Need),
        set(OrderKind),
        set(LetterKind),
    )


async def test_the_page_that_came_back_closes_the_letter_and_nobody_is_reminded(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    letter = await written(officer)
    (due,) = (await officer.get("/deadlines")).json()["items"]
    assert (due["kind"], due["concerning"], due["due_on"]) == ("letter_confirmed", letter["id"], "2026-04-08")
    done = (await officer.post(f"/letters/{letter['id']}/confirm", json=CAME_BACK)).json()
    assert (done["end"], done["their_number"], done["signed_by"]) == ("confirmed", "114-26", CAME_BACK["signed_by"])
    assert (await officer.get("/deadlines")).json()["items"] == []
    assert (await officer.post(f"/letters/{letter['id']}/confirm", json=CAME_BACK)).status_code == 409


@pytest.mark.parametrize("day", ["2026-03-19", "2026-03-21"])
async def test_a_page_does_not_come_back_on_a_day_on_which_it_can_not(officer: httpx.AsyncClient, day: str) -> None:
    letter = await written(officer)
    answer = await officer.post(f"/letters/{letter['id']}/confirm", json={**CAME_BACK, "came_back_on": day})
    assert answer.status_code == 422


async def test_who_waits_is_reminded_on_the_last_day_and_warned_after_it(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    await written(officer)
    for moment in ("2026-04-08T00:00:01+05:00", "2026-04-09T00:00:01+05:00"):
        police.clock.turn_to(moment)
        async with police.work() as work:
            assert await remind(work) == 1
    kinds = [one["kind"] for one in (await officer.get("/reminders")).json()["items"]]
    assert kinds == ["overdue", "due_soon"]


async def test_withdrawing_the_consent_closes_the_letter_and_erases_what_it_said(officer: httpx.AsyncClient) -> None:
    letter = await written(officer)
    answer = await officer.post(f"/consents/{letter['consent_id']}/withdraw")
    assert answer.status_code == 200
    after = (await officer.get(f"/letters/{letter['id']}")).json()
    assert (after["content"], after["end"], after["number"]) == (None, "withdrawn", "2026/1")
    assert after["erased_at"] is not None
    assert (await officer.get(f"/letters/{letter['id']}/pdf", params={"language": "kk"})).status_code == 410
    assert (await officer.post(f"/letters/{letter['id']}/confirm", json=CAME_BACK)).status_code == 409
    assert [one["kind"] for one in (await officer.get("/deadlines")).json()["items"]] == ["letter_recalled"]
    items = (await officer.get(f"/persons/{letter['person_id']}/disclosures")).json()["items"]
    left = {one["event_type"]: one for one in items}
    assert (left["letter.written"]["left"], left["letter.written"]["erased_at"]) == (True, None)  # it is on paper
    assert left["letter.recalled"]["delivery"] == "on_paper"
    assert left["letter.recalled"]["fields"] == ["at", "letter_id", "number"]


async def test_a_confirmed_letter_stays_confirmed_when_its_consent_ends_and_says_nothing_any_more(
    officer: httpx.AsyncClient,
) -> None:
    letter = await written(officer)
    await officer.post(f"/letters/{letter['id']}/confirm", json=CAME_BACK)
    await officer.post(f"/consents/{letter['consent_id']}/withdraw")
    after = (await officer.get(f"/letters/{letter['id']}")).json()
    assert (after["content"], after["signed_by"], after["end"]) == (None, None, "confirmed")
    assert after["came_back_on"] == "2026-03-20"


async def test_erasing_the_person_erases_a_letter_that_rests_on_a_duty(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    order, _, him = await an_order(officer)
    body: dict[str, Any] = {
        "to": PROSECUTOR,
        "person_id": him,
        "subject": "alleged_offender",
        "purpose": "protection_order",
    }
    body |= {"basis": {"kind": "statutory_duty"}, "order_id": order, "call_back": "+7 727 000 00 01"}
    letter = (await officer.post("/letters", json=body)).json()
    async with police.client(POLICE, "supervisor") as chief:
        assert (await chief.delete(f"/persons/{him}")).is_success
    after = (await officer.get(f"/letters/{letter['id']}")).json()
    assert (after["content"], after["end"], after["recalled_at"]) == (None, "erased", None)  # it was a duty


async def test_another_organisations_letter_does_not_exist(police: Bench, officer: httpx.AsyncClient) -> None:
    letter = await written(officer)
    async with police.client("police-rural-19") as other:
        assert (await other.get("/letters")).json()["items"] == []
        for call in (
            other.get(f"/letters/{letter['id']}"),
            other.get(f"/letters/{letter['id']}/pdf", params={"language": "ru"}),
            other.post(f"/letters/{letter['id']}/confirm", json=CAME_BACK),
        ):
            assert (await call).status_code == 404


async def test_who_counts_beds_writes_no_letters(police: Bench, officer: httpx.AsyncClient) -> None:
    body = await consented(officer)
    async with police.client(POLICE, "bed-counter") as counter:
        assert (await counter.post("/letters", json=body)).status_code == 403
        assert (await counter.get("/letters")).status_code == 403


async def test_a_call_that_is_tried_again_writes_one_letter(officer: httpx.AsyncClient) -> None:
    body, key = await consented(officer), {"Idempotency-Key": "once"}
    first, again = [(await officer.post("/letters", json=body, headers=key)).json() for _ in range(2)]
    assert first == again
    assert len((await officer.get("/letters")).json()["items"]) == 1


async def test_partners_are_listed_and_no_health_service_writes_to_them(
    officer: httpx.AsyncClient, network: Network
) -> None:
    kinds = {one["id"]: one["kind"] for one in (await officer.get("/partners")).json()["items"]}
    assert kinds == {SCHOOL: "school", PROSECUTOR: "prosecutor"}
    async with bench(network, Agency.HEALTH) as hospital:
        assert not [path for path in hospital.app.openapi()["paths"] if "letters" in path]


async def test_letters_come_as_csv_too(officer: httpx.AsyncClient) -> None:
    letter = await written(officer)
    answer = await officer.get("/letters", headers={"Accept": "text/csv"})
    assert (answer.status_code, letter["number"] in answer.text) == (200, True)


async def test_a_consent_that_runs_out_erases_too(police: Bench, officer: httpx.AsyncClient) -> None:
    letter = await written(officer)
    police.clock.turn_to("2026-06-01T05:00:01+05:00")
    async with police.work() as work:
        await expire(work)
    assert (await officer.get(f"/letters/{letter['id']}")).json()["end"] == "withdrawn"


async def test_whoever_was_written_to_is_told_on_paper_that_the_consent_has_ended_and_not_whose_it_was(
    officer: httpx.AsyncClient,
) -> None:
    letter = await written(officer)
    recall = f"/letters/{letter['id']}/recall"
    assert (await officer.get(recall, params={"language": "kk"})).status_code == 409
    await officer.post(f"/consents/{letter['consent_id']}/withdraw")
    for language in ("kk", "ru", "en"):
        text = text_of(await officer.get(recall, params={"language": language}))
        said = ["2026/1", f"school {language}", "Талғар, Абай 1", getattr(sentences.RECALL, language)]
        said += [getattr(words, language) for words in (sentences.CONFIRMS_ERASURE, sentences.ERASED_ON)]
        assert [one for one in said if one not in text] == []
        hers = (*(HER[name] for name in ("family_name", "given_name", "phone")), TEXT, letter["person_id"])
        assert [one for one in hers if one in text] == []
    items = (await officer.get("/disclosures")).json()["items"]
    (left,) = [one for one in items if one["event_type"] == "letter.recalled"]
    assert (left["recipient_id"], left["rules"][0], left["categories"]) == (SCHOOL, "P-F5-LETTER-RECALLED", ["routing"])


async def test_that_it_is_erased_there_is_waited_for_five_business_days_and_recorded_once(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    letter = await written(officer)
    recall = f"/letters/{letter['id']}/recall"
    done = {"end": "erased_there", "on": "2026-03-20"}
    assert (await officer.post(recall, json=done)).status_code == 409
    await officer.post(f"/consents/{letter['consent_id']}/withdraw")
    (due,) = (await officer.get("/deadlines")).json()["items"]
    assert (due["kind"], due["due_on"]) == ("letter_recalled", "2026-04-01")  # Nauryz and weekends are not counted
    for day in ("2026-03-19", "2026-03-21"):
        assert (await officer.post(recall, json={**done, "on": day})).status_code == 422
    seen = (await officer.post(recall, json=done)).json()
    assert (seen["end"], seen["recall_end"], seen["recall_ended_on"]) == ("withdrawn", "erased_there", "2026-03-20")
    assert (await officer.get("/deadlines")).json()["items"] == []
    assert (await officer.post(recall, json=done)).status_code == 409
    async with police.client("police-rural-19") as other:
        assert (await other.post(recall, json=done)).status_code == 404
        assert (await other.get(recall, params={"language": "kk"})).status_code == 404


async def test_a_letter_that_was_never_handed_over_is_not_waited_for_unless_its_page_came_back(
    officer: httpx.AsyncClient,
) -> None:
    never = {"end": "never_handed_over", "on": "2026-03-20"}
    kept, signed = await written(officer), await written(officer)
    await officer.post(f"/letters/{signed['id']}/confirm", json=CAME_BACK)
    for letter in (kept, signed):
        await officer.post(f"/consents/{letter['consent_id']}/withdraw")
    assert (await officer.post(f"/letters/{kept['id']}/recall", json=never)).is_success
    assert (await officer.post(f"/letters/{signed['id']}/recall", json=never)).status_code == 422


async def test_a_letter_on_consent_is_recalled_when_its_person_is_erased(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    letter = await written(officer)
    async with police.client(POLICE, "supervisor") as chief:
        assert (await chief.delete(f"/persons/{letter['person_id']}")).is_success
    after = (await officer.get(f"/letters/{letter['id']}")).json()
    assert (after["content"], after["end"], after["recall_due_on"]) == (None, "withdrawn", "2026-04-01")
    assert (await officer.get(f"/letters/{letter['id']}/recall", params={"language": "kk"})).status_code == 200


async def test_who_has_joined_the_network_since_is_not_written_to_any_more(
    police: Bench, officer: httpx.AsyncClient
) -> None:
    async with police.work() as work:
        await put_partner(work.session, details=a_partner("shelter-near-19", Partner.SCHOOL), at=work.now)
    body = await consented(officer, recipients=["shelter-near-19"])
    assert (await officer.post("/letters", json={**body, "to": "shelter-near-19"})).status_code == 422
    assert "shelter-near-19" not in {one["id"] for one in (await officer.get("/partners")).json()["items"]}
