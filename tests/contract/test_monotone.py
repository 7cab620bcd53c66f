"""Whatever takes something away never adds anything: no withdrawal, end, narrowing or new rule discloses more.

And nothing is disclosed but what was consented to, or what a duty, a court, an emergency or an opaque row opens.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.agreement import Agreement
from shared.contract.capacity import Capacity
from shared.contract.decisions import Decision, decide, fields_of, objection, redact
from shared.contract.events import EVENTS, Event
from shared.contract.grounds import Handling
from shared.contract.policy import FORBIDS, PERMITS, PERSONAL, Condition, Forbid, Permit
from shared.contract.vocabulary import Basis, EventType, Grantor
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import any_of
from tests.oracle.oracle import NAMES, Asked
from tests.oracle.requests import asked


def _grantor(question: Asked) -> Grantor | None:
    return question.grounds.consent.granted_by if question.grounds.consent else None


with_consent = asked().filter(lambda question: question.grounds.consent is not None)
by_herself = asked().filter(lambda question: _grantor(question) is Grantor.SELF)
in_an_emergency = asked().filter(lambda question: question.grounds.emergency is not None)
some_categories = st.frozensets(st.sampled_from(C))


def answer(
    question: Asked, *, permits: tuple[Permit, ...] = PERMITS, forbids: tuple[Forbid, ...] = FORBIDS
) -> Decision:
    event_type, sender, recipient, grounds, at, circumstances = question
    return decide(
        event_type,
        sender=sender,
        recipient=recipient,
        grounds=grounds,
        at=at,
        circumstances=circumstances,
        permits=permits,
        forbids=forbids,
    )


def consenting(question: Asked, **terms: Any) -> Asked:
    """The same question with other terms of its consent."""
    consent = question.grounds.consent
    assert consent is not None
    changed = question.grounds.model_copy(update={"consent": consent.model_copy(update=terms)})
    return question._replace(grounds=changed)


def knowing(question: Asked, **facts: Any) -> Asked:
    """The same question in other circumstances."""
    return question._replace(circumstances=replace(question.circumstances, **facts))


def assert_no_more(question: Asked, changed: Asked) -> None:
    """What leaves after the change left before it, too."""
    before, after = answer(question), answer(changed)
    assert after.categories <= before.categories
    assert before.permitted or not after.permitted


def some_of(data: st.DataObject, terms: frozenset[Any]) -> frozenset[Any]:
    return frozenset(term for term in sorted(terms) if data.draw(st.booleans()))


@given(with_consent)
def test_a_withdrawal_never_discloses_more(question: Asked) -> None:
    assert_no_more(consenting(question, withdrawn_at=None), consenting(question, withdrawn_at=question.at))


@given(with_consent, st.integers(0, 100))
def test_an_earlier_end_of_a_consent_never_discloses_more(question: Asked, hours: int) -> None:
    consent = question.grounds.consent
    assert consent is not None
    assert_no_more(question, consenting(question, valid_until=consent.valid_until - timedelta(hours=hours)))


@given(with_consent)
def test_a_consent_that_has_expired_never_discloses_more(question: Asked) -> None:
    assert_no_more(question, consenting(question, valid_until=question.at))


@pytest.mark.parametrize("terms", ["purposes", "recipients", "categories"])
@given(question=with_consent, data=st.data())
def test_a_narrower_consent_never_discloses_more(terms: str, question: Asked, data: st.DataObject) -> None:
    consent = question.grounds.consent
    assert_no_more(question, consenting(question, **{terms: some_of(data, getattr(consent, terms))}))


@given(with_consent)
def test_no_consent_at_all_never_discloses_more_on_that_basis(question: Asked) -> None:
    relying = question._replace(grounds=question.grounds.model_copy(update={"basis": Basis.CONSENT}))
    assert_no_more(
        relying, relying._replace(grounds=relying.grounds.model_copy(update={"consent": None, "receipt": None}))
    )


@given(asked(), st.data())
def test_a_narrower_agreement_never_discloses_more(question: Asked, data: st.DataObject) -> None:
    narrower = tuple(_narrower(agreement, data) for agreement in question.circumstances.agreements)
    assert_no_more(question, knowing(question, agreements=narrower))


def _narrower(agreement: Agreement, data: st.DataObject) -> Agreement:
    lines = (line for line in agreement.exchanges if data.draw(st.booleans()))
    fewer = (line.model_copy(update={"categories": some_of(data, line.categories)}) for line in lines)
    return agreement.model_copy(update={"exchanges": tuple(fewer)})


@given(asked(), st.sampled_from(NAMES))
def test_one_more_agreement_never_discloses_more(question: Asked, party: str) -> None:
    nothing = Agreement(
        id="A-NEW",
        region="75",
        parties=frozenset({party, "somebody-else"}),
        exchanges=(),
        valid_from=date(2000, 1, 1),
    )
    more = (*question.circumstances.agreements, nothing)
    assert_no_more(question, knowing(question, agreements=more))


@given(asked(), st.sampled_from(PERMITS))
def test_one_permit_less_never_discloses_more(question: Asked, row: Permit) -> None:
    fewer = answer(question, permits=tuple(permit for permit in PERMITS if permit is not row))
    assert fewer.categories <= answer(question).categories


@given(asked(), st.sampled_from(FORBIDS), st.sampled_from(Condition), some_categories)
def test_one_forbid_more_never_discloses_more(
    question: Asked, row: Forbid, when: Condition, taken: frozenset[C]
) -> None:
    more = replace(row, id="F-NEW", condition=when, categories=taken)
    assert answer(question, forbids=(*FORBIDS, more)).categories <= answer(question).categories


@given(asked(), st.sampled_from(NAMES), some_categories)
def test_one_more_label_never_discloses_more(question: Asked, origin: str, categories: frozenset[C]) -> None:
    label = Handling(origin=origin, basis=Basis.CONSENT, purpose=None, categories=categories)
    assert_no_more(question, knowing(question, handling=(*question.circumstances.handling, label)))


@given(by_herself)
def test_who_consented_herself_and_loses_capacity_discloses_no_more(question: Asked) -> None:
    able = question.circumstances.capacity or Capacity()
    assert_no_more(question, knowing(question, capacity=replace(able, incapacitated=True)))


@given(asked())
def test_a_representative_who_turns_out_to_be_the_alleged_offender_discloses_no_more(question: Asked) -> None:
    known = question.circumstances.capacity or Capacity()
    worse = replace(known, representative_is_alleged_offender=True)
    assert_no_more(knowing(question, capacity=known), knowing(question, capacity=worse))


@given(asked())
def test_to_know_of_capacity_never_discloses_more_than_to_know_nothing(question: Asked) -> None:
    assert_no_more(knowing(question, capacity=None), question)


@given(asked())
def test_to_be_anonymous_never_discloses_more(question: Asked) -> None:
    assert_no_more(question, question._replace(grounds=question.grounds.model_copy(update={"anonymous": True})))


@given(in_an_emergency)
def test_the_end_of_an_emergency_never_discloses_more(question: Asked) -> None:
    assert question.grounds.emergency is not None
    over = question.grounds.emergency.model_copy(update={"until": question.at})
    assert_no_more(question, question._replace(grounds=question.grounds.model_copy(update={"emergency": over})))


@given(asked())
def test_what_is_personal_was_consented_to_or_is_opened_by_a_duty_a_court_or_an_emergency(question: Asked) -> None:
    disclosed = answer(question).categories & PERSONAL
    consent, basis = question.grounds.consent, question.grounds.basis
    opened = [row.categories for row in PERMITS if basis in row.bases and question.event_type in row.events]
    by_law = {Basis.STATUTORY_DUTY, Basis.COURT_DECISION, Basis.EMERGENCY}
    assert disclosed <= (
        consent.categories
        if basis is Basis.CONSENT and consent
        else frozenset[C]().union(*opened)
        if basis in by_law
        else frozenset()
    )


def _with_its_model(question: Asked, event_type: EventType) -> st.SearchStrategy[tuple[Asked, Event]]:
    return any_of(EVENTS[event_type]).map(lambda event: (question._replace(event_type=event_type), event))


@pytest.mark.parametrize("event_type", EVENTS)
@given(data=st.data())
def test_redaction_lets_nothing_through_that_is_withheld(event_type: EventType, data: st.DataObject) -> None:
    question, event = data.draw(asked().flatmap(lambda question: _with_its_model(question, event_type)))
    made = answer(question)
    left = redact(event, made.categories)
    through = {category for name, category in fields_of(type(left)).items() if getattr(left, name) is not None}
    assert not through & made.withheld.keys()
    assert objection(left, made) == (None if made.permitted else made.refusal)


@given(asked(), st.datetimes(datetime(2000, 1, 1), datetime(2009, 12, 31)))  # noqa: DTZ001, the zone follows
def test_before_the_law_began_nothing_is_disclosed(question: Asked, before: datetime) -> None:
    assert not answer(question._replace(at=before.replace(tzinfo=question.at.tzinfo))).permitted
