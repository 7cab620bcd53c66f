"""The policy, row by row: what each row opens or takes away, as cases that a lawyer can read.

`ALLOW/` shows what a permit opens, and the near miss where a forbid does not apply. `DENY/` shows the near miss that a
permit does not open, and what a forbid takes away. Each row has at least one of both.
"""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field

from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import NO_RULE, Decision, decide
from shared.contract.grounds import CourtDecision, Emergency, Grounds, Handling
from shared.contract.policy import FORBIDS, PERMITS, Forbid, Permit
from shared.contract.vocabulary import Basis, DataCategory, EventType, Grantor, Purpose, Recipient, SubjectRole

HERE = Path(__file__).parent
ROWS: dict[str, Permit | Forbid] = {row.id: row for row in PERMITS} | {row.id: row for row in FORBIDS}
COLUMNS = (
    *("event", "sender", "recipient", "subject", "purpose", "basis", "at"),
    *("consent", "emergency", "court", "anonymous", "received", "capacity"),
)


class Strict(BaseModel):
    """A misspelt key is a mistake, not a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(Strict):
    """All that leaves, some of what stays and by which rule, or that nothing leaves at all."""

    permitted: bool = True
    categories: frozenset[DataCategory] | None = None
    withheld: dict[DataCategory, str] = {}
    rule: str | None = None


class End(Strict):
    """Who sends or receives."""

    agency: Recipient
    organisation: str


class Terms(Strict):
    """A consent as a lawyer reads it."""

    recorded_by: str
    purposes: frozenset[Purpose]
    recipients: frozenset[Recipient | str]
    categories: frozenset[DataCategory]
    given_at: datetime
    valid_until: datetime
    granted_by: Grantor = Grantor.SELF
    withdrawn_at: datetime | None = None


class Declared(Strict):
    """A danger to life: which organisation declared it, and for how long."""

    declared_by: str
    declared_at: datetime
    until: datetime


class Decided(Strict):
    """A court's decision: both days are included."""

    number: str
    decided_on: date
    until: date


class Known(Strict):
    """What the sender knows of who can consent for the person."""

    birth_date: date | None = None
    incapacitated: bool = False
    representative_is_alleged_offender: bool = False


class Received(Strict):
    """What came from elsewhere before: from whom, on which basis, what."""

    origin: str = Field(alias="from")
    basis: Basis
    purpose: Purpose | None
    categories: frozenset[DataCategory]


class Case(Strict):
    """One file. What an ordinary case does not have (from `emergency` on) is left out where there is none."""

    rule: str
    what: str = Field(min_length=20, pattern=r"\.$")
    event: EventType
    sender: End = Field(alias="from")
    recipient: End = Field(alias="to")
    subject: SubjectRole
    purpose: Purpose | None
    basis: Basis
    consent: Terms | None
    emergency: Declared | None = None
    court: Decided | None = None
    anonymous: bool = False
    received: tuple[Received, ...] = ()
    capacity: Known | None = None
    at: datetime
    expect: Expected


class File(NamedTuple):
    """A case and where it lies."""

    folder: str
    name: str
    case: Case


FILES = [
    File(folder, path.stem, Case.model_validate_json(path.read_text(encoding="utf-8")))
    for folder in ("ALLOW", "DENY")
    for path in sorted((HERE / folder).glob("*.json"))
]
ALLOWED, DENIED = ([file for file in FILES if file.folder == folder] for folder in ("ALLOW", "DENY"))


def each(files: list[File]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=lambda file: f"{file.folder}/{file.name}")


each_file = each(FILES)
each_row = pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.id)


def grounds_of(case: Case) -> Grounds:
    """On what the event of a case relies."""
    terms, danger, court = case.consent, case.emergency, case.court
    return Grounds(
        basis=case.basis,
        purpose=case.purpose,
        subject=case.subject,
        consent=Consent(id=UUID(int=1), **terms.model_dump()) if terms else None,
        emergency=Emergency(id=UUID(int=2), **danger.model_dump()) if danger else None,
        court=CourtDecision(**court.model_dump()) if court else None,
        anonymous=case.anonymous,
    )


