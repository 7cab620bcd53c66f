"""What proves a basis, for how long, and the label that what was sent carries."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from pydantic import ValidationError

from shared.contract.consent import Consent
from shared.contract.grounds import LONGEST_EMERGENCIES, CourtDecision, Emergency, Grounds, label, longest_emergency
from shared.contract.vocabulary import Basis, Purpose
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW, consents, emergencies, grounds

HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
DANGER = Emergency(id=UUID(int=1), declared_by="shelter-almaty", declared_at=NOW, until=NOW + HOUR)
COURT = CourtDecision(number="7599-26-00-4/112", decided_on=date(2026, 3, 2), until=date(2026, 3, 20))
NAMES = frozenset({C.IDENTITY})


def test_an_emergency_lives_from_its_declaration_until_just_before_its_end() -> None:
    moments = (NOW - HOUR, NOW, NOW + HOUR - timedelta(microseconds=1), NOW + HOUR)
    assert [DANGER.is_live(at) for at in moments] == [False, True, True, False]


@pytest.mark.parametrize(
    "until", [NOW + 3 * DAY, NOW + 3 * DAY + INSTANT, NOW + 365 * DAY, datetime.max.replace(tzinfo=UTC)]
)
def test_an_emergency_counts_for_seventy_two_hours_at_most_whatever_it_says(until: datetime) -> None:
    long = DANGER.model_copy(update={"until": until})
    assert long.ends == NOW + 3 * DAY
    assert [long.is_live(at) for at in (NOW, NOW + 3 * DAY - INSTANT, NOW + 3 * DAY)] == [True, True, False]


def test_an_emergency_that_says_it_begins_at_the_end_of_time_is_simply_not_live() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert not DANGER.model_copy(update={"declared_at": last, "until": last}).is_live(NOW)


def test_how_long_an_emergency_lasts_is_decided_by_the_row_of_the_moment_when_it_was_declared() -> None:
    (first,) = LONGEST_EMERGENCIES
    later = 4 * DAY
    rows = (replace(first, valid_until=NOW), replace(first, longest=later, valid_from=NOW))
    assert [longest_emergency(at, rows=rows) for at in (NOW - INSTANT, NOW)] == [3 * DAY, later]
    assert longest_emergency(first.valid_from - INSTANT) == timedelta()


def test_a_court_decision_binds_from_its_day_to_its_last_day_included() -> None:
    days = (COURT.decided_on - DAY, COURT.decided_on, COURT.until, COURT.until + DAY)
    assert [COURT.is_live(on) for on in days] == [False, True, True, False]


def test_a_court_decision_may_bind_for_one_day_and_not_for_less() -> None:
    assert CourtDecision(number="1", decided_on=COURT.until, until=COURT.until).is_live(COURT.until)
    with pytest.raises(ValidationError, match="from the day it was made"):
        CourtDecision(number="1", decided_on=COURT.until, until=COURT.until - DAY)


@pytest.mark.parametrize("number", ["", "x" * 51, "1\n2", "<b>"])
def test_the_number_of_a_court_decision_is_a_number_of_a_register(number: str) -> None:
    with pytest.raises(ValidationError, match="number"):
        CourtDecision(number=number, decided_on=COURT.decided_on, until=COURT.until)


@pytest.mark.parametrize("days", [(date.min, COURT.until), (COURT.decided_on, date.max)])
def test_a_court_decision_is_of_our_time(days: tuple[date, date]) -> None:
    with pytest.raises(ValidationError):
        CourtDecision(number="1", decided_on=days[0], until=days[1])


@given(grounds)
def test_grounds_survive_their_way_through_json(given_: Grounds) -> None:
    assert Grounds.model_validate_json(given_.model_dump_json()) == given_


def test_a_label_says_from_whom_on_which_basis_for_what_and_which_categories() -> None:
    on = Grounds(basis=Basis.COURT_DECISION, purpose=Purpose.COMPULSORY_TREATMENT, court=COURT)
    made = label(origin="police-almaty", grounds=on, categories=NAMES)
    assert (made.origin, made.basis, made.purpose) == ("police-almaty", on.basis, on.purpose)
    assert (made.categories, made.consent_id, made.until) == (NAMES, None, COURT.over_at)


@given(consents)
def test_a_label_ends_with_the_consent_that_it_names(consent: Consent) -> None:
    on = Grounds(basis=Basis.CONSENT, consent=consent)
    made = label(origin="police-almaty", grounds=on, categories=NAMES)
    assert (made.consent_id, made.until) == (consent.id, consent.valid_until)


@given(emergencies)
def test_a_label_ends_when_the_emergency_does(emergency: Emergency) -> None:
    on = Grounds(basis=Basis.EMERGENCY, emergency=emergency)
    assert label(origin="police-almaty", grounds=on, categories=NAMES).until == emergency.ends
