"""An agency's own system is called: signed, in order, until it takes what it is told; nobody is named; nobody else's
network is reached."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select, update
from standardwebhooks import Webhook

from deploy.demo.office import eventually
from deploy.network import Network
from shared.adapters.sequencer import link_waiting
from shared.adapters.settings import Settings
from shared.casework.loops import keep_house
from shared.casework.webhooks.calling import GIVEN_UP_AFTER, WAITS, Dispatcher
from shared.casework.webhooks.tables import WebhookDeliveryRow, WebhookRow
from shared.contract.vocabulary import Agency
from tests.casework.test_walls import HER, HIM, HIS_IIN, HOSPITAL, NAMED
from tests.listeners import Receiver
from tests.pair import NAME, NOW, POLICE, made, person, referred
from tests.workbench import Bench, bench

Json = dict[str, Any]


@dataclass
class Station:
    """A police station, an officer, a chief, and a system of theirs that can be called."""

    service: Bench
    officer: httpx.AsyncClient
    chief: httpx.AsyncClient
    receiver: Receiver

    async def subscribed(self, **more: Any) -> Json:
        answer = await self.chief.post("/webhooks", json={"url": self.receiver.url, **more})
        assert answer.status_code == 201, answer.text
        found: Json = answer.json()
        return found

    def dispatcher(self) -> Dispatcher:
        state = self.service.app.state
        common = {"database": state.database, "node": state.node, "clock": self.service.clock}
        return Dispatcher(**common, settings=state.settings)

    async def turn(self) -> None:
        """Chain what happened, and call whom it is time to call."""
        await link_waiting(self.service.database)
        await self.dispatcher().turn()

    async def read(self, webhook: Json) -> Json:
        found: Json = (await self.chief.get(f"/webhooks/{webhook['id']}")).json()
        return found

    async def log(self, webhook: Json) -> list[tuple[str, int, str | None]]:
        """(type, attempt, failure), newest first."""
        answer = await self.chief.get(f"/webhooks/{webhook['id']}/deliveries")
        return [(one["type"], one["attempt"], one["failure"]) for one in answer.json()["items"]]

    def told(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.receiver.calls]

    def later(self, wait: timedelta) -> None:
        self.service.clock.now += wait


@asynccontextmanager
async def a_station(
    network: Network, agency: Agency = Agency.POLICE, *, ours: str = POLICE, **set_: Any
) -> AsyncIterator[Station]:
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(bench(network, agency, at=NOW))
        settings: Settings = service.app.state.settings
        service.app.state.settings = settings.model_copy(update={"webhooks_private": True, **set_})
        officer = await stack.enter_async_context(service.client(ours, who="officer"))
        chief = await stack.enter_async_context(service.client(ours, "supervisor", who="chief"))
        receiver = Receiver()
        await stack.enter_async_context(receiver.up())
        yield Station(service, officer, chief, receiver)


@pytest.fixture
async def station(network: Network) -> AsyncIterator[Station]:
    async with a_station(network) as made_:
        yield made_


async def test_it_is_told_in_order_what_happened_since_and_can_tell_that_it_came_from_here(station: Station) -> None:
    await person(station.officer)
    await station.turn()
    subscribed = await station.subscribed()
    her = await person(station.officer)
    consent, referral = await referred(station.officer, her)
    station.service.clock.now = datetime.now(UTC)  # its receiver looks whether a call is old
    await station.turn()
    bodies = [Webhook(subscribed["secret"]).verify(body, headers) for headers, body in station.receiver.calls]
    assert [one["type"] for one in bodies] == [
        "kz.qorgau.changed.webhook.v1",
        "kz.qorgau.recorded.person.v1",
        "kz.qorgau.recorded.consent.v1",
        "kz.qorgau.recorded.referral.v1",
    ]
    assert [one["data"]["subject"] for one in bodies] == [subscribed["id"], her, consent, referral]
    assert {one["data"]["source"] for one in bodies} == {f"/organisations/{POLICE}"}
    assert all(one.keys() == {"type", "timestamp", "data"} for one in bodies)
    assert NAME not in str(bodies)
    await station.turn()
    assert len(station.receiver.calls) == 4


async def test_an_event_has_the_id_that_the_feed_gives_it(station: Station) -> None:
    await station.subscribed(types=["recorded.person"])
    await person(station.officer)
    await station.turn()
    ((headers, _),) = station.receiver.calls
    feed = (await station.officer.get("/events", params={"type": "recorded.person"})).json()["events"]
    assert headers["webhook-id"] == feed[0]["id"]


async def test_only_what_was_asked_for_is_told(station: Station) -> None:
    await station.subscribed(types=["recorded.referral", "ended"])
    consent, _ = await referred(station.officer, await person(station.officer))
    await station.officer.post(f"/consents/{consent}/withdraw", json={"by": "self"})
    await station.turn()
    assert station.told() == ["kz.qorgau.recorded.referral.v1", "kz.qorgau.ended.consent.v1"]


async def test_what_is_not_taken_is_told_again_ever_more_rarely_and_nothing_overtakes_it(station: Station) -> None:
    webhook = await station.subscribed(types=["recorded", "changed"])
    await person(station.officer)
    station.receiver.answers = 500
    await station.turn()
    await station.turn()
    assert len(station.receiver.calls) == 1
    waits = [*WAITS, WAITS[-1]]
    for wait in waits:
        station.later(wait - timedelta(seconds=1))
        await station.turn()
        station.later(timedelta(seconds=1))
        await station.turn()
    assert len(station.receiver.calls) == 1 + len(waits)
    assert len({headers["webhook-id"] for headers, _ in station.receiver.calls}) == 1
    now = await station.read(webhook)
    assert (now["failed_attempts"], now["disabled_at"]) == (1 + len(waits), None)
    assert now["failing_since"] is not None
    assert now["next_try_at"] is not None
    station.receiver.answers = 204
    station.later(WAITS[-1])
    await station.turn()
    assert station.told()[-2:] == ["kz.qorgau.changed.webhook.v1", "kz.qorgau.recorded.person.v1"]
    now = await station.read(webhook)
    assert (now["failed_attempts"], now["failing_since"], now["next_try_at"]) == (0, None, None)
    log = await station.log(webhook)
    assert {*log[:2]} == {("recorded.person", 1, None), ("changed.webhook", 2 + len(waits), None)}  # at one time
    assert {failure for _, _, failure in log[2:]} == {"Status500"}


async def test_who_never_takes_anything_is_given_up_and_can_go_on_where_it_stopped(station: Station) -> None:
    webhook = await station.subscribed(types=["recorded.person"])
    await person(station.officer)
    station.receiver.answers = 500
    await station.turn()
    station.later(GIVEN_UP_AFTER)
    await station.turn()
    assert (await station.read(webhook))["disabled_at"] is not None
    calls = len(station.receiver.calls)
    station.receiver.answers = 200
    station.later(timedelta(days=1))
    await person(station.officer)
    await station.turn()
    assert len(station.receiver.calls) == calls
    again = await station.chief.post(f"/webhooks/{webhook['id']}/replay", json={})
    assert (again.status_code, again.json()["disabled_at"]) == (200, None)
    await station.turn()
    assert len(station.receiver.calls) == calls + 2


async def test_who_says_that_it_is_gone_is_not_called_again(station: Station) -> None:
    webhook = await station.subscribed(types=["recorded.person"])
    await person(station.officer)
    station.receiver.answers = 410
    await station.turn()
    assert (await station.read(webhook))["disabled_at"] is not None
    feed = (await told_of(station, "changed.webhook"))[-1]
    assert feed["subject"] == webhook["id"]


async def told_of(station: Station, kind: str) -> list[Json]:
    await link_waiting(station.service.database)
    found: list[Json] = (await station.officer.get("/events", params={"type": kind})).json()["events"]
    return found


async def test_what_was_told_is_told_again_from_where_one_says(station: Station) -> None:
    webhook = await station.subscribed(types=["recorded.person"])
    for _ in range(3):
        await person(station.officer)
    await station.turn()
    first, *_ = await told_of(station, "recorded.person")
    await station.chief.post(f"/webhooks/{webhook['id']}/replay", json={"after": first["id"]})
    await station.turn()
    ids = [headers["webhook-id"] for headers, _ in station.receiver.calls]
    assert ids[3:] == ids[1:3]
    unknown = await station.chief.post(f"/webhooks/{webhook['id']}/replay", json={"after": str(uuid4())})
    assert unknown.status_code == 422


async def test_it_is_tried_out_with_what_tells_of_nothing(station: Station) -> None:
    webhook = await station.subscribed(types=["recorded.person"])
    answer = await station.chief.post(f"/webhooks/{webhook['id']}/test")
    assert (answer.status_code, answer.json()) == (200, {"failure": None})
    assert station.told() == ["kz.qorgau.test.v1"]
    station.receiver.answers = 302
    assert (await station.chief.post(f"/webhooks/{webhook['id']}/test")).json() == {"failure": "Status302"}
    assert (await station.read(webhook))["failed_attempts"] == 0
    assert len(station.receiver.calls) == 2  # a redirect is not followed


async def test_its_secret_is_shown_once_and_is_long_enough(station: Station) -> None:
    webhook = await station.subscribed()
    assert len(base64.b64decode(webhook["secret"].removeprefix("whsec_"))) == 32
    listed = (await station.chief.get("/webhooks")).json()["items"]
    assert [one["id"] for one in listed] == [webhook["id"]]
    assert "secret" not in listed[0]
    assert "secret" not in await station.read(webhook)
    assert (await station.subscribed())["secret"] != webhook["secret"]


async def test_the_same_key_sets_it_up_once(station: Station) -> None:
    body, key = {"url": station.receiver.url}, {"Idempotency-Key": "k"}
    answers = [await station.chief.post("/webhooks", json=body, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await station.chief.get("/webhooks")).json()["items"]) == 1


async def test_who_is_called_no_more_is_called_no_more(station: Station) -> None:
    webhook = await station.subscribed()
    await station.turn()
    calls = len(station.receiver.calls)
    assert (await station.chief.delete(f"/webhooks/{webhook['id']}")).status_code == 204
    await person(station.officer)
    await station.turn()
    assert len(station.receiver.calls) == calls
    assert (await station.chief.get(f"/webhooks/{webhook['id']}")).status_code == 404
    async with station.service.work() as work:
        assert (await work.session.exec(select(WebhookDeliveryRow))).all() == []


async def test_an_organisation_has_so_many_and_no_more(station: Station) -> None:
    for _ in range(20):
        await station.subscribed()
    answer = await station.chief.post("/webhooks", json={"url": station.receiver.url})
    assert (answer.status_code, answer.json()["title"]) == (409, "too many")


UNREADABLE = ["https://xn--/", "https://xn--a/", "https://a..b/", "https://8.8.8.8:70000/", f"https://{'a' * 64}.kz/"]
INSIDE = ["http://127.0.0.1:8080/", "https://localhost/", "https://[::1]/hook"]
NOT_EVEN_CALLED = ["http://his.example.kz/", "ftp://his.example.kz/", "https://user:word@his.example.kz/", "https:///x"]


@pytest.mark.parametrize("url", [*INSIDE, *NOT_EVEN_CALLED, "his.example.kz", "https://a b/", "x" * 3000, *UNREADABLE])
async def test_where_nobody_may_be_called_is_said_at_once(network: Network, url: str) -> None:
    async with a_station(network, webhooks_private=False) as station:
        assert (await station.chief.post("/webhooks", json={"url": url})).status_code == 422


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "[fd00::1]", "[::ffff:127.0.0.1]", "127.0.0.2"])
async def test_what_leads_into_ones_own_network_is_not_called(network: Network, address: str) -> None:
    async with a_station(network, webhooks_private=False) as station:
        answer = await station.chief.post("/webhooks", json={"url": f"https://{address}/"})
        tried = await station.chief.post(f"/webhooks/{answer.json()['id']}/test")
        assert tried.json() == {"failure": "PrivateAddress"}


async def test_one_that_can_not_be_read_keeps_no_other_from_being_called(station: Station) -> None:
    broken = await station.subscribed(types=["recorded.person"])
    await station.subscribed(types=["recorded.person"])
    async with station.service.work() as work:
        await work.session.exec(update(WebhookRow).where(col(WebhookRow.id) == UUID(broken["id"])).values(sealed=b"x"))
    await person(station.officer)
    await station.turn()
    assert station.told() == ["kz.qorgau.recorded.person.v1"]


async def test_one_that_can_not_be_read_can_still_be_seen_and_ended(station: Station) -> None:
    broken = await station.subscribed()
    async with station.service.work() as work:
        await work.session.exec(update(WebhookRow).where(col(WebhookRow.id) == UUID(broken["id"])).values(sealed=b"x"))
    await station.turn()
    (listed,) = (await station.chief.get("/webhooks")).json()["items"]
    assert (listed["url"], listed["failed_attempts"]) == (None, 1)
    assert await station.log(broken) == [("changed.webhook", 1, "VaultError")]
    assert (await station.chief.delete(f"/webhooks/{broken['id']}")).status_code == 204


async def test_who_is_slow_to_answer_keeps_nobody_waiting(station: Station) -> None:
    slow, answered = Receiver(), asyncio.Event()
    hear = slow._hear

    async def hear_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answered.wait()
        await hear(reader, writer)

    slow._hear = hear_late  # type: ignore[method-assign]  # it is slow
    async with slow.up():
        await station.chief.post("/webhooks", json={"url": slow.url, "types": ["recorded.person"]})
        await station.subscribed(types=["recorded.person"])
        running = asyncio.create_task(station.dispatcher().run())
        for number in (1, 2):
            await person(station.officer)
            await link_waiting(station.service.database)
            station.service.database.told.beat()
            await eventually("the quick one is told", partial(_told, station, number))
        assert slow.calls == []
        answered.set()
        await eventually("the slow one, too", lambda: _so(len(slow.calls) == 2))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _told(station: Station, times: int) -> bool:
    return len(station.told()) == times


async def _so(it_is: bool) -> bool:
    return it_is


async def test_one_is_tried_out_at_a_time(station: Station) -> None:
    webhook = await station.subscribed()
    station.service.app.state.trying.add(POLICE)
    answer = await station.chief.post(f"/webhooks/{webhook['id']}/test")
    assert (answer.status_code, answer.json()["title"]) == (409, "not now")
    station.service.app.state.trying.clear()
    assert (await station.chief.post(f"/webhooks/{webhook['id']}/test")).status_code == 200
    assert station.service.app.state.trying == set()


async def test_only_a_chief_sets_one_up_and_only_their_own_organisation_sees_it(station: Station) -> None:
    webhook = await station.subscribed()
    calls = ("GET", ""), ("GET", "/deliveries"), ("POST", "/test"), ("DELETE", "")
    assert (await station.officer.post("/webhooks", json={"url": station.receiver.url})).status_code == 403
    async with station.service.client("police-rural-19", "supervisor") as theirs:
        for method, path in calls:
            where = f"/webhooks/{webhook['id']}{path}"
            assert (await station.officer.request(method, where)).status_code == 403
            assert (await theirs.request(method, where)).status_code == 404
        assert (await theirs.post(f"/webhooks/{webhook['id']}/replay", json={})).status_code == 404
        assert (await theirs.get("/webhooks")).json()["items"] == []


async def test_what_happens_at_another_organisation_of_the_service_is_not_told(station: Station) -> None:
    await station.subscribed(types=["recorded.person"])
    async with station.service.client("police-rural-19") as theirs:
        await person(theirs)
    await station.turn()
    assert station.told() == []


async def test_what_is_behind_a_wall_is_told_to_no_system(network: Network) -> None:
    async with (
        a_station(network, Agency.HEALTH, ours=HOSPITAL) as station,
        station.service.client(HOSPITAL, who="addictologist") as addictologist,
    ):
        await station.subscribed(types=["recorded.person"])
        seen = await made(await station.officer.post("/persons", json={"role": "victim", "family_name": NAME}))
        await made(await station.officer.post("/persons", json={**HER, "other_party": NAMED}))
        await made(await addictologist.post("/persons", json={**HIM, "iin": HIS_IIN}))
        await station.turn()
        assert [json.loads(body)["data"]["subject"] for _, body in station.receiver.calls] == [seen]


async def test_the_log_of_calls_is_kept_for_thirty_days(station: Station) -> None:
    webhook = await station.subscribed()
    await station.turn()
    assert len(await station.log(webhook)) == 1
    for days, left in ((29, 1), (2, 0)):
        station.later(timedelta(days=days))
        async with station.service.work() as work:
            await keep_house(work)
        assert len(await station.log(webhook)) == left
