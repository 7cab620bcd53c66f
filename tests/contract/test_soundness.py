"""The check of the table finds each kind of fault in a table that has it, and none in the real one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from time import process_time

import pytest

from shared.contract.agreement import Agreement, Exchange
from shared.contract.conditions import Circumstances, Party
from shared.contract.decisions import decide
from shared.contract.grounds import Grounds
from shared.contract.policy import FORBIDS, PERMITS, RETENTION, Forbid, Permit, Reason, Whose
from shared.contract.policy.rows import ALL_BASES, ALL_EVENTS, ALL_SUBJECTS
from shared.contract.soundness import Fault, Kind, faults
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C

IN_2027, IN_2028 = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
PERMIT = {row.id: row for row in PERMITS}
FORBID = {row.id: row for row in FORBIDS}
NOTICE = PERMIT["P-F3-REFUSAL-NOTICE"]


def with_permits(*rows: Permit, without: str = "") -> tuple[Fault, ...]:
    return faults(permits=(*(row for row in PERMITS if row.id != without), *rows))


def with_forbids(*rows: Forbid) -> tuple[Fault, ...]:
    return faults(forbids=(*FORBIDS, *rows))


def agreement(permit: str, *, to: Agency = Agency.SHELTER, opens: C = C.NEEDS) -> Agreement:
    line = Exchange(
        permit=permit,
        senders=frozenset({Agency.POLICE}),
        recipients=frozenset({to}),
        bases=frozenset({Basis.CONSENT}),
        categories=frozenset({C.ROUTING, opens}),
    )
    parties = frozenset({"police-talgar", "shelter-alatau"})
    return Agreement(id="A-TALGAR", region="19", parties=parties, exchanges=(line,), valid_from=date(2026, 1, 1))


def a_forbid(**columns: object) -> Forbid:
    return replace(FORBID["F-WHEREABOUTS"], id="F-NEW", events=ALL_EVENTS, bases=ALL_BASES, **columns)  # type: ignore[arg-type]  # any column


def kinds(found: tuple[Fault, ...]) -> set[Kind]:
    return {fault.kind for fault in found}


def test_the_real_table_is_sound() -> None:
    assert faults() == ()


def test_the_check_takes_less_than_five_seconds() -> None:
    began = process_time()
    faults()
    assert process_time() - began < 5


def test_two_rows_with_one_id_are_found() -> None:
    assert Fault(Kind.DUPLICATE, (NOTICE.id,), "2 rows have this id") in with_permits(NOTICE)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_reason_that_is_missing_in_a_language_is_found(language: str) -> None:
    said = {"kk": "Себебі бар.", "ru": "Причина есть.", "en": "There is a reason.", language: " "}
    found = with_permits(replace(NOTICE, reason=Reason(**said)), without=NOTICE.id)
    assert [(fault.kind, fault.ids) for fault in found] == [(Kind.NO_WORDS, (NOTICE.id,))]


def test_a_rule_without_a_source_in_law_is_found() -> None:
    assert kinds(with_permits(replace(NOTICE, source=""), without=NOTICE.id)) == {Kind.NO_WORDS}


@pytest.mark.parametrize(
    ("dates", "what"),
    [
        ({"valid_from": datetime(2010, 1, 1)}, "its dates have no time zone"),  # noqa: DTZ001  # missing on purpose
        ({"valid_until": datetime(2030, 1, 1)}, "its dates have no time zone"),  # noqa: DTZ001  # the same
        ({"valid_from": IN_2028, "valid_until": IN_2027}, "it ends before it begins"),
        ({"valid_from": IN_2027, "valid_until": IN_2027}, "it ends before it begins"),
    ],
)
def test_dates_that_make_no_sense_are_told_first_and_alone(dates: dict[str, datetime], what: str) -> None:
    found = with_permits(replace(NOTICE, **dates), without=NOTICE.id)  # type: ignore[arg-type]  # dates only
    assert found == (Fault(Kind.WRONG_DATES, (NOTICE.id,), what),)


def test_two_versions_of_a_rule_that_follow_each_other_are_sound() -> None:
    new = replace(NOTICE, id=f"{NOTICE.id}@2027", valid_from=IN_2027)
    assert with_permits(replace(NOTICE, valid_until=IN_2027), new, without=NOTICE.id) == ()


def test_two_versions_of_a_rule_that_are_valid_at_once_are_found() -> None:
    new = replace(NOTICE, id=f"{NOTICE.id}@2027", valid_from=IN_2027)
    found = with_permits(replace(NOTICE, valid_until=IN_2028), new, without=NOTICE.id)
    assert (Kind.VERSIONS_OVERLAP, (NOTICE.id, new.id)) in {(fault.kind, fault.ids) for fault in found}
    assert Kind.VERSIONS_OVERLAP in kinds(with_permits(new))


def test_a_time_between_two_versions_of_a_rule_is_found_and_so_is_what_it_leaves_open() -> None:
    new = replace(NOTICE, id=f"{NOTICE.id}@2028", valid_from=IN_2028)
    found = with_permits(replace(NOTICE, valid_until=IN_2027), new, without=NOTICE.id)
    assert {(fault.kind, fault.ids, fault.since) for fault in found} == {
        (Kind.VERSIONS_APART, (NOTICE.id, new.id), IN_2027),
        (Kind.GAP, ("refusal_notice.issued",), IN_2027),
    }


def test_a_permit_that_can_never_be_used_contradicts_the_forbids_that_say_so() -> None:
    row = replace(NOTICE, categories=NOTICE.categories | {C.HEALTH}, essential=frozenset({C.ROUTING, C.HEALTH}))
    found = with_permits(row, without=NOTICE.id)
    assert [(fault.kind, fault.ids) for fault in found] == [(Kind.CONTRADICTION, (NOTICE.id, "F-HEALTH-NOT-TO-POLICE"))]


def test_forbids_that_close_a_permit_only_together_contradict_it_too() -> None:
    row = PERMIT["P-F10-PROTECTS"]
    shut = [
        a_forbid(recipients=frozenset({to}), categories=frozenset({C.ORDER})) for to in (Agency.SHELTER, Agency.SOCIAL)
    ]
    found = with_forbids(shut[0], replace(shut[1], id="F-NEW-TOO"))
    assert [(fault.kind, fault.ids) for fault in found] == [(Kind.CONTRADICTION, (row.id, "F-NEW", "F-NEW-TOO"))]
    assert with_forbids(shut[0]) == ()


def test_a_contradiction_that_a_new_law_makes_is_found_with_its_day() -> None:
    found = with_forbids(a_forbid(categories=frozenset({C.ORDER}), valid_from=IN_2027))
    assert {(fault.kind, fault.ids[0], fault.since) for fault in found} == {
        (Kind.CONTRADICTION, "P-F10-PROTECTS", IN_2027),
        (Kind.CONTRADICTION, "P-F10-TREATMENT-ORDERED", IN_2027),
        (Kind.CONTRADICTION, "P-F10-LETTER", IN_2027),
        (Kind.CONTRADICTION, "P-F10-LETTER-PROTECTS", IN_2027),
    }


def test_a_permit_that_needs_what_it_does_not_open_contradicts_itself() -> None:
    row = replace(NOTICE, essential=frozenset({C.ROUTING, C.NEEDS}))
    assert kinds(with_permits(row, without=NOTICE.id)) == {Kind.CONTRADICTION}


def test_what_a_permit_opens_and_a_forbid_always_takes_is_found() -> None:
    row = PERMIT["P-F7-EITHER-SPOUSE"]
    found = with_permits(replace(row, categories=row.categories | {C.HOUSEHOLD}), without=row.id)
    assert [(fault.kind, fault.ids) for fault in found] == [(Kind.DEAD_CATEGORY, (row.id, "F-OFFENDER-NOT-ABOUT-HER"))]
    assert "household" in found[0].what


def test_what_a_forbid_takes_on_some_of_the_grounds_only_is_not_dead() -> None:
    row = PERMIT["P-F1-LODGING"]
    assert row.categories & FORBID["F-WITHOUT-CONSENT"].categories
    assert not [fault for fault in faults() if row.id in fault.ids]


@pytest.mark.parametrize(
    "row",
    [
        a_forbid(categories=frozenset({C.STATISTICS}), subjects=ALL_SUBJECTS, recipients=frozenset()),
        replace(a_forbid(categories=frozenset({C.STATISTICS})), events=frozenset({EventType.ORDER_ISSUED})),
        a_forbid(categories=frozenset({C.ADDICTION}), recipients=frozenset({Agency.POLICE})),
        replace(
            a_forbid(categories=frozenset({C.ORDER}), senders=frozenset({Agency.SHELTER})),
            events=frozenset({EventType.ORDER_ISSUED}),
            recipients=frozenset(Agency),
        ),
    ],
    ids=["an empty column", "nothing to take", "taken by others", "nobody there may send it"],
)
def test_a_forbid_that_never_takes_anything_is_found(row: Forbid) -> None:
    assert [(fault.kind, fault.ids) for fault in with_forbids(row)] == [(Kind.UNREACHABLE, ("F-NEW",))]


def test_a_forbid_on_what_no_permit_opens_matters_where_a_permitted_event_has_a_field_for_it() -> None:
    assert not [row for row in PERMITS if C.WHEREABOUTS in row.categories and Basis.CONSENT in row.bases]
    assert not [fault for fault in faults() if "F-WHEREABOUTS" in fault.ids]


def test_a_permit_that_adds_nothing_to_others_is_found() -> None:
    wide = PERMIT["P-F2-HEALTH-CARE"]
    row = replace(
        wide, id="P-NEW", senders=frozenset({Agency.POLICE}), purposes=frozenset({Purpose.MEDICAL_EXAMINATION})
    )
    assert [(fault.kind, fault.ids) for fault in with_permits(row)] == [(Kind.UNREACHABLE, ("P-NEW",))]


def test_a_permit_that_no_agreement_can_narrow_adds_something_to_one_that_can_be() -> None:
    wide = PERMIT["P-F2-HEALTH-CARE"]
    row = replace(wide, id="P-NEW", senders=frozenset({Agency.POLICE}), negotiable=False)
    assert with_permits(row) == ()


def test_a_permit_with_an_empty_column_is_found() -> None:
    assert kinds(with_permits(replace(NOTICE, id="P-NEW", subjects=frozenset()))) == {Kind.UNREACHABLE}


def test_a_flow_an_event_and_a_purpose_without_a_row_are_found() -> None:
    found = with_permits(without="P-F18-REPETITION-WARNED")
    assert kinds(found) == {Kind.GAP}
    assert {word for fault in found for word in fault.ids} == {"F18", "repetition.warned", "early_warning"}


def test_each_flow_that_a_row_names_beside_others_is_spoken_of() -> None:
    row = PERMIT["P-F18-REPETITION-WARNED"]
    assert with_permits(replace(row, flow="F18, F17"), without=row.id) == ()


def test_a_basis_that_no_permit_names_is_found() -> None:
    assert ("emergency",) in {fault.ids for fault in with_permits(without="P-LIFE-IN-DANGER")}


def test_a_category_that_no_row_names_is_found() -> None:
    assert ("blinded",) in {fault.ids for fault in with_permits(without="P-F11-COMPARED")}


def test_an_agency_for_which_no_row_says_what_it_keeps_is_found() -> None:
    found = faults(retention=(replace(RETENTION[0], agencies=frozenset({Agency.POLICE})), *RETENTION[1:]))
    assert {fault.ids for fault in found} == {("health",), ("shelter",), ("social",)}
    kept = {Whose.RECEIVED: "of what it received", Whose.OWN: "of its own records"}[RETENTION[0].of]
    assert {fault.what for fault in found} == {f"no row says what this agency keeps {kept}"}


def test_a_rule_that_ends_without_a_successor_leaves_a_gap_from_that_day() -> None:
    row = PERMIT["P-F18-REPETITION-WARNED"]
    found = with_permits(replace(row, valid_until=IN_2027), without=row.id)
    assert {(fault.kind, fault.since) for fault in found} == {(Kind.GAP, IN_2027)}
    assert {fault.ids for fault in found} == {("F18",), ("repetition.warned",), ("early_warning",)}


def test_what_begins_later_than_the_rest_of_the_table_is_no_gap_before() -> None:
    row = PERMIT["P-F18-REPETITION-WARNED"]
    assert with_permits(replace(row, valid_from=IN_2027), without=row.id) == ()


def test_an_agreement_that_narrows_the_table_is_sound() -> None:
    assert faults(agreements=(agreement("P-F1-LODGING"),)) == ()


@pytest.mark.parametrize(
    ("without_effect", "why"),
    [
        (agreement("P-NOWHERE"), "there is no such permit"),
        (agreement("P-REFERRAL-STATUS"), "no agreement can narrow"),
        (agreement("P-F1-LODGING", opens=C.HEALTH), "these categories: health"),
        (agreement("P-F1-LODGING", to=Agency.POLICE), "these recipients: police"),
        (agreement("P-F12-CONVERSATION-HELD", to=Agency.SOCIAL, opens=C.ROUTING), "these bases: consent"),
        (agreement("P-F5-PLAN-PROGRESSED"), "these senders: police"),
    ],
)
def test_a_line_of_an_agreement_that_changes_nothing_is_found(without_effect: Agreement, why: str) -> None:
    found = faults(agreements=(without_effect,))
    assert [(fault.kind, fault.ids[0]) for fault in found] == [(Kind.NO_EFFECT, "A-TALGAR")]
    assert why in found[0].what


@pytest.mark.parametrize("change", [lambda row: row, lambda row: replace(row, id=f"{row.id}@2026")])
def test_an_agreement_names_a_rule_in_all_its_versions(change: Callable[[Permit], Permit]) -> None:
    agreed = agreement("P-F1-LODGING")
    permits = tuple(change(row) if row.id == "P-F1-LODGING" else row for row in PERMITS)
    made = decide(
        EventType.REFERRAL_REQUESTED,
        sender=Party(Agency.POLICE, "police-talgar"),
        recipient=Party(Agency.SHELTER, "shelter-alatau"),
        grounds=Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.LODGING, subject=SubjectRole.VICTIM),
        at=datetime(2026, 6, 1, tzinfo=UTC),
        circumstances=Circumstances(agreements=(_on_all_bases(agreed),)),
        permits=permits,
    )
    assert made.categories == {C.ROUTING, C.NEEDS}


def _on_all_bases(agreed: Agreement) -> Agreement:
    lines = tuple(line.model_copy(update={"bases": ALL_BASES}) for line in agreed.exchanges)
    return agreed.model_copy(update={"exchanges": lines})
