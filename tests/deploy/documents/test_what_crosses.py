"""What two services really send each other, opened by who it is for, is what the documents say."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from joserfc.util import json_b64decode

from deploy.documents.asyncapi import document
from deploy.network import Network
from shared.adapters.announcer import Announcer
from shared.adapters.seal import unseal, verify
from shared.casework.directory.announcements import Entries
from shared.contract.schemas import schemas
from shared.contract.vocabulary import Agency
from tests.courier import Courier, collect
from tests.pair import POLICE, SHELTER, Two, person, referred
from tests.workbench import Bench, bench

MADE = document(datetime(2026, 3, 20, 7, tzinfo=UTC))
SCHEMAS = schemas()


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE) as police,
        bench(network, Agency.SHELTER) as shelter,
        police.client(POLICE) as officer,
        shelter.client(SHELTER) as warden,
    ):
        yield Two(police, shelter, officer, warden)


def described(subject: str, token: bytes, opened: bytes) -> str:
    """The event that crossed, which its schema takes, on its subject and in its form, as a CloudEvent."""
    event = JSONFormat().read(CloudEvent, opened)
    jsonschema_rs.validate(SCHEMAS[event.get_type()], json.loads(opened), validate_formats=True)
    name = event.get_type().removeprefix("kz.qorgau.").removesuffix(".v1")
    (channel,) = (one for one in MADE["channels"].values() if name in one["messages"])
    assert re.fullmatch(re.sub(r"\\{\w+\\}", "[a-z0-9-]+", re.escape(channel["address"])), subject)
    form = MADE["components"]["messages"][name]["traits"][0]["$ref"].rpartition("/")[2]
    trait = MADE["components"]["messageTraits"][form]
    outermost: dict[str, Any] = trait.get("x-jwe", trait["x-jws"])
    assert sorted(json_b64decode(token.split(b".")[0])) == outermost["header"]
    return name


async def sent(sender: Bench, receiver: Bench) -> list[str]:
    """What one service has for the other now, delivered."""
    names = []
    for subject, token in (await collect(sender)).letters:
        _, opened = unseal(receiver.node, token)
        names.append(described(subject, token, opened))
        await receiver.inbox.receive(subject, token)
    return sorted(names)


async def test_what_is_sent_and_answered_is_as_documented(two: Two) -> None:
    given, referral = await referred(two.officer, await person(two.officer))
    assert await sent(two.police, two.shelter) == ["referral.requested"]
    assert (await two.warden.post(f"/referrals/{referral}/accept")).status_code == 200
    assert (await two.warden.post(f"/referrals/{referral}/messages", json={"body": "Күтеміз."})).status_code == 201
    said = ["events.received", "message.posted", "referral.moved"]
    assert await sent(two.shelter, two.police) == said
    assert (await two.officer.post(f"/consents/{given}/withdraw")).status_code == 200
    assert await sent(two.police, two.shelter) == ["consent.withdrawn", "events.received", "referral.moved"]


async def test_what_is_announced_is_as_documented(two: Two) -> None:
    courier, shelter = Courier(), two.shelter
    common: dict[str, Any] = {"database": shelter.database, "node": shelter.node, "clock": shelter.clock}
    announcer = Announcer(**common, broker=courier, collect=Entries().collect, every=60)  # type: ignore[arg-type]  # stands in
    assert await announcer.announce_due() == len(courier.letters) > 0
    for subject, token in courier.letters:
        _, opened = verify(two.police.node, token)
        assert described(subject, token, opened) == "organisation.announced"
