"""Two registers are compared: each side learns which of its own entries the other has, too, and nothing else."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from deploy.network import Network
from shared.adapters import blinding
from shared.adapters.audit import Action
from shared.adapters.outbox import emit
from shared.casework.comparisons import store
from shared.casework.comparisons.clock import look_after_comparisons
from shared.casework.comparisons.steps import outgoing, said
from shared.casework.comparisons.tables import ComparisonRow
from shared.contract.comparisons import LIMITS, PAIRS
from shared.contract.events import RegisterCompared
from shared.contract.registers import EntryCode
from shared.contract.vocabulary import Agency, ComparisonStep, RegisterKind
from tests.adapters.test_reads import entries
from tests.courier import carry, collect, exchange
from tests.pair import NOW, made
from tests.registers import PEOPLE, registered
from tests.workbench import Bench, bench

POLICE, SOCIAL = "police-19", "social-19"
MONITORED, FAMILIES = RegisterKind.PREVENTIVE_MONITORING, RegisterKind.TROUBLED_FAMILIES
FAILS = EntryCode.DUTIES_NOT_PERFORMED
BODY = {"counterpart_id": SOCIAL, "kind": "preventive_monitoring", "their_kind": "troubled_families"}


@dataclass
class Two:
    """The police and the akimat at rest, with a chief at each, and what is in their registers."""

    police: Bench
    social: Bench
    officer: httpx.AsyncClient
    akim: httpx.AsyncClient
    ours: dict[str, UUID]
    theirs: dict[str, UUID]

    async def opened(self) -> str:
        return await made(await self.officer.post("/comparisons", json=BODY))

    async def answered(self) -> str:
        run = await self.opened()
        await exchange(self.police, self.social)
        answer = await self.akim.post(f"/comparisons/{run}/answer")
        assert answer.status_code == 200, answer.text
        return run

    async def at(self, client: httpx.AsyncClient, run: str) -> dict[str, Any]:
        return dict((await client.get(f"/comparisons/{run}")).json())

    async def states(self, run: str) -> tuple[str, str]:
        return (await self.at(self.officer, run))["state"], (await self.at(self.akim, run))["state"]

    async def both_wait_for_nothing(self) -> None:
        for client in (self.officer, self.akim):
            kinds = {one["kind"] for one in (await client.get("/deadlines")).json()["items"]}
            assert "comparison_answer" not in kinds


@asynccontextmanager
async def two_with(network: Network, ours: list[str], theirs: list[str]) -> AsyncIterator[Two]:
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.SOCIAL, at=NOW) as social,
        police.client(POLICE, "supervisor") as officer,
        social.client(SOCIAL, "supervisor") as akim,
    ):
        at_police = await registered(police, POLICE, MONITORED, FAILS, ours)
        at_social = await registered(social, SOCIAL, FAMILIES, FAILS, theirs)
        here, there = dict(zip(ours, at_police, strict=True)), dict(zip(theirs, at_social, strict=True))
        yield Two(police, social, officer, akim, here, there)


@pytest.fixture
async def two(network: Network) -> AsyncIterator[Two]:
    """They have five in common."""
    async with two_with(network, PEOPLE[:25], PEOPLE[20:50]) as both:
        yield both


BOTH = PEOPLE[20:25]


async def test_each_learns_exactly_its_own_entries_that_the_other_has_too(two: Two) -> None:
    run = await two.answered()
    await exchange(two.police, two.social)
    for client, known in ((two.officer, two.ours), (two.akim, two.theirs)):
        seen = await two.at(client, run)
        assert (seen["state"], seen["end"], seen["size"], seen["their_size"]) == ("compared", None, 64, 64)
        assert set(seen["also_there"]) == {str(known[number]) for number in BOTH}
        assert seen["entries"] == len(known)
        listed = (await client.get("/register-entries", params={"limit": "200"})).json()["items"]
        marked = {one["id"]: one["also_at"] for one in listed if one["also_at"]}
        assert set(marked) == {str(known[number]) for number in BOTH}
    ours = (await two.officer.get(f"/register-entries/{two.ours[BOTH[0]]}")).json()["also_at"]
    assert [(one["counterpart_id"], one["their_kind"]) for one in ours] == [(SOCIAL, "troubled_families")]
    await two.both_wait_for_nothing()


async def test_registers_with_nothing_in_common_learn_that_and_no_more(network: Network) -> None:
    async with two_with(network, PEOPLE[:20], PEOPLE[20:50]) as two:
        run = await two.answered()
        await exchange(two.police, two.social)
        assert await two.states(run) == ("compared", "compared")
        for client in (two.officer, two.akim):
            assert (await two.at(client, run))["also_there"] == []


async def test_what_crosses_holds_no_iin_no_hash_of_one_no_code_and_always_as_much(two: Two) -> None:
    run = await two.answered()
    letters = [e.data.content for e in await two.social.waiting() if e is not None]
    await exchange(two.social, two.police)
    (answered,) = [one for one in letters if isinstance(one, RegisterCompared)]
    assert answered.step is ComparisonStep.ANSWERED
    sent = answered.model_dump_json()
    for number in PEOPLE:
        assert number not in sent
        for name in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(name, number.encode())
            assert digest.hexdigest() not in sent
            assert b64encode(digest.digest()).decode().rstrip("=") not in sent
    for word in (FAILS, *map(str, two.theirs.values()), *map(str, two.ours.values())):
        assert word not in sent
    assert [len(blinding.read(one, sizes=(64,))) for one in (answered.tokens, answered.twice)] == [64, 64]
    assert len((await two.at(two.officer, run))["also_there"]) == 5


async def test_the_secret_lies_sealed_until_it_is_used_and_is_destroyed_then(two: Two) -> None:
    run = await two.opened()

    async def at(service: Bench) -> ComparisonRow:
        async with service.work() as work:
            return (await work.session.exec(select(ComparisonRow))).one()

    async with two.police.work() as work:
        row = (await work.session.exec(select(ComparisonRow))).one()
        kept = await store.material(work.session, row)
    assert kept.secret is not None
    assert kept.secret.encode() not in (row.sealed or b"")
    await exchange(two.police, two.social)
    await two.akim.post(f"/comparisons/{run}/answer")
    async with two.social.work() as work:
        assert (
            await store.material(work.session, (await work.session.exec(select(ComparisonRow))).one())
        ).secret is None
    await exchange(two.police, two.social)
    assert [(await at(service)).sealed for service in (two.police, two.social)] == [None, None]
    async with two.police.work() as work:  # nor does an older copy of the row open
        assert (await store.material(work.session, row)).secret is None


async def test_a_message_that_comes_twice_or_late_changes_nothing(two: Two) -> None:
    run = await two.opened()
    first = await collect(two.police)
    for _ in range(2):
        for subject, payload in first.letters:
            if subject.endswith(".social"):
                await two.social.inbox.receive(subject, payload)
    await two.akim.post(f"/comparisons/{run}/answer")
    second = await collect(two.social)
    for _ in range(2):
        for subject, payload in second.letters:
            if subject.endswith(".police"):
                await two.police.inbox.receive(subject, payload)
    await exchange(two.police, two.social)
    assert await two.states(run) == ("compared", "compared")
    assert len((await two.at(two.officer, run))["also_there"]) == 5


async def test_a_second_answer_is_not_raised_to_the_secret(two: Two) -> None:
    """Who sends other points once more learns nothing of them."""
    run = await two.answered()
    await exchange(two.police, two.social)
    before = len([one for one in await entries(two.police) if one.action == Action.DISCLOSED])
    async with two.social.work() as work:
        row = (await work.session.exec(select(ComparisonRow))).one()
        points = blinding.blind(PEOPLE[:40], context=["probe"], size=64).points
        again = blinding.written(points)
        event = said(work, row, ComparisonStep.ANSWERED, tokens=again, twice=again)
        await emit(work, outgoing(row, PAIRS[0], event))
    await exchange(two.social, two.police)
    assert await two.states(run) == ("compared", "compared")
    assert len([one for one in await entries(two.police) if one.action == Action.DISCLOSED]) == before


async def test_who_declines_tells_nothing_of_its_entries(two: Two) -> None:
    run = await two.opened()
    await exchange(two.police, two.social)
    assert (await two.akim.post(f"/comparisons/{run}/decline")).json()["state"] == "declined"
    assert [e for e in await two.social.waiting() if e and getattr(e.data.content, "tokens", None)] == []
    await exchange(two.police, two.social)
    seen = await two.at(two.officer, run)
    assert (seen["state"], seen["end"], seen["also_there"], seen["answered_at"]) == ("declined", "not_now", [], None)
    await two.both_wait_for_nothing()
    assert await two.opened() != run


async def test_who_opened_can_take_it_back_until_it_is_answered(two: Two) -> None:
    run = await two.opened()
    await exchange(two.police, two.social)
    assert (await two.officer.post(f"/comparisons/{run}/abort")).json()["state"] == "aborted"
    await exchange(two.police, two.social)
    assert await two.states(run) == ("aborted", "aborted")
    for client, step in ((two.officer, "abort"), (two.akim, "answer"), (two.akim, "decline")):
        answer = await client.post(f"/comparisons/{run}/{step}")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "not-now")
    await two.both_wait_for_nothing()


async def test_an_abort_that_overtakes_its_opening_or_crosses_the_answer_ends_it_at_both(two: Two) -> None:
    run = await two.opened()
    opening = (await collect(two.police)).letters
    await two.officer.post(f"/comparisons/{run}/abort")
    await carry(two.police, two.social)
    for subject, payload in opening:
        if subject.endswith(".social"):
            await two.social.inbox.receive(subject, payload)
    await exchange(two.police, two.social)
    assert await two.states(run) == ("aborted", "aborted")
    crossed = await two.answered()
    await two.officer.post(f"/comparisons/{crossed}/abort")
    await exchange(two.police, two.social)
    assert await two.states(crossed) == ("aborted", "aborted")
    assert (await two.at(two.akim, crossed))["also_there"] == []


async def test_who_has_answered_can_not_take_it_back(two: Two) -> None:
    run = await two.answered()
    for step in ("abort", "decline", "answer"):
        assert (await two.akim.post(f"/comparisons/{run}/{step}")).status_code == 409


async def test_only_the_other_side_answers_and_only_who_opened_aborts(two: Two) -> None:
    run = await two.opened()
    await exchange(two.police, two.social)
    for client, step in ((two.officer, "answer"), (two.officer, "decline"), (two.akim, "abort")):
        assert (await client.post(f"/comparisons/{run}/{step}")).status_code == 409
    assert await two.states(run) == ("opened", "opened")


async def test_few_entries_are_not_compared_at_either_end(network: Network) -> None:
    async with two_with(network, PEOPLE[:19], PEOPLE[20:39]) as two:
        answer = await two.officer.post("/comparisons", json=BODY)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "too-few")
        assert await two.police.waiting() == []
        await registered(two.police, POLICE, MONITORED, FAILS, [PEOPLE[19]])
        run = await two.opened()
        await exchange(two.police, two.social)
        answer = await two.akim.post(f"/comparisons/{run}/answer")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "too-few")
        assert await two.states(run) == ("opened", "opened")


async def test_only_entries_for_these_reasons_of_persons_with_an_iin_that_still_stand_take_part(
    network: Network,
) -> None:
    async with two_with(network, PEOPLE[:20], PEOPLE[:40]) as two:
        others = await registered(two.police, POLICE, MONITORED, EntryCode.PROTECTIVE_ORDER, PEOPLE[20:30])
        without = await registered(two.police, POLICE, MONITORED, FAILS, [None, None])
        (gone,) = await registered(two.police, POLICE, MONITORED, FAILS, [PEOPLE[30]])
        (twice,) = await registered(
            two.police, POLICE, MONITORED, FAILS, [PEOPLE[0]]
        )  # the same person, recorded again
        await two.officer.post(f"/register-entries/{gone}/remove", json={"because": "improved"})
        run = await two.answered()
        await exchange(two.police, two.social)
        seen = await two.at(two.officer, run)
        assert seen["entries"] == 20
        assert set(seen["also_there"]) == {*map(str, two.ours.values()), str(twice)}
        assert not {*map(str, others), *map(str, without), str(gone)} & set(seen["also_there"])


async def test_more_than_the_limit_are_not_compared(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(LIMITS[0], sizes=(8, 24))
    monkeypatch.setattr("shared.casework.comparisons.endpoints.limits", lambda _: small)
    answer = await two.officer.post("/comparisons", json=BODY)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "too-many")


async def test_two_registers_are_compared_twice_a_year_at_most_and_both_sides_count(two: Two) -> None:
    for _ in range(2):
        run = await two.answered()
        open_ = await two.officer.post("/comparisons", json=BODY)
        assert (open_.status_code, open_.json()["type"].rpartition("/")[2]) == (409, "already-open")
        await exchange(two.police, two.social)
        assert await two.states(run) == ("compared", "compared")
    third = await two.officer.post("/comparisons", json=BODY)
    assert (third.status_code, third.json()["type"].rpartition("/")[2]) == (409, "too-often")
    async with two.police.work() as work:  # somebody who makes their own service forget
        for row in (await work.session.exec(select(ComparisonRow))).all():
            await work.session.delete(row)
    run = await two.opened()
    await exchange(two.police, two.social)
    seen = await two.at(two.officer, run)
    assert (seen["state"], seen["end"]) == ("declined", "too_often")
    for service in (two.police, two.social):
        service.clock.turn_to("2027-03-21T12:00:00+05:00")
    await two.answered()


async def test_two_answers_at_once_do_not_exceed_what_is_allowed_within_a_year(two: Two) -> None:
    await two.answered()
    await exchange(two.police, two.social)
    runs = []
    for _ in range(2):
        runs.append(await two.opened())
        async with two.police.work() as work:  # somebody who makes their own service forget
            for row in (await work.session.exec(select(ComparisonRow))).all():
                await work.session.delete(row)
    await exchange(two.police, two.social)
    answers = await asyncio.gather(*(two.akim.post(f"/comparisons/{run}/answer") for run in runs))
    assert sorted(one.status_code for one in answers) == [200, 409]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"kind": "troubled_families"}, "NO-RULE"),
        ({"their_kind": "dispensary"}, "NO-RULE"),
        ({"counterpart_id": "hospital-19", "their_kind": "dispensary"}, "NO-RULE"),
        ({"counterpart_id": "hospital-19", "their_kind": "minors_who_suffered"}, "NO-RULE"),
        ({"counterpart_id": "shelter-near-19"}, "NO-RULE"),
    ],
)
async def test_what_is_not_to_be_compared_is_not(two: Two, more: dict[str, str], rule: str) -> None:
    answer = await two.officer.post("/comparisons", json=BODY | more)
    assert (answer.status_code, answer.json()["rule"]) == (403, rule)
    assert await two.police.waiting() == []


async def test_an_addiction_clinic_is_compared_with_nobody_and_a_hospital_is(network: Network) -> None:
    body = {"counterpart_id": SOCIAL, "kind": "minors_who_suffered", "their_kind": "minors_who_suffered"}
    async with bench(network, Agency.HEALTH, at=NOW) as health:
        for whose, expected in (("addictology-19", "F-ADDICTION-STAYS-IN-HEALTH"), ("hospital-19", None)):
            suffered = RegisterKind.MINORS_WHO_SUFFERED
            await registered(health, whose, suffered, EntryCode.MINOR_SUFFERED, PEOPLE[:20])
            async with health.client(whose, "supervisor") as chief:
                answer = await chief.post("/comparisons", json=body)
                assert (answer.status_code, answer.json().get("rule")) == (403 if expected else 201, expected)


async def test_an_organisation_that_nobody_knows_is_bad_input(two: Two) -> None:
    wrong: dict[str, Any]
    for wrong in ({"counterpart_id": "social-nowhere"}, {"kind": "people_we_dislike"}, {"entries": []}):
        assert (await two.officer.post("/comparisons", json=BODY | wrong)).status_code == 422


async def test_what_another_service_asks_for_without_a_right_is_declined_by_itself(two: Two) -> None:
    """As if the police's service had been changed: the other side decides again."""
    async with two.police.work() as work:
        kinds = {"kind": MONITORED, "their_kind": RegisterKind.DISPENSARY}
        row = ComparisonRow.model_validate(
            {**kinds, "id": UUID(int=7), "organisation_id": POLICE, "side": "sender", "counterpart_id": SOCIAL}
            | {"state": "opened", "opened_at": work.now}
        )
        work.session.add(row)
        tokens = blinding.written(blinding.blind(PEOPLE, context=["x"], size=64).points)
        await emit(work, outgoing(row, None, said(work, row, ComparisonStep.OPENED, tokens=tokens)))
    await exchange(two.police, two.social)
    seen = await two.at(two.officer, str(row.id))
    assert (seen["state"], seen["end"]) == ("declined", "not_comparable")


