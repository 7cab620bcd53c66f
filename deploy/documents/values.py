"""What stands in the fields of the example events: sensible, made up, and about nobody."""

from typing import Any

from shared.contract.vocabulary import Agency, EventType, Recipient

JWS = "eyJhbGciOiJFZDI1NTE5In0.eyJ2ZXJzaW9uIjoxfQ.c2lnbmF0dXJl"
# What stands in a field whose schema says only that it is text, or too little of what would be sensible there.
VALUES: dict[str, Any] = {
    "addiction": "Алкогольге тәуелділік, ем қабылдап жүр.",
    "address": "Талғар қ.",
    "agency": "shelter",
    "answer_by": "2026-03-25",
    "article": "cc-109",
    "birth_date": "1988-01-01",
    "body": "Ертең сағат тоғызда келе аласыз ба?",
    "calendar": "KZ holidays-0.109",
    "call_back": "+7 727 000 01 02",
    "capacity": 4,
    "chain_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "circumstances": "Күйеуі ұрған, үйден кетті.",
    "codes": ["physical"],
    "dependants": "Екі бала: 4 және 9 жаста.",
    "due_on": "2026-03-27",
    "family_name": "Сәрсенова",
    "free": 1,
    "given_name": "Айгүл",
    "health": "Сол жақ білегі сынған.",
    "id": "shelter-alatau",
    "iin": "880101400007",
    "kato": "196200000",
    "languages": ["kk", "ru"],
    "last_day": "2026-04-18",
    "meets_at": "2026-03-26T10:00:00+05:00",
    "month": "2026-02-01",
    "name": "incidents-by-kind",
    "by": ["kind"],
    "name_en": "Alatau crisis centre",
    "name_kk": "Алатау дағдарыс орталығы",
    "name_ru": "Кризисный центр «Алатау»",
    "node": "shelter",
    "notice": JWS,
    "number": "2026-17",
    "organisation": "shelter-alatau",
    "patronymic": "Болатқызы",
    "phone": "+7 701 000 00 00",
    "place": "social-talgar",
    "remind_on": "2026-03-26",
    "responsible_for": ["196200000"],
    "review_on": "2026-04-17",
    "room": "12",
    "row": "E-URGENT-1",
    "rule": "F-NO-LIVE-CONSENT",
    "signature": JWS,
    "signatures": [JWS],
    "suggested": "shelter-alatau",
    "text": "Туыстарына көшті.",
    "times": 3,
    "tokens": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
    "twice": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8",
    "unit": "family-rooms",
    "terms": {
        "version": 1,
        "agreement": {
            "id": "A-19-000000000001",
            "region": "19",
            "parties": ["police-talgar", "social-talgar"],
            "exchanges": [
                {
                    "permit": "P-F5-RIGHTS",
                    "senders": ["police"],
                    "recipients": ["social"],
                    "bases": ["consent"],
                    "categories": ["identity", "needs", "routing"],
                }
            ],
            "valid_from": "2026-04-01",
            "valid_until": "2028-04-01",
        },
    },
}
# Who the example is about where that is the alleged offender.
OF_HIM = {
    "family_name": "Ахметов",
    "given_name": "Серік",
    "patronymic": "Нұрланұлы",
    "birth_date": "1985-07-15",
    "sex": "male",
    "iin": "850715300003",
}
# Fields of one event that make sense only without, or with, another.
TOGETHER: dict[EventType, dict[str, Any]] = {
    EventType.AGREEMENT_ANSWERED: {"signature": None},
    EventType.ASSESSMENT_ANSWERED: {"suggests": None},
    EventType.GUARDIAN_ASKED: {"birth_date": "2011-07-15", "iin": None},
    EventType.INFORMATION_ANSWERED: {"handed_to": None, "circumstances": None, "health": None},
    EventType.INFORMATION_CLOSED: {"kind": "medical_certificate", "state": "refused"},
    EventType.INFORMATION_REQUESTED: {"kind": "medical_certificate"},
    EventType.ORDER_ISSUED: {"referral_id": None},
    EventType.REFERRAL_MOVED: {"action": "cancel", "reason": None, "suggested": None},
    EventType.REFERRAL_REQUESTED: {"replaces": None},
    EventType.REGISTER_COMPARED: {"end": None, "twice": None},
    EventType.TREATMENT_MOVED: {"step": "refer_to_court", "decide_by": "2026-03-30"},
    EventType.VIOLENCE_REPORTED: {"threat": False},
}
# Whom an example goes to, where policy would let it go to more than it is meant for.
MEANT_FOR: dict[EventType, Recipient] = {
    EventType.INFORMATION_ANSWERED: Agency.SOCIAL,
    EventType.INFORMATION_REQUESTED: Agency.HEALTH,
    EventType.REGISTER_COMPARED: Agency.SOCIAL,
    EventType.STATISTICS_PUBLISHED: Agency.SOCIAL,
}
