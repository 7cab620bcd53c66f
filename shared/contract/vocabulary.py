"""The words that every agency uses with the same meaning.

Values are what travels and what is stored; they never change their meaning, new ones are added.
"""

from enum import StrEnum


class Agency(StrEnum):
    """The four kinds of prevention actors that run a service (report, 1.1)."""

    POLICE = "police"
    SHELTER = "shelter"
    HEALTH = "health"
    SOCIAL = "social"


class Partner(StrEnum):
    """Prevention actors without a service (report, 1.1 and 1.4): what is told to one is written in a letter."""

    COURT = "court"
    PROSECUTOR = "prosecutor"
    SCHOOL = "school"
    PROBATION = "probation"


Recipient = Agency | Partner
RECIPIENTS: tuple[Recipient, ...] = (*Agency, *Partner)


class LetterKind(StrEnum):
    """What a letter to a partner is."""

    REFERRAL = "referral"  # somebody is referred there (F5)
    ORDER_NOTICE = "order_notice"  # an order was made (F10)


class LetterEnd(StrEnum):
    """Why a letter is not waited for any more."""

    CONFIRMED = "confirmed"  # the signed page came back
    WITHDRAWN = "withdrawn"  # its consent has ended
    ERASED = "erased"  # the person was erased here


class RecallEnd(StrEnum):
    """What came of telling a partner that the consent of a letter has ended."""

    ERASED_THERE = "erased_there"  # the partner has signed that it erased what the letter said
    NEVER_HANDED_OVER = "never_handed_over"  # the letter had not left the house


class SubjectRole(StrEnum):
    """Whom an event is about."""

    VICTIM = "victim"
    ALLEGED_OFFENDER = "alleged_offender"
    DEPENDANT = "dependant"


class DataCategory(StrEnum):
    """What a field tells about someone. Every field of every event has exactly one."""

    PUBLIC = "public"  # the directory and bed counts: about organisations, never about persons
    ROUTING = "routing"  # opaque ids, times, states and codes that the exchange itself needs
    NEEDS = "needs"  # needs, urgency, the bed asked for: enough to help, not enough to identify
    HOUSEHOLD = "household"  # how many come along
    WORKER_CONTACT = "worker_contact"  # the sending worker's call-back number
    CORRESPONDENCE = "correspondence"  # what two workers write to each other about a referral
    IDENTITY = "identity"  # names, birth date, sex, IIN
    CONTACT = "contact"  # the person's own telephone
    DEPENDANTS = "dependants"  # who comes along: ages of children and other dependants
    WHEREABOUTS = "whereabouts"  # where the person lives or stays: the most dangerous datum
    HEALTH = "health"
    ADDICTION = "addiction"
    NARRATIVE = "narrative"  # what happened, in free text
    OCCURRENCE = "occurrence"  # that violence happened or threatens, of which kind, when: not to whom (F6, F15, F18)
    ASSESSMENT = "assessment"  # the outcome of a joint assessment (F4)
    ORDER = "order"  # that an order protects someone, until when, whether it was broken (F10)
    ATTENDANCE = "attendance"  # attended or not, and nothing more (F7)
    CONVICTIONS = "convictions"  # of whom, by which article and when: nothing of what happened, or to whom (F14)
    COURT_PATH = "court_path"  # what the compulsory-treatment path itself names, never a diagnosis (F8)
    BLINDED = "blinded"  # keyed tokens of two registers, for matching without telling (F11)
    STATISTICS = "statistics"  # counts with small cells suppressed (F13)


class Basis(StrEnum):
    """The lawful basis that is written on every directed event."""

    CONSENT = "consent"
    OWN_REQUEST = "own_request"
    STATUTORY_DUTY = "statutory_duty"
    COURT_DECISION = "court_decision"
    EMERGENCY = "emergency"
    NO_PERSONAL_DATA = "no_personal_data"  # an opaque referral: nothing in it is about an identifiable person


