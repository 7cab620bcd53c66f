"""What is asked of the policy, and when the condition of a forbid holds for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.contract.agreement import Agreement
from shared.contract.calendar import local_day
from shared.contract.capacity import Capacity, may_grant
from shared.contract.grounds import Grounds, Handling
from shared.contract.policy import Condition, Forbid
from shared.contract.vocabulary import Basis, DataCategory, EventType, Recipient


@dataclass(frozen=True, slots=True)
class Party:
    """One end of an event: an organisation and what it is. Nothing is sent by a partner."""

    agency: Recipient
    organisation: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beyond the event: the local agreements, at both ends.

    And at the sender alone: the labels of what came from elsewhere, and who can consent for the person.
    """

    agreements: tuple[Agreement, ...] = ()
    handling: tuple[Handling, ...] = ()
    capacity: Capacity | None = None


NOTHING_MORE = Circumstances()


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the policy: may this kind of event go from here to there, on these grounds, now?"""

    event_type: EventType
    sender: Party
    recipient: Party
    grounds: Grounds
    at: datetime
    circumstances: Circumstances


def forbidden_by(row: Forbid, question: Question) -> frozenset[DataCategory]:
    """What a row that applies takes away, by its condition."""
    if row.condition is Condition.NOT_IN_CONSENT:
        consent = question.grounds.consent
        return row.categories - (consent.categories if consent else frozenset())
    if row.condition is Condition.RECEIVED:
        return row.categories & _received_for_another(question)
    return row.categories if _HOLDS[row.condition](question) else frozenset()


def _no_live_consent(question: Question) -> bool:
    consent, there = question.grounds.consent, question.recipient
    return consent is None or not consent.covers(
        purpose=question.grounds.purpose, agency=there.agency, organisation=there.organisation, at=question.at
    )


def _wrong_grantor(question: Question) -> bool:
    consent, capacity, purpose = question.grounds.consent, question.circumstances.capacity, question.grounds.purpose
    if consent is None or capacity is None or purpose is None:
        return False
    day = local_day(consent.given_at)
    why_not = may_grant(grantor=consent.granted_by, capacity=capacity, purposes=frozenset({purpose}), on=day)
    return why_not is not None


def _no_live_emergency(question: Question) -> bool:
    emergency, ends = question.grounds.emergency, (question.sender.organisation, question.recipient.organisation)
    return emergency is None or emergency.declared_by not in ends or not emergency.is_live(question.at)


def _no_court_decision(question: Question) -> bool:
    court = question.grounds.court
    return court is None or not court.is_live(local_day(question.at))


def _anonymous(question: Question) -> bool:
    return question.grounds.anonymous


def _received_for_another(question: Question) -> frozenset[DataCategory]:
    """What came from elsewhere and may not go where it is asked to: neither back, nor on a consent given here."""
    if not question.circumstances.handling or _consented_here(question):
        return frozenset()
    labels = question.circumstances.handling
    elsewhere = (label.categories for label in labels if label.origin != question.recipient.organisation)
    return frozenset[DataCategory]().union(*elsewhere)


def _consented_here(question: Question) -> bool:
    """Whether it rests on a consent that the person gave to the sender itself, and that holds."""
    grounds = question.grounds
    given_here = grounds.consent is not None and grounds.consent.recorded_by == question.sender.organisation
    relied_on = given_here and grounds.basis is Basis.CONSENT
    return relied_on and not _no_live_consent(question) and not _wrong_grantor(question)


_HOLDS: Mapping[Condition, Callable[[Question], bool]] = {
    Condition.ALWAYS: lambda _: True,
    Condition.NO_LIVE_CONSENT: _no_live_consent,
    Condition.WRONG_GRANTOR: _wrong_grantor,
    Condition.NO_LIVE_EMERGENCY: _no_live_emergency,
    Condition.NO_COURT_DECISION: _no_court_decision,
    Condition.ANONYMOUS: _anonymous,
}
