"""Late, twice, in any order, with gaps: both copies end where they would have ended in order, and withdrawal wins."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlmodel import func, select

from deploy.network import Network
from shared.adapters.tables import InboxRow
from shared.casework.messages.tables import MessageRow
from shared.contract.referral import Move, allowed_actions, replay
from shared.contract.vocabulary import Agency, ReferralState, Side
from shared.contract.vocabulary import ReferralAction as Action
from tests.courier import collect, exchange
from tests.faults.figures import IS_LONG, Figures
from tests.pair import NOW, POLICE, SHELTER, Two, made
from tests.workbench import Bench, bench

OTHER = {Side.SENDER: Side.RECEIVER, Side.RECEIVER: Side.SENDER}


class TwoCopies(RuleBasedStateMachine):
    """A referral's two copies, and a line between them on which moves are late, lost, doubled and out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Side, set[Move]] = {side: set() for side in Side}
        self.on_the_way: list[tuple[Side, Move]] = []
        self.done: set[Move] = set()

    @rule(side=st.sampled_from(Side), choice=st.integers(0, 9))
    def act(self, side: Side, choice: int) -> None:
        """Whoever acts knows what has come to them, and nothing else."""
        allowed = allowed_actions(replay(self.known[side]), side)
        if not allowed:
            return
        version = max((move.version for move in self.known[side]), default=0) + 1
        move = Move(version, allowed[choice % len(allowed)], side)
        self.known[side].add(move)
        self.done.add(move)
        self.on_the_way.append((OTHER[side], move))

    @rule(choice=st.integers(0, 99), again=st.booleans())
    def deliver(self, choice: int, again: bool) -> None:
        """Any of what is on the way; what comes twice is on the way still."""
        if not self.on_the_way:
            return
        index = choice % len(self.on_the_way)
        side, move = self.on_the_way[index] if again else self.on_the_way.pop(index)
        self.known[side].add(move)

    @invariant()
    def a_withdrawal_that_is_known_has_won(self) -> None:
        for moves in self.known.values():
            if any(move.action is Action.WITHDRAW for move in moves):
                assert replay(moves) is ReferralState.WITHDRAWN

    def teardown(self) -> None:
        """Everything arrives in the end."""
        for side, move in self.on_the_way:
            self.known[side].add(move)
        in_order = replay(sorted(self.done, key=lambda move: move.version))
        assert replay(self.known[Side.SENDER]) is replay(self.known[Side.RECEIVER]) is in_order
        withdrawn = any(move.action is Action.WITHDRAW for move in self.done)
        assert (in_order is ReferralState.WITHDRAWN) == withdrawn


TestTwoCopies = TwoCopies.TestCase
TestTwoCopies.settings = settings(max_examples=2000 if IS_LONG else 60, stateful_step_count=20, deadline=None)


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SHELTER, at=NOW) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


OPAQUE = {"to": {"organisation": SHELTER}, "purpose": "lodging", "basis": {"kind": "no_personal_data"}}
BODIES: dict[str, dict[str, Any]] = {
    "decline": {"reason": "no_room"},
    "redirect": {"reason": "not_suitable"},
    "cancel": {"reason": "no_longer_needed"},
    "fail": {"failed": {"reason": "did_not_arrive"}},
    "messages": {"body": "Ждём её."},
}
ENDS = {"cancel", "withdraw", "decline", "redirect"}  # rarely, so that there is something to put out of order before


