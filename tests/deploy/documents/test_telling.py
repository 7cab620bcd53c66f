"""Who may tell whom what at most, held against `decide()`."""

from datetime import UTC, datetime

from deploy.documents.telling import Telling, on_paper, possible_at, tellings
from shared.contract.decisions import fields_of
from shared.contract.events import EVENTS
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import Agency, Basis, EventType, Partner
from shared.contract.vocabulary import DataCategory as C

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
FOUND = possible_at(AT)
SAID = tellings(FOUND)


def test_a_refusal_notice_goes_from_shelters_to_the_police_on_a_duty_and_says_nothing_of_her() -> None:
    to = Telling((Agency.SHELTER,), (Agency.POLICE,), (Basis.STATUTORY_DUTY,), frozenset({C.ROUTING}))
    assert SAID[EventType.REFUSAL_NOTICE_ISSUED] == (to,)


def test_each_combination_stands_in_exactly_one_line_with_all_that_may_be_told_there() -> None:
    most: dict[tuple[EventType, str, str, str], set[C]] = {}
    for (cell, _), categories in FOUND.items():
        key = (cell.event, cell.sender.value, cell.recipient.value, cell.basis.value)
        most.setdefault(key, set()).update(categories & set(fields_of(EVENTS[cell.event]).values()))
    lines = [
        ((event, sender.value, recipient.value, basis.value), set(line.categories))
        for event, those in SAID.items()
        for line in those
        for sender in line.senders
        for recipient in line.recipients
        for basis in line.bases
    ]
    assert len(lines) == len(most)
    assert dict(lines) == most


def test_a_receipt_needs_no_row_and_says_nothing_of_a_case() -> None:
    (receipt,) = SAID[EventType.EVENTS_RECEIVED]
    assert not receipt.bases
    assert receipt.categories == {C.ROUTING}
    assert set(SAID) == set(EVENTS)


def test_what_goes_to_partners_alone_is_on_paper() -> None:
    assert on_paper() == {EventType.LETTER_WRITTEN, EventType.LETTER_RECALLED}
    assert {r for line in SAID[EventType.LETTER_WRITTEN] for r in line.recipients} == set(Partner)


def test_what_no_row_opens_on_a_day_is_not_said_for_that_day() -> None:
    first = min(row.valid_from for row in PERMITS)
    assert set(tellings(possible_at(first.replace(year=first.year - 50)))) == {EventType.EVENTS_RECEIVED}
