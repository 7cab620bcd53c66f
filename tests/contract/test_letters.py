"""By when the signed page has to be back, and what a letter can't say."""

from datetime import UTC, date, datetime

import pytest

from shared.contract.decisions import fields_of
from shared.contract.events import LetterRecalled, LetterWritten
from shared.contract.letters import (
    CONFIRMATIONS,
    ON_PAPER,
    ConfirmationRow,
    days_to_confirm,
    days_to_recall,
    why_no_such_end,
    why_not_back,
)
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import Agency, DataCategory, Partner, RecallEnd

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)


def test_a_page_is_to_be_back_within_ten_business_days() -> None:
    assert days_to_confirm(NOW) == 10


def test_a_later_row_counts_from_its_day() -> None:
    in_2027 = datetime(2027, 1, 1, tzinfo=UTC)
    rows = (
        ConfirmationRow(10, 5, "none: for tests", CONFIRMATIONS[0].valid_from, valid_until=in_2027),
        ConfirmationRow(5, 3, "none: for tests", in_2027),
    )
    assert [days_to_confirm(at, rows=rows) for at in (NOW, in_2027)] == [10, 5]
    assert [days_to_recall(at, rows=rows) for at in (NOW, in_2027)] == [5, 3]


@pytest.mark.parametrize(
    ("day", "why"), [(19, "before the letter was written"), (20, None), (25, None), (26, "today at the latest")]
)
def test_a_page_comes_back_between_the_letter_and_today(day: int, why: str | None) -> None:
    said = why_not_back(written_on=date(2026, 3, 20), came_back_on=date(2026, 3, day), today=date(2026, 3, 25))
    assert said is None if why is None else why in str(said)


def test_what_came_back_signed_was_handed_over() -> None:
    assert why_no_such_end(RecallEnd.NEVER_HANDED_OVER, came_back=True) is not None
    others = [(RecallEnd.NEVER_HANDED_OVER, False), (RecallEnd.ERASED_THERE, True), (RecallEnd.ERASED_THERE, False)]
    assert [why_no_such_end(end, came_back=back) for end, back in others] == [None, None, None]


def test_the_recall_of_a_letter_names_nobody() -> None:
    assert set(fields_of(LetterRecalled).values()) == {DataCategory.ROUTING}


def test_a_letter_has_no_field_for_where_somebody_is_nor_for_health() -> None:
    kept_out = {DataCategory.WHEREABOUTS, DataCategory.HEALTH, DataCategory.ADDICTION, DataCategory.DEPENDANTS}
    assert not kept_out & set(fields_of(LetterWritten).values())
    assert "iin" not in LetterWritten.model_fields


def test_a_letter_is_written_to_partners_alone_and_nothing_else_goes_to_them() -> None:
    letters = [row for row in PERMITS if row.events & ON_PAPER]
    assert {kind for row in letters for kind in row.events} == ON_PAPER
    assert all(row.recipients <= frozenset(Partner) and len(row.events) == 1 for row in letters)
    assert all(row.recipients <= frozenset(Agency) for row in PERMITS if row not in letters)


def test_no_health_worker_writes_one() -> None:
    assert not any(Agency.HEALTH in row.senders for row in PERMITS if row.events & ON_PAPER)
