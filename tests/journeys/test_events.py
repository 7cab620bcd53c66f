"""What happens is told as it happens, to a system that follows a running service."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from deploy.demo.stage import Cast
from shared.contract.vocabulary import Agency
from tests.network import Access

Json = dict[str, Any]
PATIENCE = 20.0
NAME = "Төлегенова"


@asynccontextmanager
async def following(access: Access, organisation: str, **query: str) -> AsyncIterator[AsyncIterator[tuple[str, Json]]]:
    """(id, event) of each message of the stream, as it comes."""
    agency = Agency(access.enrolment.trust_now().party(organisation).agency)
    token = access.enrolment.token(organisation=organisation, roles=("worker",))
    resumed = {"Last-Event-ID": query.pop("last")} if "last" in query else {}
    async with (
        httpx.AsyncClient(base_url=access.urls[agency], timeout=PATIENCE) as client,
        client.stream(
            "GET", "/v1/events/stream", params=query, headers={"Authorization": f"Bearer {token}", **resumed}
        ) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield _messages(answer)


async def _messages(answer: httpx.Response) -> AsyncIterator[tuple[str, Json]]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("id: "):
            name = line.removeprefix("id: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def _next(messages: AsyncIterator[tuple[str, Json]], type_: str, subject: str) -> str:
    """The id of the next message of this type about this; others of this organisation pass."""
    async with asyncio.timeout(PATIENCE):
        async for name, event in messages:
            if (event["type"], event["subject"]) == (f"kz.qorgau.{type_}.v1", subject):
                assert event["id"] == name
                return name
    raise AssertionError("the stream ended")


@pytest.fixture(scope="module")
def here(access: Access) -> Cast:
    """One cast for all: each test looks for what it made itself."""
    return next(access.casts)


async def test_a_referral_is_told_where_it_is_made_and_where_it_arrives(access: Access, here: Cast) -> None:
    async with (
        access.stage(here) as stage,
        following(access, here.police) as at_police,
        following(access, here.far_shelter, type="received") as at_shelter,
    ):
        her = (await stage.at("police").post("/persons", {"role": "victim", "family_name": NAME}))["id"]
        told: Json = {"to": {"organisation": here.far_shelter}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
        told |= {"person_id": her, "basis": {"kind": "own_request"}}
        referral = (await stage.at("police").post("/referrals", told))["id"]
        await _next(at_police, "recorded.referral", referral)
        await _next(at_shelter, "received.referral.requested", referral)


async def test_who_was_cut_off_gets_what_happened_meanwhile(access: Access, here: Cast) -> None:
    async with access.stage(here) as stage:
        async with following(access, here.police) as messages:
            first = (await stage.at("police").post("/persons", {"role": "victim", "family_name": NAME}))["id"]
            last = await _next(messages, "recorded.person", first)
        missed = (await stage.at("police").post("/persons", {"role": "victim", "family_name": NAME}))["id"]
        async with following(access, here.police, last=last) as messages:
            await _next(messages, "recorded.person", missed)


async def test_a_stream_that_resumes_where_nothing_is_known_is_refused(access: Access, here: Cast) -> None:
    token = access.enrolment.token(organisation=here.police, roles=("worker",))
    async with httpx.AsyncClient(base_url=access.urls[Agency.POLICE]) as client:
        for last in ("yesterday", "00000000-0000-4000-8000-000000000000"):
            headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": last}
            answer = await client.get("/v1/events/stream", headers=headers)
            assert (answer.status_code, answer.json()["title"]) == (422, "invalid cursor")
        assert (await client.get("/v1/events/stream")).status_code == 401
