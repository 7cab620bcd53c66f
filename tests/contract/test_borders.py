"""What mutants showed that nobody was looking at: first moments, words, what travels beside what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shared.contract.agreement import Agreement, Exchange
from shared.contract.calendar import end_of, start_of
from shared.contract.capacity import AgeRow, Capacity, may_grant
from shared.contract.conditions import Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import NO_RULE, Decision, decide, narrowed, withheld_fields
from shared.contract.events import ReferralMoved, ReferralRequested, model_of
from shared.contract.grounds import Emergency, Grounds
from shared.contract.identifiers import birth_date_of, checked_iin, checked_kato, not_an_agency
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import Agency, Basis, EventType, Grantor, Purpose, SubjectRole
from shared.contract.vocabulary import DataCategory as C

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
POLICE, SHELTER = Party(Agency.POLICE, "police-talgar"), Party(Agency.SHELTER, "shelter-alatau")
CONSENT = Consent(
    id=UUID(int=1),
    recorded_by="hospital-4",
    purposes=frozenset({Purpose.LODGING}),
    recipients=frozenset({Agency.SHELTER}),
    categories=frozenset({C.IDENTITY}),
    given_at=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=1),
)
ON_CONSENT = Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=CONSENT, receipt="signed.by.recorder")
ALLOWED = Decision(permitted=True, categories=frozenset({C.ROUTING, C.IDENTITY}))
REFERRAL = ReferralRequested(
    referral_id=UUID(int=2), purpose=Purpose.LODGING, subject=SubjectRole.VICTIM, family_name="Сәрсенова"
)


def referred(*agreements: Agreement, at: datetime = NOW) -> Decision:
    return decide(
        EventType.REFERRAL_REQUESTED,
        sender=POLICE,
        recipient=SHELTER,
        grounds=ON_CONSENT.model_copy(update={"basis": Basis.OWN_REQUEST}),
        at=at,
        circumstances=Circumstances(agreements=agreements),
    )


def agreed(name: str, *left: C, permit: str = "P-F1-LODGING", party: str = "police-talgar") -> Agreement:
    line = Exchange(
        permit=permit,
        senders=frozenset({Agency.POLICE}),
        recipients=frozenset({Agency.SHELTER}),
        bases=frozenset({Basis.OWN_REQUEST}),
        categories=frozenset(left),
    )
    parties = frozenset({party, "somebody-else"})
    return Agreement(id=name, region="19", parties=parties, exchanges=(line,), valid_from=date(2026, 1, 1))


def test_a_row_is_valid_in_its_first_moment() -> None:
    begins = PERMITS[0].valid_from
    assert referred(at=begins).permitted
    assert not referred(at=begins - timedelta(microseconds=1)).permitted


def test_an_emergency_is_live_in_the_moment_in_which_it_is_declared_and_not_in_its_last() -> None:
    emergency = Emergency(id=UUID(int=3), declared_by="police-talgar", declared_at=NOW, until=NOW + timedelta(hours=1))
    assert emergency.is_live(NOW)
    assert not emergency.is_live(NOW + timedelta(hours=1))
    assert not emergency.is_live(NOW - timedelta(microseconds=1))


def test_the_agreement_that_took_something_away_is_named() -> None:
    made = referred(agreed("A-ONE", C.ROUTING, C.NEEDS))
    assert made.categories == {C.ROUTING, C.NEEDS}
    assert made.withheld[C.HOUSEHOLD] == made.withheld[C.WORKER_CONTACT] == "A-ONE"
    assert made.withheld[C.IDENTITY] == "F-WITHOUT-CONSENT"


def test_an_agreement_that_takes_nothing_away_is_not_named() -> None:
    everything = agreed("A-EVERYTHING", *PERMITS[0].categories)
    made = referred(agreed("A-ONE", C.ROUTING), everything)
    assert made.withheld[C.NEEDS] == "A-ONE"
    assert made.categories == {C.ROUTING}


def test_an_agreement_leaves_open_only_what_it_names_for_the_permit() -> None:
    assert not referred(agreed("A-ONE", *C, permit="P-F5-RIGHTS")).permitted
    assert referred(agreed("A-ONE", *C)).categories == referred().categories


def test_an_agreement_of_others_changes_nothing() -> None:
    assert referred(agreed("A-ONE", C.ROUTING, party="shelter-aqtau")) == referred()


def test_an_agreement_can_not_stop_the_closing_of_a_case() -> None:
    made = decide(
        EventType.REFERRAL_MOVED,
        sender=POLICE,
        recipient=SHELTER,
        grounds=ON_CONSENT,
        at=NOW,
        circumstances=Circumstances(agreements=(agreed("A-ONE", C.NEEDS),)),
    )
    assert made.categories == {C.ROUTING, C.CORRESPONDENCE}


def test_a_consent_to_an_agency_travels_to_its_organisations_with_its_receipt() -> None:
    travelled = narrowed(ON_CONSENT, recipient=SHELTER, decision=ALLOWED)
    assert travelled.consent is not None
    assert travelled.receipt == "signed.by.recorder"


def test_of_the_categories_only_those_that_are_both_consented_to_and_sent_are_told() -> None:
    more = CONSENT.model_copy(update={"categories": frozenset({C.IDENTITY, C.HEALTH})})
    sent = replace(ALLOWED, categories=frozenset({C.ROUTING, C.IDENTITY}))
    travelled = narrowed(ON_CONSENT.model_copy(update={"consent": more}), recipient=SHELTER, decision=sent)
    assert travelled.consent is not None
    assert travelled.consent.categories == {C.IDENTITY}


def test_a_consent_to_one_organisation_covers_it_and_travels_to_it_and_to_no_other_of_its_agency() -> None:
    to_one = CONSENT.model_copy(update={"recipients": frozenset({SHELTER.organisation})})
    grounds = ON_CONSENT.model_copy(update={"consent": to_one})
    for there, named in ((SHELTER, True), (Party(Agency.SHELTER, "shelter-aqtau"), False)):
        made = decide(EventType.REFERRAL_REQUESTED, sender=POLICE, recipient=there, grounds=grounds, at=NOW)
        assert made.permitted is named
        assert (C.IDENTITY in made.categories) is named
        assert (narrowed(grounds, recipient=there, decision=ALLOWED).consent is not None) is named


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": Purpose.SOCIAL_SERVICES},
        {"consent": CONSENT.model_copy(update={"recipients": frozenset({Agency.SOCIAL})})},
        {"consent": None},
    ],
    ids=["another purpose", "another recipient", "no consent"],
)
def test_where_a_consent_does_not_matter_neither_it_nor_its_receipt_travels(change: dict[str, object]) -> None:
    travelled = narrowed(ON_CONSENT.model_copy(update=change), recipient=SHELTER, decision=ALLOWED)
    assert (travelled.consent, travelled.receipt) == (None, None)


def test_a_field_that_no_rule_speaks_of_is_withheld_because_there_is_none() -> None:
    assert withheld_fields(REFERRAL, Decision(permitted=True, categories=frozenset({C.ROUTING}))) == {
        "family_name": NO_RULE
    }


def test_ages_of_another_law_are_those_that_count() -> None:
    ages = (AgeRow(frozenset(Purpose), 21, "another law, art. 1", date(2000, 1, 1)),)
    twenty = Capacity(birth_date=date(2006, 1, 1))
    asked = {"grantor": Grantor.SELF, "capacity": twenty, "purposes": frozenset({Purpose.LODGING})}
    assert may_grant(**asked, on=NOW.date()) is None  # type: ignore[arg-type]
    assert may_grant(**asked, on=NOW.date(), ages=ages) is not None  # type: ignore[arg-type]


def test_days_begin_and_end_in_universal_time() -> None:
    assert start_of(date(2026, 3, 20)).tzinfo is end_of(date(2026, 3, 20)).tzinfo is UTC


def test_an_event_is_found_by_its_name_and_another_is_refused_in_words() -> None:
    assert model_of("kz.qorgau.referral.moved.v1") is ReferralMoved
    with pytest.raises(ValueError, match=r"^an event type that is not in this contract$"):
        model_of("kz.qorgau.referral.moved.v2")


@pytest.mark.parametrize(
    ("check", "value", "words"),
    [
        (checked_iin, "12345", "twelve digits are needed"),
        (checked_iin, "880101300001", "the check digit does not fit"),
        (checked_iin, "881301300000", "the first seven digits name no birth date"),
        (birth_date_of, "880131700000", "the seventh digit of an IIN is 1 to 6"),
        (checked_kato, "1011", "a KATO code has nine digits"),
        (checked_kato, "990000000", "the first two digits of a KATO code name a region"),
        (not_an_agency, "police", "an organisation is not named like an agency or a kind of partner"),
    ],
)
def test_an_identifier_is_refused_in_words_that_do_not_repeat_it(check: object, value: str, words: str) -> None:
    assert callable(check)
    with pytest.raises(ValueError, match=f"^{words}$"):
        check(value)