NO_POINTS = blinding.written([bytes([number]) * 32 for number in range(64)])


@pytest.mark.parametrize("tokens", ["", "AAAA", "A" * 2731, NO_POINTS, None], ids=["", "few", "alike", "none", "null"])
async def test_what_is_no_set_of_tokens_is_declined(two: Two, tokens: str | None) -> None:
    async with two.police.work() as work:
        row = ComparisonRow.model_validate(
            {**BODY, "id": UUID(int=7), "organisation_id": POLICE, "side": "sender", "state": "opened"}
            | {"opened_at": work.now}
        )
        work.session.add(row)
        await emit(work, outgoing(row, PAIRS[0], said(work, row, ComparisonStep.OPENED, tokens=tokens)))
    await exchange(two.police, two.social)
    seen = await two.at(two.officer, str(row.id))
    assert (seen["state"], seen["end"]) == ("declined", "malformed")


@pytest.mark.parametrize("wrong", [{"tokens": "AAAA"}, {"twice": "AAAA"}, {"twice": None}])
async def test_an_answer_that_is_none_ends_it_at_both_sides(two: Two, wrong: dict[str, Any]) -> None:
    run = await two.opened()
    await exchange(two.police, two.social)
    async with two.social.work() as work:
        row = (await work.session.exec(select(ComparisonRow))).one()
        good = blinding.written(blinding.blind(PEOPLE, context=["x"], size=64).points)
        event = said(work, row, ComparisonStep.ANSWERED, **{"tokens": good, "twice": good, **wrong})
        await emit(work, outgoing(row, PAIRS[0], event))
        row.state = "answered"
    await exchange(two.police, two.social)
    assert await two.states(run) == ("aborted", "aborted")
    assert (await two.at(two.officer, run))["end"] == "malformed"


