"""What a row of the policy is, and the words that rows are written with."""

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
ASKED_FOR = frozenset({Basis.CONSENT, Basis.OWN_REQUEST, Basis.NO_PERSONAL_DATA})
STATE_EVENTS = frozenset({E.ORGANISATION_ANNOUNCED, E.BEDS_COUNTED})
# What says nothing about an identifiable person: a referral travels with this alone unless consent adds to it.
OPAQUE = frozenset({C.ROUTING, C.NEEDS, C.HOUSEHOLD, C.WORKER_CONTACT})
PERSONAL = frozenset({C.IDENTITY, C.CONTACT, C.DEPENDANTS, C.WHEREABOUTS, C.HEALTH, C.ADDICTION, C.NARRATIVE})
