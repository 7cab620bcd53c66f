"""The rows themselves: each has a source, reasons in three languages, dates, and makes sense."""

import re

import pytest

from shared.contract.decisions import NO_RULE, reason_of
from shared.contract.policy import (
    CLOSING,
    FORBIDS,
    OPAQUE,
    PERMITS,
    PERSONAL,
    RETENTION,
    Condition,
    Forbid,
    Permit,
    Retention,
    Whose,
)
from shared.contract.vocabulary import Agency, Basis, EventType, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C

RULES: list[Permit | Forbid | Retention] = [*PERMITS, *FORBIDS, *RETENTION]

each_permit = pytest.mark.parametrize("row", PERMITS, ids=lambda row: row.id)
each_dated = pytest.mark.parametrize("row", [*PERMITS, *FORBIDS], ids=lambda row: row.id)
each_rule = pytest.mark.parametrize("row", RULES, ids=lambda row: row.id)
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)


@each_rule
def test_every_rule_has_a_source(row: Permit | Forbid | Retention) -> None:
    assert re.search(r"\d", row.source)


@each_rule
def test_every_rule_is_explained_in_three_languages(row: Permit | Forbid | Retention) -> None:
    kk, ru, en = row.reason.kk, row.reason.ru, row.reason.en
    assert KAZAKH.search(kk)
    assert RUSSIAN.search(ru)
    assert not KAZAKH.search(ru)
    assert re.fullmatch(r"[A-Z][ -~]+", en)
    assert {text[-1] for text in (kk, ru, en)} == {"."}


def test_that_no_rule_allows_something_is_said_in_three_languages_too() -> None:
    reason = reason_of(NO_RULE)
    assert len({reason.kk, reason.ru, reason.en}) == 3


def test_every_id_is_unique() -> None:
    ids = [row.id for row in RULES]
    assert len(set(ids)) == len(ids)
    assert NO_RULE not in ids


def test_no_two_rules_are_explained_by_the_same_words() -> None:
    reasons = [row.reason for row in RULES if not isinstance(row, Retention)]
    assert len(set(reasons)) == len(reasons)


@each_rule
def test_the_first_letter_of_an_id_says_what_kind_of_rule_it_is(row: Permit | Forbid | Retention) -> None:
    kind = {Permit: "P-", Forbid: "F-", Retention: "R-"}[type(row)]
    assert row.id.startswith(kind)


@each_permit
def test_every_permit_names_its_flow(row: Permit) -> None:
    assert re.fullmatch(r"F\d+(, F\d+)*", row.flow)


@each_permit
def test_what_a_permit_can_not_do_without_is_among_what_it_opens(row: Permit) -> None:
    assert row.essential
    assert row.essential <= row.categories


@each_dated
def test_a_rule_names_at_least_one_of_everything(row: Permit | Forbid) -> None:
    assert all((row.events, row.senders, row.recipients, row.subjects, row.bases, row.categories))


@each_dated
def test_the_dates_of_a_rule_have_a_zone_and_are_in_order(row: Permit | Forbid) -> None:
    assert row.valid_from.tzinfo is not None
    assert row.valid_until is None or row.valid_from < row.valid_until


def test_where_she_stays_is_opened_by_the_protection_of_life_alone() -> None:
    opening = {row.id: row for row in PERMITS if C.WHEREABOUTS in row.categories}
    assert opening.keys() == {"P-LIFE-IN-DANGER"}
    row = opening["P-LIFE-IN-DANGER"]
    assert row.bases == {Basis.EMERGENCY}
    assert row.purposes == {Purpose.PROTECTION_OF_LIFE}
    assert row.recipients == {Agency.POLICE, Agency.HEALTH}
    assert SubjectRole.ALLEGED_OFFENDER not in row.subjects


def test_a_duty_names_nobody_but_the_alleged_offender() -> None:
    duties = [row for row in PERMITS if Basis.STATUTORY_DUTY in row.bases and row.categories & PERSONAL]
    assert {row.categories & PERSONAL for row in duties} == {frozenset({C.IDENTITY})}
    assert {row.subjects for row in duties} == {frozenset({SubjectRole.ALLEGED_OFFENDER})}