async def test_an_end_that_does_not_fit_ends_it_without_a_match(two: Two) -> None:
    run = await two.answered()
    async with two.police.work() as work:
        row = (await work.session.exec(select(ComparisonRow))).one()
        await emit(work, outgoing(row, PAIRS[0], said(work, row, ComparisonStep.CLOSED, twice="AAAA")))
        row.state = "compared"
    await carry(two.police, two.social)
    seen = await two.at(two.akim, run)
    assert (seen["state"], seen["end"], seen["also_there"]) == ("aborted", "malformed", [])


async def test_a_stranger_can_not_move_a_comparison_of_others(two: Two) -> None:
    run = await two.opened()
    await exchange(two.police, two.social)
    async with two.police.work() as work:
        row = (await work.session.exec(select(ComparisonRow))).one()
        stranger = outgoing(row, PAIRS[0], said(work, row, ComparisonStep.ABORTED))
        await emit(work, replace(stranger, sender="police-rural-19"))
    await exchange(two.police, two.social)
    assert await two.states(run) == ("opened", "opened")


async def test_one_that_nobody_answers_is_late_then_lapses_and_no_secret_stays(two: Two) -> None:
    run = await two.opened()
    await exchange(two.police, two.social)
    for client in (two.officer, two.akim):
        due = {one["kind"]: one["due_on"] for one in (await client.get("/deadlines")).json()["items"]}
        assert due["comparison_answer"] == "2026-04-08"  # Nauryz: 23 to 25 March are no working days
    two.police.clock.turn_to("2026-05-20T12:00:00+05:00")
    two.social.clock.turn_to("2026-05-20T12:00:00+05:00")
    async with two.police.work() as work:
        await look_after_comparisons(work)
    await exchange(two.police, two.social)
    assert await two.states(run) == ("aborted", "aborted")
    assert (await two.at(two.akim, run))["end"] == "lapsed"
    await two.both_wait_for_nothing()