class BadPost:
    """Carries letters between two services in any order, some several times, some only the next time."""

    def __init__(self, two: Two, chance: random.Random) -> None:
        self.two, self.chance = two, chance
        self.bag: list[tuple[Bench, str, bytes]] = []
        self.duplicates = 0

    async def collect(self) -> None:
        """What both have to say now. What has no receipt yet is said again."""
        for sender, receiver in ((self.two.police, self.two.shelter), (self.two.shelter, self.two.police)):
            for subject, payload in (await collect(sender)).letters:
                if subject.endswith(f".{receiver.node.name}"):
                    self.bag.append((receiver, subject, payload))

    async def deliver_some(self) -> None:
        """Half of what is there, shuffled; a third of that stays in the bag and comes again."""
        self.chance.shuffle(self.bag)
        some, self.bag = self.bag[: len(self.bag) // 2], self.bag[len(self.bag) // 2 :]
        for receiver, subject, payload in some:
            await receiver.inbox.receive(subject, payload)
            if self.chance.random() < 1 / 3:
                self.duplicates += 1
                self.bag.append((receiver, subject, payload))

    async def deliver_all(self) -> None:
        """What is left, each twice, and then whatever that led to."""
        await self.collect()
        self.chance.shuffle(self.bag)
        for receiver, subject, payload in [*self.bag, *self.bag]:
            await receiver.inbox.receive(subject, payload)
        self.duplicates += len(self.bag)
        await exchange(self.two.police, self.two.shelter)


async def seen(service: Bench, organisation: str, referral: str) -> tuple[str, list[tuple[int, str, str]], int]:
    """(state, moves, messages) of a copy, and what `replay` makes of these moves."""
    async with service.client(organisation) as worker:
        copy = (await worker.get(f"/referrals/{referral}")).json()
    async with service.work() as work:
        count = select(func.count()).select_from(MessageRow).where(MessageRow.referral_id == referral)
        written = (await work.session.exec(count)).one()
    moves = [(move["version"], move["side"], move["action"]) for move in copy["moves"]]
    assert copy["state"] == replay(Move(v, Action(a), Side(s)) for v, s, a in moves)
    return copy["state"], sorted(moves), written


async def do_something(two: Two, referral: str, chance: random.Random) -> bool:
    """Either side does what its own copy allows, or writes. Whether that was possible."""
    worker = chance.choice([two.officer, two.warden])
    copy = await worker.get(f"/referrals/{referral}")
    if copy.status_code == 404:  # not there yet
        return False
    allowed = [action for action in copy.json()["allowed"] if action not in ENDS or chance.random() < 0.1]
    action = chance.choice([*allowed, "messages"])
    path = f"/referrals/{referral}/{'complete' if action == 'fail' else action}"
    answer = await worker.post(path, json=BODIES.get(action, {}))
    assert answer.status_code in (200, 201, 409), answer.text
    return answer.is_success


async def agree(two: Two, referral: str, seed: str) -> None:
    """Both copies are the same. What was taken back before it left is nowhere else; after it, less may be written."""
    ours = (await two.officer.get(f"/referrals/{referral}")).json()
    taken_back = ours["state"] in ("withdrawn", "cancelled")
    if ours["delivery"] == "withheld" and (await two.warden.get(f"/referrals/{referral}")).status_code == 404:
        assert taken_back, seed
        return
    here, there = await seen(two.police, POLICE, referral), await seen(two.shelter, SHELTER, referral)
    assert here[:2] == there[:2], seed
    assert here[2] == there[2] or taken_back, seed
    assert (here[0] == "withdrawn") == any(action == "withdraw" for _, _, action in here[1]), seed


@pytest.mark.parametrize("turn", range(40 if IS_LONG else 4))
async def test_two_services_agree_whatever_the_post_did(two: Two, turn: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)  # noqa: S311  # a fault, not a secret
    post, accepted = BadPost(two, chance), 0
    referrals = [await made(await two.officer.post("/referrals", json={**OPAQUE, "call_back": "+7 727 000 00 01"}))]
    referrals.append(await made(await two.officer.post("/referrals", json={**OPAQUE, "call_back": "+7 727 000 00 02"})))
    for _ in range(14):
        accepted += await do_something(two, chance.choice(referrals), chance)
        for service in (two.police, two.shelter):
            service.clock.now += timedelta(seconds=chance.randint(1, 1000))
        await post.collect()
        await post.deliver_some()
    await post.deliver_all()
    for referral in referrals:
        await agree(two, referral, f"seed {seed}")
    Figures(events=accepted, duplicates=post.duplicates).tell(f"the post did what it liked (seed {seed})")


async def test_what_comes_again_after_a_year_does_nothing_and_is_receipted_again(two: Two) -> None:
    referral = await made(await two.officer.post("/referrals", json={**OPAQUE, "call_back": "+7 727 000 00 01"}))
    old = (await collect(two.police)).letters
    for letter in old:
        await two.shelter.inbox.receive(*letter)
    await exchange(two.shelter, two.police)
    await two.warden.post(f"/referrals/{referral}/accept")
    before = await seen(two.shelter, SHELTER, referral)
    for service in (two.police, two.shelter):
        service.clock.now += timedelta(days=365)
    for letter in old:
        await two.shelter.inbox.receive(*letter)
    async with two.shelter.work() as work:
        marks = (await work.session.exec(select(InboxRow.receipt_due))).all()
    assert (len(old), list(marks)) == (1, [True])
    assert await seen(two.shelter, SHELTER, referral) == before
