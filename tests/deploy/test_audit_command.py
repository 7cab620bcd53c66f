"""`qorgau audit`: whatever is done to the record by who owns the database, it is found."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlmodel import col, select

from deploy.network import Network
from shared.adapters.announcer import Announcement
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.health import measure
from shared.adapters.in_order import InOrder
from shared.adapters.jetstream import EVERYONE
from shared.adapters.seal import sign
from shared.adapters.sequencer import _LOCK, GENESIS, chain_hash, entry_hash, link_waiting
from shared.adapters.verification import Examined, Fault, Kind, examine, signed
from shared.adapters.witnesses import Checkpoints
from shared.casework.files.exporting import digest_of
from shared.contract.errors import SealError
from shared.contract.vocabulary import Agency
from tests.adapters.test_announcements import announced
from tests.deploy.test_security import calls
from tests.workbench import Bench, bench, node_of

QORGAU = Path(sys.executable).parent / "qorgau"
POLICE = "police-19"


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    """A service whose record has some links."""
    async with bench(network, Agency.POLICE) as service:
        await calls(service, POLICE)
        await link_waiting(service.database)
        yield service


@asynccontextmanager
async def owner(service: Bench) -> AsyncIterator[Any]:
    """Somebody who may do anything in the database."""
    connection = await service.network.postgres.connect(str(service.database.url.database))
    try:
        yield connection
    finally:
        await connection.close()


async def witness(service: Bench) -> str:
    """The checkpoint that the service signs now, as another would hand it out."""
    async with service.work() as work:
        (said,) = await Checkpoints(every=60).collect(work)
    assert isinstance(said, Announcement)
    letter = announced(said.event, source="/nodes/police", sender=POLICE, recipient=EVERYONE)
    return json.dumps({"node": "police", "token": sign(service.node, letter.model_dump_json().encode()).decode()})


async def faults(service: Bench, *kept: str) -> list[tuple[Kind, int | None]]:
    witnessed = InOrder()
    witnessed.take(signed(service.node, kept))
    found: Examined = await examine(service.database, witnessed=witnessed, now=service.clock())
    return [(fault.kind, fault.position) for fault in found.faults]


async def test_an_untouched_record_is_whole(police: Bench) -> None:
    assert await faults(police, await witness(police)) == []


TAMPERING = {
    "an entry is edited": ("update audit set actor = 'nobody' where id = 2", [(Kind.EDITED, 2)]),
    "details are edited": ("update audit set details = details || '{\"rules\": []}' where id = 3", [(Kind.EDITED, 3)]),
    "a number without canonical form is put in": (
        "update audit set details = '{\"count\": 100000000000000000000}' where id = 2",
        [(Kind.EDITED, 2)],
    ),
    "an entry is deleted": ("delete from audit where id = 2", [(Kind.DELETED, 2)]),
    "an entry is put in": (
        "insert into audit (organisation_id, at, actor, action, details) values ('police-19', now(), 'x', 'y', '{}')",
        [(Kind.UNLINKED, None)],
    ),
    "a link is deleted": ("delete from audit_links where position = 2", [(Kind.GAP, 2), (Kind.UNLINKED, None)]),
    "the first link is deleted": ("delete from audit_links where position = 1", [(Kind.GAP, 1), (Kind.UNLINKED, None)]),
    "a link's hash of its entry is edited": (
        "update audit_links set entry_hash = '\\x00' where position = 2",
        [(Kind.EDITED, 2), (Kind.BROKEN, 2)],
    ),
    "a link's hash of the chain is edited": (
        "update audit_links set chain_hash = '\\x00' where position = 2",
        [(Kind.BROKEN, 2), (Kind.BROKEN, 3)],
    ),
    "two links change places": (
        "update audit_links set position = -1 where position = 2; "
        "update audit_links set position = 2 where position = 3; "
        "update audit_links set position = 3 where position = -1",
        [(Kind.BROKEN, 2), (Kind.BROKEN, 3), (Kind.BROKEN, 4)],
    ),
    "two entries change places": (
        "update audit a set actor = b.actor, action = b.action, concerning = b.concerning, person_id = b.person_id, "
        "details = b.details from audit b where (a.id, b.id) in ((1, 3), (3, 1))",
        [(Kind.EDITED, 1), (Kind.EDITED, 3)],
    ),
}


@pytest.mark.parametrize("how", list(TAMPERING))
async def test_tampering_is_found_with_its_place_and_kind(police: Bench, how: str) -> None:
    statements, expected = TAMPERING[how]
    async with owner(police) as connection:
        await connection.execute(statements)
    assert await faults(police) == expected


async def test_a_tail_that_was_cut_off_is_found_by_what_others_have_kept(police: Bench) -> None:
    kept, length = await witness(police), len(await all_entries(police))
    async with owner(police) as connection:
        await connection.execute("delete from audit where id > 2; delete from audit_links where position > 2")
        await connection.execute("truncate disclosures")
    assert await faults(police) == []
    assert await faults(police, kept) == [(Kind.CUT_OFF, length)]


async def test_a_chain_that_was_made_consistent_again_is_found_by_what_others_have_kept(police: Bench) -> None:
    kept, length = await witness(police), len(await all_entries(police))
    async with owner(police) as connection:
        await connection.execute("update audit set actor = 'somebody else' where id = 2")
        await rewrite(connection, await all_entries(police))
    assert await faults(police) == []
    assert await faults(police, kept) == [(Kind.REWRITTEN, length)]


async def test_an_older_copy_that_was_restored_is_found_even_after_it_has_grown_again(police: Bench) -> None:
    async with owner(police) as connection:
        await connection.execute("create table a as table audit; create table l as table audit_links")
        await connection.execute("create table c as table changes")
        await connection.execute("create table d as table disclosures")
    await calls(police, POLICE)
    await link_waiting(police.database)
    kept, length = await witness(police), len(await all_entries(police))
    async with owner(police) as connection:
        await connection.execute("truncate audit, audit_links, changes, disclosures")
        await connection.execute("insert into audit overriding system value table a; insert into audit_links table l")
        await connection.execute("insert into changes table c")
        await connection.execute("insert into disclosures table d")
        await connection.execute("drop table a, l, c, d")
    assert await faults(police, kept) == [(Kind.CUT_OFF, length)]
    await calls(police, POLICE)
    await link_waiting(police.database)
    assert await faults(police) == []
    assert await faults(police, kept) == [(Kind.REWRITTEN, length)]


async def test_erasing_a_person_leaves_the_record_whole(police: Bench) -> None:
    async with owner(police) as connection:
        await connection.execute("truncate persons, consents, referrals, outbox, messages")
    assert await faults(police, await witness(police)) == []


async def test_what_waits_to_be_chained_is_no_fault(police: Bench) -> None:
    await calls(police, POLICE)
    found = await examine(police.database, witnessed=(), now=police.clock() + timedelta(seconds=59))
    assert (found.faults, found.waiting > 0) == ([], True)


async def test_what_waits_longer_than_a_minute_is_a_fault_because_somebody_holds_it_up(police: Bench) -> None:
    length = len(await all_entries(police))
    async with owner(police) as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        await calls(police, POLICE)
        assert await link_waiting(police.database) == 0
        police.clock.now += timedelta(seconds=61)
        found = await examine(police.database, witnessed=(), now=police.clock())
        await measure(police.database, police.app.state.broker, clock=police.clock)
        assert age_of_the_oldest() == 61
    assert found.faults == [Fault(Kind.HELD_UP, entry_id=length + 1)]
    await link_waiting(police.database)
    await measure(police.database, police.app.state.broker, clock=police.clock)
    assert age_of_the_oldest() == 0


def age_of_the_oldest() -> float | None:
    return REGISTRY.get_sample_value("qorgau_record_oldest_waiting_seconds")


ACCOUNTING = {
    "a disclosure is deleted": ("delete from disclosures where event_type = 'message.posted'", [Kind.UNACCOUNTED]),
    "another recipient is written into one": (
        "update disclosures set recipient_id = 'shelter-far-19' where event_type = 'referral.requested'",
        [Kind.MISTOLD],
    ),
    "a category is taken out of one": (
        "update disclosures set categories = categories - 'identity' where event_type = 'referral.requested'",
        [Kind.MISTOLD],
    ),
    "one is told of nobody": (
        "update disclosures set person_id = null where event_type = 'referral.requested'",
        [Kind.MISTOLD],
    ),
    "one is made up": (
        "create temporary table d as select * from disclosures limit 1; update d set id = gen_random_uuid(); "
        "insert into disclosures table d",
        [Kind.UNRECORDED],
    ),
}


@pytest.mark.parametrize("how", list(ACCOUNTING))
async def test_the_accounting_of_disclosures_says_what_the_record_says(police: Bench, how: str) -> None:
    statements, expected = ACCOUNTING[how]
    async with owner(police) as connection:
        await connection.execute(statements)
    assert [kind for kind, _ in await faults(police)] == expected


async def test_a_checkpoint_that_somebody_changed_or_that_another_signed_proves_nothing(police: Bench) -> None:
    kept = json.loads(await witness(police))
    with pytest.raises(SealError, match="line 1 is no signed checkpoint"):
        list(signed(police.node, [json.dumps({**kept, "token": kept["token"][:-4] + "AAAA"})]))
    with pytest.raises(SealError, match="line 1 is no signed checkpoint"):
        list(signed(police.node, ["{}"]))
    assert list(signed(node_of(police.network, Agency.SHELTER), [json.dumps(kept)])) == []


async def test_checkpoints_are_read_one_by_one_and_so_need_no_more_memory_however_many(police: Bench) -> None:
    kept, read = await witness(police), []
    lines = (read.append(line) or line for line in [kept] * 3)  # type: ignore[func-returns-value]  # notes it
    checkpoints = signed(police.node, lines)
    next(checkpoints)
    assert len(read) == 1


async def test_checkpoints_may_come_in_any_order_and_from_several_witnesses(police: Bench) -> None:
    first, length = await witness(police), len(await all_entries(police))
    await calls(police, POLICE)
    await link_waiting(police.database)
    second, longer = await witness(police), len(await all_entries(police))
    assert await faults(police, second, first, second) == []
    async with owner(police) as connection:
        await connection.execute("update audit set actor = 'somebody else' where id = 2")
        await rewrite(connection, await all_entries(police))
    assert await faults(police, second, first, second) == [(Kind.REWRITTEN, length), (Kind.REWRITTEN, longer)]


async def all_entries(service: Bench) -> list[AuditEntry]:
    async with service.work() as work:
        return list((await work.session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))).all())


async def rewrite(connection: Any, entries: list[AuditEntry]) -> None:
    """What an owner who knows the code would do."""
    chain = GENESIS
    for position, entry in enumerate(entries, start=1):
        hashed = entry_hash(entry.model_dump())
        chain = chain_hash(chain, hashed)
        link = "update audit_links set entry_hash = $1, chain_hash = $2 where position = $3"
        await connection.execute(link, hashed, chain, position)


async def qorgau(service: Bench, *arguments: str) -> tuple[int | None, str]:
    url = service.database.url.render_as_string(hide_password=False)
    environment = {**os.environ, **service.network.environment(service.node.agency), "QORGAU_DATABASE_URL": url}
    process = await asyncio.create_subprocess_exec(
        str(QORGAU), "audit", *arguments, stdout=-1, stderr=asyncio.subprocess.STDOUT, env=environment
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


async def test_the_command_says_what_is_wrong_and_where_and_exits_with_0_1_or_2(police: Bench, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(await witness(police) + "\n")
    code, said = await qorgau(police, "verify", "--against", str(kept))
    assert (code, "police: whole" in said, "1 witnessed checkpoints" in said) == (0, True, True), said
    async with owner(police) as connection:
        await connection.execute("update audit set actor = 'nobody' where id = 2")
    code, said = await qorgau(police, "verify")
    assert (code, "police: position 2, entry 2: EDITED" in said) == (1, True), said
    assert "1 faults" in said
    kept.write_text("nothing\n")
    code, said = await qorgau(police, "verify", "--against", str(kept))
    assert (code, "line 1 is no signed checkpoint" in said) == (2, True), said


async def test_a_record_that_nobody_has_witnessed_is_not_called_whole(police: Bench) -> None:
    async with owner(police) as connection:
        await connection.execute("update audit set actor = 'somebody else' where id = 2")
        await rewrite(connection, await all_entries(police))
    code, said = await qorgau(police, "verify")
    assert (code, "police: not witnessed" in said, "whole" in said) == (2, True, False), said


async def test_a_record_without_entries_needs_no_witness(network: Network) -> None:
    async with bench(network, Agency.POLICE) as empty:
        code, said = await qorgau(empty, "verify")
    assert (code, "police: whole; 0 entries" in said) == (0, True), said


async def test_a_witness_prints_what_it_has_kept(police: Bench) -> None:
    async with owner(police) as connection:
        await connection.execute(
            "insert into witnessed (node, position, chain_hash, organisation_id, at, token) "
            "values ('shelter', 4, 'ab', 'shelter-far-19', now(), 'a.b.c')"
        )
    code, said = await qorgau(police, "witnessed", "shelter")
    assert code == 0, said
    assert json.loads(said)["token"] == "a.b.c"


async def test_a_case_file_that_was_taken_away_is_compared_with_the_record(police: Bench, tmp_path: Path) -> None:
    async with police.client(POLICE) as officer:
        (referral,) = (await officer.get("/referrals", params={"box": "outgoing"})).json()["items"]
        taken = (await officer.get(f"/persons/{referral['person_id']}/file/json")).json()
    file = tmp_path / "file.json"
    file.write_text(json.dumps(taken, ensure_ascii=False, indent=1))
    code, said = await qorgau(police, "document", str(file))
    assert (code, said.strip()) == (0, "as it was taken away")
    edited = {**taken, "entries": taken["entries"][1:]}
    file.write_text(json.dumps(edited))
    assert await qorgau(police, "document", str(file)) == (1, "it is not what its digest says\n")
    edited["digest"] = digest_of(edited)
    file.write_text(json.dumps(edited))
    code, said = await qorgau(police, "document", str(file))
    assert (code, said.startswith("the record says of no such document")) == (1, True), said
    async with owner(police) as connection:
        await connection.execute("update audit_links set chain_hash = sha256('a')")
    file.write_text(json.dumps(taken))
    assert await qorgau(police, "document", str(file)) == (1, "its checkpoint is not in the chain\n")
    file.write_text('{"person": "Ахметова"}')
    code, said = await qorgau(police, "document", str(file))
    assert (code, "Ахметова" in said) == (2, False)
