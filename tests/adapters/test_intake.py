"""What comes together is taken in together: in one transaction where that can be, and each alone where one fails."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from asyncpg import DeadlockDetectedError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select, update

from deploy.network import Network
from shared.adapters.inbox import Arrival, Inbox
from shared.adapters.intake import directed
from shared.adapters.jetstream import directed_subject
from shared.adapters.tables import InboxRow, OutboxRow
from shared.adapters.trust import Node
from shared.casework.referrals.tables import ReferralRow
from shared.contract.events import Envelope, Event, EventsReceived, ReferralMoved, ReferralRequested
from shared.contract.vocabulary import Agency, EventType, ReferralAction
from tests.adapters.test_inbox import TO_SHELTER, envelope, quarantined, request, sealed
from tests.workbench import Bench, bench, node_of

NEAR, FAR = "shelter-near-19", "shelter-far-19"


@dataclass
class Delivery:
    """A message as the broker hands it out, and what was said to it."""

    data: bytes
    subject: str = TO_SHELTER
    told: list[str] = field(default_factory=list)
    headers: dict[str, str] | None = None
    metadata: Any = field(default_factory=lambda: SimpleNamespace(num_delivered=1))

    async def ack(self) -> None:
        self.told.append("taken")

    async def nak(self, delay: float = 0) -> None:
        self.told.append("again")


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
def police(network: Network) -> Node:
    return node_of(network, Agency.POLICE)


async def take(inbox: Inbox, police: Node, letters: Sequence[Envelope]) -> list[list[str]]:
    """What the broker is told of each, all having come together."""
    deliveries = [Delivery(sealed(police, letter)) for letter in letters]
    await directed(inbox, deliveries)  # type: ignore[arg-type]  # a Msg's face
    return [delivery.told for delivery in deliveries]


async def known(service: Bench) -> list[InboxRow]:
    async with service.work() as work:
        return list((await work.session.exec(select(InboxRow).order_by(InboxRow.recipient_id))).all())


async def transactions(service: Bench) -> int:
    """In how many the events that are here were taken in."""
    async with service.work() as work:
        counted = await (await work.session.connection()).execute(text("select count(distinct xmin::text) from inbox"))
        return int(counted.scalar_one())


def failing(inbox: Inbox, fault: Exception, *, at: UUID | None = None) -> tuple[Inbox, list[UUID]]:
    """An inbox that can't apply this referral, or none; and which it was given."""
    given: list[UUID] = []

    async def fails(_: Arrival, event: Event) -> None:
        assert isinstance(event, ReferralRequested)
        given.append(event.referral_id)
        if at in (None, event.referral_id):
            raise fault

    requested = EventType.REFERRAL_REQUESTED
    inbox.handlers = {**inbox.handlers, requested: (*inbox.handlers[requested], fails)}
    return inbox, given


async def test_events_for_one_organisation_that_come_together_are_one_transaction(shelter: Bench, police: Node) -> None:
    letters = [envelope(request()) for _ in range(5)]
    assert await take(shelter.inbox, police, letters) == [["taken"]] * 5
    assert {row.event_id for row in await known(shelter)} == {letter.id for letter in letters}
    assert await transactions(shelter) == 1


async def test_those_of_two_organisations_share_none(shelter: Bench, police: Node) -> None:
    letters = [envelope(request(), recipient=theirs) for theirs in (FAR, NEAR, FAR, NEAR)]
    assert await take(shelter.inbox, police, letters) == [["taken"]] * 4
    assert [row.recipient_id for row in await known(shelter)] == [FAR, FAR, NEAR, NEAR]
    assert await transactions(shelter) == 2


async def test_an_event_that_can_not_be_applied_costs_only_itself(shelter: Bench, police: Node) -> None:
    events = [request() for _ in range(4)]
    letters = [envelope(event) for event in events]
    inbox, _ = failing(shelter.inbox, ValueError("a fault"), at=events[1].referral_id)
    assert await take(inbox, police, letters) == [["taken"], ["again"], ["taken"], ["taken"]]
    assert {row.event_id for row in await known(shelter)} == {letters[n].id for n in (0, 2, 3)}


async def test_what_another_transaction_was_in_the_way_of_is_tried_alone_at_once(shelter: Bench, police: Node) -> None:
    events = [request() for _ in range(3)]
    letters = [envelope(event) for event in events]
    inbox, given = failing(shelter.inbox, DBAPIError(None, None, DeadlockDetectedError()), at=events[1].referral_id)
    assert await take(inbox, police, letters) == [["taken"], ["again"], ["taken"]]
    assert {row.event_id for row in await known(shelter)} == {letters[n].id for n in (0, 2)}
    assert len(given) == 5, "two together, then each of the three"


async def test_when_the_database_is_away_all_come_again_and_none_is_tried_alone(shelter: Bench, police: Node) -> None:
    inbox, given = failing(shelter.inbox, ConnectionResetError())
    letters = [envelope(request()) for _ in range(3)]
    assert await take(inbox, police, letters) == [["again"]] * 3
    assert (len(given), await known(shelter)) == (1, [])


