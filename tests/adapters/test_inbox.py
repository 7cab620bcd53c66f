"""The one way in: what is forged, replayed, misdirected or not allowed has no effect and is accounted for."""

import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc import jwe
from joserfc.util import json_b64decode, urlsafe_b64encode
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import func, select

from deploy.network import Network
from deploy.trust_file import TrustFiles, revoke
from shared.adapters.consent_receipts import issue
from shared.adapters.inbox import Inbox
from shared.adapters.intake import TRIES, again_or_never
from shared.adapters.jetstream import directed_subject
from shared.adapters.jose import write_jwe
from shared.adapters.judging import Judge
from shared.adapters.seal import seal, sign
from shared.adapters.tables import InboxRow, OutboxRow, Quarantined
from shared.adapters.trust import Node, load_node
from shared.casework.consents import store as consents
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.contract.consent import Consent
from shared.contract.errors import Problem
from shared.contract.events import (
    ConsentWithdrawn,
    Envelope,
    Event,
    EventsReceived,
    Payload,
    ReferralMoved,
    ReferralRequested,
    cloud_type,
)
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, DataCategory, Purpose, ReferralAction, SubjectRole
from tests.workbench import Bench, bench, node_of

POLICE, SHELTER, HOSPITAL = "police-19", "shelter-far-19", "hospital-19"
TO_SHELTER = directed_subject("police", "shelter")


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
def police(network: Network) -> Node:
    return node_of(network, Agency.POLICE)


def request(**more: Any) -> ReferralRequested:
    about = {"referral_id": uuid4(), "purpose": Purpose.LODGING, "subject": SubjectRole.VICTIM}
    return ReferralRequested.model_validate({**about, "call_back": "+7 727 000 01 02", **more})


def envelope(event: Event, **changed: Any) -> Envelope:
    grounds = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.LODGING)
    about: dict[str, Any] = {
        "id": uuid4(),
        "type": cloud_type(event.type),
        "source": "/nodes/police",
        "subject": str(uuid4()),
        "time": datetime.now(UTC),
        "sender": POLICE,
        "recipient": SHELTER,
        "data": Payload(grounds=changed.pop("grounds", grounds), content=event),
    }
    return Envelope(**{**about, **changed})


def sealed(node: Node, letter: Envelope, *, recipient: str = "shelter") -> bytes:
    return seal(node, letter.model_dump_json().encode(), recipient=recipient)


async def count(service: Bench, table: type) -> int:
    async with service.work() as work:
        return int((await work.session.exec(select(func.count()).select_from(table))).one())


async def quarantined(service: Bench) -> list[str]:
    async with service.work() as work:
        return list((await work.session.exec(select(Quarantined.reason))).all())


async def test_an_event_that_comes_three_times_takes_effect_once_and_is_receipted(shelter: Bench, police: Node) -> None:
    letter = envelope(request())
    for _ in range(3):
        await shelter.inbox.receive(TO_SHELTER, sealed(police, letter))
    assert await count(shelter, ReferralRow) == 1
    async with shelter.work() as work:
        row = (await work.session.exec(select(InboxRow))).one()
    assert (row.event_id, row.state, row.receipt_due) == (letter.id, "applied", True)


async def test_what_is_not_sealed_for_this_node_is_quarantined(shelter: Bench, police: Node) -> None:
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request()), recipient="health"))
    await shelter.inbox.receive(TO_SHELTER, b"not a message at all")
    assert await count(shelter, ReferralRow) == 0
    assert all(reason.startswith("not sealed for this node") for reason in await quarantined(shelter))
    assert len(await quarantined(shelter)) == 2


async def test_a_node_can_not_speak_for_an_organisation_of_another(shelter: Bench, network: Network) -> None:
    health = node_of(network, Agency.HEALTH)
    forged = envelope(request(), source="/nodes/health")
    await shelter.inbox.receive(directed_subject("health", "shelter"), sealed(health, forged))
    assert await quarantined(shelter) == ["the node does not speak for the sending organisation"]


async def test_a_node_can_not_publish_what_another_has_signed(shelter: Bench, police: Node) -> None:
    stolen = sealed(police, envelope(request()))
    await shelter.inbox.receive(directed_subject("health", "shelter"), stolen)
    assert await quarantined(shelter) == ["signed by another node than the one that sent it"]


async def test_an_event_for_an_organisation_of_another_service_is_not_taken(shelter: Bench, police: Node) -> None:
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request(), recipient=HOSPITAL)))
    assert await quarantined(shelter) == ["the recipient is not hosted here"]


