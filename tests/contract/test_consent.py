"""Consent: for how long it holds, whom it names, and what it can open at all."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from pydantic import ValidationError

from shared.contract.consent import CONSENTABLE, Consent
from shared.contract.policy import PERSONAL
from shared.contract.vocabulary import Agency, DataCategory, Purpose
from tests.contract.strategies import consents, near_now

GIVEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
UNTIL = GIVEN + timedelta(days=30)
INSTANT = timedelta(microseconds=1)


def consent(**terms: Any) -> Consent:
    given: dict[str, Any] = {
        "id": UUID(int=1),
        "recorded_by": "police-almaty",
        "purposes": [Purpose.LODGING],
        "recipients": [Agency.SHELTER],
        "categories": [DataCategory.IDENTITY],
        "given_at": GIVEN,
        "valid_until": UNTIL,
    }
    return Consent(**{**given, **terms})


def test_a_consent_lives_from_when_it_was_given_until_just_before_its_end() -> None:
    assert not consent().is_live(GIVEN - INSTANT)
    assert consent().is_live(GIVEN)
    assert consent().is_live(UNTIL - INSTANT)
    assert not consent().is_live(UNTIL)


def test_a_consent_ends_the_moment_it_is_withdrawn() -> None:
    withdrawn = consent(withdrawn_at=GIVEN + timedelta(days=1))
    assert withdrawn.is_live(GIVEN + timedelta(days=1) - INSTANT)
    assert not withdrawn.is_live(GIVEN + timedelta(days=1))


def test_a_consent_withdrawn_at_once_was_never_live() -> None:
    assert not consent(withdrawn_at=GIVEN).is_live(GIVEN)


@given(consents, near_now, near_now)
def test_a_consent_that_is_gone_does_not_come_back(given: Consent, first: datetime, second: datetime) -> None:
    earlier, later = sorted((first, second))
    assert given.is_live(earlier) or earlier < given.given_at or not given.is_live(later)


@pytest.mark.parametrize("until", [GIVEN, GIVEN - INSTANT])
def test_a_consent_ends_after_it_was_given(until: datetime) -> None:
    with pytest.raises(ValidationError, match="ends after"):
        consent(valid_until=until)


@pytest.mark.parametrize("field", ["purposes", "recipients"])
def test_a_consent_names_a_purpose_and_a_recipient(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        consent(**{field: []})


def test_a_consent_may_open_no_category() -> None:
    assert consent(categories=[]).categories == frozenset()


def test_a_consent_whose_time_has_no_zone_is_invalid() -> None:
    with pytest.raises(ValidationError):
        consent(given_at="2026-03-01T09:00:00", valid_until="2026-03-31T09:00:00Z")


def test_a_consent_names_a_whole_agency_or_one_organisation() -> None:
    assert consent(recipients=[Agency.SHELTER]).names(Agency.SHELTER, "shelter-aqtau")
    assert consent(recipients=["shelter-aqtau"]).names(Agency.SHELTER, "shelter-aqtau")
    assert not consent(recipients=["shelter-aqtau"]).names(Agency.SHELTER, "shelter-almaty")
    assert not consent(recipients=[Agency.SHELTER]).names(Agency.HEALTH, "hospital-4")


def test_an_answer_may_go_to_who_recorded_the_consent() -> None:
    assert consent().names(Agency.POLICE, "police-almaty")
    assert not consent().names(Agency.POLICE, "police-aqtau")


def test_no_consent_opens_where_she_stays() -> None:
    assert DataCategory.WHEREABOUTS not in CONSENTABLE
    assert PERSONAL - {DataCategory.WHEREABOUTS} == CONSENTABLE


@given(consents)
def test_a_consent_survives_its_way_through_json(given: Consent) -> None:
    assert Consent.model_validate_json(given.model_dump_json()) == given


@pytest.mark.parametrize(
    ("purpose", "agency", "organisation", "at", "covered"),
    [
        (Purpose.LODGING, Agency.SHELTER, "shelter-1", GIVEN, True),
        (Purpose.SOCIAL_SERVICES, Agency.SHELTER, "shelter-1", GIVEN, False),
        (None, Agency.SHELTER, "shelter-1", GIVEN, False),
        (Purpose.LODGING, Agency.HEALTH, "hospital-1", GIVEN, False),
        (Purpose.LODGING, Agency.SHELTER, "shelter-1", UNTIL, False),
    ],
)
def test_a_consent_covers_a_purpose_and_a_recipient_while_it_lives(
    purpose: Purpose | None, agency: Agency, organisation: str, at: datetime, *, covered: bool
) -> None:
    assert consent().covers(purpose=purpose, agency=agency, organisation=organisation, at=at) is covered


def test_terms_include_themselves_and_a_part_of_themselves() -> None:
    part = consent(categories=[], recipients=["shelter-aqtau"], valid_until=UNTIL - INSTANT)
    assert consent().includes(consent())
    assert consent().includes(part)


@pytest.mark.parametrize(
    "other",
    [
        {"id": UUID(int=2)},
        {"recorded_by": "health-almaty"},
        {"given_at": GIVEN + INSTANT},
        {"purposes": [Purpose.LODGING, Purpose.PSYCHOLOGICAL_HELP]},
        {"categories": [DataCategory.IDENTITY, DataCategory.CONTACT]},
        {"valid_until": UNTIL + INSTANT},
    ],
)
def test_terms_do_not_include_others_or_more(other: dict[str, Any]) -> None:
    assert not consent().includes(consent(**other))
