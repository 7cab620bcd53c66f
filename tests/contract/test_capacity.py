"""Who can consent for whom: by age, purpose and day, and never the alleged offender."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.capacity import AGES, AgeRow, Capacity, age, age_of_consent, may_grant, may_withdraw
from shared.contract.vocabulary import Grantor, Purpose

TODAY = date(2026, 3, 20)
MINOR, ADULT, SIXTEEN = date(2008, 3, 21), date(2008, 3, 20), date(2010, 3, 20)
LODGING, EXAMINATION = frozenset({Purpose.LODGING}), frozenset({Purpose.MEDICAL_EXAMINATION})
OTHERS = (Grantor.LEGAL_REPRESENTATIVE, Grantor.GUARDIANSHIP_AUTHORITY)


def why_not(
    grantor: Grantor,
    birth_date: date | None,
    *,
    purposes: frozenset[Purpose] = LODGING,
    offender: bool = False,
    incapacitated: bool = False,
    on: date = TODAY,
) -> str | None:
    known = Capacity(birth_date, incapacitated=incapacitated, representative_is_alleged_offender=offender)
    return may_grant(grantor=grantor, capacity=known, purposes=purposes, on=on)


def test_an_adult_consents_alone_from_the_eighteenth_birthday_on() -> None:
    assert why_not(Grantor.SELF, ADULT) is None
    assert why_not(Grantor.SELF, MINOR) == (
        "this person consents through a legal representative or the guardianship authority"
    )


@pytest.mark.parametrize("grantor", OTHERS)
def test_nobody_consents_for_an_adult_who_can(grantor: Grantor) -> None:
    assert why_not(grantor, ADULT) == "this person consents alone"
    assert why_not(grantor, ADULT, incapacitated=True) is None


def test_an_incapacitated_adult_does_not_consent_alone() -> None:
    assert why_not(Grantor.SELF, ADULT, incapacitated=True) is not None
    assert why_not(Grantor.SELF, None, incapacitated=True) is not None


def test_whose_birth_date_is_unknown_counts_as_an_adult() -> None:
    assert why_not(Grantor.SELF, None) is None
    assert {why_not(grantor, None) for grantor in OTHERS} == {"this person consents alone"}


def test_from_sixteen_on_a_minor_consents_to_an_examination_and_to_nothing_else() -> None:
    assert why_not(Grantor.SELF, SIXTEEN, purposes=EXAMINATION) is None
    assert why_not(Grantor.SELF, SIXTEEN + timedelta(days=1), purposes=EXAMINATION) is not None
    assert why_not(Grantor.SELF, SIXTEEN, purposes=EXAMINATION | LODGING) is not None


def test_before_the_health_code_of_2020_it_was_eighteen_for_examinations_too() -> None:
    before, since = date(2020, 7, 17), date(2020, 7, 18)
    assert age_of_consent(Purpose.MEDICAL_EXAMINATION, on=before) == 18
    assert age_of_consent(Purpose.MEDICAL_EXAMINATION, on=since) == 16


def test_a_row_that_has_ended_counts_no_more() -> None:
    ended = AgeRow(LODGING, 14, "a law that was repealed", date(2000, 1, 1), TODAY)
    assert age_of_consent(Purpose.LODGING, on=TODAY - timedelta(days=1), ages=(*AGES, ended)) == 14
    assert age_of_consent(Purpose.LODGING, on=TODAY, ages=(*AGES, ended)) == 18


@pytest.mark.parametrize("purpose", Purpose)
def test_there_is_an_age_for_every_purpose(purpose: Purpose) -> None:
    assert age_of_consent(purpose, on=TODAY) in {16, 18}


@pytest.mark.parametrize("row", AGES, ids=lambda row: row.source)
def test_every_row_has_a_source(row: AgeRow) -> None:
    assert any(letter.isdigit() for letter in row.source)


def test_a_representative_who_is_the_alleged_offender_consents_for_nobody() -> None:
    refused = "a representative who is the alleged offender can't consent: the guardianship authority does"
    assert why_not(Grantor.LEGAL_REPRESENTATIVE, MINOR, offender=True) == refused
    assert why_not(Grantor.LEGAL_REPRESENTATIVE, None, offender=True, incapacitated=True) == refused


@pytest.mark.parametrize("offender", [True, False])
def test_the_guardianship_authority_consents_for_a_minor_whoever_the_representative_is(*, offender: bool) -> None:
    assert why_not(Grantor.GUARDIANSHIP_AUTHORITY, MINOR, offender=offender) is None


def test_another_representative_consents_for_a_minor() -> None:
    assert why_not(Grantor.LEGAL_REPRESENTATIVE, MINOR) is None


def test_an_adult_consents_alone_even_if_a_representative_is_the_alleged_offender() -> None:
    assert why_not(Grantor.SELF, ADULT, offender=True) is None


@pytest.mark.parametrize("by", Grantor)
@pytest.mark.parametrize("granted_by", OTHERS)
def test_of_those_who_consent_for_others_only_the_alleged_offender_can_not_take_it_back(
    by: Grantor, granted_by: Grantor
) -> None:
    assert may_withdraw(by=by, granted_by=granted_by, capacity=Capacity(MINOR)) is None
    his = Capacity(MINOR, representative_is_alleged_offender=True)
    refused = may_withdraw(by=by, granted_by=granted_by, capacity=his)
    assert (refused is not None) == (by is Grantor.LEGAL_REPRESENTATIVE)


def test_why_his_withdrawal_counts_for_nothing_is_said() -> None:
    his = Capacity(representative_is_alleged_offender=True)
    granted_by = Grantor.GUARDIANSHIP_AUTHORITY
    refused = may_withdraw(by=Grantor.LEGAL_REPRESENTATIVE, granted_by=granted_by, capacity=his)
    assert refused == "the withdrawal of a representative who is the alleged offender has no effect"


@pytest.mark.parametrize("by", Grantor)
def test_what_somebody_consented_to_alone_nobody_else_takes_back(by: Grantor) -> None:
    refused = may_withdraw(by=by, granted_by=Grantor.SELF, capacity=Capacity(ADULT))
    expected = None if by is Grantor.SELF else "what the person consented to alone, only the person takes back"
    assert refused == expected
    assert may_withdraw(by=by, granted_by=Grantor.SELF, capacity=Capacity(ADULT, incapacitated=True)) is None


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
