"""Who can consent for whom, as dated rows: the person, a legal representative, or the guardianship authority.

Source: report, 1.4 (minors and persons recognised as incompetent: through legal representatives); Code on the Health of
the People of 7 July 2020, art. 78, para. 2 (from 16 for preventive, advisory and diagnostic care).
"""

from dataclasses import dataclass
from datetime import date

from shared.contract.vocabulary import Grantor, Purpose


@dataclass(frozen=True, slots=True)
class AgeRow:
    """From which age a person consents alone, for which purposes, since when."""

    purposes: frozenset[Purpose]
    age: int
    source: str
    valid_from: date
    valid_until: date | None = None


AGES: tuple[AgeRow, ...] = (
    AgeRow(frozenset(Purpose), 18, "1.4; Civil Code, art. 17", date(1995, 1, 1)),
    AgeRow(
        frozenset({Purpose.MEDICAL_EXAMINATION}),
        16,
        "Code on Health of 7 July 2020, art. 78, para. 2",
        date(2020, 7, 18),
    ),
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the recording organisation knows of a person's capacity.

    Whose age is unknown counts as an adult: some people have no documents (report, 2.2, no. 33).
    """

    birth_date: date | None = None
    incapacitated: bool = False
    representative_is_alleged_offender: bool = False


def may_grant(
    *, grantor: Grantor, capacity: Capacity, purposes: frozenset[Purpose], on: date, ages: tuple[AgeRow, ...] = AGES
) -> str | None:
    """None if `grantor` can consent for the person to all these purposes on a day, else why not.

    A representative who is the alleged offender can't: his or her consent is void, and the guardianship authority
    consents. Nobody consents for an adult who can.
    """
    alone = _consents_alone(capacity, purposes, on, ages)
    if grantor is Grantor.SELF:
        return None if alone else "this person consents through a legal representative or the guardianship authority"
    if alone:
        return "this person consents alone"
    if grantor is Grantor.LEGAL_REPRESENTATIVE and capacity.representative_is_alleged_offender:
        return "a representative who is the alleged offender can't consent: the guardianship authority does"
    return None


def may_withdraw(*, by: Grantor, granted_by: Grantor, capacity: Capacity) -> str | None:
    """None if `by` can take a consent back, else why not. The person always can, whoever gave it."""
    if by is not Grantor.SELF and granted_by is Grantor.SELF and not capacity.incapacitated:
        return "what the person consented to alone, only the person takes back"
    if by is Grantor.LEGAL_REPRESENTATIVE and capacity.representative_is_alleged_offender:
        return "the withdrawal of a representative who is the alleged offender has no effect"
    return None


def age_of_consent(purpose: Purpose, *, on: date, ages: tuple[AgeRow, ...] = AGES) -> int:
    """The age from which a person consents alone: the lowest of the rows that are valid on the day."""
    valid = [r for r in ages if r.valid_from <= on and (r.valid_until is None or on < r.valid_until)]
    return min(row.age for row in valid if purpose in row.purposes)


def age(birth_date: date, on: date) -> int:
    """Full years on a day."""
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday


def _consents_alone(capacity: Capacity, purposes: frozenset[Purpose], on: date, ages: tuple[AgeRow, ...]) -> bool:
    if capacity.incapacitated:
        return False
    if capacity.birth_date is None:
        return True
    return age(capacity.birth_date, on) >= max(age_of_consent(p, on=on, ages=ages) for p in purposes)
