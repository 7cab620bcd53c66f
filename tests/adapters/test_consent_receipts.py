"""The receipt of a consent: no sender's word is taken for what a person allowed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from deploy.network import Network
from shared.adapters.consent_receipts import issue, proven
from shared.adapters.jetstream import directed_subject
from shared.adapters.seal import seal
from shared.adapters.tables import InboxRow
from shared.adapters.trust import Node
from shared.contract.consent import Consent
from shared.contract.events import Envelope, Payload, ReferralRequested, cloud_type
from shared.contract.grounds import Grounds, Handling, label
from shared.contract.vocabulary import Agency, Basis, DataCategory, EventType, Purpose, SubjectRole
from tests.workbench import Bench, bench, node_of

POLICE, SHELTER, HOSPITAL = "police-19", "shelter-far-19", "hospital-19"
NOW = datetime(2026, 3, 20, 7, tzinfo=UTC)
CONSENT = Consent(
    id=UUID(int=7),
    recorded_by=POLICE,
    purposes=frozenset({Purpose.LODGING}),
    recipients=frozenset({SHELTER}),
    categories=frozenset({DataCategory.IDENTITY}),
    given_at=datetime(2026, 3, 1, tzinfo=UTC),
    valid_until=datetime(2026, 6, 1, tzinfo=UTC),
)


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
def police(network: Network) -> Node:
    return node_of(network, Agency.POLICE)


@pytest.fixture
def health(network: Network) -> Node:
    return node_of(network, Agency.HEALTH)


def relying(consent: Consent, receipt: str | None) -> Grounds:
    return Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=consent, receipt=receipt)


async def refused_under(
    shelter: Bench, sender: Node, organisation: str, grounds: Grounds, handling: Handling | None = None
) -> str | None:
    """The rule that an identified referral is refused under on arrival."""
    asked = ReferralRequested(
        referral_id=uuid4(), purpose=Purpose.LODGING, subject=SubjectRole.VICTIM, family_name="Ахметова"
    )
    letter = Envelope(
        id=uuid4(),
        type=cloud_type(EventType.REFERRAL_REQUESTED),
        source=f"/nodes/{sender.name}",
        subject=str(uuid4()),
        time=NOW,
        sender=organisation,
        recipient=SHELTER,
        data=Payload(grounds=grounds, handling=handling, content=asked),
    )
    sealed = seal(sender, letter.model_dump_json().encode(), recipient="shelter")
    await shelter.inbox.receive(directed_subject(sender.name, "shelter"), sealed)
    async with shelter.work() as work:
        return (await work.session.exec(select(InboxRow.rule).where(InboxRow.event_id == letter.id))).one()


async def test_what_a_receipt_covers_is_taken(shelter: Bench, police: Node) -> None:
    grounds = relying(CONSENT, issue(police, CONSENT, at=NOW))
    assert await refused_under(shelter, police, POLICE, grounds) is None


async def test_a_consent_without_a_receipt_is_none(shelter: Bench, police: Node) -> None:
    assert await refused_under(shelter, police, POLICE, relying(CONSENT, None)) == "F-NO-LIVE-CONSENT"


async def test_terms_wider_than_the_receipt_are_none(shelter: Bench, police: Node) -> None:
    receipt = issue(police, CONSENT, at=NOW)
    wider = CONSENT.model_copy(update={"valid_until": datetime(2026, 9, 1, tzinfo=UTC)})
    assert await refused_under(shelter, police, POLICE, relying(wider, receipt)) == "F-NO-LIVE-CONSENT"


async def test_nobody_signs_for_a_consent_that_another_organisation_recorded(shelter: Bench, health: Node) -> None:
    invented = relying(CONSENT, issue(health, CONSENT, at=NOW))
    assert await refused_under(shelter, health, HOSPITAL, invented) == "F-NO-LIVE-CONSENT"


async def test_a_receipt_for_another_recipient_opens_nothing_here(shelter: Bench, police: Node) -> None:
    for_health = CONSENT.model_copy(update={"recipients": frozenset({HOSPITAL})})
    grounds = relying(for_health, issue(police, for_health, at=NOW))
    assert await refused_under(shelter, police, POLICE, grounds) == "F-NO-LIVE-CONSENT"


async def test_who_relied_on_a_consent_can_not_pass_it_on(shelter: Bench, police: Node, health: Node) -> None:
    """The police's receipt for a hospital, in an event of that hospital: she never agreed to the shelter."""
    for_health = CONSENT.model_copy(update={"recipients": frozenset({HOSPITAL})})
    passed_on = relying(for_health, issue(police, for_health, at=NOW))
    assert await refused_under(shelter, health, HOSPITAL, passed_on) == "F-NO-LIVE-CONSENT"


async def test_a_withdrawal_is_not_undone_by_an_old_receipt(shelter: Bench, police: Node) -> None:
    withdrawn = CONSENT.model_copy(update={"withdrawn_at": datetime(2026, 3, 10, tzinfo=UTC)})
    grounds = relying(withdrawn, issue(police, CONSENT, at=NOW))
    assert await refused_under(shelter, police, POLICE, grounds) == "F-NO-LIVE-CONSENT"


@pytest.mark.parametrize("categories", [frozenset[DataCategory](), frozenset(DataCategory)])
async def test_an_event_whose_label_says_anything_but_what_follows_is_refused(
    shelter: Bench, police: Node, categories: frozenset[DataCategory]
) -> None:
    grounds = relying(CONSENT, issue(police, CONSENT, at=NOW))
    wrong = label(origin=POLICE, grounds=grounds, categories=categories)
    assert await refused_under(shelter, police, POLICE, grounds, wrong) == "NO-RULE"


async def test_a_receipt_in_somebody_elses_event_opens_nothing_even_if_it_names_this_recipient(
    shelter: Bench, police: Node, health: Node
) -> None:
    """Such as one that a thief of the police's key made: he has no key that is still trusted to send it with."""
    grounds = relying(CONSENT, issue(police, CONSENT, at=NOW))
    assert await refused_under(shelter, health, HOSPITAL, grounds) == "F-NO-LIVE-CONSENT"


def shown(node: Node, grounds: Grounds, *, sender: str, recipient: str, known: Consent | None = None) -> bool:
    return proven(node, grounds, sender=sender, recipient=recipient, known=known).consent is not None


def test_who_recorded_a_consent_goes_by_its_own_record_of_it(police: Node) -> None:
    whole = CONSENT.model_copy(update={"recipients": frozenset({Agency.SHELTER, Agency.HEALTH})})
    answer = relying(CONSENT, "whatever")
    assert shown(police, answer, sender=SHELTER, recipient=POLICE, known=whole)
    assert not shown(police, answer, sender=SHELTER, recipient=POLICE)
    for more in (
        {"purposes": frozenset({Purpose.LODGING, Purpose.PSYCHOLOGICAL_HELP})},
        {"categories": frozenset({DataCategory.IDENTITY, DataCategory.HEALTH})},
        {"valid_until": datetime(2026, 6, 2, tzinfo=UTC)},
        {"given_at": datetime(2026, 2, 1, tzinfo=UTC)},
    ):
        wider = relying(CONSENT.model_copy(update=more), "whatever")
        assert not shown(police, wider, sender=SHELTER, recipient=POLICE, known=whole)


def test_a_receipt_says_of_nobody(police: Node) -> None:
    receipt = issue(police, CONSENT, at=NOW)
    assert shown(police, relying(CONSENT, receipt), sender=POLICE, recipient=SHELTER)
    assert "Ахметова" not in receipt
