"""Questions between agencies at the desk (F14): asked from a person's page, answered, refused, taken back."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.vocabulary import Agency
from tests.asking import COURT, HOSPITAL, NAME, POLICE, SOCIAL
from tests.courier import exchange
from tests.desk.conftest import SignIn
from tests.desk.reading import words
from tests.desk.test_pages import NOBODYS, send
from tests.pair import NOW
from tests.workbench import Bench, bench

LIST = "/desk/inquiries"
CALL = {"call_back": "+7 727 000 00 04"}
BY_COURT = {"basis": "court_decision", **{f"court.{name}": value for name, value in COURT.items()}}
ALLOWED = {"purposes[]": "information_request", "recipients[]": "health", "categories[]": ["identity", "health"]}


@dataclass
class Seats:
    """The akimat asks; the hospital, or the police, answer."""

    benches: dict[Agency, Bench]
    asker: httpx.AsyncClient
    her: str = ""

    async def exchange(self, agency: Agency = Agency.HEALTH) -> None:
        await exchange(self.benches[Agency.SOCIAL], self.benches[agency])

    async def asks(self, **more: Any) -> httpx.Response:
        said = {"person_id": self.her, "to": HOSPITAL, "kind": "medical_certificate", "subject": "victim", **CALL}
        return await send(self.asker, LIST, **{**said, **BY_COURT, **more})

    async def asked(self, of: Agency = Agency.HEALTH, **more: Any) -> str:
        answer = await self.asks(**more)
        assert answer.status_code == 303, answer.text
        await self.exchange(of)
        return answer.headers["location"]


@pytest.fixture
async def seats(network: Network, signed_in: SignIn) -> AsyncIterator[Seats]:
    async with AsyncExitStack() as stack:
        agencies = (Agency.SOCIAL, Agency.HEALTH, Agency.POLICE)
        benches = {one: await stack.enter_async_context(bench(network, one, at=NOW)) for one in agencies}
        made = Seats(benches, await signed_in(benches[Agency.SOCIAL], SOCIAL))
        answer = await send(made.asker, "/desk/persons", role="victim", family_name=NAME)
        made.her = answer.headers["location"].rpartition("/")[2]
        yield made


async def test_a_question_is_asked_on_her_consent_and_its_answer_comes_back(seats: Seats, signed_in: SignIn) -> None:
    page = f"/desk/persons/{seats.her}"
    assert (await send(seats.asker, f"{page}/consents", **ALLOWED, granted_by="self")).status_code == 303
    led = re.search(rf'href="({LIST}/ask[^"]+)"', (await seats.asker.get(page)).text)
    assert led
    form = await seats.asker.get(led[1])
    consent = re.search(r'<option value="([0-9a-f-]{36})">', form.text)
    assert consent
    path = await seats.asked(basis=consent[1])
    clerk = await signed_in(seats.benches[Agency.HEALTH], HOSPITAL)
    assert path in (await clerk.get("/desk")).text  # it is due
    assert path in (await seats.asker.get("/desk")).text
    assert NAME in words(await clerk.get(path))
    assert (await send(clerk, f"{path}/answer", text="<b>Сынған</b>")).status_code == 303
    await seats.exchange()
    assert "&lt;b&gt;Сынған&lt;/b&gt;" in (await seats.asker.get(path)).text
    assert (await send(clerk, f"{path}/answer", text="again")).status_code == 409
    assert "answered" in words(await seats.asker.get(f"{LIST}?box=outgoing"))


async def test_on_a_courts_decision_the_police_say_which_convictions_there_are_or_none(
    seats: Seats, signed_in: SignIn
) -> None:
    officer = await signed_in(seats.benches[Agency.POLICE], POLICE)
    kind = {"to": POLICE, "kind": "prior_convictions"}
    one = {"convictions.0.article": "cc-109", "convictions.0.convicted_on": "2025-04-11"}
    wrong = {"convictions.0.article": "gossip", "convictions.0.convicted_on": "2025-04-11"}
    for said, shown in (
        (one, "article 109 of the Criminal Code, 2025-04-11"),
        ({"none:flag": "yes"}, "No convictions."),
    ):
        path = await seats.asked(of=Agency.POLICE, **kind)
        for bad in (wrong, {"convictions": "x", **one}, {}, {"convictions": "x"}):
            assert (await send(officer, f"{path}/answer", **bad)).status_code == 422, bad
        assert (await send(officer, f"{path}/answer", **said)).status_code == 303
        await seats.exchange(Agency.POLICE)
        assert shown in words(await seats.asker.get(path))


async def test_a_question_is_refused_with_its_ground_handed_over_or_taken_back(seats: Seats, signed_in: SignIn) -> None:
    clerk = await signed_in(seats.benches[Agency.HEALTH], HOSPITAL)
    refused, handed, back = [await seats.asked() for _ in range(3)]
    assert (await send(clerk, f"{refused}/refuse", ground="not_held")).status_code == 303
    assert (await send(clerk, f"{handed}/answer", handed_to="court")).status_code == 303
    assert (await send(seats.asker, f"{back}/cancel")).status_code == 303
    await seats.exchange()
    assert "we hold nothing about that person" in words(await seats.asker.get(refused))
    assert "It was handed over elsewhere: to the court" in words(await seats.asker.get(handed))
    assert "taken back" in words(await clerk.get(back))
    assert NAME not in words(await clerk.get(back))
    assert (await send(seats.asker, f"{refused}/cancel")).status_code == 409


async def test_what_can_not_be_asked_is_refused(seats: Seats) -> None:
    for wrong in ({"basis": "own_request"}, {"to": SOCIAL}, {"kind": "gossip"}, {"call_back": "x"}, {"basis.x": "1"}):
        assert (await seats.asks(**wrong)).status_code == 422, wrong
    assert (await seats.asks(person_id=NOBODYS)).status_code == 404
    for whom in (NOBODYS, "x"):
        assert (await seats.asker.get(f"{LIST}/ask?person={whom}")).status_code == 404
    assert "There is nothing here yet" in words(await seats.asker.get(f"{LIST}?box=outgoing"))
    assert (await seats.asker.get(f"{LIST}?box=theirs")).status_code == 422


@pytest.mark.parametrize("role", ROLES)
async def test_questions_are_for_the_roles_that_see_cases(police: Bench, signed_in: SignIn, role: str) -> None:
    browser = await signed_in(police, POLICE, role)
    assert (await browser.get(LIST)).status_code == (200 if role in ("worker", "supervisor") else 403)


async def test_another_organisations_question_is_not_there(seats: Seats, signed_in: SignIn) -> None:
    path = await seats.asked()
    asks = await signed_in(seats.benches[Agency.SOCIAL], "social-23")
    answers = await signed_in(seats.benches[Agency.HEALTH], "hospital-23")
    for other in (asks, answers):
        assert (await other.get(path)).status_code == 404
        for what, said in (("answer", {"text": "x"}), ("refuse", {"ground": "no_basis"}), ("cancel", {})):
            assert (await send(other, f"{path}/{what}", **said)).status_code == 404, what
        for box in ("incoming", "outgoing"):
            assert path not in (await other.get(f"{LIST}?box={box}")).text
