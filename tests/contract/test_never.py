"""What never leaves, whoever asks: every event × from × to × subject × basis × purpose, and every basis proved.

A consent to everything is given, an emergency declared, and a decision of a court binds.
"""

from datetime import timedelta
from functools import cache
from itertools import product
from uuid import UUID

import pytest

from shared.contract.conditions import Party
from shared.contract.consent import Consent
from shared.contract.decisions import Decision, decide
from shared.contract.grounds import CourtDecision, Emergency, Grounds
from shared.contract.policy import NAMING, OPAQUE, PERSONAL
from shared.contract.vocabulary import RECIPIENTS, Agency, Basis, EventType, Partner, Purpose, Recipient, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW

TO_EVERYTHING = Consent(
    id=UUID(int=1),
    recorded_by="police-1",
    purposes=frozenset(Purpose),
    recipients=frozenset(RECIPIENTS),
    categories=frozenset(C),
    given_at=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=1),
)

HOUR = timedelta(hours=1)
DANGER = Emergency(id=UUID(int=2), declared_by="shelter-1", declared_at=NOW - HOUR, until=NOW + HOUR)
COURT = CourtDecision(number="7599-26", decided_on=NOW.date(), until=NOW.date())

ABOUT_HER = {C.WHEREABOUTS, C.HOUSEHOLD, C.DEPENDANTS, C.NARRATIVE, C.HEALTH, C.ASSESSMENT, C.CORRESPONDENCE}
# What is neither personal nor opaque: it says that something happened or was counted, and not to whom.
NAMELESS = {C.PUBLIC, C.CORRESPONDENCE, C.STATISTICS}
POLICE, SHELTER, HEALTH, SOCIAL = Agency.POLICE, Agency.SHELTER, Agency.HEALTH, Agency.SOCIAL
Asked = tuple[Agency, Recipient, Grounds, Decision]
every_event = pytest.mark.parametrize("event_type", EventType)


@cache
def everything(event_type: EventType, consent: Consent | None = TO_EVERYTHING) -> list[Asked]:
    """Every decision about one type of event. The emergency is declared by whoever sends."""
    decisions = []
    for sender, recipient, subject, basis, purpose in product(Agency, RECIPIENTS, SubjectRole, Basis, (None, *Purpose)):
        here, there = Party(sender, f"{sender}-1"), Party(recipient, f"{recipient}-1")
        danger = DANGER.model_copy(update={"declared_by": here.organisation})
        grounds = Grounds.model_construct(
            basis=basis,
            purpose=purpose,
            subject=subject,
            consent=consent,
            emergency=danger,
            court=COURT,
        )
        made = decide(event_type, sender=here, recipient=there, grounds=grounds, at=NOW)
        decisions.append((sender, recipient, grounds, made))
    return decisions


def disclosing(event_type: EventType, categories: frozenset[C]) -> list[Asked]:
    """Those decisions by which one of these categories leaves."""
    return [asked for asked in everything(event_type) if asked[3].categories & categories]


@every_event
def test_all_that_can_be_asked_is_asked(event_type: EventType) -> None:
    assert len(everything(event_type)) == 4 * 8 * 3 * 6 * 22


@every_event
def test_where_she_stays_leaves_in_a_danger_to_life_alone_to_who_can_save_it(event_type: EventType) -> None:
    for _, to, on, _ in disclosing(event_type, frozenset({C.WHEREABOUTS})):
        assert (on.basis, on.purpose) == (Basis.EMERGENCY, Purpose.PROTECTION_OF_LIFE)
        assert to in {POLICE, HEALTH}
        assert on.subject is not SubjectRole.ALLEGED_OFFENDER


def test_where_she_stays_is_told_to_the_police_and_to_health_by_anyone_in_a_danger_to_life() -> None:
    told = disclosing(EventType.REFERRAL_REQUESTED, frozenset({C.WHEREABOUTS}))
    assert {(by, to) for by, to, *_ in told} == {*product(Agency, (POLICE, HEALTH))}


def again(event_type: EventType, asked: Asked, **change: object) -> Decision:
    """The same question on grounds that differ in something."""
    by, to, on, _ = asked
    changed = on.model_copy(update=change)
    here, there = Party(by, f"{by}-1"), Party(to, f"{to}-1")
    return decide(event_type, sender=here, recipient=there, grounds=changed, at=NOW)


@every_event
def test_where_she_stays_is_told_to_nobody_once_the_danger_is_over(event_type: EventType) -> None:
    for asked in disclosing(event_type, frozenset({C.WHEREABOUTS})):
        over = DANGER.model_copy(update={"declared_by": f"{asked[0]}-1", "until": NOW})
        assert not again(event_type, asked, emergency=over).permitted


