"""A local agreement narrows what is negotiable, between its parties, while it is in force; it never opens anything."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from shared.contract.agreement import Agreement, Exchange
from shared.contract.calendar import end_of, start_of
from shared.contract.conditions import Circumstances, Party
from shared.contract.decisions import NO_RULE, Decision, decide
from shared.contract.grounds import Grounds
from shared.contract.policy import OPAQUE, PERMITS
from shared.contract.vocabulary import RECIPIENTS, Agency, Basis, EventType, Purpose
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW, Question, agreements, questions

TODAY = NOW.date()
POLICE, SHELTER = Party(Agency.POLICE, "police-almaty"), Party(Agency.SHELTER, "shelter-almaty")
LODGING = Question(
    EventType.REFERRAL_REQUESTED, POLICE, SHELTER, Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.LODGING)
)
NOTICE = Question(
    EventType.REFUSAL_NOTICE_ISSUED,
    SHELTER,
    POLICE,
    Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.REFUSAL_NOTICE),
)
INSTANT = timedelta(microseconds=1)


def line(*categories: C, **other: Any) -> Exchange:
    terms: dict[str, Any] = {
        "permit": "P-F1-LODGING",
        "senders": {Agency.POLICE},
        "recipients": {Agency.SHELTER},
        "bases": {Basis.OWN_REQUEST},
        "categories": categories,
    }
    return Exchange(**{**terms, **other})


def agreed(*lines: Exchange, **other: Any) -> Agreement:
    terms: dict[str, Any] = {
        "id": "A-75-2026",
        "region": "75",
        "parties": {"police-almaty", "shelter-almaty"},
        "exchanges": lines,
        "valid_from": TODAY,
    }
    return Agreement(**{**terms, **other})


def answer(question: Question, *known: Agreement) -> Decision:
    asked = question._replace(circumstances=Circumstances(agreements=known))
    return decide(**asked._asdict(), at=NOW)


def test_what_an_agreement_names_leaves_and_what_it_does_not_name_stays_because_of_it() -> None:
    made = answer(LODGING, agreed(line(C.ROUTING, C.NEEDS)))
    assert made.permitted
    assert made.categories == {C.ROUTING, C.NEEDS}
    assert made.withheld[C.HOUSEHOLD] == "A-75-2026"
    assert "A-75-2026" in made.rules


def test_an_agreement_without_what_an_event_needs_refuses_the_event_in_its_own_name() -> None:
    assert answer(LODGING, agreed(line(C.NEEDS))).refusal == "A-75-2026"
    assert answer(LODGING, agreed()).refusal == "A-75-2026"


def test_what_a_forbid_takes_away_is_explained_by_the_forbid_and_not_by_the_agreement() -> None:
    assert answer(LODGING, agreed(line(C.ROUTING))).withheld[C.IDENTITY] == "F-WITHOUT-CONSENT"


def test_what_no_permit_opens_is_opened_by_no_agreement() -> None:
    made = answer(LODGING, agreed(line(*C)))
    assert made.categories == OPAQUE
    assert made.withheld[C.HEALTH] == "F-WITHOUT-CONSENT"
    assert made.withheld[C.ORDER] == NO_RULE


@given(questions)
def test_an_agreement_on_everything_changes_nothing(question: Question) -> None:
    everyone = frozenset({question.sender.organisation, question.recipient.organisation, "akimat-almaty", "ngo-1"})
    lines = tuple(line(*C, permit=row.id, senders=Agency, recipients=RECIPIENTS, bases=Basis) for row in PERMITS)
    known = replace(question.circumstances, agreements=())
    without = question._replace(circumstances=known)
    with_it = question._replace(circumstances=replace(known, agreements=(agreed(*lines, parties=everyone),)))
    assert decide(**with_it._asdict(), at=NOW) == decide(**without._asdict(), at=NOW)


def test_two_agreements_leave_what_both_leave() -> None:
    one = agreed(line(C.ROUTING, C.NEEDS), id="A-ONE")
    two = agreed(line(C.ROUTING, C.HOUSEHOLD), id="A-TWO")
    assert answer(LODGING, one, two).categories == answer(LODGING, two, one).categories == {C.ROUTING}


def test_two_lines_of_one_agreement_add_up() -> None:
    assert answer(LODGING, agreed(line(C.ROUTING), line(C.NEEDS))).categories == {C.ROUTING, C.NEEDS}


def test_no_agreement_takes_a_statutory_duty_away() -> None:
    assert answer(NOTICE, agreed()) == answer(NOTICE)


@given(questions, agreements)
def test_no_agreement_touches_what_is_not_negotiable(question: Question, agreement: Agreement) -> None:
    fixed = tuple(row for row in PERMITS if not row.negotiable)
    known = replace(question.circumstances, agreements=(agreement,))
    without = question._replace(circumstances=replace(known, agreements=()))
    bound = decide(**question._replace(circumstances=known)._asdict(), at=NOW, permits=fixed)
    assert bound == decide(**without._asdict(), at=NOW, permits=fixed)


@pytest.mark.parametrize("party", ["police-almaty", "shelter-almaty"])
def test_it_is_enough_that_one_end_is_a_party(party: str) -> None:
    assert not answer(LODGING, agreed(parties={party, "akimat-almaty"})).permitted


def test_those_who_are_no_party_are_not_bound() -> None:
    assert answer(LODGING, agreed(parties={"hospital-4", "akimat-almaty"})) == answer(LODGING)


@pytest.mark.parametrize(
    "terms",
    [{"valid_from": TODAY + timedelta(days=1)}, {"valid_from": date(2020, 1, 1), "valid_until": TODAY}],
    ids=["not-yet", "no-longer"],
)
def test_an_agreement_that_is_not_in_force_has_no_effect(terms: dict[str, Any]) -> None:
    assert answer(LODGING, agreed(**terms)) == answer(LODGING)


def test_an_agreement_begins_and_ends_with_a_day_in_almaty() -> None:
    agreement = agreed(valid_until=TODAY + timedelta(days=1))
    first, after = start_of(TODAY), end_of(TODAY)
    assert [agreement.binds("police-almaty", at) for at in (first - INSTANT, first)] == [False, True]
    assert [agreement.binds("police-almaty", at) for at in (after - INSTANT, after)] == [True, False]


@pytest.mark.parametrize(
    "other", [{"senders": {Agency.SOCIAL}}, {"recipients": {Agency.SOCIAL}}, {"bases": {"consent"}}]
)
def test_a_line_for_others_opens_nothing_here(other: dict[str, Any]) -> None:
    assert not answer(LODGING, agreed(line(*OPAQUE, **other))).permitted


def test_an_agreement_ends_after_it_begins_and_has_two_parties() -> None:
    with pytest.raises(ValidationError, match="ends after"):
        agreed(valid_until=TODAY)
    with pytest.raises(ValidationError, match="parties"):
        agreed(parties={"police-almaty"})
