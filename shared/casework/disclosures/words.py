"""What the accounting's codes are called in Kazakh, Russian and English, for the person concerned.

Literal tables: a member of the vocabulary that has no words here fails a test, and so does a Latin look-alike in a
Kazakh or Russian word.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.contract.vocabulary import Agency, Basis, EventType, Partner, Purpose
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType as E


class Language(StrEnum):
    """The languages that a person is written to in."""

    KK = "kk"
    RU = "ru"
    EN = "en"


class Delivery(StrEnum):
    """How far an event is. What was kept back after it was sent may have arrived: that is `sent`, not `withheld`."""

    WAITING = "waiting"
    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"
    WITHHELD = "withheld"
    ON_PAPER = "on_paper"


@dataclass(frozen=True, slots=True)
class Words:
    """The same in three languages."""

    kk: str
    ru: str
    en: str


AGENCIES: dict[Agency, Words] = {
    Agency.POLICE: Words("полиция", "полиция", "police"),
    Agency.SHELTER: Words("дағдарыс орталығы", "кризисный центр", "shelter"),
    Agency.HEALTH: Words("денсаулық сақтау", "здравоохранение", "health care"),
    Agency.SOCIAL: Words("әлеуметтік қызмет", "социальная служба", "social services"),
}

PARTNERS: dict[Partner, Words] = {
    Partner.COURT: Words("сот", "суд", "court"),
    Partner.PROSECUTOR: Words("прокуратура", "прокуратура", "prosecutor"),
    Partner.SCHOOL: Words("мектеп", "школа", "school"),
    Partner.PROBATION: Words("пробация қызметі", "служба пробации", "probation service"),
}

CATEGORIES: dict[C, Words] = {
    C.PUBLIC: Words(
        "ұйымдар туралы жалпыға ашық мәлімет", "общедоступные сведения об организациях", "public facts on organisations"
    ),
    C.ROUTING: Words(
        "қызметтік белгілер ғана",
        "только служебные отметки",
        "reference marks only",
    ),
    C.NEEDS: Words("қандай көмек керек екені", "какая помощь нужна", "what help is needed"),
    C.HOUSEHOLD: Words("барлығы неше адам", "сколько всего человек", "how many people there are"),
    C.WORKER_CONTACT: Words("қызметкердің телефоны", "телефон сотрудника", "the worker's telephone"),
    C.CORRESPONDENCE: Words("қызметкерлер жазысқан хаттар", "переписка сотрудников", "what the workers wrote"),
    C.IDENTITY: Words("кім екеніңіз", "кто Вы", "who you are"),
    C.CONTACT: Words("Сіздің телефоныңыз", "Ваш телефон", "your telephone"),
    C.DEPENDANTS: Words(
        "қасыңыздағы балалар мен басқалар", "дети и другие, кто с Вами", "children and others with you"
    ),
    C.WHEREABOUTS: Words("қай жерде тұратыныңыз", "где Вы находитесь", "where you stay"),
    C.HEALTH: Words("денсаулық туралы мәлімет", "сведения о здоровье", "facts on health"),
    C.ADDICTION: Words("тәуелділік туралы мәлімет", "сведения о зависимости", "facts on addiction"),
    C.NARRATIVE: Words("не болғаны", "что произошло", "what happened"),
    C.OCCURRENCE: Words(
        "зорлықтың немесе оның қаупінің болғаны",
        "что было насилие или его угроза",
        "that there was violence, or a threat of it",
    ),
    C.ASSESSMENT: Words("бірлескен бағалау қорытындысы", "итог совместной оценки", "outcome of a joint assessment"),
    C.ORDER: Words("қорғау нұсқамасы туралы мәлімет", "сведения о защитном предписании", "facts on a protection order"),
    C.ATTENDANCE: Words("келгеніңіз не келмегеніңіз", "посещали ли Вы", "whether you attended"),
    C.CONVICTIONS: Words("соттылығыңыз туралы мәлімет", "сведения о судимости", "facts on convictions"),
    C.COURT_PATH: Words(
        "сот тәртібіне қажет мәлімет, диагнозсыз", "что нужно суду, без диагноза", "what the court needs, no diagnosis"
    ),
    C.BLINDED: Words("аты жоқ салыстыру белгілері", "слепые метки для сверки", "blind marks for matching"),
    C.STATISTICS: Words("жиынтық сандар", "сводные числа", "total counts"),
}

PURPOSES: dict[Purpose, Words] = {
    Purpose.LODGING: Words("уақытша тұру", "временное проживание", "temporary lodging"),
    Purpose.MEDICAL_EXAMINATION: Words("медициналық тексеру", "медицинское обследование", "medical examination"),
    Purpose.PSYCHOLOGICAL_HELP: Words("психологиялық көмек", "психологическая помощь", "psychological help"),
    Purpose.ADDICTION_TREATMENT: Words("тәуелділікті емдеу", "лечение зависимости", "treatment of addiction"),
    Purpose.PSYCHO_CORRECTION: Words(
        "психологиялық түзету бағдарламасы", "программа психологической коррекции", "corrective programme"
    ),
    Purpose.SEXUAL_HEALTH: Words("сексологтың көмегі", "помощь сексолога", "help of a sexual-health specialist"),
    Purpose.SOCIAL_SERVICES: Words("әлеуметтік қызметтер", "социальные услуги", "social services"),
    Purpose.RESTORATION_OF_RIGHTS: Words("құқықтарды қалпына келтіру", "восстановление прав", "restoration of rights"),
    Purpose.REFUSAL_NOTICE: Words(
        "арызданудан бас тарту туралы хабарлау", "уведомление об отказе заявлять", "telling of a refusal to report"
    ),
    Purpose.JOINT_ASSESSMENT: Words("бірлескен бағалау", "совместная оценка", "joint assessment"),
    Purpose.STATUTORY_REPORT: Words("заң бойынша хабарлау", "сообщение по закону", "a report that the law requires"),
    Purpose.COMPULSORY_TREATMENT: Words("мәжбүрлеп емдеу", "принудительное лечение", "compulsory treatment"),
    Purpose.PROTECTION_ORDER: Words("қорғау нұсқамасы", "защитное предписание", "protection order"),
    Purpose.REGISTER_COORDINATION: Words("есептік тізімдерді салыстыру", "сверка учётов", "matching of registers"),
    Purpose.PREVENTIVE_CONVERSATION: Words("алдын алу әңгімесі", "профилактическая беседа", "preventive conversation"),
    Purpose.STATISTICS: Words("статистика", "статистика", "statistics"),
    Purpose.INFORMATION_REQUEST: Words("анықтама сұрау", "запрос справки", "request for information"),
    Purpose.ADMISSION_REPORT: Words("қабылдау туралы хабарлау", "сообщение о поступлении", "report of an admission"),
    Purpose.EARLY_WARNING: Words("ерте ескерту", "раннее предупреждение", "early warning"),
    Purpose.GUARDIANSHIP: Words("қорғаншылық", "опека", "guardianship"),
    Purpose.PROTECTION_OF_LIFE: Words("өмірді қорғау", "защита жизни", "protection of life"),
}

BASES: dict[Basis, Words] = {
    Basis.CONSENT: Words("Сіздің келісіміңіз", "Ваше согласие", "your consent"),
    Basis.OWN_REQUEST: Words("Сіздің өтінішіңіз", "Ваша просьба", "your own request"),
    Basis.STATUTORY_DUTY: Words("заң жүктеген міндет", "обязанность по закону", "a duty set by law"),
    Basis.COURT_DECISION: Words("сот шешімі", "решение суда", "a court decision"),
    Basis.EMERGENCY: Words("өмірге төнген қауіп", "угроза жизни", "danger to life"),
    Basis.NO_PERSONAL_DATA: Words("кім екеніңіз айтылмаған", "без указания, кто Вы", "nothing says who you are"),
}

EVENTS: dict[EventType, Words] = {
    E.REFERRAL_REQUESTED: Words("жолдама", "направление", "referral"),
    E.REFERRAL_MOVED: Words("жолдама күйінің өзгеруі", "изменение направления", "change of a referral"),
    E.BED_HOLD_ANSWERED: Words("орын туралы жауап", "ответ о месте", "answer about a place"),
    E.REFERRAL_REMINDED: Words("жолдаманы еске салу", "напоминание о направлении", "reminder of a referral"),
    E.MESSAGE_POSTED: Words("қызметкерге хабарлама", "сообщение сотруднику", "message to a worker"),
    E.MESSAGES_READ: Words("оқылғаны туралы белгі", "отметка о прочтении", "mark that it was read"),
    E.CONSENT_WITHDRAWN: Words("келісімнің қайтарылуы", "отзыв согласия", "withdrawal of consent"),
    E.REFUSAL_NOTICE_ISSUED: Words("бас тарту туралы хабарлама", "уведомление об отказе", "notice of a refusal"),
    E.REFUSAL_NOTICE_ACKNOWLEDGED: Words(
        "хабарламаның алынғанын растау", "подтверждение уведомления", "acknowledgement of a notice"
    ),
    E.ORGANISATION_ANNOUNCED: Words(
        "ұйым туралы хабарландыру", "объявление об организации", "an organisation's notice"
    ),
    E.BEDS_COUNTED: Words("бос орындар саны", "число свободных мест", "count of free places"),
    E.AUDIT_CHECKPOINTED: Words("жазбаның бақылау нүктесі", "контрольная точка журнала", "checkpoint of the record"),
    E.EVENTS_RECEIVED: Words("алынғаны туралы белгі", "отметка о получении", "mark of receipt"),
    E.ASSESSMENT_PROPOSED: Words("бірлескен бағалау ұсынысы", "предложение оценки", "proposal of an assessment"),
    E.ASSESSMENT_ANSWERED: Words("бағалау туралы жауап", "ответ об оценке", "answer about an assessment"),
    E.ASSESSMENT_SIGNED: Words("бағалауға қол қойылуы", "подписание оценки", "signing of an assessment"),
    E.ASSESSMENT_ENDED: Words("бағалаудың тоқтатылуы", "прекращение оценки", "end of an assessment"),
    E.PLAN_PROGRESSED: Words("жоспардың барысы", "ход плана", "progress of a plan"),
    E.VIOLENCE_REPORTED: Words("зорлық туралы хабар", "сообщение о насилии", "report of violence"),
    E.VIOLENCE_REPORT_REGISTERED: Words("хабардың тіркелуі", "регистрация сообщения", "registration of a report"),
    E.PROGRAMME_ATTENDED: Words("бағдарламаға қатысу", "посещение программы", "attendance of a programme"),
    E.EXAMINATION_EVADED: Words("тексеруден жалтару", "уклонение от обследования", "evasion of an examination"),
    E.TREATMENT_MATERIALS_SENT: Words("емдеу туралы материалдар", "материалы о лечении", "materials on treatment"),
    E.TREATMENT_MOVED: Words("мәжбүрлеп емдеу жолындағы қадам", "шаг к принудительному лечению", "step to treatment"),
    E.TREATMENT_DECIDED: Words("емдеу туралы шешім", "решение о лечении", "decision on treatment"),
    E.TREATMENT_ENDED: Words("емдеудің аяқталуы", "окончание лечения", "end of treatment"),
    E.GUARDIAN_ASKED: Words("қорғаншылық органына сұрау", "обращение к органу опеки", "question to the guardians"),
    E.GUARDIAN_ANSWERED: Words("қорғаншылық органының жауабы", "ответ органа опеки", "answer of the guardians"),
    E.ORDER_ISSUED: Words("нұсқаманың шығуы", "вынесение предписания", "issue of an order"),
    E.ORDER_CHANGED: Words("нұсқаманың өзгеруі", "изменение предписания", "change of an order"),
    E.ORDER_BREACHED: Words("нұсқаманың бұзылуы", "нарушение предписания", "breach of an order"),
    E.REGISTER_COMPARED: Words("тізімдердің салыстырылуы", "сверка учётов", "matching of registers"),
    E.CONVERSATION_HELD: Words("алдын алу әңгімесі", "профилактическая беседа", "preventive conversation"),
    E.STATISTICS_PUBLISHED: Words("статистика", "статистика", "statistics"),
    E.INFORMATION_REQUESTED: Words("анықтама сұрау", "запрос справки", "request for information"),
    E.INFORMATION_ANSWERED: Words("анықтамаға жауап", "ответ на запрос", "answer to a request"),
    E.INFORMATION_CLOSED: Words("сұраудың жабылуы", "закрытие запроса", "closing of a request"),
    E.ADMISSION_REPORTED: Words("қабылдау туралы хабар", "сообщение о поступлении", "report of an admission"),
    E.AGREEMENT_CONCLUDED: Words("өңірлік келісім", "местное соглашение", "local agreement"),
    E.AGREEMENT_PROPOSED: Words("өңірлік келісімнің жобасы", "проект соглашения", "draft of a local agreement"),
    E.AGREEMENT_ANSWERED: Words("келісім жобасына жауап", "ответ на проект соглашения", "answer to a draft agreement"),
    E.AGREEMENT_NOTICE_GIVEN: Words(
        "келісімнен бас тарту", "уведомление о прекращении соглашения", "notice that an agreement ends"
    ),
    E.LETTER_WRITTEN: Words("серіктеске хат", "письмо партнёру", "letter to a partner"),
    E.LETTER_RECALLED: Words(
        "хат келісімінің аяқталғаны", "прекращение согласия на письмо", "end of the consent of a letter"
    ),
    E.REPETITION_WARNED: Words("қайталану туралы ескерту", "предупреждение о повторении", "warning of repetition"),
}

DELIVERIES: dict[Delivery, Words] = {
    Delivery.WAITING: Words("әлі жіберілген жоқ", "ещё не отправлено", "not sent yet"),
    Delivery.SENT: Words(
        "жіберілді, алынғаны расталмаған", "отправлено, получение не подтверждено", "sent, receipt not confirmed"
    ),
    Delivery.RECEIVED: Words("{date}", "{date}", "{date}"),
    Delivery.REFUSED: Words(
        "алушы қабылдамады және сақтамады", "получатель не принял и не сохранил", "refused and not kept there"
    ),
    Delivery.WITHHELD: Words(
        "жіберілмей тұрып тоқтатылды, ештеңе берілген жоқ",
        "задержано до отправки, ничего не передано",
        "withheld before it left, nothing was told",
    ),
    Delivery.ON_PAPER: Words("қағаз хатпен", "письмом на бумаге", "by a letter on paper"),
}

# A rule's source is written as the report gives it, in English: these turn its words. Longer ones come first.
SOURCES: dict[Language, tuple[tuple[str, str], ...]] = {
    Language.EN: (),
    Language.RU: (
        (r"Standard of 26 December 2016 No\. ", "Стандарт от 26 декабря 2016 года № "),
        (r"Law on Personal Data of 21 May 2013", "Закон «О персональных данных» от 21 мая 2013 года"),
        (r"Standard No\. ", "Стандарт № "),
        (r"Code on Marriage and Family of 26 December 2011", "Кодекс о браке и семье от 26 декабря 2011 года"),
        (r"Confidentiality", "Конфиденциальность"),
        (r"closing is never blocked", "закрыть можно всегда"),
        (r"section (\d+)", r"раздел \1"),
        (r"problems (\d+) and (\d+)", r"проблемы \1 и \2"),
        (r"problem (\d+)", r"проблема \1"),
        (r"questions (\d+)", r"вопросы \1"),
        (r"question (\d+)", r"вопрос \1"),
        (r"arts?\. ", "ст. "),
        (r"paras?\. ", "п. "),
        (r"nos?\. ", "№ "),
        (r"\band\b", "и"),
    ),
    Language.KK: (
        (r"Standard of 26 December 2016 No\. (\d+)", r"2016 жылғы 26 желтоқсандағы № \1 стандарт"),
        (
            r"Code on Marriage and Family of 26 December 2011",
            "«Неке (ерлі-зайыптылық) және отбасы туралы» 2011 жылғы 26 желтоқсандағы кодекс",
        ),
        (r"Law on Personal Data of 21 May 2013", "«Дербес деректер туралы» 2013 жылғы 21 мамырдағы заң"),
        (r"Standard No\. (\d+)", r"№ \1 стандарт"),
        (r"Confidentiality", "Құпиялылық"),
        (r"closing is never blocked", "жабу әрқашан мүмкін"),
        (r"section (\d+)", r"\1-бөлім"),
        (r"problems (\d+) and (\d+)", r"\1 және \2-мәселелер"),
        (r"problem (\d+)", r"\1-мәселе"),
        (r"questions (\d+), (\d+) and (\d+)", r"\1, \2 және \3-сұрақтар"),
        (r"question (\d+)", r"\1-сұрақ"),
        (r"arts?\. (\d+) and (\d+)", r"\1 және \2-баптар"),
        (r"arts?\. (\d+)", r"\1-бап"),
        (r"paras?\. (\d+)", r"\1-тармақ"),
        (r"nos?\. ", "№ "),
        (r"\band\b", "және"),
    ),
}


def called(kind: Agency | Partner) -> Words:
    """What kind of recipient it is."""
    return PARTNERS[kind] if isinstance(kind, Partner) else AGENCIES[kind]


def source_in(language: Language, source: str) -> str:
    """A rule's legal source in a language."""
    for english, theirs in SOURCES[language]:
        source = re.sub(english, theirs, source)
    return source
