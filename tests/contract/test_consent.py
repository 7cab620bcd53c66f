"""Consent: who can give it, for how long it holds, and what it can open at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contract.consent import CONSENTABLE, Consent, age, may_grant
from shared.contract.policy import PERSONAL
from shared.contract.vocabulary import Agency, DataCategory, Grantor, Purpose
from tests.contract.strategies import consents, near_now

GIVEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
UNTIL = GIVEN + timedelta(days=30)
INSTANT = timedelta(microseconds=1)
TODAY = date(2026, 3, 20)
MINOR, ADULT = date(2008, 3, 21), date(2008, 3, 20)


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


def why_not(grantor: Grantor, birth_date: date | None, *, offender: bool = False) -> str | None:
    return may_grant(grantor=grantor, birth_date=birth_date, representative_is_alleged_offender=offender, on=TODAY)


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


def test_an_adult_consents_alone_from_the_eighteenth_birthday_on() -> None:
    assert why_not(Grantor.SELF, ADULT) is None
    assert "under 18" in (why_not(Grantor.SELF, MINOR) or "")


def test_someone_without_a_known_birth_date_consents_alone() -> None:
    assert why_not(Grantor.SELF, None) is None


@pytest.mark.parametrize("birth_date", [MINOR, ADULT, None])
def test_a_representative_who_is_the_alleged_offender_consents_for_nobody(birth_date: date | None) -> None:
    assert "guardianship authority" in (why_not(Grantor.LEGAL_REPRESENTATIVE, birth_date, offender=True) or "")


def test_another_representative_consents_for_a_minor() -> None:
    assert why_not(Grantor.LEGAL_REPRESENTATIVE, MINOR) is None


@pytest.mark.parametrize("offender", [True, False])
def test_the_guardianship_authority_consents_for_a_minor_whoever_the_representative_is(*, offender: bool) -> None:
    assert why_not(Grantor.GUARDIANSHIP_AUTHORITY, MINOR, offender=offender) is None


def test_an_adult_consents_alone_even_if_a_representative_is_the_alleged_offender() -> None:
    assert why_not(Grantor.SELF, ADULT, offender=True) is None


@pytest.mark.parametrize(
    ("birth_date", "on", "years"),
    [
        (date(2008, 3, 20), date(2026, 3, 19), 17),
        (date(2008, 3, 20), date(2026, 3, 20), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2007, 12, 31), date(2026, 1, 1), 18),
        (date(2026, 3, 20), date(2026, 3, 20), 0),
    ],
)
def test_age_grows_on_the_birthday_and_after_a_29_february_on_the_first_of_march(
    birth_date: date, on: date, years: int
) -> None:
    assert age(birth_date, on) == years


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.integers(0, 5000))
def test_nobody_grows_younger(birth_date: date, days: int) -> None:
    on = birth_date + timedelta(days=days)
    assert age(birth_date, on) <= age(birth_date, on + timedelta(days=1)) <= age(birth_date, on) + 1
