"""A consent as it travels tells the recipient nothing about others, and opens the same."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given

from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import Decision, decide, narrowed
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW, Question, questions


def decided(question: Question, *, on: Grounds | None = None) -> Decision:
    """What is decided, or would be on other grounds."""
    asked = question if on is None else question._replace(grounds=on)
    return decide(**asked._asdict(), at=NOW)


def sent(question: Question) -> Grounds:
    """The grounds as they travel."""
    return narrowed(question.grounds, recipient=question.recipient, decision=decided(question))


def at_the_receiver(question: Question) -> Question:
    """What the receiver asks: it knows the agreements; not what the sender got from elsewhere, nor who can consent."""
    known = Circumstances(agreements=question.circumstances.agreements)
    return question._replace(circumstances=known)


@given(questions)
def test_the_receiver_decides_from_the_narrowed_consent_as_the_sender_would_with_what_both_know(
    question: Question,
) -> None:
    shared = at_the_receiver(question)
    made, again = decided(shared), decided(shared, on=sent(shared))
    assert (again.permitted, again.categories) == (made.permitted, made.categories)


@given(questions)
def test_the_receiver_never_refuses_what_the_sender_found_permitted(question: Question) -> None:
    made = decided(question)
    again = decided(at_the_receiver(question), on=sent(question))
    assert again.permitted or not made.permitted
    assert made.categories <= again.categories


@given(questions)
def test_a_narrowed_consent_names_nobody_else_no_other_purpose_and_nothing_that_is_not_sent(question: Question) -> None:
    consent = sent(question).consent
    if consent is not None:
        assert consent.recipients == {question.recipient.organisation}
        assert consent.purposes <= {question.grounds.purpose}
        assert consent.categories <= decided(question).categories


@given(questions)
def test_narrowing_twice_changes_nothing_more(question: Question) -> None:
    once = sent(question)
    assert narrowed(once, recipient=question.recipient, decision=decided(question)) == once


@given(questions)
def test_a_narrowed_consent_that_names_the_purpose_can_be_read_by_the_receiver(question: Question) -> None:
    travelled, consent = sent(question), question.grounds.consent
    if consent is None or question.grounds.purpose in consent.purposes:
        assert Grounds.model_validate_json(travelled.model_dump_json()) == travelled


@given(questions)
def test_what_else_proves_the_basis_travels_as_it_is(question: Question) -> None:
    left, given_ = sent(question), question.grounds
    assert (left.basis, left.purpose, left.subject) == (given_.basis, given_.purpose, given_.subject)
    assert (left.emergency, left.court, left.anonymous) == (given_.emergency, given_.court, given_.anonymous)


def test_what_a_proposal_is_answered_with_goes_along_as_far_as_the_person_allows_it() -> None:
    consent = Consent(
        id=UUID(int=1),
        recorded_by="police-almaty",
        purposes=frozenset({Purpose.JOINT_ASSESSMENT}),
        recipients=frozenset({Agency.HEALTH}),
        categories=frozenset({C.IDENTITY, C.ASSESSMENT}),
        given_at=NOW,
        valid_until=NOW + timedelta(days=30),
    )
    grounds = Grounds(basis=Basis.CONSENT, purpose=Purpose.JOINT_ASSESSMENT, consent=consent)
    police, hospital = Party(Agency.POLICE, "police-almaty"), Party(Agency.HEALTH, "hospital-4")
    made = decide(EventType.ASSESSMENT_PROPOSED, sender=police, recipient=hospital, grounds=grounds, at=NOW)
    travelled = narrowed(grounds, recipient=hospital, decision=made)
    back = decide(EventType.ASSESSMENT_SIGNED, sender=hospital, recipient=police, grounds=travelled, at=NOW)
    assert (back.permitted, C.ASSESSMENT in back.categories, C.IDENTITY in back.categories) == (True, True, False)
    less = grounds.model_copy(update={"consent": consent.model_copy(update={"categories": frozenset({C.IDENTITY})})})
    travelled = narrowed(less, recipient=hospital, decision=made)
    assert not decide(
        EventType.ASSESSMENT_SIGNED, sender=hospital, recipient=police, grounds=travelled, at=NOW
    ).permitted


def test_a_closing_can_be_read_even_if_the_consent_is_for_another_purpose() -> None:
    consent = Consent(
        id=UUID(int=1),
        recorded_by="police-almaty",
        purposes=frozenset({Purpose.MEDICAL_EXAMINATION}),
        recipients=frozenset({Agency.SHELTER}),
        categories=frozenset(),
        given_at=NOW,
        valid_until=NOW + timedelta(days=30),
    )
    grounds = Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=consent)
    police, shelter = Party(Agency.POLICE, "police-almaty"), Party(Agency.SHELTER, "shelter-almaty")
    made = decide(EventType.REFERRAL_MOVED, sender=police, recipient=shelter, grounds=grounds, at=NOW)
    assert made.permitted
    travelled = narrowed(grounds, recipient=shelter, decision=made)
    assert Grounds.model_validate_json(travelled.model_dump_json()).basis is Basis.CONSENT
