"""What may be written to partners without a service (F5, F10): courts, prosecutors, schools, probation.

A shelter writes to none: its name on a letter would say where somebody is. It asks the social services, who write.
"""

from shared.contract.policy.rows import (
    ALL_PARTNERS,
    ALL_PURPOSES,
    DUTY,
    OFFENDER,
    POLICE,
    SINCE_2009_LAW,
    SOCIAL,
    VICTIM_SIDE,
    Permit,
    Reason,
)
from shared.contract.vocabulary import Basis, Partner, Purpose
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType as E

PARTNERS: tuple[Permit, ...] = (
    Permit(
        id="P-F5-LETTER",
        flow="F5",
        source="1.1; Standard No. 1079, para. 9",
        reason=Reason(
            kk="Сотқа, прокурорға, мектепке, пробация қызметіне хат адамның келісімімен, ол ашқан көлемде жазылады.",
            ru="Суду, прокурору, школе, службе пробации пишут с согласия человека, в том объёме, что им открыт.",
            en="A court, prosecutor, school or probation service is written to with consent, as far as it goes.",
        ),
        events=frozenset({E.LETTER_WRITTEN}),
        senders=POLICE | SOCIAL,
        recipients=ALL_PARTNERS,
        subjects=VICTIM_SIDE,
        purposes=frozenset({Purpose.RESTORATION_OF_RIGHTS, Purpose.SOCIAL_SERVICES}),
        bases=frozenset({Basis.CONSENT}),
        categories=frozenset({C.ROUTING, C.NEEDS, C.WORKER_CONTACT, C.IDENTITY, C.CONTACT, C.NARRATIVE}),
        essential=frozenset({C.ROUTING, C.IDENTITY}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F10-LETTER",
        flow="F10",
        source="1.3 and 1.4",
        reason=Reason(
            kk="Прокурор мен пробация қызметі нұсқаманың кімге, қай күнге дейін шыққанын заң бойынша біледі.",
            ru="Прокурор и служба пробации по закону узнают, кому и до какого дня вынесено предписание.",
            en="By law the prosecutor and the probation service learn whom an order was made against, and until when.",
        ),
        events=frozenset({E.LETTER_WRITTEN}),
        senders=POLICE,
        recipients=frozenset({Partner.PROSECUTOR, Partner.PROBATION}),
        subjects=OFFENDER,
        purposes=frozenset({Purpose.PROTECTION_ORDER}),
        bases=DUTY,
        categories=frozenset({C.ROUTING, C.WORKER_CONTACT, C.IDENTITY, C.ORDER}),
        essential=frozenset({C.ROUTING, C.IDENTITY, C.ORDER}),
        valid_from=SINCE_2009_LAW,
        negotiable=False,
    ),
    Permit(
        id="P-F10-LETTER-PROTECTS",
        flow="F10",
        source="1.3 and 1.4",
        reason=Reason(
            kk="Мектеп пен сот оқушыны немесе жәбірленушіні қорғайтын нұсқама туралы келісіммен біледі.",
            ru="Школа и суд узнают о предписании, которое защищает ребёнка или пострадавшую, с согласия.",
            en="A school or court learns of an order that protects a child or the victim, with consent.",
        ),
        events=frozenset({E.LETTER_WRITTEN}),
        senders=POLICE,
        recipients=frozenset({Partner.SCHOOL, Partner.COURT}),
        subjects=VICTIM_SIDE,
        purposes=frozenset({Purpose.PROTECTION_ORDER}),
        bases=frozenset({Basis.CONSENT}),
        categories=frozenset({C.ROUTING, C.WORKER_CONTACT, C.IDENTITY, C.ORDER}),
        essential=frozenset({C.ROUTING, C.IDENTITY, C.ORDER}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F5-LETTER-RECALLED",
        flow="F5",
        source="Law on Personal Data of 21 May 2013, art. 8",
        reason=Reason(
            kk="Келісімнің аяқталғаны соған сүйеніп хат жазылғандарға да, адам аталмай, хабарланады.",
            ru="О том, что согласие прекратилось, узнают и те, кому на нём писали; человек при этом не называется.",
            en="That a consent has ended is told to whom it was written on, too, without naming the person.",
        ),
        events=frozenset({E.LETTER_RECALLED}),
        senders=POLICE | SOCIAL,
        recipients=ALL_PARTNERS,
        subjects=VICTIM_SIDE,
        purposes=ALL_PURPOSES,
        bases=frozenset({Basis.OWN_REQUEST}),
        categories=frozenset({C.ROUTING}),
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
        negotiable=False,
    ),
)