async def test_an_event_that_comes_twice_at_once_takes_effect_once_and_is_acknowledged_twice(
    shelter: Bench, police: Node
) -> None:
    letter = envelope(request())
    assert await take(shelter.inbox, police, [letter, letter]) == [["taken"], ["taken"]]
    async with shelter.work() as work:
        assert len((await work.session.exec(select(ReferralRow))).all()) == 1


async def test_what_can_not_be_opened_is_quarantined_and_what_came_with_it_taken_in(
    shelter: Bench, police: Node
) -> None:
    good, bad = Delivery(sealed(police, envelope(request()))), Delivery(b"not a message at all")
    await directed(shelter.inbox, [bad, good])  # type: ignore[list-item]  # a Msg's face
    assert (bad.told, good.told) == (["taken"], ["taken"])
    assert (len(await quarantined(shelter)), len(await known(shelter))) == (1, 1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the withdrawal first"])
async def test_a_referral_that_comes_together_with_its_withdrawal_is_withdrawn(
    shelter: Bench, police: Node, order: tuple[int, int]
) -> None:
    event = request()
    taken_back = ReferralMoved(
        referral_id=event.referral_id, version=1, action=ReferralAction.WITHDRAW, at=shelter.clock()
    )
    about = {"subject": str(event.referral_id)}
    letters = [envelope(event, **about), envelope(taken_back, **about)]
    assert await take(shelter.inbox, police, [letters[n] for n in order]) == [["taken"], ["taken"]]
    async with shelter.work() as work:
        row = (await work.session.exec(select(ReferralRow))).one()
    assert (row.state, row.version, row.erased_at is not None) == ("withdrawn", 1, True)


async def test_a_receipt_that_comes_with_events_settles_what_it_tells_of(shelter: Bench, police: Node) -> None:
    said: dict[str, Any] = {
        "recipient_id": "police-19",
        "recipient_node": "police",
        "event_type": EventType.REFERRAL_MOVED,
    }
    sent = OutboxRow(id=uuid4(), organisation_id=FAR, concerning="7", state="sent", created_at=shelter.clock(), **said)
    async with shelter.work() as work:
        work.session.add(sent)
    receipt = envelope(EventsReceived(received=(sent.id,)), grounds=None, sender="police", recipient="shelter")
    assert await take(shelter.inbox, police, [receipt, envelope(request())]) == [["taken"], ["taken"]]
    async with shelter.work() as work:
        assert (await work.session.exec(select(OutboxRow.state).where(OutboxRow.id == sent.id))).one() == "received"


async def test_what_is_sent_again_after_it_was_taken_in_is_not_opened_and_its_sender_is_told_once_more(
    shelter: Bench, police: Node
) -> None:
    letter = envelope(request())
    await shelter.inbox.receive(TO_SHELTER, sealed(police, letter))
    async with shelter.work() as work:
        await work.session.exec(update(InboxRow).values(receipt_due=False))
    copy = Delivery(b"nobody reads this", headers={"Nats-Msg-Id": f"{letter.id}:2"})
    await directed(shelter.inbox, [copy])  # type: ignore[list-item]  # a Msg's face
    assert (copy.told, await quarantined(shelter)) == (["taken"], [])
    assert [row.receipt_due for row in await known(shelter)] == [True]


@pytest.mark.parametrize("subject", [TO_SHELTER, directed_subject("health", "shelter")])
@pytest.mark.parametrize("message_id", ["", "x", ":2", "{id}", "{id}:1", "{id}:x", "{other}:2"])
async def test_a_message_id_that_names_nothing_that_its_sender_sent_before_is_no_reason_to_pass_over_it(
    shelter: Bench, police: Node, subject: str, message_id: str
) -> None:
    letter = envelope(request())
    await shelter.inbox.receive(TO_SHELTER, sealed(police, letter))
    headers = {"Nats-Msg-Id": message_id.format(id=letter.id, other=uuid4())}
    news = Delivery(sealed(police, envelope(request())), subject=subject, headers=headers)
    await directed(shelter.inbox, [news])  # type: ignore[list-item]  # a Msg's face
    is_theirs = subject == TO_SHELTER
    assert (len(await known(shelter)), len(await quarantined(shelter))) == ((2, 0) if is_theirs else (1, 1))


async def test_what_another_node_sent_under_the_id_of_an_event_is_opened(shelter: Bench, police: Node) -> None:
    letter = envelope(request())
    await shelter.inbox.receive(TO_SHELTER, sealed(police, letter))
    headers = {"Nats-Msg-Id": f"{letter.id}:2"}
    forged = Delivery(b"something", subject=directed_subject("health", "shelter"), headers=headers)
    await directed(shelter.inbox, [forged])  # type: ignore[list-item]  # a Msg's face
    assert len(await quarantined(shelter)) == 1
