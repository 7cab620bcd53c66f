"""It stays quick for ever: whatever a service does, it reads as many rows after years as on its first day.

PostgreSQL itself counts what is read of each table, in scans and through indexes.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from deploy.network import Network
from shared.adapters.health import measure
from shared.adapters.newest_links import watch_newest_links
from shared.adapters.outbox import Work
from shared.adapters.retention import BATCH
from shared.adapters.sequencer import link_waiting
from shared.adapters.trust_memory import remember
from shared.adapters.witnesses import Checkpoints
from shared.casework.changes.store import SCANNED
from shared.casework.deadlines.clock import count_overdue
from shared.casework.loops import end_what_ran_out, keep_house, watch_deadlines
from shared.casework.units.announcements import counts
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import POLICE, SHELTER, TO_SHELTER, envelope, request, sealed
from tests.courier import collect
from tests.workbench import Bench, bench, node_of

ROWS = 1_000_000 if "QORGAU_FAULTS" in os.environ else 50_000
# Of one table, in one call: a batch of housekeeping reads its rows to choose, to lock and to delete them.
AT_MOST = 5 * BATCH
MINE = "'{organisation}'"
ID = "lpad(to_hex(n), 32, '0')::uuid"
LATELY = "timestamptz '2026-03-20' - n * interval '5 minutes'"
# Done, long ago for the most part, of one organisation: as many rows of each as there are minutes in two years.
HISTORY: dict[str, str] = {
    "outbox_done": f"(id, organisation_id, recipient_id, recipient_node, event_type, concerning, consent_id, "
    f"created_at, state, attempts, sent_at, done_at) select {ID}, {MINE}, 'shelter-far-19', 'shelter', "
    f"'referral.requested', {ID}::text, {ID}, {LATELY}, 'received', 1, {LATELY}, {LATELY}",
    "disclosures": f"(id, organisation_id, person_id, recipient_id, recipient_agency, event_type, concerning, subject, "
    f"basis, categories, fields, withheld, rules, at) select {ID}, {MINE}, {ID}, 'shelter-far-19', 'shelter', "
    f"'referral.requested', {ID}::text, 'victim', 'consent', '[]', '[]', '{{{{}}}}', '[]', {LATELY}",
    "inbox": f"(event_id, sender_node, event_type, recipient_id, received_at, kept_from, state, receipt_due) "
    f"select {ID}, 'shelter', 'referral.moved', {MINE}, {LATELY}, {LATELY}, 'applied', false",
    "audit": f"(organisation_id, at, actor, action, concerning, details) "
    f"select {MINE}, {LATELY}, 'somebody', 'recorded', {ID}::text, '{{{{}}}}'",
    "audit_links": "(position, entry_id, entry_hash, chain_hash) select n, n, sha256('a'), sha256('b')",
    "changes": f"(position, id, organisation_id, type, concerning, person_id, at) "
    f"select n, {ID}, {MINE}, 'recorded.referral', {ID}, {ID}, {LATELY}",
    "witnessed": f"(node, position, chain_hash, organisation_id, at, token) "
    f"select 'shelter', n, 'a', 'shelter-far-19', {LATELY}, ''",
    "persons": f"(id, organisation_id, revision, role, anonymous, created_at, updated_at) "
    f"select {ID}, {MINE}, 1, 'victim', false, {LATELY}, {LATELY}",
    "consents": f"(id, organisation_id, recorded_by, person_id, purposes, recipients, categories, given_at, "
    f"valid_until, expired_at, \"end\") select {ID}, {MINE}, {MINE}, {ID}, '[]', '[]', '[]', {LATELY}, {LATELY}, "
    f"{LATELY}, 'expired'",
    "referrals": f"(id, organisation_id, side, counterpart_id, person_id, purpose, subject, basis, consent_id, proof, "
    f"basis_until, state, version, revision, created_at, updated_at, erased_at) select {ID}, {MINE}, "
    f"(array['sender', 'receiver'])[1 + n % 2], 'shelter-far-19', {ID}, 'lodging', 'victim', 'consent', {ID}, "
    f"'{{{{}}}}', {LATELY}, 'completed', 3, 4, {LATELY}, {LATELY}, {LATELY}",
    "messages": f"(id, organisation_id, referral_id, author_id, at, read_at) "
    f"select {ID}, {MINE}, {ID}, {MINE}, {LATELY}, {LATELY}",
    "deadlines": f"(id, organisation_id, kind, concerning, due_on, remind_at, due_at, calendar_version, created_at, "
    f"met_at) select {ID}, {MINE}, 'emergency_review', {ID}, '2020-01-01', {LATELY}, {LATELY}, '', {LATELY}, {LATELY}",
    "reminders": f"(deadline_id, kind, organisation_id, fired_at) select {ID}, 'overdue', {MINE}, {LATELY}",
    "emergencies": f"(id, organisation_id, person_id, declared_by, declared_at, until, reviewed_at) "
    f"select {ID}, {MINE}, {ID}, 'somebody', {LATELY}, {LATELY}, {LATELY}",
}
OF_POLICE = {
    "violence_reports": f"(id, organisation_id, side, kind, counterpart_id, person_id, subject, purpose, basis, "
    f"consent_id, proof, created_at, received_at, registered_at) select {ID}, {MINE}, 'receiver', 'violence', "
    f"'shelter-far-19', {ID}, 'victim', 'statutory_report', 'statutory_duty', {ID}, null, {LATELY}, {LATELY}, "
    f"{LATELY}",
    "refusal_notices": f"(id, organisation_id, shelter_id, refused_on, due_on, police_may, received_at) "
    f"select {ID}, {MINE}, 'shelter-far-19', '2020-01-01', '2020-01-01', '[]', {LATELY}",
}
OF_SHELTER = {
    **{table: HISTORY[table] for table in ("inbox", "consents", "referrals")},
    "outbox": HISTORY["outbox_done"],  # not moved yet
    "refusals": f"(id, organisation_id, refused_at, refused_on, due_on, calendar_version, agrees_to_contact, state, "
    f"created_at) select {ID}, {MINE}, {LATELY}, '2020-01-01', '2020-01-01', '', true, 'acknowledged', {LATELY}",
    "stays": f"(id, organisation_id, unit, referral_id, started_at, ended_at) "
    f"select {ID}, {MINE}, 'rooms', {ID}, {LATELY}, {LATELY}",
    "bed_holds": f"(referral_id, organisation_id, unit, held_at, until) "
    f"select {ID}, {MINE}, 'rooms', {LATELY}, {LATELY}",
}
ENDED = (  # waits for each
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
)
Act = Callable[[], Awaitable[Any]]


async def fill(service: Bench, history: dict[str, str], organisation: str, *, rows: int = ROWS) -> None:
    """Write years of history at once, so many rows of each."""
    connection = await service.network.postgres.connect(str(service.database.url.database))
    try:
        for table, values in history.items():
            what = values.format(organisation=organisation)
            await connection.execute(f"insert into {table} {what} from generate_series(1, {rows}) n")
        await connection.execute("analyze")
    finally:
        await connection.close()


class Meter:
    """Counts what a service reads."""

    def __init__(self, service: Bench) -> None:
        self.service, self.read = service, dict[str, dict[str, int]]()

    async def measure(self, name: str, act: Act) -> Any:
        """What `act` answers. Rows that it read are counted by table, under `name`."""
        before = await self._now()
        answer = await act()
        after = await self._now()
        self.read[name] = {table: count - before[table] for table, count in after.items() if count > before[table]}
        return answer

    async def _now(self) -> dict[str, int]:
        """As of now: a backend that ends has said all that it counted."""
        await self.service.database.engine.dispose()
        connection = await self.service.network.postgres.connect(str(self.service.database.url.database))
        try:
            await connection.execute(ENDED)
            rows = await connection.fetch(
                "select t.relname, t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0) as read "
                "from pg_stat_user_tables t left join pg_stat_user_indexes i using (relid) "
                "group by t.relid, t.relname, t.seq_tup_read"
            )
            return {row["relname"]: int(row["read"]) for row in rows}
        finally:
            await connection.close()

    def too_much(self) -> dict[str, dict[str, int]]:
        """What read more than a bounded number of rows of a table."""
        over = {name: {t: c for t, c in read.items() if c > AT_MOST} for name, read in self.read.items()}
        return {name: tables for name, tables in over.items() if tables}


@asynccontextmanager
async def after_years(
    network: Network, agency: Agency, organisation: str, history: dict[str, str]
) -> AsyncIterator[Bench]:
    """A service with a long history."""
    async with bench(network, agency) as service:
        await fill(service, history, organisation)
        yield service


async def in_the_loops(meter: Meter, checkpoints: Checkpoints) -> None:
    """All that a service does by itself, again and again."""
    service = meter.service

    async def keep(work: Work) -> int:
        return await keep_house(work, service.app.state.parts.files)

    jobs = (remember, watch_deadlines, count_overdue, end_what_ran_out, keep, checkpoints.collect)
    for job in jobs if service.node.agency is Agency.POLICE else (*jobs, counts):

        async def once(job: Any = job) -> None:
            async with service.work() as work:
                await job(work)

        await meter.measure(f"loop {job.__name__}", once)
    await meter.measure("relay and receipts", lambda: collect(service))
    await meter.measure("measure", lambda: measure(service.database, service.app.state.broker, clock=service.clock))
    await meter.measure("sequencer", lambda: link_waiting(service.database))
    await meter.measure("newest links", lambda: watch_newest_links(service.database))


async def called(meter: Meter, client: httpx.AsyncClient, call: str, **more: Any) -> Any:
    """The answer to `call`, a method and a path, which has to be a good one."""
    method, path = call.split()
    answer = await meter.measure(call.partition("?cursor")[0], lambda: client.request(method, path, **more))
    assert answer.is_success, (call, answer.text)
    return answer.json()


async def listed(meter: Meter, client: httpx.AsyncClient, path: str) -> None:
    """The first page of a list and the one behind it."""
    page = await called(meter, client, f"GET {path}")
    assert page["items"]
    behind = "&" if "?" in path else "?"
    assert (await called(meter, client, f"GET {path}{behind}cursor={page['next']}"))["items"]


async def test_the_police_read_no_more_after_years_than_at_first(network: Network) -> None:
    async with after_years(network, Agency.POLICE, POLICE, HISTORY | OF_POLICE) as police:
        meter, some = Meter(police), UUID(int=ROWS // 2)
        async with police.client(POLICE, "supervisor") as officer:
            for path in (
                "/referrals?box=outgoing",
                "/referrals?box=incoming",
                "/referrals?box=outgoing&state=completed",
                "/disclosures",
                "/emergencies",
                "/refusal-notices",
                "/violence-reports",
            ):
                await listed(meter, officer, path)
            for path in (
                "/referrals?box=outgoing&state=requested",
                "/emergencies?to_review=true",
                "/deadlines",
                "/reminders",
                f"/referrals/{some}",
                f"/referrals/{some}/messages",
                f"/consents/{some}",
                f"/violence-reports/{some}",
                f"/persons/{some}/disclosures",
            ):
                await called(meter, officer, f"GET {path}")
            await what_happened(meter, officer)
            await a_case(meter, officer)
        await in_the_loops(meter, Checkpoints(every=60))
    assert meter.read["loop keep"]["inbox"] >= BATCH  # the meter works
    assert meter.too_much() == {}


async def what_happened(meter: Meter, officer: httpx.AsyncClient) -> None:
    """From the middle on, from its end, and of a kind that never occurred: each answer says from where to ask on."""
    page = await called(meter, officer, f"GET /events?after={UUID(int=ROWS // 2)}")
    assert (len(page["events"]), page["more"]) == (50, True)
    assert not (await called(meter, officer, "GET /events?after=now"))["more"]
    never = await called(meter, officer, "GET /events?type=ended.order")
    assert (never["events"], never["more"], never["next"]) == ([], True, str(UUID(int=SCANNED)))


async def a_case(meter: Meter, officer: httpx.AsyncClient) -> None:
    """From a person over a consent and a referral to the erasure of all of it."""
    person = (await called(meter, officer, "POST /persons", json={"role": "victim", "family_name": "Ахметова"}))["id"]
    terms = {"purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"], "granted_by": "self"}
    terms |= {"form": "spoken", "explained_in": "kk", "valid_until": "2026-06-01T00:00:00Z"}
    consent = (await called(meter, officer, "POST /consents", json={"person_id": person, **terms}))["id"]
    asked = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": person, "call_back": "+7 102"}
    asked |= {"basis": {"kind": "consent", "consent_id": consent}}
    once = {"Idempotency-Key": str(uuid4())}
    referral = (await called(meter, officer, "POST /referrals", json=asked, headers=once))["id"]
    await called(meter, officer, f"POST /referrals/{referral}/messages", json={"body": "Она в пути."})
    danger = {"person_id": person, "why": "Без сознания.", "minutes": 60}
    emergency = (await called(meter, officer, "POST /emergencies", json=danger))["id"]
    await called(meter, officer, f"POST /emergencies/{emergency}/end")
    await called(meter, officer, f"POST /consents/{consent}/withdraw")
    for path in (f"/persons/{person}", f"/referrals/{referral}"):
        assert (await called(meter, officer, f"GET {path}/file"))["items"]
    answer = await meter.measure("DELETE /persons", lambda: officer.delete(f"/persons/{person}"))
    assert answer.status_code == 200, answer.text


async def test_a_shelter_reads_no_more_after_years_than_at_first(network: Network) -> None:
    async with after_years(network, Agency.SHELTER, SHELTER, OF_SHELTER) as shelter:
        meter, police = Meter(shelter), node_of(network, Agency.POLICE)
        room = {"for": "women_with_children", "capacity": 4, "occupied": 0}
        async with shelter.client(SHELTER, "worker", "bed-counter") as warden:
            await called(meter, warden, "PUT /beds/rooms", json=room)
            letter = sealed(police, envelope(request(hold="women_with_children")))
            for time in ("first", "second"):
                await meter.measure(f"inbox, {time} time", lambda: shelter.inbox.receive(TO_SHELTER, letter))
            await called(meter, warden, "GET /units/rooms")
            await listed(meter, warden, "/refusals")
            (asked,) = (await called(meter, warden, "GET /referrals?box=incoming&state=requested"))["items"]
            assert (await called(meter, warden, f"GET /referrals/{asked['id']}/file"))["items"]
        await in_the_loops(meter, Checkpoints(every=60))
        async with shelter.work() as work:
            connection = await work.session.connection()
            held = text("select count(*) from bed_holds where held_at = :now")
            assert (await connection.execute(held, {"now": shelter.clock()})).scalar_one() == 1
    assert meter.too_much() == {}
