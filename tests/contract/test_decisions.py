"""How `decide()` reads the rows, and what `redact()` leaves."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contract.agreement import Agreement
from shared.contract.capacity import Capacity
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import (
    NO_RULE,
    Decision,
    decide,
    fields_of,
    objection,
    reason_of,
    redact,
    retained,
    withheld_fields,
)
from shared.contract.events import Event, ReferralRequested
from shared.contract.grounds import Grounds, Handling
from shared.contract.policy import FORBIDS, NAMING, PERMITS, PERSONAL, RETENTION, Forbid, Permit, Whose
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import (
    NOW,
    Question,
    agreements,
    categories,
    consents,
    events,
    labels,
    matching,
    questions,
)

DOCTOR_WRITES_TO_POLICE = Question(
    EventType.MESSAGE_POSTED,
    Party(Agency.HEALTH, "hospital-4"),
    Party(Agency.POLICE, "police-almaty"),
    Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.MEDICAL_EXAMINATION),
)

REFERRED_TO_A_DOCTOR = Question(
    EventType.REFERRAL_REQUESTED,
    Party(Agency.POLICE, "police-almaty"),
    Party(Agency.HEALTH, "hospital-4"),
    Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.MEDICAL_EXAMINATION),
)
NAMED_TO_HEALTH = Consent(
    id=UUID(int=1),
    recorded_by="police-almaty",
    purposes=frozenset({Purpose.MEDICAL_EXAMINATION}),
    recipients=frozenset({Agency.HEALTH}),
    categories=frozenset({C.IDENTITY}),
    given_at=NOW,
    valid_until=NOW + timedelta(days=30),
)
ASKED_FOR_LODGING = Grounds(basis=Basis.OWN_REQUEST, purpose=Purpose.LODGING)


def answer(
    question: Question,
    *,
    at: datetime = NOW,
    permits: tuple[Permit, ...] = PERMITS,
    forbids: tuple[Forbid, ...] = FORBIDS,
) -> Decision:
    return decide(**question._asdict(), at=at, permits=permits, forbids=forbids)


def with_consent(question: Question, consent: Consent | None, **change: object) -> Question:
    changed = consent.model_copy(update=change) if consent else None
    on = question.grounds.model_copy(update={"consent": changed, "basis": Basis.CONSENT})
    return question._replace(grounds=on)


@given(questions)
def test_without_any_permit_nothing_is_permitted(question: Question) -> None:
    made = answer(question, permits=())
    assert (made.permitted, made.categories) == (False, frozenset())


@given(questions, st.sampled_from(PERMITS))
def test_removing_a_permit_never_discloses_more(question: Question, row: Permit) -> None:
    fewer = tuple(permit for permit in PERMITS if permit is not row)
    assert answer(question, permits=fewer).categories <= answer(question).categories


@given(questions, st.sampled_from(FORBIDS))
def test_removing_a_forbid_never_discloses_less(question: Question, row: Forbid) -> None:
    fewer = tuple(forbid for forbid in FORBIDS if forbid is not row)
    assert answer(question, forbids=fewer).categories >= answer(question).categories


@given(questions, st.permutations(PERMITS), st.permutations(FORBIDS))
def test_the_order_of_the_rows_changes_nothing_that_leaves(
    question: Question, permits: list[Permit], forbids: list[Forbid]
) -> None:
    shuffled = answer(question, permits=tuple(permits), forbids=tuple(forbids))
    assert shuffled.categories == answer(question).categories


@given(questions)
def test_a_row_is_valid_from_its_first_moment_until_just_before_its_last(question: Question) -> None:
    assert not answer(question, at=PERMITS[0].valid_from - timedelta(microseconds=1)).permitted
    ended = tuple(replace(row, valid_until=NOW) for row in PERMITS)
    assert not answer(question, permits=ended).permitted
    just_before = answer(question, at=NOW - timedelta(microseconds=1), permits=ended)
    assert just_before == answer(question, at=NOW - timedelta(microseconds=1))


@given(questions, consents)
def test_withdrawing_a_consent_never_discloses_more(question: Question, consent: Consent) -> None:
    before = answer(with_consent(question, consent, withdrawn_at=None))
    assert answer(with_consent(question, consent, withdrawn_at=NOW)).categories <= before.categories


@given(questions, consents)
def test_the_end_of_a_consent_never_discloses_more(question: Question, consent: Consent) -> None:
    before = answer(with_consent(question, consent))
    assert answer(with_consent(question, consent, valid_until=NOW)).categories <= before.categories


@given(questions, consents, st.data())
def test_a_narrower_consent_never_discloses_more(question: Question, consent: Consent, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["purposes", "recipients", "categories"]))
    narrower = frozenset(term for term in sorted(getattr(consent, name)) if data.draw(st.booleans()))
    before = answer(with_consent(question, consent))
    assert answer(with_consent(question, consent, **{name: narrower})).categories <= before.categories


def test_a_consent_for_several_purposes_is_judged_by_the_one_that_it_is_used_for() -> None:
    sixteen = Circumstances(capacity=Capacity(birth_date=date(2009, 5, 1)))
    to_the_doctor, both = (
        frozenset({Purpose.MEDICAL_EXAMINATION}),
        frozenset({Purpose.MEDICAL_EXAMINATION, Purpose.PSYCHOLOGICAL_HELP}),
    )
    question = REFERRED_TO_A_DOCTOR._replace(circumstances=sixteen)
    consent = NAMED_TO_HEALTH.model_copy(update={"purposes": both})
    assert answer(with_consent(question, consent, purposes=to_the_doctor)).permitted
    assert answer(with_consent(question, consent)).permitted
    helped = with_consent(question, consent).grounds.model_copy(update={"purpose": Purpose.PSYCHOLOGICAL_HELP})
    assert answer(question._replace(grounds=helped)).refusal == "F-WRONG-GRANTOR"


@given(questions, agreements)
def test_another_agreement_never_discloses_more(question: Question, agreement: Agreement) -> None:
    known = question.circumstances
    with_it = replace(known, agreements=(*known.agreements, agreement))
    assert answer(question._replace(circumstances=with_it)).categories <= answer(question).categories


@given(questions, labels)
def test_another_label_never_discloses_more(question: Question, label: Handling) -> None:
    labelled = replace(question.circumstances, handling=(*question.circumstances.handling, label))
    assert answer(question._replace(circumstances=labelled)).categories <= answer(question).categories


@given(questions, st.sampled_from(["emergency", "court"]))
def test_losing_what_proves_the_basis_never_discloses_more(question: Question, proof: str) -> None:
    without = question.grounds.model_copy(update={proof: None})
    assert answer(question._replace(grounds=without)).categories <= answer(question).categories


@given(questions)
def test_who_asks_not_to_be_named_is_named_by_no_decision(question: Question) -> None:
    unnamed = question.grounds.model_copy(update={"anonymous": True})
    made = answer(question._replace(grounds=unnamed))
    assert not made.categories & NAMING
    assert made.categories <= answer(question).categories


@given(questions)
def test_losing_the_consent_altogether_never_discloses_more(question: Question) -> None:
    before = answer(with_consent(question, question.grounds.consent))
    assert answer(with_consent(question, None)).categories <= before.categories


@given(questions, consents)
def test_on_the_basis_of_consent_only_what_it_names_leaves_beside_what_needs_none(
    question: Question, consent: Consent
) -> None:
    assert answer(with_consent(question, consent)).categories <= consent.categories | (set(C) - PERSONAL)


@given(st.sampled_from(PERMITS).flatmap(lambda row: st.tuples(st.just(row), matching(row))))
def test_a_decision_names_the_permit_that_opened_and_the_rules_that_withheld(both: tuple[Permit, Question]) -> None:
    row, question = both
    made = answer(question)
    assert row.id in made.rules
    assert set(made.withheld.values()) - {NO_RULE} <= set(made.rules)


def test_what_an_event_can_not_do_without_names_the_refusal() -> None:
    made = answer(DOCTOR_WRITES_TO_POLICE)
    assert (made.permitted, made.refusal) == (False, "F-DOCTOR-WRITES-NOT-TO-POLICE")


def test_what_no_row_opens_is_refused_because_no_rule_allows_it() -> None:
    officer, akimat = Party(Agency.POLICE, "police-almaty"), Party(Agency.SOCIAL, "akimat-almaty")
    grounds = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.LODGING)
    made = answer(Question(EventType.REFERRAL_REQUESTED, officer, akimat, grounds))
    assert (made.permitted, made.refusal) == (False, NO_RULE)


def test_what_a_decision_allows_can_not_be_changed_afterwards() -> None:
    assert isinstance(answer(REFERRED_TO_A_DOCTOR).categories, frozenset)


@given(events, categories)
def test_redaction_leaves_the_allowed_fields_as_they_are_and_empties_the_rest(
    event: Event, allowed: frozenset[C]
) -> None:
    left = redact(event, allowed)
    for name, category in fields_of(type(event)).items():
        assert getattr(left, name) == (getattr(event, name) if category in allowed else None)


@given(events, categories)
def test_redacting_twice_changes_nothing_more(event: Event, allowed: frozenset[C]) -> None:
    assert redact(redact(event, allowed), allowed) == redact(event, allowed)


@given(events, questions)
def test_what_a_decision_let_through_can_be_read_again(event: Event, question: Question) -> None:
    made = answer(question._replace(event_type=event.type))
    sent = redact(event, made.categories) if made.permitted else event
    assert type(event).model_validate_json(sent.model_dump_json()) == sent


@given(events, questions)
def test_an_event_meets_no_objection_exactly_if_it_is_permitted_and_redaction_would_not_change_it(
    event: Event, question: Question
) -> None:
    made = answer(question._replace(event_type=event.type))
    unchanged = redact(event, made.categories) == event
    assert (objection(event, made) is None) == (made.permitted and unchanged)


@given(events, questions)
def test_what_was_redacted_as_decided_meets_no_objection(event: Event, question: Question) -> None:
    made = answer(question._replace(event_type=event.type))
    assert objection(redact(event, made.categories), made) == (None if made.permitted else made.refusal)


@given(events)
def test_every_event_meets_an_objection_where_nothing_is_permitted(event: Event) -> None:
    assert objection(event, Decision(permitted=False)) == NO_RULE


def test_a_receiver_objects_with_the_rule_that_should_have_emptied_the_field() -> None:
    police, shelter = Party(Agency.POLICE, "police-almaty"), Party(Agency.SHELTER, "shelter-almaty")
    made = answer(Question(EventType.REFERRAL_REQUESTED, police, shelter, ASKED_FOR_LODGING))
    referral = ReferralRequested(referral_id=UUID(int=1), purpose=Purpose.LODGING, subject=SubjectRole.VICTIM)
    assert objection(referral, made) is None
    assert objection(referral.model_copy(update={"address": "12 Abai Avenue"}), made) == "F-WHEREABOUTS"


@given(events, questions)
def test_each_withheld_field_names_the_rule_of_its_category(event: Event, question: Question) -> None:
    made = answer(question._replace(event_type=event.type))
    if made.permitted:
        emptied = {n for n, v in redact(event, made.categories) if v is None and getattr(event, n) is not None}
        named = withheld_fields(event, made)
        assert named == {name: made.withheld[fields_of(type(event))[name]] for name in emptied}


@pytest.mark.parametrize("agency", Agency)
def test_once_consent_is_gone_every_agency_keeps_that_there_was_a_referral_and_nothing_personal(agency: Agency) -> None:
    assert retained(agency, NOW) == {C.ROUTING}


def test_what_an_agency_wrote_itself_says_nothing_of_what_it_keeps_of_others() -> None:
    own = tuple(row for row in RETENTION if row.of is Whose.OWN)
    assert own
    assert retained(Agency.POLICE, NOW, retention=own) == frozenset()


@pytest.mark.parametrize("row", [*PERMITS, *FORBIDS, *RETENTION], ids=lambda row: row.id)
def test_a_rule_is_explained_by_its_own_reason(row: Permit | Forbid) -> None:
    assert reason_of(row.id) == row.reason


def test_what_no_rule_allows_is_explained_too() -> None:
    assert reason_of(NO_RULE).en == "No rule allows it."


def test_what_an_agreement_takes_away_is_explained_by_there_being_an_agreement() -> None:
    assert reason_of("A-75-2026").en == "The local agreement does not provide for it."