async def test_an_event_type_of_no_contract_is_quarantined_with_a_reason_that_tells_nothing(
    shelter: Bench, police: Node
) -> None:
    raw = envelope(request(family_name="Ахметова")).model_dump_json().replace("referral.requested", "referral.invented")
    await shelter.inbox.receive(TO_SHELTER, seal(police, raw.encode(), recipient="shelter"))
    assert await quarantined(shelter) == ["an event type or version that this service does not know"]


async def test_what_policy_does_not_allow_is_refused_on_arrival_and_the_rule_is_named(
    shelter: Bench, police: Node
) -> None:
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request(family_name="Ахметова"))))
    async with shelter.work() as work:
        row = (await work.session.exec(select(InboxRow))).one()
    assert (row.state, row.rule) == ("refused", "F-WITHOUT-CONSENT")
    assert await count(shelter, ReferralRow) == 0


async def test_a_consent_that_ended_on_the_way_opens_nothing_on_arrival(shelter: Bench, police: Node) -> None:
    consent = Consent(
        id=uuid4(),
        recorded_by=POLICE,
        purposes=frozenset({Purpose.LODGING}),
        recipients=frozenset({Agency.SHELTER}),
        categories=frozenset({DataCategory.IDENTITY}),
        given_at=datetime(2026, 3, 1, tzinfo=UTC),
        valid_until=datetime(2026, 3, 20, tzinfo=UTC),
    )
    grounds = relying_on(police, consent)
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request(family_name="А"), grounds=grounds)))
    async with shelter.work() as work:
        row = (await work.session.exec(select(InboxRow))).one()
    assert (row.state, row.rule) == ("refused", "F-NO-LIVE-CONSENT")


async def test_a_move_that_comes_before_its_referral_waits_and_then_takes_effect(shelter: Bench, police: Node) -> None:
    asked = request(family_name=None)
    action = {"version": 1, "action": ReferralAction.WITHDRAW, "at": datetime.now(UTC)}
    moved = ReferralMoved.model_validate({"referral_id": asked.referral_id, **action})
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(moved)))
    assert await count(shelter, ReferralRow) == 0
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(asked)))
    async with shelter.work() as work:
        referral = (await work.session.exec(select(ReferralRow))).one()
        (content,) = await referrals.contents(work.session, [referral])
    assert referral.state == "withdrawn"
    assert content == {
        "referral_id": str(asked.referral_id), "replaces": None, "purpose": "lodging", "subject": "victim",
    }  # fmt: skip


async def test_a_third_party_can_not_move_a_referral(shelter: Bench, police: Node, network: Network) -> None:
    asked = request()
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(asked)))
    action = {"version": 1, "action": ReferralAction.CANCEL, "at": datetime.now(UTC)}
    moved = ReferralMoved.model_validate({"referral_id": asked.referral_id, **action})
    other = envelope(moved, source="/nodes/health", sender=HOSPITAL)
    await shelter.inbox.receive(directed_subject("health", "shelter"), sealed(node_of(network, Agency.HEALTH), other))
    async with shelter.work() as work:
        assert (await work.session.exec(select(ReferralRow.state))).one() == "requested"


async def test_what_an_event_says_of_itself_and_its_grounds_must_agree(shelter: Bench, police: Node) -> None:
    about_him = request(subject=SubjectRole.ALLEGED_OFFENDER)
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(about_him)))
    async with shelter.work() as work:
        row = (await work.session.exec(select(InboxRow))).one()
    assert (row.state, row.rule) == ("refused", "NO-RULE")
    assert await count(shelter, ReferralRow) == 0


async def test_a_withdrawal_that_comes_before_what_relied_on_it_is_remembered(shelter: Bench, police: Node) -> None:
    consent = lasting(Purpose.LODGING)
    taken_back = ConsentWithdrawn(consent_id=consent.id, at=datetime(2026, 3, 20, tzinfo=UTC))
    her_word = Grounds(basis=Basis.OWN_REQUEST)
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(taken_back, grounds=her_word)))
    asked = envelope(request(family_name="Ахметова"), grounds=relying_on(police, consent))
    await shelter.inbox.receive(TO_SHELTER, sealed(police, asked))
    async with shelter.work() as work:
        rule = (await work.session.exec(select(InboxRow.rule).where(InboxRow.event_id == asked.id))).one()
    assert (rule, await count(shelter, ReferralRow)) == ("F-NO-LIVE-CONSENT", 0)


