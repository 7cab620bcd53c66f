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
    SOCIAL_SERVICES = "social_services"
    RESTORATION_OF_RIGHTS = "restoration_of_rights"
    REFUSAL_NOTICE = "refusal_notice"


class EventType(StrEnum):
    """Every event that may cross between services. The CloudEvents type is `kz.qorgau.<value>.v1`."""

    REFERRAL_REQUESTED = "referral.requested"
    REFERRAL_MOVED = "referral.moved"
    BED_HOLD_ANSWERED = "referral.bed_hold_answered"
    MESSAGE_POSTED = "message.posted"
    MESSAGES_READ = "message.read"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    REFUSAL_NOTICE_ISSUED = "refusal_notice.issued"
    REFUSAL_NOTICE_ACKNOWLEDGED = "refusal_notice.acknowledged"
    ORGANISATION_ANNOUNCED = "organisation.announced"
    BEDS_COUNTED = "beds.counted"
    EVENTS_RECEIVED = "events.received"


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


class Sex(StrEnum):
    """As the identity document says."""

    FEMALE = "female"
    MALE = "male"


class Grantor(StrEnum):
    """Who can consent (report, 1.4; Family Code): the person, a representative, or the guardianship authority."""

    SELF = "self"
    LEGAL_REPRESENTATIVE = "legal_representative"
    GUARDIANSHIP_AUTHORITY = "guardianship_authority"