@every_event
def test_who_asked_not_to_be_named_is_named_nowhere_and_helped_all_the_same(event_type: EventType) -> None:
    for asked in disclosing(event_type, NAMING):
        unnamed = again(event_type, asked, anonymous=True)
        needs_a_name = asked[2].purpose is Purpose.COMPULSORY_TREATMENT and asked[2].basis is Basis.COURT_DECISION
        # A question about nobody is none, and neither is a letter.
        needs_a_name |= event_type in {EventType.INFORMATION_REQUESTED, EventType.LETTER_WRITTEN}
        left = asked[3].categories - NAMING
        assert unnamed.categories == (frozenset() if needs_a_name else left)


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
    assert not [made for made in opaque if made.categories - OPAQUE - NAMELESS]


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
    relying = [asked for asked in disclosing(event_type, PERSONAL) if asked[2].basis is Basis.CONSENT]
    assert not [asked for asked in relying if again(event_type, asked, consent=None).categories & PERSONAL]


@every_event
def test_what_is_personal_leaves_without_consent_only_for_a_life_for_a_court_or_as_the_duty_about_him(
    event_type: EventType,
) -> None:
    for *_, on, made in disclosing(event_type, PERSONAL):
        personal = made.categories & PERSONAL
        if on.basis is Basis.STATUTORY_DUTY:
            assert personal == {C.IDENTITY}
            assert on.subject is SubjectRole.ALLEGED_OFFENDER
        elif on.basis is Basis.COURT_DECISION:
            assert personal <= {C.IDENTITY, C.CONTACT, C.ADDICTION, C.HEALTH, C.NARRATIVE, C.CONVICTIONS}
        elif on.basis is Basis.EMERGENCY:
            assert on.purpose is Purpose.PROTECTION_OF_LIFE
        else:
            assert on.basis is Basis.CONSENT


UNNAMED_NOTICES = (
    EventType.REFUSAL_NOTICE_ISSUED,
    EventType.REFUSAL_NOTICE_ACKNOWLEDGED,
    EventType.CONSENT_WITHDRAWN,
    EventType.VIOLENCE_REPORT_REGISTERED,
    EventType.CONVERSATION_HELD,
    EventType.INFORMATION_CLOSED,
    EventType.LETTER_RECALLED,
)


@pytest.mark.parametrize("event_type", UNNAMED_NOTICES)
def test_a_notice_says_nothing_beyond_what_routes_it(event_type: EventType) -> None:
    assert {frozenset(made.categories) for *_, made in everything(event_type) if made.permitted} == {
        frozenset({C.ROUTING})
    }


# Who may tell the police what, whatever the basis: all other events about a case do not reach them.
TOLD_TO_POLICE = {
    EventType.REFUSAL_NOTICE_ISSUED: {SHELTER},
    EventType.VIOLENCE_REPORTED: set(Agency),
    EventType.ADMISSION_REPORTED: {HEALTH},
    EventType.REFERRAL_REQUESTED: set(Agency),
    EventType.EXAMINATION_EVADED: {HEALTH},
    EventType.TREATMENT_MOVED: {POLICE, HEALTH},
    EventType.TREATMENT_DECIDED: {POLICE, HEALTH},
    EventType.TREATMENT_ENDED: {POLICE, HEALTH},
    EventType.ASSESSMENT_PROPOSED: set(Agency),
    EventType.ASSESSMENT_ANSWERED: set(Agency),
    EventType.ASSESSMENT_SIGNED: set(Agency),
    EventType.ASSESSMENT_ENDED: set(Agency),
    EventType.PLAN_PROGRESSED: {SOCIAL},
    EventType.PROGRAMME_ATTENDED: {HEALTH, SOCIAL},
    EventType.CONVERSATION_HELD: set(Agency),
    EventType.REGISTER_COMPARED: {POLICE, HEALTH, SOCIAL},
    EventType.INFORMATION_REQUESTED: set(Agency),
    EventType.INFORMATION_ANSWERED: set(Agency),
    EventType.INFORMATION_CLOSED: set(Agency),
    EventType.REFERRAL_MOVED: set(Agency),
    EventType.BED_HOLD_ANSWERED: set(Agency),
    EventType.REFERRAL_REMINDED: set(Agency),
    EventType.MESSAGE_POSTED: set(Agency) - {HEALTH},
    EventType.MESSAGES_READ: set(Agency),
    EventType.CONSENT_WITHDRAWN: set(Agency),
    EventType.ORGANISATION_ANNOUNCED: set(Agency),
    EventType.BEDS_COUNTED: set(Agency),
    EventType.AUDIT_CHECKPOINTED: set(Agency),
    EventType.STATISTICS_PUBLISHED: set(Agency),
    EventType.AGREEMENT_CONCLUDED: set(Agency),
    EventType.AGREEMENT_PROPOSED: {SOCIAL},
    EventType.AGREEMENT_ANSWERED: set(Agency),
    EventType.AGREEMENT_NOTICE_GIVEN: set(Agency),
}


