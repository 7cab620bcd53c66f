"""The words and sentences of a letter to a partner, in Kazakh, Russian and English. `{…}` is filled in."""

from shared.casework.disclosures.words import Words
from shared.contract.vocabulary import Basis, LetterKind, Need, OrderKind

TITLES: dict[LetterKind, Words] = {
    LetterKind.REFERRAL: Words("Жолдама", "Направление", "Referral"),
    LetterKind.ORDER_NOTICE: Words(
        "Нұсқаманың шығарылғаны туралы хабарлама", "Уведомление о предписании", "Notice of an order"
    ),
}
NUMBER = Words("Нөмірі: {number}", "Номер: {number}", "Number: {number}")
OPENING = Words(
    "Мақсаты: {purpose}. Негізі: {basis}.", "Цель: {purpose}. Основание: {basis}.", "For: {purpose}. Basis: {basis}."
)
BASES: dict[Basis, Words] = {
    Basis.CONSENT: Words("адамның келісімі", "согласие лица", "the person's consent"),
    Basis.OWN_REQUEST: Words("адамның өтініші", "просьба лица", "the person's own request"),
    Basis.STATUTORY_DUTY: Words("заң жүктеген міндет", "обязанность по закону", "a duty set by law"),
    Basis.COURT_DECISION: Words("сот шешімі", "решение суда", "a court decision"),
    Basis.EMERGENCY: Words("өмірге төнген қауіп", "угроза жизни", "danger to life"),
    Basis.NO_PERSONAL_DATA: Words("дербес дерексіз", "без персональных данных", "no personal data"),
}
NAME = Words("Аты-жөні", "Фамилия, имя, отчество", "Name")
BORN = Words("Туған күні", "Дата рождения", "Born")
PHONE = Words("Телефоны", "Телефон", "Telephone")
NEEDS = Words("Қажет көмек", "Нужная помощь", "Help that is needed")
CIRCUMSTANCES = Words("Мән-жайы", "Обстоятельства", "Circumstances")
ORDER = Words("Нұсқама", "Предписание", "Order")
FROM_DAY = Words("Күшіне енген күні", "Действует с", "In force from")
UNTIL = Words("Соңғы күні", "Последний день", "Last day")
CALL_BACK = Words("Қызметкердің телефоны", "Телефон сотрудника", "The worker's telephone")
NO_FURTHER = Words(
    "Бұл хаттағы мәлімет тек аталған мақсатқа арналған; оны басқа ешкімге беруге болмайды. Адамның тұрған жері бұл "
    "хатта айтылмайды және оны сұрастыруға болмайды.",
    "Сведения этого письма даны только для названной цели и никому не передаются. Где находится человек, в письме не "
    "говорится, и узнавать это нельзя.",
    "What this letter says is for the purpose named, and goes to nobody else. It does not say where the person is, and "
    "nobody is to inquire.",
)
SEND_BACK = Words(
    "Келесі бетке қол қойып, қайтарып жіберуіңізді сұраймыз.",
    "Просим подписать следующую страницу и вернуть её.",
    "Please sign the next page and send it back.",
)
CONFIRMS = Words("Хаттың алынғанын растау", "Подтверждение получения письма", "Confirmation of receipt")
RECEIVED = Words(
    "{date} күнгі № {number} хат алынды.",
    "Письмо № {number} от {date} получено.",
    "Letter No. {number} of {date} was received.",
)
THEIR_NUMBER = Words("Кіріс нөмірі", "Входящий номер", "Registered under")
THEIR_DAY = Words("Алынған күні", "Дата получения", "Received on")
SIGNED_BY = Words("Лауазымы, аты-жөні", "Должность, фамилия, имя", "Position and name")
SIGNATURE = Words("Қолы", "Подпись", "Signature")
RECALL = Words("Келісімнің аяқталғаны туралы", "О прекращении согласия", "A consent has ended")
CONSENT_ENDED = Words(
    "{date} күнгі № {number} хат адамның келісіміне сүйенген еді. Ол келісім аяқталды: {ended}.",
    "Письмо № {number} от {date} было написано с согласия человека. Это согласие прекратилось: {ended}.",
    "Letter No. {number} of {date} was written with a person's consent. That consent has ended: {ended}.",
)
ERASE_THERE = Words(
    "Хатта айтылғанды және оның барлық көшірмесін жойыңыз, бұдан былай пайдаланбаңыз. Заң бойынша сақталуға тиіс "
    "болса, тек соны сақтаңыз.",
    "Уничтожьте сведения письма и все его копии и больше ими не пользуйтесь. Сохраните только то, что обязывает "
    "сохранить закон.",
    "Erase what the letter said, and every copy of it, and do not use it any more. Keep only what the law obliges you "
    "to keep.",
)
CONFIRMS_ERASURE = Words("Мәліметтің жойылғанын растау", "Подтверждение уничтожения", "Confirmation of erasure")
ERASED_THERE = Words(
    "{date} күнгі № {number} хатта айтылған мәлімет жойылды.",
    "Сведения письма № {number} от {date} уничтожены.",
    "What letter No. {number} of {date} said is erased.",
)
ERASED_ON = Words("Жойылған күні", "Дата уничтожения", "Erased on")
NEED: dict[Need, Words] = {
    Need.WHEELCHAIR: Words("мүгедектер арбасы", "кресло-коляска", "wheelchair"),
    Need.INFANT: Words("сәбиге күтім", "уход за младенцем", "care of an infant"),
    Need.INTERPRETER: Words("аудармашы", "переводчик", "interpreter"),
    Need.SCHOOL: Words("мектеп", "школа", "school"),
    Need.MEDICINES: Words("дәрі-дәрмек", "лекарства", "medicines"),
    Need.DOCUMENTS: Words("құжаттар", "документы", "documents"),
    Need.BENEFITS: Words("жәрдемақы", "пособия", "benefits"),
    Need.TRANSPORT: Words("көлік", "транспорт", "transport"),
    Need.PETS: Words("үй жануары", "домашнее животное", "pets"),
}
ORDERS: dict[OrderKind, Words] = {
    OrderKind.PROTECTIVE: Words("қорғау нұсқамасы", "защитное предписание", "protective restraining order"),
    OrderKind.BEHAVIOUR_REQUIREMENTS: Words(
        "мінез-құлыққа қойылатын ерекше талаптар", "особые требования к поведению", "special behaviour requirements"
    ),
    OrderKind.BARRING: Words("жақындауға тыйым салу", "запрет на приближение", "barring order"),
}