class Purpose(StrEnum):
    """What the data may be used for at the recipient."""

    LODGING = "lodging"
    MEDICAL_EXAMINATION = "medical_examination"
    PSYCHOLOGICAL_HELP = "psychological_help"
    ADDICTION_TREATMENT = "addiction_treatment"
    PSYCHO_CORRECTION = "psycho_correction"
    SEXUAL_HEALTH = "sexual_health"
    SOCIAL_SERVICES = "social_services"
    RESTORATION_OF_RIGHTS = "restoration_of_rights"
    REFUSAL_NOTICE = "refusal_notice"
    JOINT_ASSESSMENT = "joint_assessment"
    STATUTORY_REPORT = "statutory_report"
    COMPULSORY_TREATMENT = "compulsory_treatment"
    PROTECTION_ORDER = "protection_order"
    REGISTER_COORDINATION = "register_coordination"
    PREVENTIVE_CONVERSATION = "preventive_conversation"
    STATISTICS = "statistics"
    INFORMATION_REQUEST = "information_request"
    ADMISSION_REPORT = "admission_report"
    EARLY_WARNING = "early_warning"
    PROTECTION_OF_LIFE = "protection_of_life"
    GUARDIANSHIP = "guardianship"  # of a minor: it does not say what for


class EventType(StrEnum):
    """Every event that policy has rows for. The CloudEvents type is `kz.qorgau.<value>.v1`.

    Those without a model in `shared.contract.events` can't be sent yet: their rows say what they may carry then.
    """

    REFERRAL_REQUESTED = "referral.requested"
    REFERRAL_MOVED = "referral.moved"
    BED_HOLD_ANSWERED = "referral.bed_hold_answered"
    REFERRAL_REMINDED = "referral.reminded"
    MESSAGE_POSTED = "message.posted"
    MESSAGES_READ = "message.read"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    REFUSAL_NOTICE_ISSUED = "refusal_notice.issued"
    REFUSAL_NOTICE_ACKNOWLEDGED = "refusal_notice.acknowledged"
    ORGANISATION_ANNOUNCED = "organisation.announced"
    BEDS_COUNTED = "beds.counted"
    AUDIT_CHECKPOINTED = "audit.checkpointed"
    EVENTS_RECEIVED = "events.received"
    ASSESSMENT_PROPOSED = "assessment.proposed"
    ASSESSMENT_ANSWERED = "assessment.answered"
    ASSESSMENT_SIGNED = "assessment.signed"
    ASSESSMENT_ENDED = "assessment.ended"
    PLAN_PROGRESSED = "plan.progressed"
    VIOLENCE_REPORTED = "violence.reported"
    VIOLENCE_REPORT_REGISTERED = "violence_report.registered"
    PROGRAMME_ATTENDED = "programme.attended"
    EXAMINATION_EVADED = "examination.evaded"
    TREATMENT_MATERIALS_SENT = "treatment.materials_sent"
    TREATMENT_MOVED = "treatment.moved"
    TREATMENT_DECIDED = "treatment.decided"
    TREATMENT_ENDED = "treatment.ended"
    GUARDIAN_ASKED = "guardian.asked"
    GUARDIAN_ANSWERED = "guardian.answered"
    ORDER_ISSUED = "order.issued"
    ORDER_CHANGED = "order.changed"
    ORDER_BREACHED = "order.breached"
    REGISTER_COMPARED = "register.compared"
    CONVERSATION_HELD = "conversation.held"
    STATISTICS_PUBLISHED = "statistics.published"
    INFORMATION_REQUESTED = "information.requested"
    INFORMATION_ANSWERED = "information.answered"
    INFORMATION_CLOSED = "information.closed"
    ADMISSION_REPORTED = "admission.reported"
    AGREEMENT_CONCLUDED = "agreement.concluded"
    AGREEMENT_PROPOSED = "agreement.proposed"
    AGREEMENT_ANSWERED = "agreement.answered"
    AGREEMENT_NOTICE_GIVEN = "agreement.notice_given"
    REPETITION_WARNED = "repetition.warned"
    LETTER_WRITTEN = "letter.written"
    LETTER_RECALLED = "letter.recalled"


class Side(StrEnum):
    """The two ends of a referral."""

    SENDER = "sender"
    RECEIVER = "receiver"


