"""`qorgau exchange quarantine`: what could not be taken in is shown, given to the inbox again once, or dropped."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlmodel import col, select

from deploy.network import Network
from deploy.trust_file import TrustFiles, add_keys
from shared.adapters import quarantine
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.database import WHOLE_NODE
from shared.adapters.health import measure
from shared.adapters.inbox import Inbox
from shared.adapters.intake import TRIES, again_or_never
from shared.adapters.jetstream import directed_subject
from shared.adapters.replay import replay
from shared.adapters.seal import seal
from shared.adapters.tables import InboxRow, Quarantined
from shared.adapters.trust import Node, load_node
from shared.casework.referrals.tables import ReferralRow
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import TO_SHELTER, Delivery, count, envelope, request, sealed
from tests.workbench import Bench, bench, node_of

QORGAU = Path(sys.executable).parent / "qorgau"
NAME = "Ахметова"


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER, at="2026-11-24T12:00:00+05:00") as service:
        yield service


@pytest.fixture
def police(network: Network) -> Node:
    return node_of(network, Agency.POLICE)


def listed(network: Network, folder: Path) -> TrustFiles:
    """The network's keys and trust list, in a folder of the test's own."""
    files = TrustFiles(folder)
    shutil.copytree(network.folder / "secrets", folder / "secrets")
    for file in (network.enrolment.trust, network.enrolment.operator_key):
        shutil.copy(file, folder / file.name)
    return files


def of(files: TrustFiles, name: Agency, network: Network, service: Bench) -> Node:
    keys = files.folder / "secrets" / f"{name}-keys"
    return load_node(name, name, keys, files.list, network.enrolment.operator_key, clock=service.clock)


def inbox(service: Bench, node: Node) -> Inbox:
    common = service.inbox
    return Inbox(
        database=service.database, node=node, handlers=common.handlers, judge=common.judge, clock=service.clock
    )


async def kept(service: Bench) -> list[Quarantined]:
    async with service.work() as work:
        return list((await work.session.exec(select(Quarantined).order_by(col(Quarantined.received_at)))).all())


async def signed_by_a_key_to_come(service: Bench, network: Network, folder: Path) -> tuple[Inbox, TrustFiles]:
    """The police has signed with a key that the shelter's trust list does not know; the shelter's inbox kept it out."""
    files, ahead = listed(network, folder / "now"), listed(network, folder / "ahead")
    receiving, before = inbox(service, of(files, Agency.SHELTER, network, service)), files.read()
    fresh = add_keys(ahead, "police", at=service.clock() - timedelta(minutes=10))
    police = before.nodes["police"]
    nodes = {**before.nodes, "police": police.model_copy(update={"keys": (*police.keys, *fresh)})}
    ahead.publish(nodes, before=before, at=service.clock())
    letter = sealed(of(ahead, Agency.POLICE, network, service), envelope(request(), time=service.clock()))
    await receiving.receive(TO_SHELTER, letter)
    return receiving, ahead


async def test_what_a_key_signed_before_it_was_trusted_takes_effect_once_when_it_is_replayed(
    shelter: Bench, network: Network, tmp_path: Path
) -> None:
    receiving, ahead = await signed_by_a_key_to_come(shelter, network, tmp_path)
    (row,) = await kept(shelter)
    assert row.reason == "signed with a key that the trust list does not know"
    early = await replay(receiving, row.id, who="operator")
    assert (early.done, await count(shelter, ReferralRow)) == (False, 0)
    shutil.copy(ahead.list, tmp_path / "now" / ahead.list.name)
    first = await replay(receiving, row.id, who="operator")
    assert (first.done, first.told, await count(shelter, ReferralRow)) == (True, "taken in", 1)
    second = await replay(receiving, row.id, who="operator")
    assert second.told == "nothing changed: it is done with already (taken)"
    assert (await count(shelter, ReferralRow), await count(shelter, InboxRow)) == (1, 1)
    (row,) = await kept(shelter)
    assert (row.state, row.sealed, row.replays) == ("taken", None, 2)


async def test_what_came_again_by_itself_meanwhile_changes_nothing_when_it_is_replayed(
    shelter: Bench, network: Network, police: Node, tmp_path: Path
) -> None:
    receiving, ahead = await signed_by_a_key_to_come(shelter, network, tmp_path)
    (row,) = await kept(shelter)
    shutil.copy(ahead.list, tmp_path / "now" / ahead.list.name)
    async with shelter.work() as work:
        message = await quarantine.message_of(work.session, row)
    assert message is not None
    await receiving.receive(TO_SHELTER, message.data)
    assert (await replay(receiving, row.id, who="operator")).told.endswith("nothing changed")
    assert await count(shelter, ReferralRow) == 1


@pytest.mark.parametrize("changed", [("requested.v1", "requested.v2"), ("referral.requested", "referral.foreseen")])
async def test_a_newer_version_or_type_is_kept_counted_and_holds_up_nobody(
    shelter: Bench, police: Node, changed: tuple[str, str]
) -> None:
    before = newer()
    raw = envelope(request(family_name=NAME)).model_dump_json().replace(*changed).encode()
    for _ in range(3):  # its sender hears nothing, and sends it again
        await shelter.inbox.receive(TO_SHELTER, seal(police, raw, recipient="shelter"))
    await shelter.inbox.receive(TO_SHELTER, sealed(police, envelope(request())))
    assert await count(shelter, ReferralRow) == 1
    (row,) = await kept(shelter)
    assert (row.reason, row.times) == ("an event type or version that this service does not know", 3)
    await measure(shelter.database, shelter.app.state.broker, clock=shelter.clock)
    assert (newer() - before, REGISTRY.get_sample_value("qorgau_quarantine_messages")) == (3, 1)


def newer() -> float:
    return REGISTRY.get_sample_value("qorgau_events_quarantined_total", {"why": "newer"}) or 0.0


async def test_what_was_given_up_as_inapplicable_is_applied_by_a_replay_after_the_fault_was_mended(
    shelter: Bench, police: Node
) -> None:
    letter = sealed(police, envelope(request()))
    delivery = Delivery(letter, times=TRIES)
    await again_or_never(shelter.inbox, delivery, ValueError("a fault"))  # type: ignore[arg-type]  # a Msg's face
    (row,) = await kept(shelter)
    assert (await replay(shelter.inbox, row.id, who="operator")).told == "taken in"
    async with shelter.work() as work:
        known = (await work.session.exec(select(InboxRow))).one()
    assert (known.state, known.rule, known.receipt_due, await count(shelter, ReferralRow)) == ("applied", None, True, 1)


async def test_the_same_text_under_another_nodes_name_is_counted_apart(shelter: Bench, police: Node) -> None:
    letter = sealed(police, envelope(request()), recipient="health")
    for sender in ("health", "social", "health"):
        await shelter.inbox.receive(directed_subject(sender, "shelter"), letter)
    assert sorted((row.source_subject.split(".")[2], row.times) for row in await kept(shelter)) == [
        ("health", 2),
        ("social", 1),
    ]


async def qorgau(service: Bench, *words: str) -> tuple[int, str]:
    """(exit code, what it printed) of the command with the service's settings."""
    settings = service.network.environment(Agency.SHELTER)
    url = service.database.url.render_as_string(hide_password=False)
    environment = {**os.environ, **settings, "QORGAU_DATABASE_URL": url, "COLUMNS": "250"}
    process = await asyncio.create_subprocess_exec(
        str(QORGAU), "exchange", "quarantine", *words, stdout=-1, stderr=-1, env=environment
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode() + err.decode()


async def test_the_command_lists_and_shows_without_a_word_of_the_case(shelter: Bench, police: Node) -> None:
    raw = envelope(request(family_name=NAME)).model_dump_json().replace("requested.v1", "requested.v9").encode()
    await shelter.inbox.receive(TO_SHELTER, seal(police, raw, recipient="shelter"))
    (row,) = await kept(shelter)
    code, printed = await qorgau(shelter, "list")
    assert (code, str(row.id) in printed, "police" in printed, "does not know" in printed) == (0, True, True, True)
    code, shown = await qorgau(shelter, "show", str(row.id))
    assert (code, bool(re.search(r"size +\d+ bytes", shown))) == (0, True)
    assert NAME not in printed + shown
    assert "+7 727" not in printed + shown


async def test_the_command_replays_and_says_what_came_of_it(shelter: Bench, police: Node) -> None:
    delivery = Delivery(sealed(police, envelope(request())), times=TRIES)
    await again_or_never(shelter.inbox, delivery, ValueError("a fault"))  # type: ignore[arg-type]  # a Msg's face
    (row,) = await kept(shelter)
    assert await qorgau(shelter, "replay", str(row.id), "--by", "aigerim") == (0, "taken in\n")
    assert await count(shelter, ReferralRow) == 1
    assert (await qorgau(shelter, "replay", str(row.id), "--by", "aigerim"))[1].startswith("nothing changed")
    assert await qorgau(shelter, "replay", str(uuid4()), "--by", "aigerim") == (1, "there is none with this id\n")


async def test_what_is_dropped_is_forgotten_and_who_did_it_and_why_is_on_record(shelter: Bench, police: Node) -> None:
    await shelter.inbox.receive(TO_SHELTER, b"not a message at all")
    (row,) = await kept(shelter)
    assert (await qorgau(shelter, "drop", str(row.id), "--by", "aigerim"))[0] == 2
    assert (await qorgau(shelter, "drop", str(row.id), "--reason", "forged", "--by", "aigerim"))[0] == 0
    assert (await qorgau(shelter, "drop", str(row.id), "--reason", "forged", "--by", "aigerim"))[0] == 1
    (row,) = await kept(shelter)
    assert (row.state, row.sealed) == ("dropped", None)
    async with shelter.database.transaction(organisation=WHOLE_NODE) as session:
        dropped = select(AuditEntry).where(AuditEntry.action == "dropped")
        (entry,) = (await session.exec(dropped)).all()
    assert (entry.actor, entry.details, entry.concerning) == ("aigerim", {"why": "forged"}, str(row.id))
    assert (await qorgau(shelter, "list"))[1] == "nothing is in quarantine\n"
    assert str(row.id) in (await qorgau(shelter, "list", "--all"))[1]
    assert UUID(entry.concerning or "") == row.id
