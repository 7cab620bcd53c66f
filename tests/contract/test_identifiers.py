"""IIN, BIN, KATO and organisation ids."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contract.identifiers import (
    KATO,
    REGIONS,
    OrganisationId,
    birth_date_of,
    check_digit,
    checked_bin,
    checked_iin,
    checked_kato,
)

eleven = st.text("0123456789", min_size=11, max_size=11)


@pytest.mark.parametrize("iin", ["880101300000", "880101400007", "040229500005", "010201300004"])
def test_a_valid_iin_is_taken_as_it_is(iin: str) -> None:
    assert checked_iin(iin) == iin


@pytest.mark.parametrize("last", "123456789")
def test_every_other_check_digit_is_refused(last: str) -> None:
    with pytest.raises(ValueError, match="check digit"):
        checked_iin("88010130000" + last)


def test_a_remainder_of_ten_is_weighed_again_with_the_second_weights() -> None:
    first = sum(int(d) * w for d, w in zip("88010130011", range(1, 12), strict=True)) % 11
    assert first == 10
    assert check_digit("88010130011") == 1
    assert checked_iin("880101300111") == "880101300111"


@pytest.mark.parametrize("last", "0123456789")
def test_no_valid_number_begins_with_digits_that_give_ten_twice(last: str) -> None:
    assert check_digit("88010130010") is None
    with pytest.raises(ValueError, match="check digit"):
        checked_iin("88010130010" + last)


@given(eleven, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_among_the_first_ten_is_found(digits: str, place: int, more: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    sums = [sum(int(d) * (n + 1) for n, d in enumerate(text)) % 11 for text in (digits, wrong)]
    assert sums[0] != sums[1]
    assert 10 in sums or check_digit(digits) != check_digit(wrong)


@pytest.mark.parametrize(
    ("digit", "year"), [("1", 1888), ("2", 1888), ("3", 1988), ("4", 1988), ("5", 2088), ("6", 2088)]
)
def test_the_seventh_digit_names_the_century(digit: str, year: int) -> None:
    assert birth_date_of(f"880131{digit}00000") == date(year, 1, 31)


@pytest.mark.parametrize("digit", "0789")
def test_a_seventh_digit_outside_1_to_6_names_no_century(digit: str) -> None:
    with pytest.raises(ValueError, match="seventh digit"):
        birth_date_of(f"880131{digit}00000")


def test_29_february_is_a_birth_date_in_leap_years_alone() -> None:
    assert birth_date_of("040229500000") == date(2004, 2, 29)
    with pytest.raises(ValueError, match="day"):
        birth_date_of("050229500007")


@pytest.mark.parametrize("iin", ["881301300000", "880230300002", "880101000001", "880101700006"])
def test_an_iin_that_begins_with_no_date_is_refused_although_its_check_digit_fits(iin: str) -> None:
    assert check_digit(iin[:11]) == int(iin[11])
    with pytest.raises(ValueError, match="birth date"):
        checked_iin(iin)


@pytest.mark.parametrize(
    "value", ["", "88010130000", "8801013000000", "88010130000x", " 880101300000", "880101300000\n", "٨٨٠١٠١٣٠٠٠٠٠"]
)
def test_an_iin_has_twelve_plain_digits(value: str) -> None:
    with pytest.raises(ValueError, match="twelve digits"):
        checked_iin(value)


@pytest.mark.parametrize("check", [checked_iin, checked_bin, checked_kato])
@pytest.mark.parametrize("value", ["8801013000", "880101300001", "000000000001", "88010130000x", "8801013000000"])
def test_an_error_never_repeats_the_value(check: Callable[[str], str], value: str) -> None:
    with pytest.raises(ValueError, match="digit") as caught:
        check(value)
    assert value not in str(caught.value)


def test_an_error_about_the_date_hides_the_one_before_it_that_names_the_date() -> None:
    with pytest.raises(ValueError, match="birth date") as caught:
        checked_iin("050229500007")
    assert caught.value.__suppress_context__


def test_a_bin_needs_a_check_digit_and_no_birth_date() -> None:
    assert checked_bin("881301300000") == "881301300000"
    with pytest.raises(ValueError, match="check digit"):
        checked_bin("881301300001")


def test_the_republic_has_17_regions_and_3_cities() -> None:
    assert len(REGIONS) == 20
    assert {"10", "11", "71", "75", "79"} <= REGIONS


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_a_kato_code_begins_with_its_region(region: str) -> None:
    assert TypeAdapter(KATO).validate_python(f"{region}1010000") == f"{region}1010000"


@pytest.mark.parametrize("number", sorted({f"{n:02}" for n in range(100)} - REGIONS))
def test_a_kato_code_of_no_region_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="region"):
        checked_kato(f"{number}1010000")


@pytest.mark.parametrize("value", ["", "75", "75101000", "7510100000", "75101000x", "751010000\n"])
def test_a_kato_code_has_nine_digits(value: str) -> None:
    with pytest.raises(ValueError, match="nine digits"):
        checked_kato(value)


@pytest.mark.parametrize(
    "name", ["Police-1", "-police", "police-", "po", "po lice", "police.1", "police>", "p" * 65, ""]
)
def test_an_organisation_id_fits_into_a_subject_of_the_broker(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(OrganisationId).validate_python(name)


@pytest.mark.parametrize("name", ["abc", "shelter-almaty-2", "p" * 64])
def test_an_organisation_id_is_small_letters_digits_and_hyphens(name: str) -> None:
    assert TypeAdapter(OrganisationId).validate_python(name) == name
