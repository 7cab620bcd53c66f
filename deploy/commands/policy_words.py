"""The words around a rule in the three languages. The rules' own reasons are in the table."""

from enum import StrEnum
from typing import NamedTuple

from shared.contract.policy import Reason


class Language(StrEnum):
    """In which language reasons are told."""

    KK = "kk"
    RU = "ru"
    EN = "en"


class Words(NamedTuple):
    """Headings and verdicts."""

    permitted: str
    refused: str
    rule: str
    source: str
    why: str
    leaves: str
    stays: str
    not_opened: str
    who: str
    opens: str
    takes: str
    keeps: str
    all: str
    about: str
    purpose: str
    basis: str
    when: str


WORDS: dict[Language, Words] = {
    Language.KK: Words(
        permitted="Рұқсат етіледі",
        refused="Рұқсат етілмейді",
        rule="ереже",
        source="негізі",
        why="себебі",
        leaves="беріледі",
        stays="берілмейді",
        not_opened="Ешбір ереже ашпайды",
        who="кім кімге не айтады",
        opens="ашады",
        takes="жабады",
        keeps="сақтайды",
        all="бәрі",
        about="кім туралы",
        purpose="мақсаты",
        basis="құқықтық негізі",
        when="шарты",
    ),
    Language.RU: Words(
        permitted="Разрешено",
        refused="Не разрешено",
        rule="правило",
        source="источник",
        why="почему",
        leaves="передаётся",
        stays="не передаётся",
        not_opened="Не открывает ни одно правило",
        who="кто кому что сообщает",
        opens="открывает",
        takes="закрывает",
        keeps="сохраняет",
        all="все",
        about="о ком",
        purpose="цель",
        basis="основание",
        when="условие",
    ),
    Language.EN: Words(
        permitted="Permitted",
        refused="Not permitted",
        rule="rule",
        source="source",
        why="why",
        leaves="leaves",
        stays="stays",
        not_opened="Opened by no rule",
        who="who tells whom",
        opens="opens",
        takes="takes away",
        keeps="keeps",
        all="all",
        about="about",
        purpose="for",
        basis="on",
        when="when",
    ),
}


def told(reason: Reason, language: Language) -> str:
    """A reason in one language."""
    return {Language.KK: reason.kk, Language.RU: reason.ru, Language.EN: reason.en}[language]
