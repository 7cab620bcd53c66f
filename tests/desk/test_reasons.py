"""What could not be done says why in the language of the page."""

import re

import httpx
import pytest

from shared.desk.language import LANGUAGES, Language, translations
from shared.desk.reasons import reason
from tests.desk.conftest import SignIn
from tests.desk.test_pages import POLICE, SHELTER, send
from tests.workbench import Bench

PERSON = {"role": "victim", "family_name": "Сәрсенова"}
REFERRAL = {"purpose": "lodging", "to.organisation": SHELTER, "urgency": "urgent", "basis": "no_personal_data"}
REASONS: dict[Language, dict[str, str]] = {
    "kk": {
        "future": "Туған күн болашақта бола алмайды.",
        "field": "ЖСН: Он екі цифр қажет.",
        "limit": "Тегі: Таңбалардың ең көп саны: 200.",
        "missing": "Бұл көрсетілмеген.",
        "state": "Бұл жолдамаға бұл тараптан мұндай әрекет жасауға болмайды; күйі: «қайтарып алынды», "
        "әрекет: «Қайтарып алу».",
    },
    "ru": {
        "future": "Дата рождения не может быть в будущем.",
        "field": "ИИН: Нужны двенадцать цифр.",
        "limit": "Фамилия: Знаков допускается не больше: 200.",
        "missing": "Это не указано.",
        "state": "Так с этим направлением с этой стороны поступить нельзя; его состояние: «забрано назад», "
        "действие: «Забрать назад».",
    },
    "en": {
        "future": "A birth date is not in the future.",
        "field": "IIN: Twelve digits are needed.",
        "limit": "Family name: At most 200 characters are allowed.",
        "missing": "This is missing.",
        "state": "A referral that is taken back can't be moved by 'Take back' from this side.",
    },
}


def told(page: httpx.Response, language: str) -> str:
    """What the page says; where it is not English, no word of it is."""
    said = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2].partition(">")[2].partition("</main")[0])
    said = re.sub(r"\s+", " ", said.replace("&#39;", "'"))
    assert language == "en" or not re.search("[A-Za-z]", said), said
    return said


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_does_not_fit_and_what_can_not_be_done_now_say_why_in_the_language_of_the_page(
    police: Bench, signed_in: SignIn, language: Language
) -> None:
    officer, why = await signed_in(police, POLICE), REASONS[language]
    referral = (await send(officer, "/desk/refer", step="send", call_back="+7 727 000 00 01", **REFERRAL)).headers
    cancel = {"reason": "no_longer_needed", "if_match": "*"}
    assert (await send(officer, f"{referral['location']}/cancel", **cancel)).status_code == 303
    officer.headers["accept-language"] = language
    wrong = {
        "future": {**PERSON, "birth_date": "2099-01-01"},
        "field": {**PERSON, "iin": "1"},
        "limit": {**PERSON, "family_name": "Ә" * 201},
        "missing": {"family_name": "Сәрсенова"},
    }
    for name, fields in wrong.items():
        page = await send(officer, "/desk/persons", **fields)
        assert (page.status_code, why[name] in told(page, language)) == (422, True), told(page, language)
    page = await send(officer, f"{referral['location']}/cancel", **cancel)
    assert (page.status_code, why["state"] in told(page, language)) == (409, True), told(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_after_a_reason_is_left_out_where_it_is_in_another_language(language: Language) -> None:
    said = reason("it does not last so long (report, 1.4)", {}, translations(language))
    assert (said, "report" in said) == (
        {
            "kk": "Бұл мұншалық ұзаққа созылмайды.",
            "ru": "Так долго это не длится.",
            "en": "It does not last so long (report, 1.4).",
        }[language],
        language == "en",
    )
