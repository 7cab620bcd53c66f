"""A consent as it travels tells the recipient nothing about others, and opens the same."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given

from shared.contract.conditions import Party
from shared.contract.consent import Consent
from shared.contract.decisions import decide, narrowed
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose
from tests.contract.strategies import NOW, Question, questions


@given(questions)
def test_the_receiver_decides_from_the_narrowed_consent_as_the_sender_decided(question: Question) -> None:
    event_type, sender, recipient, grounds = question
    made = decide(event_type, sender=sender, recipient=recipient, grounds=grounds, at=NOW)
    travelled = narrowed(grounds, recipient=recipient, decision=made)
    again = decide(event_type, sender=sender, recipient=recipient, grounds=travelled, at=NOW)
    assert (again.permitted, again.categories) == (made.permitted, made.categories)


@given(questions)
def test_a_narrowed_consent_names_nobody_else_no_other_purpose_and_nothing_that_is_not_sent(question: Question) -> None:
    event_type, sender, recipient, grounds = question
    made = decide(event_type, sender=sender, recipient=recipient, grounds=grounds, at=NOW)
    consent = narrowed(grounds, recipient=recipient, decision=made).consent
    if consent is not None:
        assert consent.recipients == {recipient.organisation}
        assert consent.purposes <= {grounds.purpose}
        assert consent.categories <= made.categories


@given(questions)
def test_narrowing_twice_changes_nothing_more(question: Question) -> None:
    event_type, sender, recipient, grounds = question
    made = decide(event_type, sender=sender, recipient=recipient, grounds=grounds, at=NOW)
    once = narrowed(grounds, recipient=recipient, decision=made)
    assert narrowed(once, recipient=recipient, decision=made) == once


@given(questions)
def test_a_narrowed_consent_that_names_the_purpose_can_be_read_by_the_receiver(question: Question) -> None:
    event_type, sender, recipient, grounds = question
    made = decide(event_type, sender=sender, recipient=recipient, grounds=grounds, at=NOW)
    travelled = narrowed(grounds, recipient=recipient, decision=made)
    if grounds.consent is None or grounds.purpose in grounds.consent.purposes:
        assert Grounds.model_validate_json(travelled.model_dump_json()) == travelled


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
