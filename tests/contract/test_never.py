"""What never leaves, whoever asks: every event × from × to × subject × basis × purpose, a consent to all given."""

from datetime import timedelta
from functools import cache
from itertools import product
from uuid import UUID

import pytest

from shared.contract.conditions import Party
from shared.contract.consent import Consent
from shared.contract.decisions import Decision, decide
from shared.contract.grounds import Grounds
from shared.contract.policy import OPAQUE, PERSONAL
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW

TO_EVERYTHING = Consent(
    id=UUID(int=1),
    recorded_by="police-1",
    purposes=frozenset(Purpose),
    recipients=frozenset(Agency),
    categories=frozenset(C),
    given_at=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=1),
)

ABOUT_HER = {C.HOUSEHOLD, C.DEPENDANTS, C.NARRATIVE, C.HEALTH, C.CORRESPONDENCE}
Asked = tuple[Agency, Agency, Grounds, Decision]
every_event = pytest.mark.parametrize("event_type", EventType)


@cache
def everything(event_type: EventType, consent: Consent | None = TO_EVERYTHING) -> list[Asked]:
    """Every decision about one type of event."""
    decisions = []
    for sender, recipient, subject, basis, purpose in product(Agency, Agency, SubjectRole, Basis, (None, *Purpose)):
        grounds = Grounds(basis=basis, purpose=purpose, subject=subject, consent=consent)
        here, there = Party(sender, f"{sender}-1"), Party(recipient, f"{recipient}-1")
        made = decide(event_type, sender=here, recipient=there, grounds=grounds, at=NOW)
        decisions.append((sender, recipient, grounds, made))
    return decisions


@every_event
def test_where_she_stays_is_never_disclosed(event_type: EventType) -> None:
    assert len(everything(event_type)) == 4 * 4 * 3 * 6 * 9
    assert not [made for *_, made in everything(event_type) if C.WHEREABOUTS in made.categories]


@every_event
def test_health_and_addiction_never_reach_the_police(event_type: EventType) -> None:
    reached = [made for _, to, _, made in everything(event_type) if to is Agency.POLICE]
    assert not [made for made in reached if made.categories & {C.HEALTH, C.ADDICTION}]


@every_event
def test_what_a_health_worker_writes_never_reaches_the_police(event_type: EventType) -> None:
    reached = [made for by, to, _, made in everything(event_type) if (by, to) == (Agency.HEALTH, Agency.POLICE)]
    assert not [made for made in reached if made.categories & {C.CORRESPONDENCE, C.NARRATIVE}]


@every_event
def test_addiction_reaches_health_alone(event_type: EventType) -> None:
    assert {to for _, to, _, made in everything(event_type) if C.ADDICTION in made.categories} <= {Agency.HEALTH}


@every_event
def test_nothing_about_the_victim_is_in_anything_about_the_alleged_offender(event_type: EventType) -> None:
    about_him = [made for *_, on, made in everything(event_type) if on.subject is SubjectRole.ALLEGED_OFFENDER]
    assert not [made for made in about_him if made.categories & ABOUT_HER]


@every_event
def test_without_consent_nothing_personal_leaves(event_type: EventType) -> None:
    unnamed = {Basis.NO_PERSONAL_DATA, Basis.OWN_REQUEST}
    opaque = [made for *_, on, made in everything(event_type) if on.basis in unnamed]
    assert not [made for made in opaque if made.categories - OPAQUE - {C.CORRESPONDENCE, C.PUBLIC}]


@pytest.mark.parametrize("basis", [Basis.NO_PERSONAL_DATA, Basis.OWN_REQUEST])
@pytest.mark.parametrize("subject", SubjectRole)
def test_a_referral_without_consent_is_opaque_and_says_of_him_not_even_who_lives_with_him(
    basis: Basis, subject: SubjectRole
) -> None:
    asked = everything(EventType.REFERRAL_REQUESTED)
    opaque = [made for *_, on, made in asked if (on.basis, on.subject) == (basis, subject) and made.permitted]
    about_her = {C.HOUSEHOLD} if subject is SubjectRole.ALLEGED_OFFENDER else set()
    assert {frozenset(made.categories) for made in opaque} == {OPAQUE - about_her}


@every_event
def test_relying_on_a_consent_that_nobody_gave_discloses_nothing_personal(event_type: EventType) -> None:
    without = [made for *_, on, made in everything(event_type, None) if on.basis is Basis.CONSENT]
    assert not [made for made in without if made.categories & PERSONAL]


@every_event
def test_a_consent_changes_nothing_where_another_basis_is_relied_on(event_type: EventType) -> None:
    both = zip(everything(event_type), everything(event_type, None), strict=True)
    others = [(made, without) for (*_, on, made), (*_, without) in both if on.basis is not Basis.CONSENT]
    assert all(made == without for made, without in others)


@pytest.mark.parametrize("event_type", [EventType.REFUSAL_NOTICE_ISSUED, EventType.CONSENT_WITHDRAWN])
def test_a_notice_says_nothing_beyond_what_routes_it(event_type: EventType) -> None:
    assert {frozenset(made.categories) for *_, made in everything(event_type) if made.permitted} == {
        frozenset({C.ROUTING})
    }


def test_a_refusal_notice_goes_from_a_shelter_to_the_police_and_nowhere_else() -> None:
    sent = {(by, to) for by, to, _, made in everything(EventType.REFUSAL_NOTICE_ISSUED) if made.permitted}
    assert sent == {(Agency.SHELTER, Agency.POLICE)}


def test_nobody_refers_to_the_police() -> None:
    sent = {to for _, to, _, made in everything(EventType.REFERRAL_REQUESTED) if made.permitted}
    assert sent == set(Agency) - {Agency.POLICE}


@every_event
def test_every_category_is_disclosed_or_explained_and_never_both(event_type: EventType) -> None:
    for *_, made in everything(event_type):
        assert not made.categories & made.withheld.keys()
        assert not made.permitted or made.categories | made.withheld.keys() == set(C)
        assert made.permitted or not made.categories


@pytest.mark.parametrize("consent", [TO_EVERYTHING, None], ids=["with-consent", "without"])
def test_a_withdrawal_and_a_closing_are_never_blocked(consent: Consent | None) -> None:
    moved = everything(EventType.REFERRAL_MOVED, consent)
    assert all(made.permitted for *_, made in moved)
    own = [made for *_, on, made in everything(EventType.CONSENT_WITHDRAWN, consent) if on.basis is Basis.OWN_REQUEST]
    assert all(made.permitted for made in own)
