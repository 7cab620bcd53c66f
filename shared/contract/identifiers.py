"""Kazakhstan's identifiers: IIN, BIN and KATO codes, checked as the law defines them.

Errors never repeat the value: an IIN in a log line is a leak.
"""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from shared.contract.vocabulary import RECIPIENTS

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
CENTURY_OF_DIGIT = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}
# The first two digits of a KATO code: ISO 3166-2:KZ, 17 regions and 3 cities of republican significance.
REGIONS = frozenset(
    [
        "10",
        "11",
        "15",
        "19",
        "23",
        "27",
        "31",
        "33",
        "35",
        "39",
        "43",
        "47",
        "55",
        "59",
        "61",
        "62",
        "63",
        "71",
        "75",
        "79",
    ]
)


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit for eleven given ones, or None where no valid number begins with them.

    Source: Government resolution No. 853 of 11 August 2007 (rules for forming IIN and BIN).
    """
    digits = [int(character) for character in first_eleven]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def birth_date_of(iin: str) -> date:
    """The birth date that an IIN begins with. Raises ValueError where the seven digits name no day."""
    century = CENTURY_OF_DIGIT.get(int(iin[6]))
    if century is None:
        raise ValueError("the seventh digit of an IIN is 1 to 6")
    return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))


def _twelve_digits(value: str) -> None:
    if re.fullmatch(r"[0-9]{12}", value) is None:
        raise ValueError("twelve digits are needed")
    if check_digit(value[:11]) != int(value[11]):
        raise ValueError("the check digit does not fit")


def checked_iin(value: str) -> str:
    """The IIN itself, or ValueError saying what is wrong with it and never what it is."""
    _twelve_digits(value)
    try:
        birth_date_of(value)
    except ValueError:
        raise ValueError("the first seven digits name no birth date") from None
    return value


def checked_bin(value: str) -> str:
    """The BIN itself, or ValueError."""
    _twelve_digits(value)
    return value


def checked_kato(value: str) -> str:
    """The nine-digit KATO code itself, or ValueError."""
    if re.fullmatch(r"[0-9]{9}", value) is None:
        raise ValueError("a KATO code has nine digits")
    if value[:2] not in REGIONS:
        raise ValueError("the first two digits of a KATO code name a region")
    return value


def not_an_agency(value: str) -> str:
    """The id itself, or ValueError: a consent names agencies and organisations side by side."""
    if value in frozenset(RECIPIENTS):
        raise ValueError("an organisation is not named like an agency or a kind of partner")
    return value


IIN = Annotated[str, AfterValidator(checked_iin)]
BIN = Annotated[str, AfterValidator(checked_bin)]
KATO = Annotated[str, AfterValidator(checked_kato)]
OrganisationId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$"), AfterValidator(not_an_agency)
]
