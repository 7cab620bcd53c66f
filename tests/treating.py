"""The path of compulsory treatment (F8): the police and an addictology organisation at rest, with a worker at each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.network import Network
from shared.casework.loops import watch_deadlines
from shared.contract.calendar import local_day
from shared.contract.vocabulary import Agency
from tests.courier import exchange
from tests.pair import NOW, made
from tests.workbench import Bench, bench

POLICE, CLINIC = "police-19", "addictology-19"
HIS_NAME, HIS_HOME = "Жұмабаев", "Талғар қ., Рысқұлов к-сі, 9"
HIM = {"role": "alleged_offender", "family_name": HIS_NAME, "address": HIS_HOME, "phone": "+7 701 000 00 09"}
EVADED_ON, TODAY, LAST_DAY = "2026-03-19", "2026-03-20", "2027-03-19"
NUMBER = "7599-26-00-4/112"
COURT = {"number": NUMBER, "decided_on": TODAY, "until": LAST_DAY}
TREAT = {"ordered": True, "court": COURT, "from_day": TODAY, "last_day": LAST_DAY}
DECLINE = {"ordered": False, "number": NUMBER, "decided_on": TODAY}
PAPERS = {"materials": ["offence_reports", "relative_interviews"]}
WARD = {"unit": "ward"}
Json = dict[str, Any]


@dataclass
class Case:
    """Somebody on the path: his record at each side, and the path's id."""

    police: Bench
    health: Bench
    officer: httpx.AsyncClient
    doctor: httpx.AsyncClient
    known_to_police: str = ""
    known_to_health: str = ""
    path: str = ""

    async def begins(self, **more: Any) -> Json:
        """Health tells the police that he stayed away from an examination."""
        body = {"person_id": self.known_to_health, "evaded_on": EVADED_ON, "to": POLICE, **more}
        return await self._began(await self.doctor.post("/treatment-paths", json=body))

    async def begins_with_materials(self, **more: Any) -> Json:
        """The police send their materials at their own initiative."""
        body = {"person_id": self.known_to_police, "to": CLINIC, **PAPERS, **more}
        return await self._began(await self.officer.post("/treatment-paths", json=body))

    async def _began(self, answer: httpx.Response) -> Json:
        self.path = await made(answer)
        await exchange(self.police, self.health)
        return dict(answer.json())

    async def tries(self, client: httpx.AsyncClient, what: str, body: Json | None = None) -> httpx.Response:
        return await client.post(f"/treatment-paths/{self.path}/{what}", json=body)

    async def does(self, client: httpx.AsyncClient, what: str, body: Json | None = None) -> Json:
        """A step, and the other side knows of it."""
        answer = await self.tries(client, what, body)
        assert answer.status_code == 200, (what, answer.text)
        await exchange(self.police, self.health)
        return dict(answer.json())

    async def at(self, client: httpx.AsyncClient) -> Json:
        answer = await client.get(f"/treatment-paths/{self.path}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def states(self) -> tuple[str | None, str | None]:
        """At the police, and at health."""
        return (await self.at(self.officer))["state"], (await self.at(self.doctor))["state"]

    async def to_court(self, **more: Any) -> None:
        """From the police's materials to the court's desk."""
        await self.begins_with_materials(**more)
        today = local_day(self.health.clock())
        await self.does(self.doctor, "court", {"received_on": today.isoformat()})

    async def ordered(self, **more: Any) -> Json:
        """The court orders treatment, and the police record it."""
        await self.to_court()
        return await self.does(self.officer, "decision", {**TREAT, **more})

    async def ward(self, *, capacity: int = 1) -> None:
        answer = await self.doctor.put("/beds/ward", json={"for": "addictology", "capacity": capacity, "occupied": 0})
        assert answer.is_success, answer.text

    async def free(self) -> int:
        return int((await self.doctor.get("/units/ward")).json()["free"])

    async def in_patient(self) -> None:
        """In the only bed of the ward, to be examined."""
        await self.ward()
        await self.begins()
        await self.does(self.officer, "examination", {"setting": "out_patient"})
        await self.does(self.doctor, "out-patient-refused")
        await self.does(self.officer, "examination", {"setting": "in_patient"})
        await self.does(self.doctor, "admit", WARD)

    def turn_to(self, iso: str) -> None:
        for service in (self.police, self.health):
            service.clock.turn_to(iso)

    async def look(self, service: Bench, client: httpx.AsyncClient) -> list[tuple[str, str]]:
        """What fired so far, once all clocks have run: (kind of the reminder, of the deadline)."""
        async with service.work() as work:
            await watch_deadlines(work, service.app.state.parts.clocks)
        return [(r["kind"], r["deadline"]["kind"]) for r in (await client.get("/reminders")).json()["items"]]

    async def look_both(self) -> list[list[tuple[str, str]]]:
        return [await self.look(self.police, self.officer), await self.look(self.health, self.doctor)]


@asynccontextmanager
async def treating(network: Network) -> AsyncIterator[Case]:
    """Both sides, and his record at each."""
    async with (
        bench(network, Agency.POLICE, at=NOW) as police,
        bench(network, Agency.HEALTH, at=NOW) as health,
        police.client(POLICE, "worker", "supervisor") as officer,
        health.client(CLINIC, "worker", "supervisor", "bed-counter") as doctor,
    ):
        case = Case(police, health, officer, doctor)
        case.known_to_police = await made(await officer.post("/persons", json=HIM))
        case.known_to_health = await made(await doctor.post("/persons", json=HIM))
        yield case
