"""What may cross between agencies: rows, and nothing else.

A permit opens categories for one kind of event; a forbid takes categories away, and beats every permit; what no row
opens stays. Rows are dated: a decision at a time uses the rows valid then, and a change of the law is a new row.
`source` is the article or paragraph as the report of the social monitoring gives it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from shared.contract.vocabulary import Agency, Basis, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from shared.contract.vocabulary import EventType as E


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row exists, in words for the person concerned."""

    kk: str
    ru: str
    en: str


class Condition(StrEnum):
    """When a forbid applies, beyond its other columns."""

    ALWAYS = "always"
    NO_LIVE_CONSENT = "no_live_consent"  # none, ended, withdrawn, or not for this purpose and recipient
    NOT_IN_CONSENT = "not_in_consent"  # a category that the consent does not name


@dataclass(frozen=True, slots=True)
class Permit:
    """Opens `categories`; without all of `essential` the event makes no sense and is not sent at all."""

    id: str
    flow: str
    source: str
    reason: Reason
    events: frozenset[E]
    senders: frozenset[Agency]
    recipients: frozenset[Agency]
    subjects: frozenset[SubjectRole]
    purposes: frozenset[Purpose | None]
    bases: frozenset[Basis]
    categories: frozenset[C]
    essential: frozenset[C]
    valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forbid:
    """Takes `categories` away from whatever matches."""

    id: str
    source: str
    reason: Reason
    events: frozenset[E]
    senders: frozenset[Agency]
    recipients: frozenset[Agency]
    subjects: frozenset[SubjectRole]
    bases: frozenset[Basis]
    categories: frozenset[C]
    valid_from: datetime
    condition: Condition = Condition.ALWAYS
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """What the recipient keeps of an event once the consent that carried it is gone."""

    id: str
    source: str
    reason: Reason
    agencies: frozenset[Agency]
    keeps: frozenset[C]


SINCE_2009_LAW = datetime(2010, 1, 1, tzinfo=UTC)
ALL_AGENCIES = frozenset(Agency)
ALL_EVENTS = frozenset(E)
ALL_SUBJECTS = frozenset(SubjectRole)
ALL_BASES = frozenset(Basis)
ALL_PURPOSES: frozenset[Purpose | None] = frozenset({*Purpose, None})
VICTIM_SIDE = frozenset({SubjectRole.VICTIM, SubjectRole.DEPENDANT})
OFFENDER = frozenset({SubjectRole.ALLEGED_OFFENDER})
POLICE, SHELTER, HEALTH, SOCIAL = (
    frozenset({a}) for a in (Agency.POLICE, Agency.SHELTER, Agency.HEALTH, Agency.SOCIAL)
)
ASKED_BY_HER = frozenset({Basis.CONSENT, Basis.OWN_REQUEST, Basis.NO_PERSONAL_DATA})
STATE_EVENTS = frozenset({E.ORGANISATION_ANNOUNCED, E.BEDS_COUNTED})
# What says nothing about an identifiable person: a referral travels with this alone unless consent adds to it.
OPAQUE = frozenset({C.ROUTING, C.NEEDS, C.HOUSEHOLD, C.WORKER_CONTACT})
PERSONAL = frozenset({C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.WHEREABOUTS, C.HEALTH, C.ADDICTION, C.NARRATIVE})

