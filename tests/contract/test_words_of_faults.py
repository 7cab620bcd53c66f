"""The words in which a fault of the table, of an agreement or of the counts is told: somebody has to act on them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.contract.agreement import Agreement, Exchange
from shared.contract.decisions import categories_in
from shared.contract.events import ReferralRequested
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Permit, Reason, Whose
from shared.contract.soundness import Fault, Kind, faults
from shared.contract.soundness.reach import Cell, possible
from shared.contract.statistics import THRESHOLDS, AgeGroup, add_up, age_group, following, threshold_at
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C
from tests.contract.test_borders import REFERRAL

IN_2027, IN_2028 = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
NOTICE = next(row for row in PERMITS if row.id == "P-F3-REFUSAL-NOTICE")


def found(*rows: Permit) -> tuple[Fault, ...]:
    return faults(permits=(*(row for row in PERMITS if row is not NOTICE), *rows))


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"reason": Reason(kk="", ru="р", en="e")}, Kind.NO_WORDS, "its reason in Kazakh is missing"),
        ({"reason": Reason(kk="қ", ru="", en="e")}, Kind.NO_WORDS, "its reason in Russian is missing"),
        ({"reason": Reason(kk="қ", ru="р", en="")}, Kind.NO_WORDS, "its reason in English is missing"),
        ({"source": ""}, Kind.NO_WORDS, "its source in law is missing"),
        ({"purposes": frozenset()}, Kind.UNREACHABLE, "one of its columns is empty: it opens nothing"),
        (
            {"essential": frozenset({C.NEEDS, C.ORDER})},
            Kind.CONTRADICTION,
            "it needs what it does not open: needs, order",
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_told_in_words(change: dict[str, Any], kind: Kind, words: str) -> None:
    assert Fault(kind, (NOTICE.id,), words) in found(replace(NOTICE, **change))


def test_a_permit_that_is_forbidden_wherever_it_applies_is_told_with_what_forbids_it() -> None:
    needing = frozenset({C.WHEREABOUTS, C.ROUTING})
    words = "it can't do without routing, whereabouts, and wherever it applies that is forbidden"
    made = found(replace(NOTICE, categories=needing, essential=needing))
    assert Fault(Kind.CONTRADICTION, (NOTICE.id, "F-WHEREABOUTS"), words) in made


def test_rows_that_change_nothing_are_told_in_words() -> None:
    twin = replace(NOTICE, id="P-TWIN")
    words = "all that it opens is opened by other permits wherever it applies"
    assert {Fault(Kind.UNREACHABLE, (row.id,), words) for row in (NOTICE, twin)} <= set(found(NOTICE, twin))
    again = replace(FORBIDS[0], id="F-AGAIN")
    nothing = "it takes nothing away that would otherwise leave"
    assert Fault(Kind.UNREACHABLE, ("F-AGAIN",), nothing) in faults(forbids=(*FORBIDS, again))


def test_a_permit_for_another_purpose_is_not_one_that_adds_nothing() -> None:
    other = replace(NOTICE, id="P-OTHER", purposes=frozenset({Purpose.EARLY_WARNING}))
    assert found(NOTICE, other) == ()


def test_versions_that_overlap_or_stand_apart_are_told_with_the_day() -> None:
    overlapping = replace(NOTICE, id=f"{NOTICE.id}@2027", valid_from=IN_2027)
    both = "both versions of this rule are valid at once"
    assert Fault(Kind.VERSIONS_OVERLAP, (NOTICE.id, overlapping.id), both, IN_2027) in found(NOTICE, overlapping)
    later = replace(NOTICE, id=f"{NOTICE.id}@2028", valid_from=IN_2028)
    between = "no version of this rule is valid between the two"
    made = found(replace(NOTICE, valid_until=IN_2027), later)
    assert Fault(Kind.VERSIONS_APART, (NOTICE.id, later.id), between, IN_2027) in made


def test_what_no_row_speaks_of_is_told_in_words() -> None:
    kept = faults(retention=tuple(row for row in RETENTION if row.of is not Whose.OWN))
    words = "no row says what this agency keeps of its own records"
    assert {fault for fault in kept if fault.ids == ("police",)} == {Fault(Kind.GAP, ("police",), words)}
    told = {(fault.ids, fault.what) for fault in found()}
    assert ((EventType.REFUSAL_NOTICE_ISSUED,), "no permit opens this event") in told
    ended = found(replace(NOTICE, valid_until=IN_2027))
    assert Fault(Kind.GAP, (EventType.REFUSAL_NOTICE_ISSUED,), "no permit opens this event", IN_2027) in ended


@pytest.mark.parametrize(
    ("permit", "words"),
    [
        ("P-NOWHERE", ["line 1: there is no such permit"]),
        (
            "P-F3-REFUSAL-NOTICE",
            ["line 1: no agreement can narrow this permit: it holds in full, whatever the line says"],
        ),
        ("P-F1-LODGING", ["line 1: the permit does not open these categories: health, order"]),
    ],
)
def test_a_line_of_an_agreement_that_changes_nothing_is_told_with_its_number(permit: str, words: list[str]) -> None:
    line = Exchange(
        permit=permit,
        senders=frozenset({Agency.POLICE}),
        recipients=frozenset({Agency.SHELTER}),
        bases=frozenset({Basis.CONSENT}),
        categories=frozenset({C.ROUTING, C.ORDER, C.HEALTH}),
    )
    parties = frozenset({"police-talgar", "shelter-alatau"})
    agreed = Agreement(id="A-TALGAR", region="19", parties=parties, exchanges=(line,), valid_from=date(2026, 1, 1))
    assert [fault.what for fault in faults(agreements=(agreed,))] == words


def test_what_may_leave_where_is_what_permits_open_less_what_is_always_forbidden() -> None:
    leave = possible(PERMITS, FORBIDS)
    he = Cell(
        EventType.REFERRAL_REQUESTED, Agency.POLICE, Agency.SOCIAL, SubjectRole.ALLEGED_OFFENDER, Basis.OWN_REQUEST
    )
    assert leave[he, Purpose.PSYCHO_CORRECTION] == {C.ROUTING, C.NEEDS, C.WORKER_CONTACT}
    written = Cell(EventType.MESSAGE_POSTED, Agency.HEALTH, Agency.POLICE, SubjectRole.VICTIM, Basis.OWN_REQUEST)
    assert (written, Purpose.LODGING) not in leave
    assert leave[written._replace(recipient=Agency.SOCIAL), Purpose.LODGING] == {C.ROUTING, C.CORRESPONDENCE}


def test_an_event_holds_the_categories_of_the_fields_that_hold_something() -> None:
    assert categories_in(REFERRAL) == {C.ROUTING, C.IDENTITY}
    assert categories_in(ReferralRequested.model_validate({**REFERRAL.model_dump(), "family_name": None})) == {
        C.ROUTING
    }


def test_the_threshold_is_in_force_from_its_first_moment() -> None:
    first = THRESHOLDS[0]
    assert threshold_at(first.valid_from) is first
    with pytest.raises(LookupError, match=r"^no threshold is in force$"):
        threshold_at(first.valid_from - timedelta(microseconds=1))


def test_who_is_born_on_the_day_has_an_age() -> None:
    day = date(2026, 3, 20)
    assert age_group(day, day) is not AgeGroup.UNKNOWN
    assert age_group(day + timedelta(days=1), day) is AgeGroup.UNKNOWN


@pytest.mark.parametrize(
    ("month", "after"),
    [(date(2026, 2, 1), date(2026, 3, 1)), (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 12, 1), date(2027, 1, 1))],
)
def test_a_month_is_followed_by_the_next(month: date, after: date) -> None:
    assert following(month) == after


def test_one_month_adds_up_to_itself() -> None:
    month = {("kind",): 7}
    assert add_up([month]) == month  # type: ignore[list-item]  # any key will do
