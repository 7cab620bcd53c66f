"""The three languages of the desk: catalogues (gettext), and how dates, numbers and times are written.

Messages are written in English where they are used; `words/<language>.po` holds the others. What has no translation
yet is shown in English, and a test names it.
"""

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from babel.units import format_unit
from fastapi import Request

Language = Literal["kk", "ru", "en"]
LANGUAGES: dict[Language, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
LOCALES: dict[Language, str] = {"kk": "kk_KZ", "ru": "ru_KZ", "en": "en_GB"}
COOKIE = "qorgau-language"
WORDS = Path(__file__).parent / "words"
ZONE = ZoneInfo("Asia/Almaty")


@cache
def translations(language: Language) -> NullTranslations:
    """The catalogue of a language."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with (WORDS / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def of_request(request: Request) -> Language:
    """What was chosen on this browser; else what the browser prefers of the three; else Kazakh, the state language."""
    chosen = request.cookies.get(COOKIE)
    wanted = [chosen or "", *(one.partition(";")[0] for one in request.headers.get("accept-language", "").split(","))]
    for one in wanted:
        for language in LANGUAGES:
            if one.strip().lower().partition("-")[0] == language:
                return language
    return "kk"


def day(value: date | str, language: Language) -> str:
    """20 March 2026. Also of a day as events write it (ISO 8601)."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(value, "long", locale=LOCALES[language])


def moment(value: datetime, language: Language) -> str:
    """20 Mar, 15:00, in Kazakhstan's one time zone."""
    return format_datetime(value.astimezone(ZONE), "d MMM, HH:mm", locale=LOCALES[language])


def kilometres(value: float, language: Language) -> str:
    """12 km."""
    return format_unit(round(value), "length-kilometer", "short", locale=LOCALES[language])


def how_long(value: datetime, now: datetime, language: Language) -> str:
    """In 2 hours; 3 days ago."""
    return format_timedelta(value - now, add_direction=True, locale=LOCALES[language])