async def test_a_third_party_can_not_take_the_place_of_the_senders_withdrawal(
    shelter: Bench, police: Node, network: Network
) -> None:
    asked, at = request(), datetime.now(UTC)
    about = {"referral_id": asked.referral_id, "version": 1, "at": at}
    cancel = ReferralMoved.model_validate({**about, "action": ReferralAction.CANCEL})
    withdraw = ReferralMoved.model_validate({**about, "action": ReferralAction.WITHDRAW})
    other = envelope(cancel, source="/nodes/health", sender=HOSPITAL)
    await shelter.inbox.receive(directed_subject("health", "shelter"), sealed(node_of(network, Agency.HEALTH), other))
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(withdraw)))
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(asked)))
    async with shelter.work() as work:
        assert (await work.session.exec(select(ReferralRow.state))).one() == "withdrawn"


def lasting(*purposes: Purpose) -> Consent:
    return Consent(
        id=UUID(int=7),
        recorded_by=POLICE,
        purposes=frozenset(purposes),
        recipients=frozenset({Agency.SHELTER}),
        categories=frozenset({DataCategory.IDENTITY}),
        given_at=datetime(2026, 3, 1, tzinfo=UTC),
        valid_until=datetime(2026, 4, 20, tzinfo=UTC),
    )


def relying_on(police: Node, consent: Consent) -> Grounds:
    """Grounds with a receipt by who recorded the consent."""
    receipt = issue(police, consent, at=datetime.now(UTC))
    return Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=consent, receipt=receipt)


async def test_what_one_consent_opens_for_several_purposes_adds_up_here(shelter: Bench, police: Node) -> None:
    for purpose in (Purpose.LODGING, Purpose.PSYCHOLOGICAL_HELP):
        consent = lasting(Purpose.LODGING, purpose)
        async with shelter.work() as work:
            await consents.remember(work.session, organisation_id=SHELTER, consent=consent)
    async with shelter.work() as work:
        known = await consents.terms_now(work.session, SHELTER, UUID(int=7))
    assert known is not None
    assert known.purposes == {Purpose.LODGING, Purpose.PSYCHOLOGICAL_HELP}


async def test_after_her_withdrawal_nothing_that_was_written_here_leaves_any_more(shelter: Bench, police: Node) -> None:
    relied = relying_on(police, lasting(Purpose.LODGING))
    asked = request(family_name="Ахметова", hold="seniors")
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(asked, grounds=relied)))
    async with shelter.client(SHELTER) as worker:
        await worker.post(f"/referrals/{asked.referral_id}/messages", json={"body": "Ахметова больна."})
        no = {"reason": "not_suitable", "text": "Ахметова больна."}
        await worker.post(f"/referrals/{asked.referral_id}/decline", json=no)
    about = {"referral_id": asked.referral_id, "version": 2, "action": ReferralAction.WITHDRAW, "at": datetime.now(UTC)}
    her_word = envelope(ReferralMoved.model_validate(about), grounds=relied)
    await shelter.inbox.receive(TO_SHELTER, sealed(police, her_word))
    async with shelter.work() as work:
        rows = (await work.session.exec(select(OutboxRow))).all()
        copy = (await work.session.exec(select(ReferralRow))).one()
    assert {row.event_type: row.state for row in rows}["message.posted"] == "withheld"
    assert "больна" not in str(await shelter.waiting())
    assert (copy.state, copy.hold, copy.hold_state) == ("withdrawn", None, None)


class Delivery:
    """A message as the client hands it over, delivered for the n-th time; what became of it."""

    def __init__(self, data: bytes, *, times: int) -> None:
        self.subject, self.data, self.metadata = TO_SHELTER, data, self
        self.num_delivered, self.answer = times, ""

    async def ack(self) -> None:
        self.answer = "ack"

    async def nak(self, delay: float) -> None:
        self.answer = f"again in {delay} s"


async def test_what_can_not_be_applied_comes_again_a_few_times_and_is_then_refused_for_good(
    shelter: Bench, police: Node
) -> None:
    letter = sealed(police, envelope(request()))
    answers = []
    for times in (1, TRIES - 1, TRIES):
        delivery = Delivery(letter, times=times)
        await again_or_never(shelter.inbox, delivery, ValueError("whatever"))  # type: ignore[arg-type]  # a Msg's face
        answers.append(delivery.answer)
    async with shelter.work() as work:
        row = (await work.session.exec(select(InboxRow))).one()
    assert answers == ["again in 2 s", "again in 2 s", "ack"]
    assert (row.state, row.rule, row.receipt_due) == ("refused", "UNPROCESSABLE", True)
    assert await quarantined(shelter) == ["it can't be applied here"]


