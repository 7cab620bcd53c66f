"""Who sits in a joint assessment, whose signatures it needs, by when one answers, and how it stands (F4)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, combinations, product

import pytest

from shared.contract.assessment import (
    ANSWERS,
    QUORUMS,
    SEATS,
    AssessmentState,
    Seat,
    answer_days,
    may_sit,
    missing,
    outcome,
    state_of,
    tells_of,
)
from shared.contract.policy import FORBIDS, PERMITS
from shared.contract.vocabulary import Agency, DataCategory, EventType

TODAY = date(2026, 3, 20)
QUORUM = {Seat.OFFICER, Seat.SOCIAL_WORKER, Seat.PSYCHOLOGIST}


def test_every_row_says_where_it_is_from_and_since_when() -> None:
    said = [(row.source, row.valid_from) for row in SEATS]
    said += [(row.source, row.valid_from) for row in QUORUMS] + [(row.source, row.valid_from) for row in ANSWERS]
    assert all(source and since <= TODAY for source, since in said)
    assert "para. 29" in QUORUMS[0].source


@pytest.mark.parametrize(
    ("seat", "agencies"),
    [
        (Seat.OFFICER, {Agency.POLICE}),
        (Seat.SOCIAL_WORKER, {Agency.SOCIAL}),
        (Seat.PSYCHOLOGIST, {Agency.HEALTH, Agency.SOCIAL}),
        (Seat.HOST, {Agency.SHELTER}),
    ],
)
def test_each_seat_is_filled_by_those_who_have_such_staff(seat: Seat, agencies: set[Agency]) -> None:
    assert {agency for agency in Agency if may_sit(seat, agency, on=TODAY)} == agencies


def test_before_the_standard_there_was_no_joint_assessment_that_could_stand() -> None:
    before = SEATS[0].valid_from - timedelta(days=1)
    assert not any(may_sit(seat, agency, on=before) for seat, agency in product(Seat, Agency))
    assert missing(set(Seat), on=before) == frozenset()
    assert missing((), on=before) == frozenset(Seat)
    assert outcome(dict.fromkeys(QUORUM, True), on=before) is None


def test_an_outcome_stands_on_the_signatures_of_all_three_and_on_nothing_less() -> None:
    some = chain.from_iterable(combinations(Seat, size) for size in range(len(Seat) + 1))
    for seats, challenging in product(some, (True, False)):
        stands = outcome(dict.fromkeys(seats, challenging), on=TODAY)
        assert stands is (challenging if set(seats) >= QUORUM else None), seats


def test_where_two_of_them_sign_different_things_nothing_stands() -> None:
    signed = {Seat.OFFICER: True, Seat.SOCIAL_WORKER: True, Seat.PSYCHOLOGIST: False}
    assert outcome(signed, on=TODAY) is None


def test_who_hosts_her_adds_nothing_to_the_outcome_and_takes_nothing_away() -> None:
    for host in (True, False):
        assert outcome({**dict.fromkeys(QUORUM, True), Seat.HOST: host}, on=TODAY) is True


def test_the_quorum_of_a_later_law_counts_from_its_day_on() -> None:
    day = TODAY + timedelta(days=10)
    rows = (replace(QUORUMS[0], valid_until=day), replace(QUORUMS[0], seats=frozenset({Seat.OFFICER}), valid_from=day))
    assert missing({Seat.OFFICER}, on=TODAY, rows=rows) == QUORUM - {Seat.OFFICER}
    assert missing({Seat.OFFICER}, on=day, rows=rows) == frozenset()
    assert outcome({Seat.OFFICER: True}, on=day, rows=rows) is True


def test_one_answers_within_one_business_day_or_what_a_later_row_says() -> None:
    later = (replace(ANSWERS[0], valid_until=TODAY), replace(ANSWERS[0], business_days=2, valid_from=TODAY))
    assert answer_days(TODAY) == 1
    assert [answer_days(day, rows=later) for day in (TODAY - timedelta(days=1), TODAY)] == [1, 2]


def test_its_end_beats_its_outcome_and_that_beats_an_agreement() -> None:
    for ended, concluded, agreed in product((True, False), repeat=3):
        state = state_of(ended=ended, concluded=concluded, agreed=agreed)
        assert (state is AssessmentState.ENDED) == ended
        assert (state is AssessmentState.CONCLUDED) == (concluded and not ended)
        assert (state is AssessmentState.AGREED) == (agreed and not concluded and not ended)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Есік қ., Абай к-сі, 5", True),
        ("ЕСІК Қ АБАЙ К СІ 5, 2-қабат", True),
        ("Абай к-сі", True),
        ("«Үміт» баспанасы", True),
        ("214-кабинет", False),
        ("5", False),
        ("Абайдың ескерткіші жанында", False),
        ("", False),
    ],
)
def test_a_place_is_not_named_by_what_must_not_be_told(text: str, tells: bool) -> None:  # a table
    assert tells_of(text, ["Есік қ., Абай к-сі, 5", "Үміт", ""]) is tells


def test_nothing_of_an_assessment_ever_says_where_she_is() -> None:
    events = {EventType.ASSESSMENT_PROPOSED, EventType.ASSESSMENT_ANSWERED}
    events |= {EventType.ASSESSMENT_SIGNED, EventType.ASSESSMENT_ENDED}
    assert not [row for row in PERMITS if row.events & events and DataCategory.WHEREABOUTS in row.categories]
    assert all(row.events >= events for row in FORBIDS if row.id == "F-WHEREABOUTS")
