"""The sentences of a file on paper, and the words for its codes, in Kazakh, Russian and English."""

from enum import StrEnum

from shared.casework.disclosures import words as w
from shared.casework.disclosures.sentences import Column
from shared.casework.disclosures.words import Words
from shared.contract.filing import Way

TITLE = Words("Жинақталған іс", "Накопительное дело", "Cumulative case file")
CASE = Words("Іс нөмірі: {about}", "Номер дела: {about}", "Case: {about}")
WHO = Words("Кім туралы: {name}", "О ком: {name}", "About: {name}")
INSIDE = Words(
    "Бұл іс — тек біздің ұйымдікі: алмасу желісі оны ешкімге бермейді. Оны кім алғаны жазып қойылды.",
    "Это дело только нашей организации: сеть обмена его никому не передаёт. Кто его взял, записано.",
    "This file is our organisation's own: the exchange hands it to nobody. Who took it away is on record.",
)
NOTHING = Words("Істе жазба жоқ.", "В деле нет записей.", "There is nothing in the file.")
VERIFY = Words(
    "Осы қағаз жасалған құжаттың бақылау сомасы (SHA-256): {digest}. Журналдың бақылау нүктесі: {position}, {hash}.",
    "Контрольная сумма документа, по которому это напечатано (SHA-256): {digest}. Контрольная точка журнала: "
    "{position}, {hash}.",
    "Digest of the document that this is printed from (SHA-256): {digest}. Checkpoint of the record: "
    "{position}, {hash}.",
)
FOR_GOOD = Words("—", "—", "—")
RULE = Words("берілмеді: {field} ({reason})", "удержано: {field} ({reason})", "withheld: {field} ({reason})")
COLUMNS: tuple[Column, ...] = (
    Column(20, Words("Қашан", "Когда", "When")),
    Column(17, Words("Түрі", "Вид", "Kind")),
    Column(36, Words("Не", "Что", "What")),
    Column(30, Words("Кіммен", "С кем", "With whom")),
    Column(66, Words("Мазмұны", "Содержание", "Details")),
    Column(19, Words("Сақталады", "Хранится до", "Kept until")),
)
WAYS: dict[Way, Words] = {
    Way.SENT: Words("жіберілді", "отправлено", "sent"),
    Way.RECEIVED: Words("келді", "получено", "received"),
    Way.DUE: Words("орындалуы тиіс", "предстоит", "due"),
    Way.DONE: Words("орындалды", "сделано", "done"),
    Way.WITHHELD: Words("берілмеді", "удержано", "withheld"),
}
STATES: dict[str, Words] = {
    "requested": Words("сұралды", "запрошено", "asked"),
    "accepted": Words("қабылданды", "принято", "accepted"),
    "in_progress": Words("көмек көрсетілуде", "помощь оказывается", "help is under way"),
    "completed": Words("аяқталды", "завершено", "completed"),
    "failed": Words("нәтиже болмады", "не удалось", "did not succeed"),
    "declined": Words("бас тартылды", "отклонено", "declined"),
    "redirected": Words("басқаға бағытталды", "перенаправлено", "pointed elsewhere"),
    "cancelled": Words("қайтарып алынды", "отменено", "taken back"),
    "withdrawn": Words("адамның өзі бас тартты", "лицо отказалось", "withdrawn by the person"),
    "accept": Words("қабылданды", "принято", "accepted"),
    "decline": Words("бас тартылды", "отклонено", "declined"),
    "redirect": Words("басқаға бағытталды", "перенаправлено", "pointed elsewhere"),
    "start": Words("адам келді", "лицо прибыло", "the person is here"),
    "complete": Words("аяқталды", "завершено", "completed"),
    "fail": Words("нәтиже болмады", "не удалось", "did not succeed"),
    "cancel": Words("қайтарып алынды", "отменено", "taken back"),
    "withdraw": Words("адамның өзі бас тартты", "лицо отказалось", "withdrawn by the person"),
    "expired": Words("мерзімі бітті", "срок истёк", "has run out"),
    "void": Words("жарамсыз", "недействительно", "was not valid"),
    "over": Words("аяқталды", "окончено", "is over"),
    "planned": Words("жоспарланды", "запланировано", "planned"),
    "taken": Words("жасалды", "выполнено", "taken"),
    "not_needed": Words("қажет болмады", "не понадобилось", "not needed"),
    "was": Words("болды", "состоялось", "was"),
    "due": Words("мерзімі келген жоқ", "срок не наступил", "due"),
    "overdue": Words("мерзімі өтіп кетті", "просрочено", "overdue"),
    "done": Words("мерзімінде орындалды", "выполнено в срок", "done in time"),
    "done_late": Words("кеш орындалды", "выполнено с опозданием", "done late"),
    "violence": Words("зорлық туралы", "о насилии", "of violence"),
    "admission": Words("қабылдау туралы", "о поступлении", "of an admission"),
    "plan": Words("жоспар", "план", "a plan"),
    "attendance": Words("қатысу", "посещение", "attendance"),
    "waiting": Words("әлі жіберілген жоқ", "ещё не отправлено", "not sent yet"),
    "sent": Words("жіберілді", "отправлено", "sent"),
    "received": Words("алынды", "получено", "received"),
    "refused": Words("алушы қабылдамады", "получатель не принял", "refused there"),
    "withheld": Words("берілмеді", "удержано", "withheld"),
    "acknowledged": Words("расталды", "подтверждено", "acknowledged"),
    "incidents": Words("оқиғалар", "происшествия", "incidents"),
    "refusals_to_report": Words("арызданудан бас тарту", "отказы заявлять", "refusals to report"),
    "conciliations": Words("бітімге келу", "примирения", "conciliations"),
    "orders_breached": Words("нұсқаманы бұзу", "нарушения предписаний", "broken orders"),
    "protective": Words("қорғау нұсқамасы", "защитное предписание", "protective order"),
    "behaviour_requirements": Words(
        "мінез-құлыққа ерекше талаптар", "особые требования к поведению", "special behaviour requirements"
    ),
    "barring": Words("жақындауға тыйым салу", "запрет на приближение", "barring order"),
    "ran_out": Words("мерзімі бітті", "срок истёк", "ran out"),
    "lifted": Words("күші жойылды", "отменено", "lifted"),
    "replaced": Words("басқасымен ауыстырылды", "заменено", "replaced"),
    "proposed": Words("ұсынылды", "предложено", "proposed"),
    "agreed": Words("келісілді", "согласовано", "agreed"),
    "concluded": Words("қорытынды шығарылды", "итог подведён", "concluded"),
    "ended": Words("тоқтатылды", "прекращено", "ended"),
    "other_time": Words("басқа уақыт сұралды", "попросили другое время", "another time was asked for"),
    "person_declined": Words("адамның өзі бас тартты", "лицо отказалось", "the person declined"),
    "consent_ended": Words("келісім аяқталды", "согласие прекратилось", "the consent ended"),
    "drafted": Words("дайындалды", "подготовлено", "drafted"),
    "case_opened": Words("іс қозғалды", "дело возбуждено", "a case was opened"),
    "case_refused": Words("іс қозғаудан бас тартылды", "в возбуждении дела отказано", "a case was refused"),
    "conciliation": Words("тараптар бітімге келді", "стороны примирились", "the parties were conciliated"),
    "before_court": Words("іс сотта", "дело в суде", "it is before a court"),
    "penalty_imposed": Words("жаза қолданылды", "наложено взыскание", "a penalty was imposed"),
    "no_complaint": Words("арыз берілмеді", "заявление не подано", "no complaint was filed"),
    "progressed": Words("алға жылжу", "продвижение", "progress"),
    "reviewed": Words("қаралды", "пересмотрено", "reviewed"),
    "closed": Words("жабылды", "закрыто", "closed"),
    "left": Words("тастап кетті", "прекратил участие", "left"),
    "enrolled": Words("жазылды", "включено", "enrolled"),
    "asked": Words("сұралды", "спрошено", "asked"),
    "answered": Words("жауап берілді", "дан ответ", "answered"),
    "confirmed": Words("алынғаны расталды", "получение подтверждено", "its receipt was confirmed"),
    "erased": Words("адам туралы жазба өшірілді", "запись о лице удалена", "the person was erased"),
    "referral": Words("жолдама", "направление", "a referral"),
    "order_notice": Words("нұсқама туралы хабарлама", "уведомление о предписании", "notice of an order"),
    "erased_there": Words("онда өшірілді", "там удалено", "erased there"),
    "never_handed_over": Words("тапсырылмаған", "не было вручено", "was never handed over"),
    "ground_ended": Words("негізі аяқталды", "основание прекратилось", "its ground ended"),
    "improved": Words("жағдайы түзелді", "исправился", "has improved"),
    "came_of_age": Words("кәмелетке толды", "достиг совершеннолетия", "came of age"),
    "moved": Words("көшіп кетті", "переехал", "moved away"),
    "died": Words("қайтыс болды", "умер", "died"),
    "by_court": Words("сот шешімімен", "по решению суда", "by a court"),
    "by_mistake": Words("қате енгізілген", "внесено ошибочно", "entered by mistake"),
    "evaded": Words("тексерілуден жалтарды", "уклонился от обследования", "evaded an examination"),
    "out_patient_ordered": Words(
        "амбулаториялық тексеру тағайындалды",
        "назначено амбулаторное обследование",
        "an out-patient examination was ordered",
    ),
    "out_patient_refused": Words(
        "амбулаториялық тексеруден бас тартты",
        "отказался от амбулаторного обследования",
        "the out-patient examination was refused",
    ),
    "in_patient_ordered": Words(
        "стационарлық тексеру тағайындалды",
        "назначено стационарное обследование",
        "an in-patient examination was ordered",
    ),
    "in_patient": Words("стационарда тексерілуде", "обследуется в стационаре", "is examined in a ward"),
    "examined": Words("тексерілді", "обследован", "was examined"),
    "materials_sent": Words("материалдар жіберілді", "материалы направлены", "materials were sent"),
    "at_court": Words("сотта", "в суде", "at court"),
    "not_ordered": Words("сот емдеуді тағайындамады", "суд не назначил лечение", "the court ordered no treatment"),
    "ordered": Words("сот емдеуді тағайындады", "суд назначил лечение", "the court ordered treatment"),
    "in_treatment": Words("емделуде", "на лечении", "in treatment"),
    "evade": Words("тексерілуден жалтару", "уклонение от обследования", "an examination was evaded"),
    "search": Words("іздеу", "розыск", "a search"),
    "find": Words("табылды", "найден", "found"),
    "order_out_patient": Words(
        "амбулаториялық тексеру тағайындау",
        "назначение амбулаторного обследования",
        "an out-patient examination was ordered",
    ),
    "refuse_out_patient": Words(
        "амбулаториялық тексеруден бас тарту",
        "отказ от амбулаторного обследования",
        "the out-patient examination was refused",
    ),
    "order_in_patient": Words(
        "стационарлық тексеру тағайындау",
        "назначение стационарного обследования",
        "an in-patient examination was ordered",
    ),
    "admit": Words("стационарға жатқызу", "помещение в стационар", "taken into a ward"),
    "examine": Words("тексеру", "обследование", "an examination"),
    "send_materials": Words("материалдарды жіберу", "направление материалов", "materials were sent"),
    "refer_to_court": Words("сотқа жіберу", "направление в суд", "referred to a court"),
    "order_treatment": Words("сот емдеуді тағайындады", "суд назначил лечение", "the court ordered treatment"),
    "decline_treatment": Words(
        "сот емдеуді тағайындамады", "суд не назначил лечение", "the court ordered no treatment"
    ),
    "begin": Words("емдеу басталды", "лечение начато", "treatment began"),
    "end": Words("емдеу аяқталды", "лечение окончено", "treatment ended"),
    "close": Words("жабылды", "закрыто", "closed"),
    "consents": Words("келіседі", "согласен", "consents"),
    "refuses": Words("келіспейді", "не согласен", "refuses"),
    "other_representative": Words("басқа өкілі бар", "есть другой представитель", "there is another representative"),
    "offered": Words("ұсынылды", "предложено", "offered"),
    "under_way": Words("жүріп жатыр", "идёт", "under way"),
    "stopped": Words("тоқтатылды", "прекращено", "stopped"),
}
# Codes beside the state, by their name: what their values are called.
CODES: dict[str, dict[StrEnum, Words]] = {
    "purpose": dict(w.PURPOSES.items()),
    "basis": dict(w.BASES.items()),
    "event_type": dict(w.EVENTS.items()),
    "categories": dict(w.CATEGORIES.items()),
    "recipients": dict(w.AGENCIES.items()),
    "purposes": dict(w.PURPOSES.items()),
}
SENTENCES: tuple[Words, ...] = (
    TITLE,
    CASE,
    WHO,
    INSIDE,
    NOTHING,
    FOR_GOOD,
    RULE,
    *(column.heading for column in COLUMNS),
    *WAYS.values(),
    *STATES.values(),
)