async def test_one_whose_opener_is_there_no_more_ends_at_last(two: Two) -> None:
    run = await two.answered()
    for day, state in (("2026-07-17", "answered"), ("2026-07-19", "aborted")):
        two.social.clock.turn_to(f"{day}T12:00:00+05:00")
        async with two.social.work() as work:
            await look_after_comparisons(work)
        assert (await two.at(two.akim, run))["state"] == state


async def test_a_comparison_meets_what_is_due_that_year(network: Network) -> None:
    async with two_with(network, PEOPLE[:20], PEOPLE[20:40]) as two:
        for client, body in ((two.officer, (MONITORED, FAILS)), (two.akim, (FAMILIES, FAILS))):
            person = await made(await client.post("/persons", json={"role": "alleged_offender"}))
            entry = {"kind": body[0], "codes": [body[1]], "person_id": person, "since": "2026-03-20"}
            await made(await client.post("/register-entries", json=entry))
            due = [one["kind"] for one in (await client.get("/deadlines")).json()["items"]]
            assert "registers_reconciled" in due
        await two.answered()
        await exchange(two.police, two.social)
        for client in (two.officer, two.akim):
            due = [one["kind"] for one in (await client.get("/deadlines")).json()["items"]]
            assert "registers_reconciled" not in due


async def test_a_person_whom_both_have_is_told_that_the_other_side_learned_it(two: Two) -> None:
    await two.answered()
    await exchange(two.police, two.social)
    for client, known, other in ((two.officer, two.ours, SOCIAL), (two.akim, two.theirs, POLICE)):
        told = {}
        for number, entry in known.items():
            person = (await client.get(f"/register-entries/{entry}")).json()["person_id"]
            items = (await client.get(f"/persons/{person}/disclosures")).json()["items"]
            told[number] = [(one["event_type"], one["recipient"]["id"], one["left"]) for one in items]
        assert {number for number, items in told.items() if items} == set(BOTH)
        assert {tuple(items) for items in told.values() if items} == {(("register.compared", other, True),)}