PERMITS: tuple[Permit, ...] = (
    Permit(
        id="P-F1-LODGING",
        flow="F1",
        source="1.1; Standard of 26 December 2016 No. 1079, para. 25",
        reason=Reason(
            kk="Жәбірленушіні тұрған жері бойынша уақытша тұратын орынға жолдау.",
            ru="Направление пострадавшей на временное проживание по месту фактического нахождения.",
            en="A victim is referred to temporary lodging where she actually is.",
        ),
        events=frozenset({E.REFERRAL_REQUESTED}),
        senders=ALL_AGENCIES,
        recipients=SHELTER,
        subjects=VICTIM_SIDE,
        purposes=frozenset({Purpose.LODGING}),
        bases=ASKED_BY_HER,
        categories=OPAQUE | {C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.NARRATIVE},
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F2-HEALTH-CARE",
        flow="F2",
        source="1.3; art. 10, para. 7; section 3, no. 7",
        reason=Reason(
            kk="Адамның өтініші немесе келісімі бойынша медициналық немесе психологиялық көмекке жолдау.",
            ru="Направление за медицинской или психологической помощью по просьбе или с согласия человека.",
            en="Referral to health care or a psychologist at the person's request or with consent.",
        ),
        events=frozenset({E.REFERRAL_REQUESTED}),
        senders=ALL_AGENCIES,
        recipients=HEALTH,
        subjects=VICTIM_SIDE,
        purposes=frozenset({Purpose.MEDICAL_EXAMINATION, Purpose.PSYCHOLOGICAL_HELP}),
        bases=ASKED_BY_HER,
        categories=OPAQUE | {C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.HEALTH, C.NARRATIVE},
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F5-RIGHTS",
        flow="F5",
        source="1.1; Standard No. 1079, para. 9",
        reason=Reason(
            kk="Әлеуметтік қызметтер және құқықтарды қалпына келтіру үшін жолдау.",
            ru="Направление за социальными услугами и для восстановления прав.",
            en="Referral for social services and the restoration of rights.",
        ),
        events=frozenset({E.REFERRAL_REQUESTED}),
        senders=ALL_AGENCIES,
        recipients=SOCIAL,
        subjects=VICTIM_SIDE,
        purposes=frozenset({Purpose.SOCIAL_SERVICES, Purpose.RESTORATION_OF_RIGHTS, Purpose.PSYCHOLOGICAL_HELP}),
        bases=ASKED_BY_HER,
        categories=OPAQUE | {C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.NARRATIVE},
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F7-EITHER-SPOUSE",
        flow="F7",
        source="1.2, problems 2 and 7; 2.2, no. 38",
        reason=Reason(
            kk="Зорлық жасады деген адамды психологқа, наркологқа немесе түзету бағдарламасына жолдау.",
            ru="Направление предполагаемого обидчика к психологу, наркологу или в коррекционную программу.",
            en="The alleged offender is referred to a psychologist, an addictologist or a corrective programme.",
        ),
        events=frozenset({E.REFERRAL_REQUESTED}),
        senders=POLICE | HEALTH | SOCIAL,
        recipients=HEALTH | SOCIAL,
        subjects=OFFENDER,
        purposes=frozenset({Purpose.ADDICTION_TREATMENT, Purpose.PSYCHO_CORRECTION, Purpose.PSYCHOLOGICAL_HELP}),
        bases=frozenset({Basis.CONSENT, Basis.OWN_REQUEST, Basis.NO_PERSONAL_DATA, Basis.COURT_DECISION}),
        categories=OPAQUE | {C.IDENTITY, C.CONTACT, C.ADDICTION},
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-REFERRAL-STATUS",
        flow="F1, F2, F5, F7",
        source="1.1; Standard No. 1079, para. 9; art. 10, para. 7 (closing is never blocked)",
        reason=Reason(
            kk="Екі тарап та жолдаманың күйін біледі; келісім қайтарылса да, оны жабуға болады.",
            ru="Обе стороны знают состояние направления; закрыть его можно и после отзыва согласия.",
            en="Both sides know how a referral stands; it can be closed after consent was withdrawn, too.",
        ),
        events=frozenset({E.REFERRAL_MOVED, E.BED_HOLD_ANSWERED, E.MESSAGES_READ}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        purposes=ALL_PURPOSES,
        bases=ALL_BASES,
        categories=frozenset({C.ROUTING, C.CORRESPONDENCE}),
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-CORRESPONDENCE",
        flow="F1, F2, F5, F7",
        source="1.1; Standard No. 1079, para. 9",
        reason=Reason(
            kk="Жолдаманың екі тарапының қызметкерлері бір-біріне жаза алады.",
            ru="Работники двух сторон направления могут писать друг другу.",
            en="The workers of the two sides of a referral can write to each other.",
        ),
        events=frozenset({E.MESSAGE_POSTED}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        purposes=ALL_PURPOSES,
        bases=ALL_BASES,
        categories=frozenset({C.ROUTING, C.CORRESPONDENCE}),
        essential=frozenset({C.ROUTING, C.CORRESPONDENCE}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-CONSENT-WITHDRAWN",
        flow="F2",
        source="Law on Personal Data of 21 May 2013, art. 8; art. 10, para. 7",
        reason=Reason(
            kk="Келісімнің қайтарылғаны оған сүйенгендердің бәріне жетеді.",
            ru="Отзыв согласия доходит до всех, кто на него опирался.",
            en="The withdrawal of a consent reaches everyone who relied on it.",
        ),
        events=frozenset({E.CONSENT_WITHDRAWN}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        purposes=ALL_PURPOSES,
        bases=frozenset({Basis.OWN_REQUEST}),
        categories=frozenset({C.ROUTING}),
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F3-REFUSAL-NOTICE",
        flow="F3",
        source="1.1; Standard of 26 December 2016 No. 1079",
        reason=Reason(
            kk="Баспана берген ұйым полицияға арызданудан бас тартуды үш жұмыс күнінде, атын айтпай хабарлайды.",
            ru="Организация, давшая кров, за три рабочих дня сообщает об отказе заявлять, не называя лица.",
            en="The lodging organisation says within three business days that someone refused to report, and not who.",
        ),
        events=frozenset({E.REFUSAL_NOTICE_ISSUED}),
        senders=SHELTER,
        recipients=POLICE,
        subjects=frozenset({SubjectRole.VICTIM}),
        purposes=frozenset({Purpose.REFUSAL_NOTICE}),
        bases=frozenset({Basis.STATUTORY_DUTY}),
        categories=frozenset({C.ROUTING}),
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
    Permit(
        id="P-F3-ACKNOWLEDGED",
        flow="F3",
        source="1.1; Standard of 26 December 2016 No. 1079",
        reason=Reason(
            kk="Полиция хабарламаны алғанын растайды.",
            ru="Полиция подтверждает получение уведомления.",
            en="The police confirm that they have the notice.",
        ),
        events=frozenset({E.REFUSAL_NOTICE_ACKNOWLEDGED}),
        senders=POLICE,
        recipients=SHELTER,
        subjects=frozenset({SubjectRole.VICTIM}),
        purposes=frozenset({Purpose.REFUSAL_NOTICE}),
        bases=frozenset({Basis.STATUTORY_DUTY}),
        categories=frozenset({C.ROUTING}),
        essential=frozenset({C.ROUTING}),
        valid_from=SINCE_2009_LAW,
    ),
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
)

# What no consent can open comes first: where several rows withhold a category, the first one is named.
FORBIDS: tuple[Forbid, ...] = (
    Forbid(
        id="F-WHEREABOUTS",
        source="1.1; Standard No. 1079; 1.4, art. 15",
        reason=Reason(
            kk="Адам тұратын жер басқа органға берілмейді.",
            ru="Место, где человек находится, не передаётся другому органу.",
            en="Where a person stays is not told to another agency.",
        ),
        events=ALL_EVENTS,
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        bases=ALL_BASES,
        categories=frozenset({C.WHEREABOUTS}),
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-OFFENDER-NOT-ABOUT-HER",
        source="1.1; Standard No. 1079; 1.4, art. 15",
        reason=Reason(
            kk="Зорлық жасады деген адам туралы хабарда жәбірленуші туралы ештеңе болмайды.",
            ru="В сообщении о предполагаемом обидчике нет ничего о пострадавшей.",
            en="Nothing about the victim is in anything about the alleged offender.",
        ),
        events=ALL_EVENTS,
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=OFFENDER,
        bases=ALL_BASES,
        categories=frozenset({C.WHEREABOUTS, C.HOUSEHOLD, C.DEPENDANTS, C.NARRATIVE, C.HEALTH, C.CORRESPONDENCE}),
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-HEALTH-NOT-TO-POLICE",
        source="1.4, art. 17, para. 5; 2.2, no. 23",
        reason=Reason(
            kk="Денсаулық туралы деректер полицияға берілмейді.",
            ru="Сведения о здоровье полиции не передаются.",
            en="Health data is not given to the police.",
        ),
        events=ALL_EVENTS,
        senders=ALL_AGENCIES,
        recipients=POLICE,
        subjects=ALL_SUBJECTS,
        bases=ALL_BASES,
        categories=frozenset({C.HEALTH, C.ADDICTION}),
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-DOCTOR-WRITES-NOT-TO-POLICE",
        source="1.4, art. 17, para. 5; 2.2, no. 23",
        reason=Reason(
            kk="Медицина қызметкерінің еркін мәтіні полицияға жіберілмейді: онда денсаулық туралы дерек болуы мүмкін.",
            ru="Свободный текст медика полиции не передаётся: в нём могут быть сведения о здоровье.",
            en="What a health worker writes freely does not go to the police: it may speak of health.",
        ),
        events=ALL_EVENTS,
        senders=HEALTH,
        recipients=POLICE,
        subjects=ALL_SUBJECTS,
        bases=ALL_BASES,
        categories=frozenset({C.CORRESPONDENCE, C.NARRATIVE}),
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-ADDICTION-STAYS-IN-HEALTH",
        source="1.4, art. 17, para. 5",
        reason=Reason(
            kk="Тәуелділік туралы деректер денсаулық сақтау жүйесінен шықпайды.",
            ru="Сведения о зависимости не выходят из системы здравоохранения.",
            en="Addiction data stays with health.",
        ),
        events=ALL_EVENTS,
        senders=ALL_AGENCIES,
        recipients=POLICE | SHELTER | SOCIAL,
        subjects=ALL_SUBJECTS,
        bases=ALL_BASES,
        categories=frozenset({C.ADDICTION}),
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-WITHOUT-CONSENT",
        source="Confidentiality: 1.1; Standard No. 1079",
        reason=Reason(
            kk="Келісім болмаса, жолдама кім екенін айтпайды.",
            ru="Без согласия направление не говорит, о ком оно.",
            en="Without consent a referral does not say whom it is about.",
        ),
        events=ALL_EVENTS,
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        bases=frozenset({Basis.NO_PERSONAL_DATA, Basis.OWN_REQUEST}),
        categories=PERSONAL,
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-NO-LIVE-CONSENT",
        source="Law on Personal Data of 21 May 2013, arts. 7 and 8",
        reason=Reason(
            kk="Күшіндегі келісім жоқ, мерзімі өткен, қайтарылған немесе бұл мақсат пен алушыны атамайды.",
            ru="Действующего согласия нет: оно истекло, отозвано или не называет эту цель и этого получателя.",
            en="There is no consent in force for this purpose and recipient, or it has ended or was withdrawn.",
        ),
        events=frozenset({E.REFERRAL_REQUESTED, E.MESSAGE_POSTED}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        bases=frozenset({Basis.CONSENT}),
        categories=frozenset(C),
        condition=Condition.NO_LIVE_CONSENT,
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-NO-LIVE-CONSENT-TEXT",
        source="Law on Personal Data of 21 May 2013, arts. 7 and 8; art. 10, para. 7",
        reason=Reason(
            kk="Келісім аяқталған соң, жолдаманы жабуға болады, бірақ еркін мәтінсіз.",
            ru="После окончания согласия направление можно закрыть, но без свободного текста.",
            en="Once consent has ended a referral can be closed, but without free text.",
        ),
        events=frozenset({E.REFERRAL_MOVED}),
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        bases=frozenset({Basis.CONSENT}),
        categories=frozenset({C.CORRESPONDENCE}),
        condition=Condition.NO_LIVE_CONSENT,
        valid_from=SINCE_2009_LAW,
    ),
    Forbid(
        id="F-NOT-IN-CONSENT",
        source="Law on Personal Data of 21 May 2013, arts. 7 and 8",
        reason=Reason(
            kk="Адам бұл деректерді беруге келіскен жоқ.",
            ru="Человек не соглашался передавать эти сведения.",
            en="The person did not consent to these data being shared.",
        ),
        events=ALL_EVENTS,
        senders=ALL_AGENCIES,
        recipients=ALL_AGENCIES,
        subjects=ALL_SUBJECTS,
        bases=frozenset({Basis.CONSENT}),
        categories=PERSONAL,
        condition=Condition.NOT_IN_CONSENT,
        valid_from=SINCE_2009_LAW,
    ),
)

RETENTION: tuple[Retention, ...] = (
    Retention(
        id="R-WITHDRAWN",
        source="Law on Personal Data of 21 May 2013, arts. 12 and 18",
        reason=Reason(
            kk="Келісім қайтарылған соң, жолдаманың болғаны ғана сақталады.",
            ru="После отзыва согласия сохраняется лишь то, что направление было.",
            en="Once consent is withdrawn, only that there was a referral is kept.",
        ),
        agencies=ALL_AGENCIES,
        keeps=frozenset({C.ROUTING}),
    ),
)
