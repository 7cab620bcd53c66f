"""A local agreement is signed, binds both ends of a running network at once, and is taken away again."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import nats
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.demo.office import arrives, becomes, eventually
from deploy.demo.stage import Stage
from deploy.network import Network
from shared.adapters.jetstream import directed_subject
from shared.adapters.seal import seal
from shared.contract.events import Envelope, Payload, ReferralRequested, cloud_type
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose, SubjectRole
from tests.journeys.test_keys import ask
from tests.journeys.test_referrals import OPAQUE
from tests.network import Access
from tests.workbench import node_of


async def operator(access: Access, *arguments: str) -> None:
    """`qorgau agreements …`, and every service has seen the new list, without a restart."""
    folder = access.enrolment.folder
    done = await asyncio.to_thread(CliRunner().invoke, app, ["agreements", *arguments, "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    serial = access.enrolment.trust_now().whole.serial
    async with httpx.AsyncClient(timeout=60) as client:

        async def all_have_it() -> bool:
            ready = [(await client.get(f"{url}/health/ready")).json() for url in access.urls.values()]
            return all(service["trust_list"] >= serial for service in ready)

        await eventually("every service has the new list", all_have_it)


async def agree(access: Access, stage: Stage, folder: Path) -> str:
    """The police and the near shelter of this cast agree to exchange nothing that can be left out; its id."""
    name = f"A-{stage.cast.police.upper()}"
    parties = [stage.cast.police, stage.cast.near_shelter]
    text = {"id": name, "region": stage.cast.here[:2], "parties": parties, "exchanges": [], "valid_from": "2020-01-01"}
    file = folder / "agreement.json"
    file.write_text(json.dumps(text))
    await operator(access, "sign", str(file))
    return name


async def refer(stage: Stage) -> httpx.Response:
    to = {"organisation": stage.cast.near_shelter}
    return await stage.at("police").client.post("/referrals", json={**OPAQUE, "to": to})


async def test_what_was_agreed_is_refused_at_once_what_runs_can_be_closed_and_afterwards_all_is_as_before(
    stage: Stage, access: Access, tmp_path: Path
) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    running = (await refer(stage)).json()["id"]
    await arrives(shelter, running)
    name = await agree(access, stage, tmp_path)
    refused = await refer(stage)
    assert refused.status_code == 403
    assert refused.json()["rule"] == name
    await police.post(f"/referrals/{running}/withdraw")
    await becomes(shelter, running, state="withdrawn")
    await operator(access, "end", name)
    again = await refer(stage)
    assert again.status_code == 201, again.text
    await arrives(shelter, again.json()["id"])


@pytest.mark.processes
async def test_the_receiver_refuses_what_a_sender_sends_who_has_not_heard_of_the_agreement(
    stage: Stage, access: Access, network: Network, tmp_path: Path
) -> None:
    name = await agree(access, stage, tmp_path)
    forbidden = letter(stage)
    await send_as_police(network, forbidden)
    assert await fate(network, forbidden.id) == f"refused {name}"
    await operator(access, "end", name)
    allowed = letter(stage)
    await send_as_police(network, allowed)
    assert await fate(network, allowed.id) == "applied -"


def letter(stage: Stage) -> Envelope:
    """What the police would send without the agreement."""
    event = ReferralRequested(
        referral_id=uuid4(), purpose=Purpose.LODGING, subject=SubjectRole.VICTIM, call_back=str(OPAQUE["call_back"])
    )
    about: dict[str, Any] = {"sender": stage.cast.police, "recipient": stage.cast.near_shelter}
    grounds = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.LODGING)
    return Envelope(
        id=uuid4(),
        type=cloud_type(event.type),
        source="/nodes/police",
        subject=str(event.referral_id),
        time=datetime.now(UTC),
        data=Payload(grounds=grounds, content=event),
        **about,
    )


async def send_as_police(network: Network, envelope: Envelope) -> None:
    """Sealed and signed by the police's node, as its relay would, had it nothing against it."""
    seed = str(network.enrolment.secret("police", "seed"))
    client = await nats.connect(network.nats.url, nkeys_seed=seed, inbox_prefix=b"_INBOX_police")
    payload = seal(node_of(network, Agency.POLICE), envelope.model_dump_json().encode(), recipient="shelter")
    await client.jetstream().publish(directed_subject("police", "shelter"), payload)
    await client.close()


async def fate(network: Network, event_id: UUID) -> str:
    """What became of an event at the shelter: its state, and the rule against it."""
    query = f"select state || ' ' || coalesce(rule, '-') from inbox where event_id = '{event_id}'"  # noqa: S608  # an id
    found = await eventually("the shelter has judged it", lambda: ask(network, Agency.SHELTER, query))
    return str(found[0])
