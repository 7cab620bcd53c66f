"""The letter that a person is handed: one page, in their language, with their name and no other datum of theirs."""

import io
import re
import unicodedata
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pypdf import PdfReader

from deploy.demo.people import iin
from deploy.network import Network
from shared.casework.disclosures import of_person, sentences, words
from shared.casework.disclosures.accounting import ROWS
from shared.casework.disclosures.words import Delivery, Language, Words, source_in
from shared.casework.standards.terms import BEDS
from shared.contract.vocabulary import Agency, Basis, BedKind, DataCategory, EventType, Purpose
from tests.casework.test_accounting import receipt
from tests.casework.test_withdrawal import POLICE, SHELTER, consent, made, send_all
from tests.workbench import Bench, bench

PERSON = {
    "role": "victim",
    "family_name": "Ғаниқызы",
    "given_name": "Үміт",
    "birth_date": "1991-04-12",
    "sex": "female",
    "iin": iin("1991-04-12", 1111, digit=4),
    "phone": "+7 701 000 00 01",
    "address": "Талғар қ., Қонаев көшесі, 5",
}
DATES = {"kk": "Күні: 2026 жылғы 20 наурыз", "ru": "Дата: 20 марта 2026 года", "en": "Date: 20 March 2026"}
TITLES = {"kk": "Сіз туралы не берілгені", "ru": "Что было передано о Вас", "en": "What was told about you"}
TABLES: tuple[tuple[type[StrEnum], Any], ...] = (
    (Agency, words.AGENCIES),
    (DataCategory, words.CATEGORIES),
    (Purpose, words.PURPOSES),
    (Basis, words.BASES),
    (EventType, words.EVENTS),
    (Delivery, words.DELIVERIES),
    (BedKind, BEDS),
)


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


