"""What the ranking of places says, in plain words: Kazakh, Russian and English, with numbers filled in."""

from collections.abc import Iterable
from enum import StrEnum

from shared.contract.policy import Reason
from shared.contract.vocabulary import Need


class Obstacle(StrEnum):
    """Why a place is shut out."""

    KNOWN_TO_OFFENDER = "known_to_offender"
    UNREACHABLE = "unreachable"
    DISTANCE_UNKNOWN = "distance_unknown"
    NO_ROOM = "no_room"
    NOT_SERVED = "not_served"


class Name(StrEnum):
    """What points are given for, and in which case."""

    DISTANCE = "distance"
    NEEDS = "needs"
    NEEDS_UNKNOWN = "needs_unknown"
    LANGUAGES = "languages"
    LANGUAGES_UNKNOWN = "languages_unknown"
    NO_LANGUAGE = "no_language"
    FRESHNESS = "freshness"
    ACCEPTANCE = "acceptance"
    NO_HISTORY = "no_history"


SHUT_OUT: dict[Obstacle, Reason] = {
    Obstacle.KNOWN_TO_OFFENDER: Reason(
        kk="Болжамды құқық бұзушы бұл орынды біледі.",
        ru="Предполагаемый правонарушитель знает это место.",
        en="The alleged offender knows this place.",
    ),
    Obstacle.UNREACHABLE: Reason(
        kk="Қазір бұл ұйымға хабар жеткізу мүмкін емес.",
        ru="Сейчас с этой организацией нет связи.",
        en="This organisation can't be reached at the moment.",
    ),
    Obstacle.DISTANCE_UNKNOWN: Reason(
        kk="Қаншалықты алыс екені белгісіз.", ru="Неизвестно, как далеко это место.", en="How far it is, is not known."
    ),
    Obstacle.NO_ROOM: Reason(
        kk="Мұндай бос орын жоқ.", ru="Свободных мест такого вида нет.", en="No place of this kind is free."
    ),
    Obstacle.NOT_SERVED: Reason(
        kk="Ұйымның өз мәліметінше, бұл қажеттілік қамтамасыз етілмейді: {needs}.",
        ru="По сведениям самой организации, здесь не обеспечат: {needs}.",
        en="By what it says itself, it does not provide: {needs}.",
    ),
}
SCORED: dict[Name, Reason] = {
    Name.DISTANCE: Reason(
        kk="Қашықтығы {km} км шамасында.", ru="До него около {km} км.", en="It is about {km} km away."
    ),
    Name.NEEDS: Reason(
        kk="Қажеттінің {of} ішінен қамтамасыз етілетіні: {needs}.",
        ru="Из нужного ({of}) обеспечат: {needs}.",
        en="Of {of} needs it provides: {needs}.",
    ),
    Name.NEEDS_UNKNOWN: Reason(
        kk="Қажеттілікті қамтамасыз ететіні айтылмаған.",
        ru="Не сказано, обеспечат ли нужное.",
        en="It does not say whether it provides what is needed.",
    ),
    Name.LANGUAGES: Reason(
        kk="Ортақ тіл бар: {languages}.", ru="Есть общий язык: {languages}.", en="A common language: {languages}."
    ),
    Name.LANGUAGES_UNKNOWN: Reason(
        kk="Қай тілде сөйлейтіні айтылмаған.",
        ru="Не сказано, на каких языках говорят.",
        en="It does not say which languages are spoken.",
    ),
    Name.NO_LANGUAGE: Reason(kk="Ортақ тіл жоқ.", ru="Общего языка нет.", en="No common language."),
    Name.FRESHNESS: Reason(
        kk="Бос орындар {minutes} мин бұрын саналған.",
        ru="Свободные места сосчитаны {minutes} мин назад.",
        en="Its free places were counted {minutes} min ago.",
    ),
    Name.ACCEPTANCE: Reason(
        kk="Біздің {answered} жолдамамыздың {accepted} қабылданды.",
        ru="Из наших направлений ({answered}) принято: {accepted}.",
        en="Of our {answered} referrals it accepted {accepted}.",
    ),
    Name.NO_HISTORY: Reason(
        kk="Бұл жерге әлі жолдама жіберген жоқпыз.",
        ru="Сюда мы ещё никого не направляли.",
        en="We have had no answer from it yet.",
    ),
}
NEEDS: dict[Need, Reason] = {
    Need.WHEELCHAIR: Reason(kk="мүгедектер арбасы", ru="доступ на коляске", en="wheelchair access"),
    Need.INFANT: Reason(kk="сәби күтімі", ru="условия для младенца", en="care for an infant"),
    Need.INTERPRETER: Reason(kk="аудармашы", ru="переводчик", en="an interpreter"),
    Need.SCHOOL: Reason(kk="мектеп", ru="школа", en="a school"),
    Need.MEDICINES: Reason(kk="дәрі-дәрмек", ru="лекарства", en="medicines"),
    Need.DOCUMENTS: Reason(kk="құжаттар", ru="документы", en="documents"),
    Need.BENEFITS: Reason(kk="жәрдемақылар", ru="пособия", en="benefits"),
    Need.TRANSPORT: Reason(kk="көлік", ru="транспорт", en="transport"),
    Need.PETS: Reason(kk="үй жануарлары", ru="домашние животные", en="pets"),
}


def said(words: Reason, *, needs: Iterable[Need] = (), **values: object) -> Reason:
    """The sentence with its numbers, in each language."""
    listed = sorted(needs)
    return Reason(
        kk=words.kk.format(needs=", ".join(NEEDS[need].kk for need in listed) or "–", **values),
        ru=words.ru.format(needs=", ".join(NEEDS[need].ru for need in listed) or "–", **values),
        en=words.en.format(needs=", ".join(NEEDS[need].en for need in listed) or "–", **values),
    )