class ReferralState(StrEnum):
    """Where a referral stands; the names of FHIR's Task states where FHIR has one."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class ReferralAction(StrEnum):
    """What can be done with a referral."""

    ACCEPT = "accept"
    DECLINE = "decline"
    REDIRECT = "redirect"
    START = "start"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"


class EscalationStep(StrEnum):
    """What is done about a referral that nobody answers, one after the other."""

    REMINDER = "reminder"  # to the receiver
    CHIEF = "chief"  # to the receiver's supervisor
    BACK = "back"  # to the sender, with the next suitable place


class ReasonCode(StrEnum):
    """Why a referral was declined, redirected, cancelled or failed."""

    NO_ROOM = "no_room"
    NOT_SUITABLE = "not_suitable"
    OUT_OF_AREA = "out_of_area"
    DID_NOT_ARRIVE = "did_not_arrive"
    PERSON_DECLINED = "person_declined"
    NO_LONGER_NEEDED = "no_longer_needed"
    SENT_BY_MISTAKE = "sent_by_mistake"
    SAFETY = "safety"
    OTHER = "other"


class BedKind(StrEnum):
    """For whom a place is (report, 2.1, question 12; 2.2, nos. 2, 3 and 26)."""

    WOMEN_WITH_CHILDREN = "women_with_children"
    ALL_ADULTS = "all_adults"
    SENIORS = "seniors"
    DETOXIFICATION = "detoxification"
    ADDICTOLOGY = "addictology"


class Urgency(StrEnum):
    """FHIR request priority."""

    ROUTINE = "routine"
    URGENT = "urgent"
    ASAP = "asap"
    STAT = "stat"


class Need(StrEnum):
    """What a household needs from a place or a worker."""

    WHEELCHAIR = "wheelchair"
    INFANT = "infant"
    INTERPRETER = "interpreter"
    SCHOOL = "school"
    MEDICINES = "medicines"
    DOCUMENTS = "documents"
    BENEFITS = "benefits"
    TRANSPORT = "transport"
    PETS = "pets"


class ViolenceKind(StrEnum):
    """Kinds of domestic violence in the Law on Prevention of Domestic Violence, art. 4."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    ECONOMIC = "economic"


class OrderKind(StrEnum):
    """Orders that protect from somebody (report, 1.3 and 1.4): what each is, and who makes it: `orders`."""

    PROTECTIVE = "protective"
    BEHAVIOUR_REQUIREMENTS = "behaviour_requirements"
    BARRING = "barring"  # a court's, of a suspect (Criminal Procedure Code, art. 165)


class OrderRequirement(StrEnum):
    """What an order asks of whom it was made against."""

    NO_VIOLENCE = "no_violence"
    NO_CONTACT = "no_contact"  # no search, pursuit, visit, talk, or other contact against her will
    LEAVE_HOME = "leave_home"
    REPORT_TO_POLICE = "report_to_police"
    ADDICTION_TREATMENT = "addiction_treatment"
    PSYCHO_CORRECTION = "psycho_correction"


class OrderEnd(StrEnum):
    """Why an order protects nobody any more."""

    RAN_OUT = "ran_out"  # its last day is over
    LIFTED = "lifted"  # by who made it, before its time
    REPLACED = "replaced"  # by another order


class Pattern(StrEnum):
    """What repeats, so that somebody should look (report, 2.1, questions 16, 17 and 30): how often is too often:
    `repetition`."""

    INCIDENTS = "incidents"
    REFUSALS_TO_REPORT = "refusals_to_report"
    CONCILIATIONS = "conciliations"
    ORDERS_BREACHED = "orders_breached"


class RegisterKind(StrEnum):
    """Lists that prevention actors keep, each its own (report, 1.3, para. 5; 1.4): who keeps which: `registers`."""

    PREVENTIVE_MONITORING = "preventive_monitoring"
    MINORS_WHO_SUFFERED = "minors_who_suffered"
    TROUBLED_FAMILIES = "troubled_families"
    DISPENSARY = "dispensary"


class ComparisonStep(StrEnum):
    """What one of two organisations that compare their registers tells the other: `comparisons`."""

    OPENED = "opened"  # its entries, blinded once
    ANSWERED = "answered"  # the other's entries, blinded once; and the opener's, blinded twice
    CLOSED = "closed"  # the answerer's, blinded twice
    DECLINED = "declined"  # the other does not compare: nothing of its entries has left
    ABORTED = "aborted"  # it comes to nothing


