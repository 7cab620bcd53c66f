"""The parties of a local agreement at rest, one of each agency, with a supervisor at each."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.network import Network
from shared.casework.loops import watch_deadlines
from shared.contract.vocabulary import Agency
from tests.courier import collect
from tests.deploy.test_security import OURS
from tests.workbench import Bench, bench

NOW = "2026-03-20T12:00:00+05:00"
LINE = {
    "permit": "P-F1-LODGING",
    "senders": ["police"],
    "recipients": ["shelter"],
    "bases": ["own_request"],
    "categories": ["routing", "needs", "worker_contact"],
}
TERMS: dict[str, Any] = {
    "parties": sorted(OURS.values()),
    "exchanges": [LINE],
    "valid_from": "2026-04-01",
    "valid_until": "2027-04-01",
}
FIRST = {"region": "19", **TERMS}


@dataclass
class Parties:
    """The four, and how they hear of each other."""

    benches: dict[Agency, Bench]
    chiefs: dict[Agency, httpx.AsyncClient]

    async def exchange(self) -> None:
        """Carry to and fro until nobody has anything to say."""
        by_name = {service.node.name: service for service in self.benches.values()}
        while letters := [one for service in by_name.values() for one in (await collect(service)).letters]:
            for subject, payload in letters:
                await by_name[subject.rpartition(".")[2]].inbox.receive(subject, payload)

    def turn_to(self, iso: str) -> None:
        for service in self.benches.values():
            service.clock.turn_to(iso)

    async def draft(self, **more: Any) -> dict[str, Any]:
        """A draft that everybody has."""
        made = await post(self.chiefs[Agency.SOCIAL], "/agreements", {**FIRST, **more})
        await self.exchange()
        return made

    async def change(self, agreement_id: str, **more: Any) -> dict[str, Any]:
        made = await post(self.chiefs[Agency.SOCIAL], f"/agreements/{agreement_id}/versions", {**TERMS, **more})
        await self.exchange()
        return made

    async def sign(self, made: dict[str, Any], *agencies: Agency) -> None:
        """As each supervisor does who has read it."""
        for agency in agencies or tuple(Agency):
            said = {"version": made["version"], "sha256": made["sha256"]}
            await post(self.chiefs[agency], f"/agreements/{made['id']}/sign", said)
        await self.exchange()

    async def at(self, agency: Agency, agreement_id: str) -> dict[str, Any]:
        answer = await self.chiefs[agency].get(f"/agreements/{agreement_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def states(self, agreement_id: str) -> set[tuple[int, str]]:
        """(version, state) at all of them: one, if all agree."""
        seen = [await self.at(agency, agreement_id) for agency in Agency]
        return {(one["version"], one["state"]) for one in seen}

    async def reminded(self, agency: Agency) -> list[tuple[str, str]]:
        """(kind of the reminder, kind of the deadline), once all clocks have run."""
        service = self.benches[agency]
        async with service.work() as work:
            await watch_deadlines(work, service.app.state.parts.clocks)
        items = (await self.chiefs[agency].get("/reminders")).json()["items"]
        return sorted((one["kind"], one["deadline"]["kind"]) for one in items)


async def post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


@asynccontextmanager
async def all_four(network: Network) -> AsyncIterator[Parties]:
    async with AsyncExitStack() as stack:
        benches = {agency: await stack.enter_async_context(bench(network, agency, at=NOW)) for agency in Agency}
        chiefs = {
            agency: await stack.enter_async_context(benches[agency].client(OURS[agency], "supervisor"))
            for agency in Agency
        }
        yield Parties(benches, chiefs)
