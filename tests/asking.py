"""One agency asks another (F14): both at rest, with a worker at each, and whom it is about."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.casework.inquiries import store
from shared.casework.inquiries.telling import grounds_of
from shared.contract.events import InformationRequested
from shared.contract.grounds import Grounds
from tests.courier import Courier, exchange
from tests.pair import made
from tests.workbench import Bench

SOCIAL, HOSPITAL, POLICE = "social-19", "hospital-19", "police-19"
NAME = "Ахметова"
TOLD = "Амбулаторлық ем алды: білек сынған."
UNTIL = "2026-06-01T00:00:00Z"
GIVEN = {"purposes": ["information_request"], "recipients": ["health"], "categories": ["identity", "health"]}
SPOKEN = {"valid_until": UNTIL, "granted_by": "self", "form": "spoken", "explained_in": "kk"}
COURT = {"number": "7514-26-00-4/8231", "decided_on": "2026-03-18", "until": "2026-04-30"}
BY_COURT = {"kind": "court_decision", "court": COURT}
DUE, REMINDED = "2026-03-30", "2026-03-27"
Json = dict[str, Any]


@dataclass
class Case:
    """Who asks and who answers, each at rest, with a worker; and whom it is about."""

    asking: Bench
    answering: Bench
    asker: httpx.AsyncClient
    clerk: httpx.AsyncClient
    her: str = ""
    consent: str = ""

    async def asks(self, **more: Any) -> httpx.Response:
        body: Json = {"to": HOSPITAL, "kind": "medical_certificate", "person_id": self.her}
        body |= {"basis": {"kind": "consent", "consent_id": self.consent}, "call_back": "+7 727 000 00 04", **more}
        return await self.asker.post("/inquiries", json=body)

    async def asked(self, **more: Any) -> str:
        """A question that has arrived."""
        inquiry = await made(await self.asks(**more))
        await exchange(self.asking, self.answering)
        return inquiry

    async def does(self, client: httpx.AsyncClient, inquiry: str, what: str, body: Json | None = None) -> Json:
        answer = await client.post(f"/inquiries/{inquiry}/{what}", json=body)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def answered(self, inquiry: str, **body: Any) -> Json:
        told = await self.does(self.clerk, inquiry, "answer", body or {"text": TOLD})
        await exchange(self.asking, self.answering)
        return told

    async def at_both(self, inquiry: str) -> tuple[Json, Json]:
        ours, theirs = [await client.get(f"/inquiries/{inquiry}") for client in (self.asker, self.clerk)]
        return ours.json(), theirs.json()

    async def states(self, inquiry: str) -> set[str]:
        return {one["state"] for one in await self.at_both(inquiry)}

    def turn_to(self, iso: str) -> None:
        for service in (self.asking, self.answering):
            service.clock.turn_to(iso)

    async def withdraws(self) -> None:
        assert (await self.asker.post(f"/consents/{self.consent}/withdraw")).is_success
        await exchange(self.asking, self.answering)


async def consent_to(case: Case, **terms: Any) -> str:
    return await made(await case.asker.post("/consents", json={"person_id": case.her, **GIVEN, **SPOKEN, **terms}))


async def grounds_at(service: Bench, organisation: str, inquiry: str) -> Grounds:
    """On what a copy relies."""
    async with service.work(organisation) as work:
        row = await store.get(work.session, organisation_id=organisation, inquiry_id=UUID(inquiry))
        assert row is not None
        return await grounds_of(work, row)


def refused_by(answer: httpx.Response) -> str:
    assert answer.status_code == 403, answer.text
    return str(answer.json()["rule"])


async def deliver(receiver: Bench, courier: Courier) -> None:
    for subject, payload in courier.letters:
        if subject.endswith(f".{receiver.node.name}"):
            await receiver.inbox.receive(subject, payload)


def another(due_on: date, kind: str = "medical_certificate") -> InformationRequested:
    """A question that another version of the service might ask."""
    days = {"due_on": due_on, "remind_on": due_on, "calendar": "KZ holidays-0"}
    about = {"inquiry_id": uuid4(), "kind": kind, "subject": "victim", "family_name": NAME}
    return InformationRequested.model_validate({**days, **about})
