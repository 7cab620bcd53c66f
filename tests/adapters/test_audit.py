"""The record of what happened: who finds his way into it, and that nobody gets anything out of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlmodel import col, func, select

from deploy.network import Network
from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry, AuditLink, AuditWaiting, Witnessed
from shared.adapters.jetstream import state_subject
from shared.adapters.sequencer import GENESIS, chain_hash, entry_hash, link_waiting
from shared.adapters.telemetry import METRICS
from shared.adapters.witnesses import Checkpoints
from shared.contract.events import AuditCheckpointed
from shared.contract.vocabulary import Agency, EventType
from tests.adapters.test_announcements import SHELTER, announced, hear
from tests.adapters.test_inbox import TO_SHELTER, envelope, request, sealed
from tests.deploy.test_security import as_service, calls
from tests.workbench import Bench, bench, node_of

POLICE = "police-19"


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


async def entries(service: Bench) -> list[AuditEntry]:
    async with service.work() as work:
        return list((await work.session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))).all())


async def test_what_people_do_is_recorded_with_who_did_it_and_the_rules_that_decided(police: Bench) -> None:
    await calls(police, POLICE)
    async with police.client(POLICE) as officer:
        person = str((await entries(police))[0].person_id)
        await officer.get(f"/persons/{person}")
        await officer.get("/disclosures", params={"person_id": person})
    found = await entries(police)
    actions = [entry.action for entry in found]
    assert actions[:3] == [Action.PERSON_RECORDED, Action.CONSENT_RECORDED, Action.DISCLOSED]
    assert actions[-2:] == [Action.READ_PERSON, Action.READ_DISCLOSURES]
    assert {entry.actor for entry in found} == {f"dev@{POLICE}"}
    sent = found[2].details
    assert (sent["event_type"], sent["recipient"], sent["basis"]) == (
        "referral.requested",
        "shelter-near-23",
        "consent",
    )
    assert sent["rules"]
    assert "identity" in sent["categories"]


async def test_entries_hold_no_case_data(police: Bench) -> None:
    await calls(police, POLICE)
    written = " ".join(entry.model_dump_json() for entry in await entries(police))
    assert [said for said in ("Ахметова", "Она ждёт", "+7 727") if said in written] == []


async def test_what_policy_refused_is_recorded_though_the_call_was_undone(police: Bench) -> None:
    async with police.client(POLICE) as officer:
        body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "call_back": "+7 727 000 00 01"}
        answer = await officer.post("/referrals", json={**body, "basis": {"kind": "statutory_duty"}})
    assert answer.status_code == 403, answer.text
    (entry,) = await entries(police)
    assert (entry.action, entry.actor) == (Action.DECIDED, f"dev@{POLICE}")
    assert entry.details["rule"] == answer.json()["rule"]


async def test_what_comes_is_recorded_as_received_refused_or_quarantined(network: Network) -> None:
    police = node_of(network, Agency.POLICE)
    async with bench(network, Agency.SHELTER) as shelter:
        letter = sealed(police, envelope(request()))
        for data in (letter, letter, sealed(police, envelope(request(family_name="Ахметова"))), b"nothing"):
            await shelter.inbox.receive(TO_SHELTER, data)
        found = await entries(shelter)
    assert [entry.action for entry in found] == [Action.RECEIVED, Action.REFUSED, Action.QUARANTINED]
    assert [entry.organisation_id for entry in found] == ["shelter-far-19", "shelter-far-19", "shelter"]
    assert found[1].details["rule"]


async def test_each_entry_is_chained_once_to_the_one_before(police: Bench) -> None:
    await calls(police, POLICE)
    first = await link_waiting(police.database)
    await calls(police, POLICE)
    assert first
    assert await link_waiting(police.database) == first
    assert await link_waiting(police.database) == 0
    chain = GENESIS
    async with police.work() as work:
        links = (await work.session.exec(select(AuditLink).order_by(col(AuditLink.position)))).all()
        assert (await work.session.exec(select(func.count()).select_from(AuditWaiting))).one() == 0
    for position, (link, entry) in enumerate(zip(links, await entries(police), strict=True), start=1):
        chain = chain_hash(chain, entry_hash(entry.model_dump()))
        assert (link.position, link.entry_id, link.chain_hash) == (position, entry.id, chain)


async def test_an_entry_is_hashed_the_same_whatever_the_order_of_its_details() -> None:
    about = {"id": 1, "organisation_id": "a", "at": datetime(2026, 3, 20, tzinfo=UTC), "actor": "b", "action": "c"}
    about |= {"concerning": None, "person_id": None}
    one = entry_hash({**about, "details": {"rule": "R", "count": 2}})
    assert one == entry_hash({**about, "details": {"count": 2, "rule": "R"}})
    assert one != entry_hash({**about, "details": {"count": 3, "rule": "R"}})


@pytest.mark.parametrize("table", ["audit", "audit_links", "witnessed"])
@pytest.mark.parametrize("attempt", ["delete from {0}", "truncate {0}", "drop table {0}", "alter table {0} add x int"])
async def test_the_services_role_only_adds_to_the_record(police: Bench, table: str, attempt: str) -> None:
    async with as_service(police, "*") as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt.format(table))


@pytest.mark.parametrize("change", ["audit set actor = ''", "audit_links set entry_id = 1", "witnessed set token = ''"])
async def test_the_services_role_can_not_change_the_record(police: Bench, change: str) -> None:
    async with as_service(police, "*") as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"update {change}")


async def test_a_checkpoint_is_made_again_only_after_a_while_and_if_the_chain_grew(police: Bench) -> None:
    checkpoints = Checkpoints(every=60)

    async def now() -> list[int]:
        async with police.work() as work:
            return [a.event.position for a in await checkpoints.collect(work)]  # type: ignore[attr-defined]  # a checkpoint's

    assert await now() == []
    await calls(police, POLICE)
    made = await link_waiting(police.database)
    assert await now() == [made]
    await calls(police, POLICE)
    await link_waiting(police.database)
    assert await now() == [made]
    police.clock.turn_to("2026-03-20T12:01:00+05:00")
    assert await now() == [2 * made]


def checkpoint(position: int, mark: str, *, node: str = "shelter") -> AuditCheckpointed:
    at = datetime(2026, 3, 20, 6, position, tzinfo=UTC)
    return AuditCheckpointed(node=node, position=position, chain_hash=mark * 64, at=at)


async def test_what_another_node_signed_of_its_record_is_kept_as_it_signed_it_even_if_it_contradicts_itself(
    police: Bench,
) -> None:
    on = state_of(SHELTER)
    for said in (checkpoint(1, "a"), checkpoint(1, "a"), checkpoint(2, "b"), checkpoint(2, "c")):
        assert await hear(police, announced(said), subject=on) == []
    async with police.work() as work:
        kept = (await work.session.exec(select(Witnessed).order_by(col(Witnessed.position)))).all()
    assert [(row.node, row.position, row.chain_hash[0]) for row in kept] == [
        ("shelter", 1, "a"),
        ("shelter", 2, "b"),
        ("shelter", 2, "c"),
    ]
    assert all(row.token.count(".") == 2 for row in kept)


async def test_two_replicas_do_not_contradict_each_other_and_a_chain_that_got_shorter_does(police: Bench) -> None:
    said = METRICS.contradictions.labels("shelter")._value  # the only way to read a counter
    for position, second, contradictions in ((30, 0, 0), (29, 5, 0), (28, 11, 1)):
        before = said.get()
        one = checkpoint(position, "a").model_copy(update={"at": datetime(2026, 3, 20, 6, 0, second, tzinfo=UTC)})
        assert await hear(police, announced(one), subject=state_of(SHELTER)) == []
        assert said.get() - before == contradictions


async def test_nobody_signs_for_another_nodes_record(police: Bench) -> None:
    await hear(police, announced(checkpoint(1, "a", node="health")), subject=state_of(SHELTER))
    async with police.work() as work:
        assert (await work.session.exec(select(Witnessed))).all() == []


def state_of(organisation: str) -> str:
    return state_subject("shelter", EventType.AUDIT_CHECKPOINTED, organisation)
