"""What staff are told of, as a table: a kind and its words. Nothing else ever stands in a notification.

A mailbox, a telephone's locked screen and a webhook's receiver are outside of what consents and rules cover. So no
name, number, place, id or counterpart is told: whoever wants to know which one it is signs in at the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["kk", "ru", "en"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`urgent`: told at once, however lately something else was told."""

    code: str
    urgent: bool
    kk: str
    ru: str
    en: str


KINDS: tuple[Kind, ...] = (
    Kind(
        "danger",
        urgent=True,
        kk="Өмірге қауіп туралы тіркелмеген хабарлама",
        ru="Не зарегистрировано сообщений об опасности для жизни",
        en="Reports of danger to life, not registered yet",
    ),
    Kind(
        "report",
        urgent=True,
        kk="Тіркелмеген хабарлама",
        ru="Не зарегистрировано сообщений",
        en="Reports, not registered yet",
    ),
    Kind(
        "referral",
        urgent=False,
        kk="Жауап күтіп тұрған жолдама",
        ru="Ждут ответа направлений",
        en="Referrals that wait for an answer",
    ),
    Kind(
        "hold_ends",
        urgent=True,
        kk="Ұсталған орын, мерзімі жақында бітеді",
        ru="Скоро закончится бронь мест",
        en="Held places whose time is nearly over",
    ),
    Kind("message", urgent=False, kk="Оқылмаған хат", ru="Не прочитано писем", en="Messages not read yet"),
    Kind(
        "due_soon",
        urgent=False,
        kk="Мерзімі таяған міндет",
        ru="Скоро истекает сроков",
        en="Deadlines that are near",
    ),
    Kind("overdue", urgent=False, kk="Мерзімі өткен міндет", ru="Истекло сроков", en="Deadlines that have passed"),
)
URGENT = frozenset(kind.code for kind in KINDS if kind.urgent)
SUBJECT: Mapping[Language, str] = {
    "kk": "Qorgau: күтіп тұрған жұмыс бар",
    "ru": "Qorgau: есть работа, которая ждёт",
    "en": "Qorgau: work waits",
}
WHERE: Mapping[Language, str] = {
    "kk": "Толығы жүйеге кіргенде көрінеді",
    "ru": "Подробности видны после входа",
    "en": "Sign in to see more",
}


def lines(counts: Mapping[str, int], language: Language) -> list[str]:
    """A line for each kind of which there is something: `Referrals that wait for an answer: 1`."""
    return [f"{getattr(kind, language)}: {counts[kind.code]}" for kind in KINDS if counts.get(kind.code)]
