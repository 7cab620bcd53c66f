"""The three-business-day notice of a refusal to report (F3)."""

from collections.abc import AsyncIterator

import pytest

from deploy.network import Network
from shared.casework.deadlines.clock import remind
from shared.contract.calendar import VERSION
from shared.contract.vocabulary import Agency
from tests.workbench import Bench, bench

SHELTER = "shelter-far-19"


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER, at="2026-03-20T15:00:00+05:00") as service:
        yield service


async def record(service: Bench, refused_at: str, **more: object) -> dict[str, object]:
    async with service.client(SHELTER) as client:
        answer = await client.post("/refusals", json={"refused_at": refused_at, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_refusal_on_friday_before_nauryz_is_due_at_the_end_of_monday_after_next(shelter: Bench) -> None:
    refusal = await record(shelter, "2026-03-20T14:00:00+05:00")
    async with shelter.client(SHELTER) as client:
        deadline = (await client.get("/deadlines")).json()["items"][0]
    assert (refusal["refused_on"], refusal["due_on"]) == ("2026-03-20", "2026-03-30")
    assert deadline["due_at"] == "2026-03-30T19:00:00Z"
    assert refusal["calendar_version"] == deadline["calendar_version"] == VERSION


async def test_a_refusal_before_a_moved_working_saturday_is_due_on_that_saturday(shelter: Bench) -> None:
    shelter.clock.turn_to("2024-04-30T12:00:00+05:00")
    refusal = await record(shelter, "2024-04-30T10:00:00+05:00")
    assert refusal["due_on"] == "2024-05-04"


async def test_the_day_is_the_day_in_almaty_and_not_in_greenwich(shelter: Bench) -> None:
    shelter.clock.turn_to("2026-04-14T02:00:00+05:00")
    refusal = await record(shelter, "2026-04-13T20:30:00Z")
    assert (refusal["refused_on"], refusal["due_on"]) == ("2026-04-14", "2026-04-17")


async def test_reminders_fire_once_each_whatever_restarts_and_never_after_the_notice_was_sent(shelter: Bench) -> None:
    late, sent = [await record(shelter, "2026-03-20T14:00:00+05:00") for _ in range(2)]
    async with shelter.client(SHELTER) as client:
        assert (await client.post(f"/refusals/{sent['id']}/send")).status_code == 200
    fired = []
    for moment in ("29T23:59", "30T00:01", "30T00:01", "30T23:59", "31T00:01", "31T00:01"):
        shelter.clock.turn_to(f"2026-03-{moment}:00+05:00")
        async with shelter.work() as work:
            fired.append(await remind(work))
    async with shelter.client(SHELTER) as client:
        reminders = (await client.get("/reminders")).json()["items"]
    assert fired == [0, 1, 0, 0, 1, 0]
    assert [(r["kind"], r["deadline"]["concerning"]) for r in reminders] == [
        ("overdue", late["id"]),
        ("due_soon", late["id"]),
    ]


async def test_nothing_is_sent_before_its_author_has_seen_it_and_it_is_sent_once(shelter: Bench) -> None:
    refusal = await record(shelter, "2026-03-20T14:00:00+05:00")
    assert refusal["notice"] == {
        "notice_id": refusal["id"],
        "refused_on": "2026-03-20",
        "due_on": "2026-03-30",
        "police_may": ["record_statistics"],
    }
    assert await events(shelter) == []
    async with shelter.client(SHELTER) as client:
        for _ in range(2):
            assert (await client.post(f"/refusals/{refusal['id']}/send")).json()["state"] == "sent"
    assert await events(shelter) == [("refusal_notice.issued", "police-19", refusal["notice"])]


async def test_the_police_may_offer_contact_only_if_she_agrees(shelter: Bench) -> None:
    refusal = await record(shelter, "2026-03-20T14:00:00+05:00", agrees_to_contact=True)
    assert refusal["notice"]["police_may"] == ["record_statistics", "offer_contact"]  # type: ignore[index]  # JSON


async def test_a_refusal_is_not_in_the_future_and_not_long_ago(shelter: Bench) -> None:
    async with shelter.client(SHELTER) as client:
        for moment in ("2026-03-20T15:00:01+05:00", "2025-12-01T12:00:00+05:00"):
            answer = await client.post("/refusals", json={"refused_at": moment})
            assert answer.status_code == 422


async def events(service: Bench) -> list[tuple[str, str, object]]:
    letters = [letter for letter in await service.waiting() if letter is not None]
    return [(one.data.content.type, one.recipient, one.data.content.model_dump(mode="json")) for one in letters]
