"""The sentences of the letter, in Kazakh, Russian and English. `{…}` is filled in; nothing else varies."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.casework.disclosures.words import Language, Words
from shared.contract.calendar import local_day

MONTHS: dict[Language, tuple[str, ...]] = {
    Language.KK: (
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ),
    Language.RU: (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    Language.EN: (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
LONG_DATE = Words("{year} жылғы {day} {month}", "{day} {month} {year} года", "{day} {month} {year}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its width in millimetres, and its heading."""

    width: int
    heading: Words


TITLE = Words("Сіз туралы не берілгені", "Что было передано о Вас", "What was told about you")
TO = Words("Кімге: {name}", "Кому: {name}", "To: {name}")
SOMEBODY = Words("хат қатысты адамға", "лицу, которого это касается", "the person concerned")
FROM = Words("Кімнен: {organisation}", "От кого: {organisation}", "From: {organisation}")
DATED = Words("Күні: {date}", "Дата: {date}", "Date: {date}")
OPENING = Words(
    "Сіз туралы кімге, не және неге берілгенін білуге құқығыңыз бар. Төменде біздің ұйым «Қорғау» алмасу желісі арқылы "
    "осы хат жазылған күнге дейін Сіз туралы бергеннің бәрі көрсетілген. Әрқайсысымен бірге "
    "қызметтік белгілері де берілді: нөмірі, уақыты, күйі.",
    "Вы вправе знать, что, кому и почему о Вас передано. Ниже перечислено всё, что наша организация передала о Вас "
    "через сеть обмена «Қорғау» по день этого письма. С каждым сообщением "
    "переданы его служебные отметки: номер, время, состояние.",
    "You have the right to know what was told about you, to whom and why. Below is everything that our organisation "
    "told about you through the Qorgau exchange up to the day of this letter. With each "
    "went its reference marks: number, time, state.",
)
NOTHING = Words(
    "Сіз туралы кімге, не және неге берілгенін білуге құқығыңыз бар. Осы хат жазылған күнге дейін біздің ұйым «Қорғау» "
    "алмасу желісі арқылы Сіз туралы ештеңе берген жоқ.",
    "Вы вправе знать, что, кому и почему о Вас передано. По день этого письма наша организация ничего не передала о "
    "Вас через сеть обмена «Қорғау».",
    "You have the right to know what was told about you, to whom and why. Up to the day of this letter our "
    "organisation told nothing about you through the Qorgau exchange.",
)
BASIS = Words("негізі: {basis}", "основание: {basis}", "basis: {basis}")
COLUMNS: tuple[Column, ...] = (
    Column(17, Words("Қашан", "Когда", "When")),
    Column(33, Words("Кімге", "Кому", "To whom")),
    Column(58, Words("Не", "Что", "What")),
    Column(33, Words("Неге", "Почему", "Why")),
    Column(9, Words("№", "№", "No.")),
    Column(19, Words("Алынды ма", "Получено ли", "Received")),
    Column(19, Words("Өшірілді ме", "Удалено ли", "Erased")),
)
RULES = Words("Қай ереже бойынша (№)", "По какому правилу (№)", "By which rule (No.)")
SECTIONS = Words(
    "Жақшада ереженің негізі тұр; 1.1 сияқты сандар — әлеуметтік мониторинг есебінің бөлімдері.",
    "В скобках источник правила; числа вида 1.1 — разделы отчёта о социальном мониторинге.",
    "Each rule's source is in brackets; numbers like 1.1 are sections of the report of the social monitoring.",
)
ERASED = Words("иә, {date}", "да, {date}", "yes, {date}")
ASKED = Words(
    "сұралды {date}, әлі расталмаған",
    "запрошено {date}, не подтверждено",
    "asked for {date}, not confirmed",
)
NOTHING_TO_ERASE = Words("өшіретін ештеңе жоқ", "удалять нечего", "nothing to erase")
NO_WORD = Words("хабар жоқ", "сведений нет", "no word of it")
NOT_THERE = Words("—", "—", "—")
CLOSING = Words(
    "Келісіміңізді кез келген уақытта, себебін айтпай-ақ қайтарып ала аласыз. Сонда оған сүйенгендердің бәріне хабар "
    "беріледі және олар алғанын өшіреді; жолдаманың болғаны ғана сақталады. Заң жүктеген міндет бойынша берілген "
    "мәлімет заңда белгіленген мерзімге дейін сақталады.",
    "Вы можете отозвать согласие в любое время, не объясняя причин. Тогда всем, кто на него опирался, об этом "
    "сообщается, и они удаляют полученное; сохраняется лишь то, что направление было. Переданное по обязанности, "
    "установленной законом, хранится столько, сколько велит закон.",
    "You can take your consent back at any time, without giving a reason. Everyone who relied on it is then told, and "
    "erases what they received; only that there was a referral is kept. What was told under a duty set by law is kept "
    "for as long as the law says.",
)
ASK = Words(
    "Сұрағыңыз болса немесе қате байқасаңыз, бізге айтыңыз: {organisation}.",
    "Если у Вас есть вопрос или Вы заметили ошибку, обратитесь к нам: {organisation}.",
    "If you have a question, or see a mistake, ask us: {organisation}.",
)
KEEP_SAFE = Words(
    "Бұл хатты тек өзіңіз таба алатын жерде сақтаңыз. Үйге апару қауіпті болса, алмай-ақ қоюыңызға болады.",
    "Храните это письмо там, где его найдёте только Вы. Если нести его домой небезопасно, можете его не брать.",
    "Keep this letter where only you will find it. If it is not safe to take it home, you need not take it.",
)
PAGE = Words("{page}-бет, барлығы {pages}", "Страница {page} из {pages}", "Page {page} of {pages}")
SENTENCES: tuple[Words, ...] = (
    LONG_DATE,
    TITLE,
    TO,
    SOMEBODY,
    FROM,
    DATED,
    OPENING,
    NOTHING,
    BASIS,
    RULES,
    SECTIONS,
    ERASED,
    ASKED,
    NOTHING_TO_ERASE,
    NO_WORD,
    NOT_THERE,
    CLOSING,
    ASK,
    KEEP_SAFE,
    PAGE,
    *(column.heading for column in COLUMNS),
)


def say(words: Words, language: Language, **filled: str) -> str:
    """A sentence in a language, filled in."""
    return str(getattr(words, language)).format(**filled)


def in_words(day: date, language: Language) -> str:
    """A date as a letter is dated."""
    return say(LONG_DATE, language, year=str(day.year), day=str(day.day), month=MONTHS[language][day.month - 1])


def short(moment: datetime) -> str:
    """The day in Kazakhstan on which a moment lies, as tables write it there: dd.mm.yyyy."""
    return f"{local_day(moment):%d.%m.%Y}"