@every_event
def test_the_police_are_told_what_the_report_says_by_those_whom_it_names(event_type: EventType) -> None:
    tell = {by for by, to, _, made in everything(event_type) if to is POLICE and made.permitted}
    assert tell == TOLD_TO_POLICE.get(event_type, set())


def test_a_refusal_notice_goes_from_a_shelter_to_the_police_and_nowhere_else() -> None:
    sent = {(by, to) for by, to, _, made in everything(EventType.REFUSAL_NOTICE_ISSUED) if made.permitted}
    assert sent == {(SHELTER, POLICE)}


def test_an_order_is_told_by_the_police_alone() -> None:
    orders = (EventType.ORDER_ISSUED, EventType.ORDER_CHANGED, EventType.ORDER_BREACHED)
    assert {by for kind in orders for by, *_, made in everything(kind) if made.permitted} == {POLICE}


def test_nobody_refers_to_the_police_unless_a_life_is_in_danger() -> None:
    sent = [(to, on) for _, to, on, made in everything(EventType.REFERRAL_REQUESTED) if made.permitted]
    assert {to for to, _ in sent} == set(Agency)
    assert {on.basis for to, on in sent if to is POLICE} == {Basis.EMERGENCY}


@every_event
def test_every_category_is_disclosed_or_explained_and_never_both(event_type: EventType) -> None:
    for *_, made in everything(event_type):
        assert not made.categories & made.withheld.keys()
        assert not made.permitted or made.categories | made.withheld.keys() == set(C)
        assert made.permitted or not made.categories


@pytest.mark.parametrize("consent", [TO_EVERYTHING, None], ids=["with-consent", "without"])
def test_a_withdrawal_and_a_closing_are_never_blocked(consent: Consent | None) -> None:
    moved = [made for _, to, _, made in everything(EventType.REFERRAL_MOVED, consent) if to in set(Agency)]
    assert all(made.permitted for made in moved)
    withdrawn = [one for one in everything(EventType.CONSENT_WITHDRAWN, consent) if one[1] in set(Agency)]
    assert all(made.permitted for *_, on, made in withdrawn if on.basis is Basis.OWN_REQUEST)


TO_PARTNERS = {
    EventType.LETTER_WRITTEN: {POLICE, SOCIAL},  # a shelter's name on a letter would say where somebody is
    EventType.LETTER_RECALLED: {POLICE, SOCIAL},
}


@every_event
def test_a_partner_without_a_service_is_told_by_letters_alone_and_nobody_else_is_told_by_them(
    event_type: EventType,
) -> None:
    told = [(by, to) for by, to, _, made in everything(event_type) if made.permitted]
    assert {by for by, to in told if to in set(Partner)} == TO_PARTNERS.get(event_type, set())
    assert event_type not in TO_PARTNERS or {to for _, to in told} == set(Partner)


def test_the_end_of_the_consent_of_a_letter_is_told_to_whoever_was_written_to_on_it() -> None:
    written = [(by, to, on) for by, to, on, made in everything(EventType.LETTER_WRITTEN) if made.permitted]
    on_consent = {(by, to, on.subject) for by, to, on in written if on.basis is Basis.CONSENT}
    own = [one for one in everything(EventType.LETTER_RECALLED, None) if one[2].basis is Basis.OWN_REQUEST]
    assert on_consent
    assert on_consent <= {(by, to, on.subject) for by, to, on, made in own if made.permitted}


def test_a_letter_says_nothing_of_health_or_of_where_she_is_and_to_whom_he_is_named_nothing_of_her() -> None:
    written = [(on, made) for _, _, on, made in everything(EventType.LETTER_WRITTEN) if made.permitted]
    never = {C.WHEREABOUTS, C.HEALTH, C.ADDICTION, C.DEPENDANTS, C.ASSESSMENT, C.CONVICTIONS}
    assert not [made for _, made in written if made.categories & never]
    about_him = [(on, made) for on, made in written if on.subject is SubjectRole.ALLEGED_OFFENDER]
    assert {on.basis for on, _ in about_him} == {Basis.STATUTORY_DUTY}
    assert {frozenset(made.categories) for _, made in about_him} == {
        frozenset({C.ROUTING, C.WORKER_CONTACT, C.IDENTITY, C.ORDER})
    }