async def test_when_somebody_is_erased_that_the_other_side_had_them_goes_too(two: Two) -> None:
    run = await two.answered()
    await exchange(two.police, two.social)
    entry = two.ours[BOTH[0]]
    person = (await two.officer.get(f"/register-entries/{entry}")).json()["person_id"]
    assert (await two.officer.delete(f"/persons/{person}")).status_code == 200
    assert str(entry) not in (await two.at(two.officer, run))["also_there"]
    assert (await two.officer.get(f"/register-entries/{entry}")).json()["also_at"] == []


async def test_who_was_erased_while_it_ran_is_not_marked(two: Two) -> None:
    run = await two.answered()
    entry = two.ours[BOTH[0]]
    person = (await two.officer.get(f"/register-entries/{entry}")).json()["person_id"]
    await two.officer.delete(f"/persons/{person}")
    await exchange(two.police, two.social)
    assert set((await two.at(two.officer, run))["also_there"]) == {str(two.ours[number]) for number in BOTH[1:]}


async def test_the_record_keeps_how_many_took_part_and_how_many_both_have(two: Two) -> None:
    run = await two.answered()
    await exchange(two.police, two.social)
    for service, count in ((two.police, 25), (two.social, 30)):
        steps = [one for one in await entries(service) if one.action == Action.COMPARED and one.concerning == run]
        assert [one.details["state"] for one in steps][-1] == "compared"
        assert (steps[-1].details["entries"], steps[-1].details["alike"]) == (count, 5)


async def test_a_comparison_is_a_chiefs_and_of_no_other_organisation(two: Two) -> None:
    run = await two.opened()
    async with two.police.client(POLICE) as worker:
        assert (await worker.post("/comparisons", json=BODY)).status_code == 403
        assert (await worker.post(f"/comparisons/{run}/abort")).status_code == 403
        assert (await worker.get(f"/comparisons/{run}")).status_code == 200
    async with two.police.client("police-rural-19", "supervisor") as stranger:
        assert (await stranger.get("/comparisons")).json()["items"] == []
        for answer in (
            await stranger.get(f"/comparisons/{run}"),
            *[await stranger.post(f"/comparisons/{run}/{step}") for step in ("answer", "decline", "abort")],
        ):
            assert answer.status_code == 404
