"""The police and a shelter at rest, with a worker at each: what happens between two, step by step."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.casework.loops import end_what_ran_out
from tests.workbench import Bench

POLICE, SHELTER = "police-19", "shelter-far-19"
NAME = "Ахметова"
NOW = "2026-03-20T12:00:00+05:00"
UNTIL = "2026-06-01T00:00:00Z"
GIVEN = {"purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"], "valid_until": UNTIL}
SPOKEN = {"granted_by": "self", "form": "spoken", "explained_in": "kk"}


@dataclass
class Two:
    """The police and a shelter at rest, with a worker at each."""

    police: Bench
    shelter: Bench
    officer: httpx.AsyncClient
    warden: httpx.AsyncClient

    def turn_to(self, iso: str) -> None:
        for service in (self.police, self.shelter):
            service.clock.turn_to(iso)

    async def end_what_ran_out(self) -> tuple[int, int]:
        ended = []
        for service in (self.police, self.shelter):
            async with service.work() as work:
                ended.append(await end_what_ran_out(work))
        return ended[0], ended[1]


async def made(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def person(officer: httpx.AsyncClient, **more: Any) -> str:
    return await made(await officer.post("/persons", json={"role": "victim", "family_name": NAME, **more}))


async def referred(officer: httpx.AsyncClient, whom: str, **terms: Any) -> tuple[str, str]:
    """(consent, referral)"""
    given = await made(await officer.post("/consents", json={"person_id": whom, **GIVEN, **SPOKEN, **terms}))
    body: dict[str, Any] = {"to": {"organisation": SHELTER}, "purpose": "lodging", "person_id": whom}
    body |= {"basis": {"kind": "consent", "consent_id": given}, "call_back": "+7 727 000 00 01"}
    return given, await made(await officer.post("/referrals", json=body))


async def name_at(client: httpx.AsyncClient, referral: str) -> str | None:
    content = (await client.get(f"/referrals/{referral}")).json()["content"]
    return content.get("family_name") if content else None