def circumstances_of(case: Case) -> Circumstances:
    """What the sender of a case knows beyond its event."""
    return Circumstances(
        handling=tuple(Handling(**label.model_dump()) for label in case.received),
        capacity=Capacity(**case.capacity.model_dump()) if case.capacity else None,
    )


def decided(case: Case, *, without: str | None = None) -> Decision:
    """What the policy says of a case, or would say without one row."""
    return decide(
        case.event,
        sender=Party(case.sender.agency, case.sender.organisation),
        recipient=Party(case.recipient.agency, case.recipient.organisation),
        grounds=grounds_of(case),
        at=case.at,
        circumstances=circumstances_of(case),
        permits=tuple(row for row in PERMITS if row.id != without),
        forbids=tuple(row for row in FORBIDS if row.id != without),
    )


def distance(one: Case, other: Case) -> int:
    """In how many columns two cases differ."""
    return sum(getattr(one, column) != getattr(other, column) for column in COLUMNS)


@each_row
@pytest.mark.parametrize("folder", ["ALLOW", "DENY"])
def test_every_row_has_a_file_in_both_folders(row: Permit | Forbid, folder: str) -> None:
    assert [file for file in FILES if file.folder == folder and file.case.rule == row.id]


@each_file
def test_a_file_names_a_row_and_is_called_after_it(file: File) -> None:
    assert file.case.rule in ROWS
    assert file.name.startswith(file.case.rule.lower())


@each_file
def test_a_file_says_what_is_decided(file: File) -> None:
    made, expect = decided(file.case), file.case.expect
    assert made.permitted == expect.permitted
    assert expect.categories is None or made.categories == expect.categories
    assert {category: made.withheld[category] for category in expect.withheld} == expect.withheld


def misnamed(files: list[File]) -> dict[str, str]:
    """Files whose refusal names another rule than they say."""
    said = {file.name: (decided(file.case).refusal, file.case.expect.rule) for file in files if file.case.expect.rule}
    return {name: made for name, (made, expected) in said.items() if made != expected}


def test_what_a_forbid_refuses_is_explained_by_that_forbid() -> None:
    assert misnamed([file for file in DENIED if file.case.expect.rule != NO_RULE]) == {}


def test_what_no_permit_opens_is_explained_by_there_being_no_rule() -> None:
    assert misnamed([file for file in DENIED if file.case.expect.rule == NO_RULE]) == {}


@each(ALLOWED)
def test_in_allow_something_leaves_because_of_a_permit_or_in_spite_of_a_forbid(file: File) -> None:
    made, row = decided(file.case), ROWS[file.case.rule]
    assert file.case.expect.categories
    assert made.permitted
    without = decided(file.case, without=row.id).categories
    assert (without == made.categories) == isinstance(row, Forbid)


@each(DENIED)
def test_in_deny_a_permit_opens_nothing_and_a_forbid_takes_what_the_file_says(file: File) -> None:
    made, row, expect = decided(file.case), ROWS[file.case.rule], file.case.expect
    assert (row.id in made.rules) == isinstance(row, Forbid)
    assert (decided(file.case, without=row.id) == made) == isinstance(row, Permit)
    assert isinstance(row, Forbid) == (row.id in {expect.rule, *expect.withheld.values()})


@each(DENIED)
def test_each_denied_case_differs_in_one_thing_from_an_allowed_one(file: File) -> None:
    assert 1 in {distance(file.case, other.case) for other in ALLOWED if other.case.rule == file.case.rule}


def test_no_two_files_ask_the_same_for_the_same_rule() -> None:
    asked = [(file.case.rule, *(str(getattr(file.case, column)) for column in COLUMNS)) for file in FILES]
    assert len(set(asked)) == len(asked)
