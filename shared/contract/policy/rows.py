"""What a row of the policy is, and the words that rows are written with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from shared.contract.vocabulary import RECIPIENTS, Agency, Basis, Partner, Purpose, Recipient, SubjectRole
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
    WRONG_GRANTOR = "wrong_grantor"  # the consent was given by someone who could not give it
    NO_LIVE_EMERGENCY = "no_live_emergency"  # none declared by either end, or it is over
    NO_COURT_DECISION = "no_court_decision"  # none, or it does not bind now
    ANONYMOUS = "anonymous"  # the person asked not to be named
    RECEIVED = "received"  # it came from elsewhere on a basis that does not reach this recipient


class Whose(StrEnum):
    """Whose record a retention row is about."""

    RECEIVED = "received"  # a copy of what another organisation sent
    OWN = "own"  # what the agency itself wrote: its case file (F17)


@dataclass(frozen=True, slots=True)
class Permit:
    """Opens `categories`; without all of `essential` the event makes no sense and is not sent at all.

    A local agreement (F16) may narrow a row that is `negotiable`; the person's withdrawal, the closing of a case, a
    statutory duty and the protection of life are not.
    """

    id: str
    flow: str
    source: str
    reason: Reason
    events: frozenset[E]
    senders: frozenset[Agency]
    recipients: frozenset[Recipient]
    subjects: frozenset[SubjectRole]
    purposes: frozenset[Purpose | None]
    bases: frozenset[Basis]
    categories: frozenset[C]
    essential: frozenset[C]
    valid_from: datetime
    valid_until: datetime | None = None
    negotiable: bool = True


@dataclass(frozen=True, slots=True)
class Forbid:
    """Takes `categories` away from whatever matches."""

    id: str
    flow: str
    source: str
    reason: Reason
    events: frozenset[E]
    senders: frozenset[Agency]
    recipients: frozenset[Recipient]
    subjects: frozenset[SubjectRole]
    bases: frozenset[Basis]
    categories: frozenset[C]
    valid_from: datetime
    condition: Condition = Condition.ALWAYS
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """What an agency keeps once the consent that carried it is gone: of what it received, or of its own records."""

    id: str
    flow: str
    source: str
    reason: Reason
    agencies: frozenset[Agency]
    of: Whose
    keeps: frozenset[C]
    valid_from: datetime
    valid_until: datetime | None = None


SINCE_2009_LAW = datetime(2010, 1, 1, tzinfo=UTC)
ALL_AGENCIES = frozenset(Agency)
ALL_PARTNERS = frozenset(Partner)
ALL_RECIPIENTS = frozenset(RECIPIENTS)
ALL_EVENTS = frozenset(E)
ALL_SUBJECTS = frozenset(SubjectRole)
ALL_BASES = frozenset(Basis)
ALL_PURPOSES: frozenset[Purpose | None] = frozenset({*Purpose, None})
VICTIM_SIDE = frozenset({SubjectRole.VICTIM, SubjectRole.DEPENDANT})
OFFENDER = frozenset({SubjectRole.ALLEGED_OFFENDER})
POLICE, SHELTER, HEALTH, SOCIAL = (
    frozenset({a}) for a in (Agency.POLICE, Agency.SHELTER, Agency.HEALTH, Agency.SOCIAL)
)
ASKED_FOR = frozenset({Basis.CONSENT, Basis.OWN_REQUEST, Basis.NO_PERSONAL_DATA})
DUTY = frozenset({Basis.STATUTORY_DUTY})
BOARD = frozenset({E.ORGANISATION_ANNOUNCED, E.BEDS_COUNTED})
STATE_EVENTS = BOARD | {E.AUDIT_CHECKPOINTED}
# How a case is moved and closed: no consent is needed for that, so that its end never stands in the way.
CLOSING = frozenset({E.REFERRAL_MOVED, E.BED_HOLD_ANSWERED, E.MESSAGES_READ, E.CONSENT_WITHDRAWN})
CLOSING |= {E.ASSESSMENT_ENDED, E.INFORMATION_CLOSED}
# What says nothing about an identifiable person: a referral travels with this alone unless consent adds to it.
OPAQUE = frozenset({C.ROUTING, C.NEEDS, C.HOUSEHOLD, C.WORKER_CONTACT})
NAMING = frozenset({C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.WHEREABOUTS})
PERSONAL = NAMING | {C.HEALTH, C.ADDICTION, C.NARRATIVE, C.ASSESSMENT, C.CONVICTIONS}


def family(rule: str) -> str:
    """The rule that a row is a version of: its id up to `@`. A change of the law is a new version of the same rule."""
    return rule.partition("@")[0]
