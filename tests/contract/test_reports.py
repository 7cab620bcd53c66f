"""What of a report is owed without any consent, and how soon it must be there."""

from datetime import timedelta

import pytest

from shared.contract.decisions import fields_of, owed
from shared.contract.events import AdmissionReported, ViolenceReported, ViolenceReportRegistered
from shared.contract.policy.rows import SINCE_2009_LAW
from shared.contract.reporting import LIMITS, RECEIVED, REGISTERED, LimitRow, limit
from shared.contract.vocabulary import Agency, EventType, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW

INSTANT = timedelta(microseconds=1)
OWED = frozenset({C.ROUTING, C.OCCURRENCE, C.WORKER_CONTACT})
NOTHING = frozenset[C]()


@pytest.mark.parametrize(
    ("event_type", "sender", "recipient", "subject", "what"),
    [
        (EventType.VIOLENCE_REPORTED, Agency.SHELTER, Agency.POLICE, SubjectRole.VICTIM, OWED),
        (EventType.VIOLENCE_REPORTED, Agency.SOCIAL, Agency.POLICE, SubjectRole.DEPENDANT, OWED),
        (EventType.ADMISSION_REPORTED, Agency.HEALTH, Agency.POLICE, SubjectRole.VICTIM, OWED),
        (EventType.ADMISSION_REPORTED, Agency.SHELTER, Agency.POLICE, SubjectRole.VICTIM, NOTHING),
        (EventType.VIOLENCE_REPORTED, Agency.SHELTER, Agency.HEALTH, SubjectRole.VICTIM, NOTHING),
        (EventType.VIOLENCE_REPORTED, Agency.SHELTER, Agency.POLICE, SubjectRole.ALLEGED_OFFENDER, NOTHING),
        (EventType.REFERRAL_REQUESTED, Agency.POLICE, Agency.SHELTER, SubjectRole.VICTIM, NOTHING),
    ],
)
def test_what_a_duty_opens_is_owed_whatever_else_opens_more(
    event_type: EventType, sender: Agency, recipient: Agency, subject: SubjectRole, what: frozenset[C]
) -> None:
    assert owed(event_type, sender=sender, recipient=recipient, subject=subject, at=NOW) == what


def test_before_the_law_nothing_was_owed() -> None:
    ends = {"sender": Agency.SHELTER, "recipient": Agency.POLICE}
    moments = (SINCE_2009_LAW - INSTANT, SINCE_2009_LAW)
    found = [owed(EventType.VIOLENCE_REPORTED, **ends, subject=SubjectRole.VICTIM, at=at) for at in moments]
    assert found == [NOTHING, OWED]


def test_an_admission_has_no_field_that_could_hold_a_name_or_a_diagnosis() -> None:
    assert set(fields_of(AdmissionReported).values()) == OWED


def test_a_report_has_no_field_for_health() -> None:
    assert not {C.HEALTH, C.ADDICTION} & set(fields_of(ViolenceReported).values())


def test_that_it_was_registered_says_no_more_than_that_and_when() -> None:
    assert fields_of(ViolenceReportRegistered) == {"report_id": C.ROUTING, "registered_at": C.ROUTING}


@pytest.mark.parametrize("deadline", [RECEIVED, REGISTERED])
def test_immediately_is_a_quarter_of_an_hour(deadline: str) -> None:
    assert limit(deadline, NOW) == timedelta(minutes=15)


def test_a_limit_counts_from_its_first_moment_until_its_last_and_is_its_own() -> None:
    row = LimitRow(RECEIVED, timedelta(minutes=5), "a law", NOW, NOW + timedelta(days=1))
    moments = (NOW - INSTANT, NOW, NOW + timedelta(days=1) - INSTANT, NOW + timedelta(days=1))
    assert [limit(RECEIVED, at, rows=(row,)) for at in moments] == [
        timedelta(),
        timedelta(minutes=5),
        timedelta(minutes=5),
        timedelta(),
    ]
    assert limit(REGISTERED, NOW, rows=(row,)) == timedelta()


def test_every_limit_has_a_source() -> None:
    assert all(row.source for row in LIMITS)
