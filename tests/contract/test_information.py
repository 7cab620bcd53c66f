"""Questions between agencies (F14): what they say, who answers, by when, on whose consent, and how they end."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.contract.calendar import PUBLISHED, VERSION, Amendment, Calendar
from shared.contract.conditions import Party
from shared.contract.consent import CONSENTABLE, Consent
from shared.contract.decisions import Decision, decide, fields_of, narrowed
from shared.contract.events import Conviction, InformationAnswered, InformationClosed, InformationRequested
from shared.contract.grounds import CourtDecision, Grounds
from shared.contract.information import (
    ALLOWED,
    ANSWERED_BY,
    FIELDS,
    SAYS,
    TELLING_GROUNDS,
    TERMS,
    allowed_actions,
    beats,
    due,
)
from shared.contract.questions import decide_on
from shared.contract.vocabulary import (
    Agency,
    Basis,
    InformationKind,
    InquiryAction,
    InquiryState,
    Purpose,
    Side,
    SubjectRole,
)
from shared.contract.vocabulary import DataCategory as C
from tests.contract.strategies import NOW

every_kind = pytest.mark.parametrize("kind", InformationKind)
DAY = timedelta(days=1)
ASKER, ANSWERER = Party(Agency.SOCIAL, "akimat-almaty"), Party(Agency.HEALTH, "hospital-4")
POLICE = Party(Agency.POLICE, "police-almaty")
GIVEN = Consent(
    id=UUID(int=1),
    recorded_by=ASKER.organisation,
    purposes=frozenset({Purpose.INFORMATION_REQUEST}),
    recipients=frozenset({Agency.HEALTH}),
    categories=frozenset({C.IDENTITY, C.HEALTH}),
    given_at=NOW - DAY,
    valid_until=NOW + DAY,
)


def question(kind: InformationKind = InformationKind.MEDICAL_CERTIFICATE, **more: Any) -> InformationRequested:
    days = {"due_on": date(2026, 3, 30), "remind_on": date(2026, 3, 27), "calendar": VERSION}
    about = {"inquiry_id": UUID(int=2), "kind": kind, "subject": SubjectRole.VICTIM}
    return InformationRequested.model_validate({**days, **about, "family_name": "Ахметова", **more})


def on_consent(**terms: Any) -> Grounds:
    consent = GIVEN.model_copy(update=terms)
    return Grounds(basis=Basis.CONSENT, purpose=Purpose.INFORMATION_REQUEST, consent=consent)


def asked(grounds: Grounds, kind: InformationKind = InformationKind.MEDICAL_CERTIFICATE, **ends: Party) -> Decision:
    sender, recipient = ends.get("sender", ASKER), ends.get("recipient", ANSWERER)
    return decide_on(question(kind), sender=sender, recipient=recipient, grounds=grounds, at=NOW)


def test_a_question_has_no_field_for_health_what_happened_or_where_anybody_is() -> None:
    assert set(fields_of(InformationRequested).values()) == {C.ROUTING, C.IDENTITY, C.WORKER_CONTACT}


def test_an_answer_has_no_field_for_addiction_or_for_who_it_is() -> None:
    assert set(fields_of(InformationAnswered).values()) == {C.ROUTING, C.HEALTH, C.NARRATIVE, C.CONVICTIONS}


def test_a_closing_says_nothing_beyond_what_routes_it() -> None:
    assert set(fields_of(InformationClosed).values()) == {C.ROUTING}


@pytest.mark.parametrize("article", ["cc-109", "cc-108-1", "cao-73"])
def test_a_conviction_names_an_article_and_a_day(article: str) -> None:
    told = Conviction(article=article, convicted_on=date(2025, 4, 11), spent=True)
    assert told.article == article


@pytest.mark.parametrize("article", ["109", "cc-109: побои", "cc-", "Ахметова"])
def test_a_conviction_has_no_room_for_words(article: str) -> None:
    with pytest.raises(ValidationError):
        Conviction(article=article, convicted_on=date(2025, 4, 11), spent=True)


@every_kind
def test_every_kind_is_answered_by_somebody_says_something_and_has_a_term(kind: InformationKind) -> None:
    assert ANSWERED_BY[kind]
    assert SAYS[kind] in CONSENTABLE
    assert due(kind, NOW.date(), PUBLISHED) is not None


def test_health_answers_what_is_about_health_and_the_police_what_is_about_convictions() -> None:
    assert {SAYS[kind] for kind, by in ANSWERED_BY.items() if Agency.HEALTH in by} == {C.HEALTH, C.ADDICTION}
    assert {kind for kind, by in ANSWERED_BY.items() if Agency.POLICE in by} == {InformationKind.PRIOR_CONVICTIONS}
    assert not [kind for kind, by in ANSWERED_BY.items() if Agency.SHELTER in by]


def test_each_field_of_an_answer_holds_the_category_it_is_listed_for() -> None:
    assert {fields_of(InformationAnswered)[name]: name for name in FIELDS.values()} == FIELDS
    assert set(SAYS.values()) - set(FIELDS) == {C.ADDICTION}


def test_an_answer_is_due_in_business_days_with_a_reminder_before() -> None:
    by = due(InformationKind.MEDICAL_CERTIFICATE, date(2026, 3, 19), PUBLISHED)
    assert by is not None  # Nauryz: 21 to 23 March, and the days off in lieu of those on the weekend
    assert (by.remind_on, by.on, by.calendar) == (date(2026, 3, 26), date(2026, 3, 27), VERSION)


def test_a_day_off_that_was_decreed_lately_moves_what_is_asked_from_then_on() -> None:
    off = Amendment(date(2026, 3, 26), known_from=date(2026, 3, 1), working=False, source="decree")
    by = due(InformationKind.MEDICAL_CERTIFICATE, date(2026, 3, 19), Calendar((off,)))
    assert by is not None
    assert (by.remind_on, by.on) == (date(2026, 3, 27), date(2026, 3, 30))
    assert by.calendar != VERSION


def test_a_later_term_counts_from_its_first_day_on() -> None:
    change = date(2026, 7, 1)
    old = next(row for row in TERMS if row.kind is InformationKind.PRIOR_CONVICTIONS)
    rows = (replace(old, valid_until=change), replace(old, within=1, valid_from=change))
    before, after = (due(old.kind, day, PUBLISHED, rows=rows) for day in (change - DAY, change))
    assert before is not None
    assert after is not None
    assert (before.on, after.on, after.remind_on) == (date(2026, 7, 3), date(2026, 7, 2), date(2026, 7, 2))


def test_before_the_first_term_nothing_is_due() -> None:
    assert due(InformationKind.PRIOR_CONVICTIONS, date(2009, 12, 31), PUBLISHED) is None


def test_a_consent_that_names_what_the_answer_says_lets_the_question_leave() -> None:
    made = asked(on_consent())
    assert made.categories == {C.ROUTING, C.IDENTITY, C.WORKER_CONTACT}
    assert made.answer == {C.HEALTH}


@pytest.mark.parametrize("categories", [{C.IDENTITY}, {C.IDENTITY, C.ADDICTION, C.NARRATIVE}])
def test_a_consent_that_does_not_cover_the_answer_lets_no_question_leave(categories: set[C]) -> None:
    made = asked(on_consent(categories=frozenset(categories)))
    assert not made.permitted
    assert made.refusal == "F-NOT-IN-CONSENT"


def test_a_consent_without_a_name_lets_no_question_leave() -> None:
    assert asked(on_consent(categories=frozenset({C.HEALTH}))).refusal == "F-NOT-IN-CONSENT"


@pytest.mark.parametrize(
    "terms",
    [
        {"recipients": frozenset({Agency.POLICE})},
        {"purposes": frozenset({Purpose.LODGING})},
        {"withdrawn_at": NOW},
        {"valid_until": NOW},
        {"recorded_by": "shelter-almaty"},  # then the answer would go where the consent does not
    ],
)
def test_a_consent_that_reaches_one_way_only_or_no_more_lets_no_question_leave(terms: dict[str, Any]) -> None:
    assert asked(on_consent(**terms)).refusal == "F-NO-LIVE-CONSENT"


def test_nobody_is_asked_about_who_asked_not_to_be_named() -> None:
    unnamed = asked(on_consent().model_copy(update={"anonymous": True}))
    assert (unnamed.permitted, unnamed.refusal) == (False, "F-ANONYMOUS")


def test_on_no_basis_and_on_a_duty_no_question_leaves() -> None:
    for basis in set(Basis) - {Basis.CONSENT, Basis.COURT_DECISION}:
        assert not asked(on_consent().model_copy(update={"basis": basis})).permitted


def test_on_a_courts_decision_a_question_leaves_without_any_consent_while_it_binds() -> None:
    court = CourtDecision(number="1/26", decided_on=NOW.date(), until=NOW.date())
    grounds = Grounds(basis=Basis.COURT_DECISION, purpose=Purpose.INFORMATION_REQUEST, court=court)
    assert asked(grounds).permitted
    over = court.model_copy(update={"decided_on": date(2026, 1, 1), "until": date(2026, 1, 2)})
    assert asked(grounds.model_copy(update={"court": over})).refusal == "F-NO-COURT-DECISION"


def test_the_consent_travels_as_far_as_question_and_answer_need_and_no_further() -> None:
    grounds = on_consent(categories=frozenset({C.IDENTITY, C.HEALTH, C.ADDICTION, C.CONTACT}))
    travels = narrowed(grounds, recipient=ANSWERER, decision=asked(grounds)).consent
    assert travels is not None
    assert travels.categories == {C.IDENTITY, C.HEALTH}
    assert travels.recipients == {ANSWERER.organisation}


def test_who_is_asked_can_answer_on_the_consent_that_came_with_the_question() -> None:
    came = narrowed(on_consent(), recipient=ANSWERER, decision=asked(on_consent()))
    event = InformationAnswered(inquiry_id=UUID(int=2), at=NOW, health="Гематома.")
    made = decide_on(event, sender=ANSWERER, recipient=ASKER, grounds=came, at=NOW)
    assert made.categories == {C.ROUTING, C.HEALTH}
    elsewhere = decide_on(event, sender=ANSWERER, recipient=POLICE, grounds=came, at=NOW)
    assert not elsewhere.permitted


@pytest.mark.parametrize("kind", [k for k, by in ANSWERED_BY.items() if Agency.HEALTH in by])
def test_the_police_may_ask_health_and_are_told_nothing_of_health(kind: InformationKind) -> None:
    terms = {"recorded_by": POLICE.organisation, "categories": frozenset({C.IDENTITY, C.HEALTH, C.ADDICTION})}
    grounds = on_consent(**terms)
    assert asked(grounds, kind, sender=POLICE).permitted
    back = decide(InformationAnswered.type, sender=ANSWERER, recipient=POLICE, grounds=grounds, at=NOW)
    assert back.categories == {C.ROUTING}


def test_whoever_asked_may_take_it_back_and_whoever_is_asked_may_answer_or_refuse_until_it_is_settled() -> None:
    assert allowed_actions(InquiryState.ASKED, Side.SENDER) == (InquiryAction.CANCEL,)
    assert allowed_actions(InquiryState.ASKED, Side.RECEIVER) == (InquiryAction.ANSWER, InquiryAction.REFUSE)
    settled = set(InquiryState) - {InquiryState.ASKED}
    assert not [state for state in settled for side in Side if allowed_actions(state, side)]
    assert {state for state, _ in ALLOWED} == {InquiryState.ASKED}


TOLD = tuple((state, at) for state in InquiryState if state is not InquiryState.ASKED for at in (1, 2))


def stands(told: tuple[tuple[InquiryState, int], ...]) -> InquiryState:
    state, since = InquiryState.ASKED, 0
    for new, at in told:
        if beats(new, state, later=at > since):
            state, since = new, at
    return state


@pytest.mark.parametrize("three", [*permutations(TOLD, 3)], ids=str)
def test_in_whichever_order_it_is_told_a_question_ends_up_the_same(three: tuple[tuple[InquiryState, int], ...]) -> None:
    answers = [one for one in three if one[0] in (InquiryState.ANSWERED, InquiryState.REFUSED)]
    if len({at for _, at in answers}) == len(answers):  # who is asked says one thing at a time
        assert {stands(told) for told in permutations(three)} == {stands(three)}


def test_the_end_of_the_basis_beats_everything_and_what_was_taken_back_is_not_answered() -> None:
    ranked = (InquiryState.ENDED, InquiryState.CANCELLED, InquiryState.ANSWERED, InquiryState.ASKED)
    for position, stronger in enumerate(ranked):
        for weaker in ranked[position + 1 :]:
            assert beats(stronger, weaker, later=False)
            assert not beats(weaker, stronger, later=True)


def test_what_a_refusal_tells_of_the_person_is_listed() -> None:
    assert {ground.value for ground in TELLING_GROUNDS} == {"not_held", "wrong_person"}
