"""The rows themselves: each has a source, reasons in three languages, dates, and makes sense."""

import re

import pytest

from shared.contract.decisions import NO_RULE, reason_of
from shared.contract.policy import FORBIDS, OPAQUE, PERMITS, PERSONAL, RETENTION, Forbid, Permit, Retention
from shared.contract.vocabulary import Agency, EventType
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


def test_no_permit_opens_where_she_stays() -> None:
    assert not [row.id for row in PERMITS if C.WHEREABOUTS in row.categories]


def test_public_announcements_and_personal_events_share_no_permit() -> None:
    mixed = [row.id for row in PERMITS if C.PUBLIC in row.categories and row.categories != {C.PUBLIC}]
    assert mixed == []


def test_opaque_is_not_personal() -> None:
    assert not OPAQUE & PERSONAL


def test_every_event_but_the_receipt_has_a_permit() -> None:
    opened = {event for row in PERMITS for event in row.events}
    assert opened == set(EventType) - {EventType.EVENTS_RECEIVED}


def test_retention_covers_every_agency_once() -> None:
    assert sorted(agency for row in RETENTION for agency in row.agencies) == sorted(Agency)


def test_nothing_personal_is_kept_once_consent_is_gone() -> None:
    assert not [row.id for row in RETENTION if row.keeps & PERSONAL]