class ComparisonEnd(StrEnum):
    """Why a comparison came to nothing."""

    TOO_FEW = "too_few"  # entries: one could be guessed
    TOO_MANY = "too_many"
    TOO_OFTEN = "too_often"  # within a year
    NOT_COMPARABLE = "not_comparable"  # the two registers, at these two organisations
    MALFORMED = "malformed"  # what came is no set of tokens
    NOT_NOW = "not_now"  # a supervisor said so
    LAPSED = "lapsed"  # it was not answered in time


class AdmissionCriterion(StrEnum):
    """What makes a trauma room tell the police of an admission (report, 2.2, no. 23)."""

    COMPLAINT_OF_OFFENCE = "complaint_of_offence"
    CRIMINAL_IN_NATURE = "criminal_in_nature"
    DEATH = "death"


class Right(StrEnum):
    """What a plan restores (F5; Standard No. 1079, para. 9)."""

    DOCUMENTS = "documents"
    HOUSING = "housing"
    CUSTODY = "custody"
    PROPERTY = "property"
    BENEFITS = "benefits"
    EMPLOYMENT = "employment"
    EDUCATION = "education"


class Progress(StrEnum):
    """How far a goal of a plan is."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class AgreementState(StrEnum):
    """Where a version of a local agreement stands (F16)."""

    DRAFT = "draft"  # somebody has not answered yet
    DECLINED = "declined"
    CONCLUDED = "concluded"  # all have signed; the trust list does not hold it, or it has not begun
    IN_FORCE = "in_force"  # the trust list holds it
    REPLACED = "replaced"  # by a later version
    ENDED = "ended"


class AgreementObjection(StrEnum):
    """Why a party does not sign a draft."""

    LINES = "lines"  # it should exchange something else, or with somebody else
    PARTIES = "parties"  # somebody is missing, or should not be one
    VALIDITY = "validity"  # from when to when
    NOT_COMPETENT = "not_competent"  # it is not ours to agree on that
    OTHER = "other"


class InformationKind(StrEnum):
    """What one agency asks another for (F14; report, 2.2, nos. 12, 25 and 30): who answers which, and what such an
    answer says: `information`."""

    ADDICTOLOGIST_NOTE = "addictologist_note"
    PSYCHIATRIST_NOTE = "psychiatrist_note"
    MEDICAL_CERTIFICATE = "medical_certificate"
    PRIOR_CONVICTIONS = "prior_convictions"
    SOCIAL_SERVICES = "social_services"  # which special social services somebody receives


class InquiryState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    REFUSED = "refused"
    CANCELLED = "cancelled"  # taken back by who asked
    ENDED = "ended"  # the consent or the court's decision that it rested on is over


class InquiryAction(StrEnum):
    """What can be done with a question."""

    ANSWER = "answer"
    REFUSE = "refuse"
    CANCEL = "cancel"


class RefusalGround(StrEnum):
    """Why a question is not answered: what each may be told to whom: `information`."""

    NO_BASIS = "no_basis"  # what it rests on is over, or does not reach that far
    NOT_THIS_KIND = "not_this_kind"  # this organisation does not make out what was asked for
    NOT_HELD = "not_held"  # nothing is held about that person
    WRONG_PERSON = "wrong_person"  # nobody is known by that name and number, or more than one
    NOT_TOLD_HERE = "not_told_here"  # a court or the person alone is told, also whether there is anything


class HandedTo(StrEnum):
    """To whom an answer was given that does not cross."""

    COURT = "court"
    PERSON = "person"


class Sex(StrEnum):
    """As the identity document says."""

    FEMALE = "female"
    MALE = "male"


class Grantor(StrEnum):
    """Who can consent (report, 1.4; Family Code): the person, a representative, or the guardianship authority."""

    SELF = "self"
    LEGAL_REPRESENTATIVE = "legal_representative"
    GUARDIANSHIP_AUTHORITY = "guardianship_authority"


class ConsentForm(StrEnum):
    """How a consent was given."""

    SIGNED_PAPER = "signed_paper"  # scanned; its SHA-256 is kept
    SPOKEN = "spoken"  # to the worker who recorded it
    ELECTRONIC = "electronic"


class ConsentEnd(StrEnum):
    """Why a consent ended."""

    WITHDRAWN = "withdrawn"  # by who gave it
    EXPIRED = "expired"  # its time was over
    VOID = "void"  # its grantor had no right to give it
    OVER = "over"  # a declared danger is over, or was found not to have been one
