"""The examples do what they say, at running services; and nothing is done twice when an answer is lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deploy.demo.stage import Stage
from qorgau import bed_counts, examples
from qorgau.client import AsyncClient, Client, Problem, Unreachable, calls
from shared.contract.vocabulary import Agency
from tests.network import Access

WRONG = ("broken,women_with_children,1,7", "typo,women_with_children,four,7")


class Loses(httpx.HTTPTransport):
    """A line on which the first answers to what was asked are lost: it was done, and nobody learned of it."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self.left = answers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if self.left:
            self.left -= 1
            answer.close()
            raise httpx.ReadTimeout("lost")
        return answer


def until(happened: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Our:
    """Clients of the agencies of one cast."""

    def __init__(self, access: Access, stage: Stage, stack: ExitStack) -> None:
        self.access, self.cast, self.stack = access, stage.cast, stack

    def token(self, organisation: str, *roles: str) -> str:
        return self.access.enrolment.token(organisation=organisation, roles=roles or ("worker",))

    def client(
        self, agency: Agency, organisation: str, *roles: str, transport: httpx.BaseTransport | None = None
    ) -> Client:
        token = self.token(organisation, *roles)
        return self.stack.enter_context(Client(self.access.urls[agency], token=token, transport=transport))

    @property
    def police(self) -> Client:
        return self.client(Agency.POLICE, self.cast.police)

    @property
    def shelter(self) -> Client:
        return self.client(Agency.SHELTER, self.cast.far_shelter)


@pytest.fixture
async def our(access: Access, stage: Stage) -> AsyncIterator[Our]:
    with ExitStack() as stack:
        yield Our(access, stage, stack)


async def test_the_ten_commonest_jobs(our: Our) -> None:
    def play() -> None:
        police, shelter, name = our.police, our.shelter, f"Сәрсенова{uuid4().hex[:8]}"
        person = examples.record(police, name, "+7 727 000 01 02")
        assert [one["id"] for one in examples.find(police, name)] == [person]
        consent = examples.ask_for_consent(police, person)
        referral = examples.for_lodging(person, consent, shelter=our.cast.far_shelter)
        assert [one["field"] for one in examples.what_stays_here(police, referral)] == ["health"]
        first, second = (examples.refer(police, referral)["id"] for _ in range(2))
        until(lambda: {first, second} <= {one["id"] for one in shelter.each(calls.referrals("incoming"))})
        taken = examples.take_in(shelter, free=1)
        ends = {examples.until_answered(police, one, seconds=30)["state"] for one in (first, second)}
        assert ends == {"accepted", "declined"}
        said = examples.talk(police, taken[0], "Біз жолдамыз")
        assert [one["body"] for one in said] == ["Біз жолдамыз"]
        warden = our.client(Agency.SHELTER, our.cast.far_shelter, "bed-counter")
        for occupied in (1, 2):
            assert examples.count(warden, "room-9", capacity=4, occupied=occupied)["free"] == 4 - occupied
        assert examples.tell_of_a_refusal(shelter)["state"] == "sent"

    await asyncio.to_thread(play)


async def test_a_spreadsheet_posts_its_counts_again_and_again(our: Our, tmp_path: Path) -> None:
    units, rounds = 40, 3
    sheet = tmp_path / "counts.csv"

    def write(occupied: int) -> None:
        rows = [f"bed-{number},women_with_children,9,{occupied}" for number in range(units)]
        sheet.write_text("\n".join(["unit,for,capacity,occupied", *rows, *WRONG]))

    def play() -> list[int]:
        warden, reader = our.client(Agency.SHELTER, our.cast.far_shelter, "bed-counter"), our.shelter
        for occupied in range(rounds):
            write(occupied)
            broken, unreadable = bed_counts.post_counts(warden, sheet)
            assert broken.startswith("broken: 4"), broken
            assert unreadable.startswith("typo: ValueError"), unreadable
        return [one["occupied"] for one in reader.do(calls.units())["items"] if one["unit"].startswith("bed-")]

    assert await asyncio.to_thread(play) == [rounds - 1] * units


async def test_a_referral_whose_answers_were_lost_twice_was_sent_once(our: Our) -> None:
    def play() -> None:
        police = our.client(Agency.POLICE, our.cast.police, transport=Loses(answers=2))
        asked = calls.refer(
            {
                "to": {"organisation": our.cast.far_shelter},
                "purpose": "lodging",
                "basis": {"kind": "no_personal_data"},
                "call_back": "+7 727 000 00 02",
            }
        )
        before = {one["id"] for one in our.police.each(calls.referrals("outgoing"))}
        sent = police.do(asked)["id"]
        assert {one["id"] for one in our.police.each(calls.referrals("outgoing"))} - before == {sent}

    await asyncio.to_thread(play)


async def test_a_count_whose_answer_was_lost_is_for_the_caller_to_look_at(our: Our) -> None:
    def play() -> None:
        line = Loses(answers=1)
        warden = our.client(Agency.SHELTER, our.cast.far_shelter, "bed-counter", transport=line)
        with pytest.raises(Unreachable):
            warden.do(calls.count_beds("room-8", kind="all_adults", capacity=3, occupied=1))
        assert warden.do(calls.unit("room-8"))["occupied"] == 1

    await asyncio.to_thread(play)


async def test_without_blocking_pages_follow_one_another_and_a_token_is_asked_for_each_time(our: Our) -> None:
    asked = 0

    def token() -> str:
        nonlocal asked
        asked += 1
        return our.token(our.cast.police)

    async with AsyncClient(our.access.urls[Agency.POLICE], token=token) as police:
        names = [f"Сәрсенова{uuid4().hex[:8]}"] * 3
        made = {(await police.do(calls.record_person({"role": "victim", "family_name": name})))["id"] for name in names}
        found = replace(calls.search_persons(family_name=names[0]), query={"limit": "2"})
        assert {one["id"] async for one in police.each(found)} == made
        with pytest.raises(Problem, match="404"):
            await police.do(calls.person(str(uuid4())))
    assert asked == 6
