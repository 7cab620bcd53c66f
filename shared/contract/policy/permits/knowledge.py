"""What is about no person at all (F9, F13, F16)."""

from shared.contract.policy.rows import (
    ALL_AGENCIES,
    ALL_PURPOSES,
    ALL_SUBJECTS,
    SINCE_2009_LAW,
    STATE_EVENTS,
    Permit,
    Reason,
)
from shared.contract.vocabulary import Basis, Purpose
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType as E

KNOWLEDGE: tuple[Permit, ...] = (
    Permit(
        id="P-F9-ANNOUNCED",
        flow="F9",
        source="2.1, question 12; 2.2, nos. 2, 3, 16 and 26",
        reason=Reason(
            kk="Ұйымдар тізімі мен бос орындар саны барлығына ашық; мекенжай ешқашан көрсетілмейді.",
            ru="Справочник организаций и число свободных мест открыты всем участникам; адрес не указывается никогда.",
            en="The directory and the bed counts are open to all participants; an address never is.",
        ),
        events=STATE_EVENTS,
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        purposes=ALL_PURPOSES,
        bases=frozenset({Basis.NO_PERSONAL_DATA}),
        categories=frozenset({C.PUBLIC}),
        essential=frozenset({C.PUBLIC}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F13-COUNTED",
        flow="F13",
        source="1.2, problem 8; 2.1, questions 18, 19 and 22",
        reason=Reason(
            kk="Біркелкі есептер алмасады; шағын сандар жасырылады, ешкім танылмайды.",
            ru="Обмениваются единой статистикой; малые числа скрыты, узнать никого нельзя.",
            en="Uniform counts are exchanged; small numbers are hidden, and nobody can be recognised.",
        ),
        events=frozenset({E.STATISTICS_PUBLISHED}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        purposes=frozenset({Purpose.STATISTICS}),
        bases=frozenset({Basis.NO_PERSONAL_DATA}),
        categories=frozenset({C.ROUTING, C.STATISTICS}),
        essential=frozenset({C.ROUTING, C.STATISTICS}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F16-AGREED",
        flow="F16",
        source="2.1, question 11",
        reason=Reason(
            kk="Өңірдегі келісімнің мәтіні барлық қатысушыға ашық.",
            ru="Текст местного соглашения открыт всем участникам.",
            en="The text of a local agreement is open to all participants.",
        ),
        events=frozenset({E.AGREEMENT_CONCLUDED}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        purposes=ALL_PURPOSES,
        bases=frozenset({Basis.NO_PERSONAL_DATA}),
        categories=frozenset({C.PUBLIC}),
        essential=frozenset({C.PUBLIC}),
        valid_from=SINCE_2009_LAW,
        negotiable=False,
    ),
)