LOST = DBAPIError("", {}, Exception(), connection_invalidated=True)
PASSES = [LOST, PoolTimeout(), TimeoutError(), Problem(503, "outcome-unknown", "lost while committing")]


@pytest.mark.parametrize("error", PASSES, ids=lambda error: type(error).__name__)
async def test_what_the_database_could_not_take_comes_again_however_often(
    shelter: Bench, police: Node, error: Exception
) -> None:
    delivery = Delivery(sealed(police, envelope(request())), times=10 * TRIES)
    await again_or_never(shelter.inbox, delivery, error)  # type: ignore[arg-type]  # a Msg's face
    assert (delivery.answer, await quarantined(shelter)) == ("again in 2 s", [])


async def test_a_valid_event_sent_on_to_another_node_is_refused_there(network: Network, police: Node) -> None:
    """The shelter opens what the police sent it, and seals the police's true signature for health."""
    opened = jwe.decrypt_compact(
        sealed(police, envelope(request())),
        node_of(network, Agency.SHELTER).decryption_key("shelter/encrypt-1"),
        algorithms=["ECDH-ES", "A256GCM"],
    )
    key = police.trust.encryption_key("health")
    resealed = write_jwe(opened.plaintext or b"", key=key.public, kid=key.kid)
    async with bench(network, Agency.HEALTH) as health:
        for sender in ("police", "shelter"):
            await health.inbox.receive(directed_subject(sender, "health"), resealed)
        assert await count(health, InboxRow) == 0
        reasons = set(await quarantined(health))
    assert reasons == {"the recipient is not hosted here", "signed by another node than the one that sent it"}


async def test_a_valid_event_signed_again_by_another_sender_is_refused(
    shelter: Bench, police: Node, network: Network
) -> None:
    letter = envelope(request())
    social = node_of(network, Agency.SOCIAL)
    await shelter.inbox.receive(TO_SHELTER, sealed(social, letter))
    await shelter.inbox.receive(directed_subject("social", "shelter"), sealed(social, letter))
    assert await count(shelter, ReferralRow) == 0
    assert set(await quarantined(shelter)) == {"signed by another node than the one that sent it"}


@pytest.mark.parametrize(
    "changed",
    [
        {"recipient": "shelter-near-19"},
        {"subject": "another case"},
        {"sender": "police-rural-19"},
        {"id": str(UUID(int=1))},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_a_valid_signature_does_not_cover_another_recipient_subject_sender_or_event(
    shelter: Bench, police: Node, changed: dict[str, str]
) -> None:
    header, payload, signature = sign(police, envelope(request()).model_dump_json().encode()).split(b".")
    forged = urlsafe_b64encode(json.dumps({**json_b64decode(payload), **changed}).encode())
    key = police.trust.encryption_key("shelter")
    message = write_jwe(b".".join([header, forged, signature]), key=key.public, kid=key.kid)
    await shelter.inbox.receive(TO_SHELTER, message)
    assert await count(shelter, ReferralRow) == await count(shelter, InboxRow) == 0
    assert await quarantined(shelter) == ["not a valid signature (BadSignatureError)"]


async def test_a_receipt_for_another_node_settles_nothing_here(shelter: Bench, police: Node) -> None:
    receipt = envelope(EventsReceived(received=(uuid4(),)), grounds=None, sender="police", recipient="health")
    await shelter.inbox.receive(TO_SHELTER, sealed(police, receipt))
    assert await quarantined(shelter) == ["a receipt for another node"]


async def test_what_a_revoked_key_signed_is_quarantined_and_what_was_taken_in_before_stays(
    shelter: Bench, police: Node, network: Network, tmp_path: Path
) -> None:
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request())))
    files = TrustFiles(tmp_path)
    shutil.copytree(network.folder / "secrets", tmp_path / "secrets")
    before = network.enrolment.trust_files.read()
    nodes = {**before.nodes, "police": revoke(before.nodes["police"], "police/sign-1", at=shelter.clock())}
    files.publish(nodes, before=before, at=shelter.clock())
    wary = load_node(
        "shelter",
        Agency.SHELTER,
        network.enrolment.secret("shelter", "keys"),
        files.list,
        network.enrolment.operator_key,
        clock=shelter.clock,
    )
    inbox = Inbox(
        database=shelter.database,
        node=wary,
        judge=Judge(consents.known),
        handlers=shelter.inbox.handlers,
        clock=shelter.clock,
    )
    await inbox.receive(TO_SHELTER, sealed(police, envelope(request())))
    assert await count(shelter, ReferralRow) == 1
    assert await quarantined(shelter) == ["signed with a key that was revoked"]