@each_permit
def test_no_permit_opens_to_the_police_alone_what_is_about_health(row: Permit) -> None:
    assert row.recipients != {Agency.POLICE} or not row.categories & {C.HEALTH, C.ADDICTION}


@each_permit
def test_only_health_is_meant_where_addiction_is_opened(row: Permit) -> None:
    assert C.ADDICTION not in row.categories or Agency.HEALTH in row.recipients
    assert C.ADDICTION not in row.categories or row.recipients <= {Agency.HEALTH, Agency.SOCIAL}


def test_no_agreement_can_take_away_a_duty_to_report_a_rescue_a_withdrawal_or_a_closing() -> None:
    fixed = {event for row in PERMITS if not row.negotiable for event in row.events}
    assert fixed >= CLOSING | {EventType.REFUSAL_NOTICE_ISSUED, EventType.VIOLENCE_REPORTED}
    assert not [row.id for row in PERMITS if Basis.EMERGENCY in row.bases and row.negotiable and row.flow == "F6"]


# The flows of the report; of F17, an agency's own case file, nothing is handed on but that its record is unbroken.
FLOWS = {f"F{number}" for number in range(1, 19)}


def test_every_flow_of_the_report_has_a_row() -> None:
    permitted = {flow for row in PERMITS for flow in row.flow.split(", ")}
    assert permitted == FLOWS
    assert {row.id for row in PERMITS if row.flow == "F17"} == {"P-RECORD-WITNESSED"}
    assert "F17" in {row.flow for row in RETENTION}


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_is_used_by_a_row(condition: Condition) -> None:
    assert [row.id for row in FORBIDS if row.condition is condition]


# The conditions that ask for the proof of a basis, and the only basis that each is about.
PROOFS = {
    Condition.NO_LIVE_CONSENT: Basis.CONSENT,
    Condition.NOT_IN_CONSENT: Basis.CONSENT,
    Condition.WRONG_GRANTOR: Basis.CONSENT,
    Condition.NO_LIVE_EMERGENCY: Basis.EMERGENCY,
    Condition.NO_COURT_DECISION: Basis.COURT_DECISION,
}


@pytest.mark.parametrize("row", [row for row in FORBIDS if row.condition in PROOFS], ids=lambda row: row.id)
def test_what_is_missing_is_held_against_the_basis_that_needs_it_and_no_other(row: Forbid) -> None:
    assert row.bases == {PROOFS[row.condition]}


@pytest.mark.parametrize("basis", [Basis.EMERGENCY, Basis.COURT_DECISION])
def test_where_the_proof_of_a_basis_is_missing_nothing_leaves_but_what_closes_a_case(basis: Basis) -> None:
    rows = [row for row in FORBIDS if row.bases == {basis} and row.condition in PROOFS]
    assert {event for row in rows for event in row.events} == set(EventType) - CLOSING
    assert all(row.categories == set(C) for row in rows)


def test_public_announcements_and_personal_events_share_no_permit() -> None:
    mixed = [row.id for row in PERMITS if C.PUBLIC in row.categories and row.categories != {C.PUBLIC}]
    assert mixed == []


def test_opaque_is_not_personal() -> None:
    assert not OPAQUE & PERSONAL


def test_every_event_but_the_receipt_has_a_permit() -> None:
    opened = {event for row in PERMITS for event in row.events}
    assert opened == set(EventType) - {EventType.EVENTS_RECEIVED}


@pytest.mark.parametrize("whose", Whose)
def test_retention_covers_every_agency_once_for_what_it_received_and_for_its_own(whose: Whose) -> None:
    assert sorted(agency for row in RETENTION if row.of is whose for agency in row.agencies) == sorted(Agency)


def test_of_what_was_received_nothing_personal_is_kept_once_consent_is_gone() -> None:
    assert not [row.id for row in RETENTION if row.of is Whose.RECEIVED and row.keeps & PERSONAL]


def test_an_agency_keeps_its_own_case_file_whole() -> None:
    assert {row.keeps for row in RETENTION if row.of is Whose.OWN} == {frozenset(C)}