@pytest.fixture
async def officer(police: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with police.client(POLICE) as client:
        yield client


async def referred(officer: httpx.AsyncClient, *, messages: int = 0) -> tuple[str, str]:
    """(person, consent), with a referral and messages about it."""
    person = await made(await officer.post("/persons", json=PERSON))
    given = await consent(officer, person, categories=["identity", "contact"])
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
    referral = await made(await officer.post("/referrals", json=body))
    for number in range(messages):
        await made(await officer.post(f"/referrals/{referral}/messages", json={"body": f"хат {number}"}))
    return person, given


async def letter(officer: httpx.AsyncClient, person: str, language: str) -> httpx.Response:
    answer = await officer.get(f"/persons/{person}/disclosures/letter", params={"language": language})
    assert answer.status_code == 200, answer.text
    return answer


def pages(answer: httpx.Response) -> list[str]:
    """The text of each page, with every white space as one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_the_letter_says_what_left_to_whom_why_and_by_which_rule_in_the_persons_language(
    police: Bench, officer: httpx.AsyncClient, language: str
) -> None:
    person, given = await referred(officer, messages=1)
    await send_all(police)
    await receipt(police, "referral.requested")
    await officer.post(f"/consents/{given}/withdraw")
    (text,) = pages(await letter(officer, person, language))
    said = [TITLES[language], DATES[language], "Ғаниқызы Үміт", POLICE, SHELTER, "20.03.2026"]
    said += [getattr(sentence, language) for sentence in (sentences.OPENING, sentences.CLOSING, sentences.KEEP_SAFE)]
    said += [getattr(words.EVENTS[EventType.CONSENT_WITHDRAWN], language).capitalize()]
    said += [getattr(words.PURPOSES[Purpose.LODGING], language), getattr(words.BASES[Basis.CONSENT], language)]
    said += [getattr(rule.reason, language) for rule in ROWS if rule.id in ("P-F1-LODGING", "P-CORRESPONDENCE")]
    said += [source_in(Language(language), "1.1; Standard of 26 December 2016 No. 1079, para. 25")]
    assert [sentence for sentence in said if sentence not in text] == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_the_letter_holds_no_datum_of_the_person_but_the_name(officer: httpx.AsyncClient, language: str) -> None:
    person, given = await referred(officer, messages=1)
    answer = await letter(officer, person, language)
    everything = " ".join(pages(answer)) + str(PdfReader(io.BytesIO(answer.content)).metadata) + str(answer.headers)
    private = [PERSON["iin"], PERSON["phone"], PERSON["address"], "Қонаев", "1991", "12.04", "хат 0", person, given]
    assert [datum for datum in private if datum in everything] == []
    assert "Ғаниқызы" not in str(answer.headers)


async def test_the_letter_is_a_file_that_says_its_title_and_language_and_is_not_kept_on_the_way(
    officer: httpx.AsyncClient,
) -> None:
    person, _ = await referred(officer)
    answer = await letter(officer, person, "kk")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="qorgau-disclosures-kk.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    read = PdfReader(io.BytesIO(answer.content))
    assert str(read.root_object["/Lang"]) == "kk"
    assert read.viewer_preferences is not None
    assert str(read.viewer_preferences["/DisplayDocTitle"]) == "True"
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.producer, read.metadata.author) == (TITLES["kk"], "Qorgau", None)


async def test_the_same_letter_at_the_same_time_is_the_same_bytes(officer: httpx.AsyncClient) -> None:
    person, _ = await referred(officer)
    assert (await letter(officer, person, "ru")).content == (await letter(officer, person, "ru")).content


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_twelve_disclosures_are_one_page_and_forty_are_all_there_on_several(
    officer: httpx.AsyncClient, language: str
) -> None:
    few, _ = await referred(officer, messages=11)
    assert len(pages(await letter(officer, few, language))) == 1
    many, _ = await referred(officer, messages=39)
    long = pages(await letter(officer, many, language))
    message = getattr(words.EVENTS[EventType.MESSAGE_POSTED], language)
    assert len(long) > 1
    assert sum(page.lower().count(message.lower()) for page in long) == 39
    heading = getattr(sentences.COLUMNS[-1].heading, language)
    assert heading in long[0]
    assert heading in long[1]


async def test_what_never_left_is_said_to_have_been_withheld(officer: httpx.AsyncClient) -> None:
    person, given = await referred(officer)
    await officer.post(f"/consents/{given}/withdraw")
    (text,) = pages(await letter(officer, person, "en"))
    assert "withheld before it left, nothing was told" in text
    assert "who you are" not in text


async def test_erasure_is_said_to_be_asked_for_and_then_to_be_done(police: Bench, officer: httpx.AsyncClient) -> None:
    person, given = await referred(officer)
    await send_all(police)
    await officer.post(f"/consents/{given}/withdraw")
    asked = pages(await letter(officer, person, "ru"))[0]
    assert "запрошено" in asked
    assert "да, 20.03.2026" not in asked
    await receipt(police, "referral.moved")
    assert "да, 20.03.2026" in pages(await letter(officer, person, "ru"))[0]


async def test_who_has_no_name_on_record_and_of_whom_nothing_left_gets_a_letter_too(officer: httpx.AsyncClient) -> None:
    person = await made(await officer.post("/persons", json={"role": "victim"}))
    (text,) = pages(await letter(officer, person, "en"))
    assert "To: the person concerned" in text
    assert "told nothing about you" in text


async def test_a_letter_that_would_be_too_long_is_refused_and_not_cut(
    officer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _ = await referred(officer, messages=2)
    monkeypatch.setattr(of_person, "LONGEST_LETTER", 2)
    answer = await officer.get(f"/persons/{person}/disclosures/letter", params={"language": "kk"})
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "too-long-for-a-letter")


@pytest.mark.parametrize("language", ["de", ""])
async def test_a_letter_is_written_in_three_languages_only(officer: httpx.AsyncClient, language: str) -> None:
    path = f"/persons/{uuid4()}/disclosures/letter"
    assert (await officer.get(path, params={"language": language})).status_code == 422


@pytest.mark.parametrize(("members", "table"), TABLES)
def test_every_word_of_the_vocabulary_is_told_in_three_languages(members: type[StrEnum], table: Any) -> None:
    assert set(table) == set(members)
    assert [m for m in members if not all(getattr(table[m], language).strip() for language in Language)] == []


def test_kazakh_and_russian_words_hold_no_latin_look_alikes() -> None:
    said: list[Words] = [*sentences.SENTENCES, *(one for _, table in TABLES for one in table.values())]
    texts = [re.sub(r"\{\w+\}", "", text) for one in said for text in (one.kk, one.ru)]
    texts += [month for language in ("kk", "ru") for month in sentences.MONTHS[Language(language)]]
    foreign = {c for text in texts for c in text if c.isalpha() and "CYRILLIC" not in unicodedata.name(c)}
    assert foreign == set()


@pytest.mark.parametrize("language", [Language.KK, Language.RU])
def test_every_source_in_law_can_be_read_in_kazakh_and_russian(language: Language) -> None:
    assert [row.id for row in ROWS if re.search("[A-Za-z]", source_in(language, row.source))] == []
