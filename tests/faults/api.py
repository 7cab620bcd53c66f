"""An agency that listens, and calls of each sort that take a body."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_reads import OF_ONE_AGENCY, a_question, on_the_path
from tests.arrived import SCHOOL, a_guardian_request, a_school, an_agreement
from tests.deploy.test_security import OURS
from tests.serving import serving
from tests.workbench import Bench, bench

CANARY = "Құпия-7391"  # in no text of ours
WORDS = [CANARY, json.dumps(CANARY)[1:-1]]  # and as JSON may write it
PERSON = {"role": "victim", "family_name": CANARY}
REFERRAL = {"to": {"organisation": "shelter-far-23"}, "purpose": "lodging", "basis": {"kind": "no_personal_data"}}
REFERRAL |= {"call_back": "+7 727 000 00 00"}
AGREED = {"region": "19", "parties": ["social-19", "police-19"], "exchanges": [], "valid_from": "2099-01-01"}


@dataclass(frozen=True)
class Api:
    """An agency that listens, and a call of each sort that takes a body: path and a body that is taken."""

    agency: Agency
    client: httpx.AsyncClient
    posts: dict[str, dict[str, Any]]
    service: Bench


@asynccontextmanager
async def listening(network: Network, agency: Agency) -> AsyncIterator[Api]:
    """One agency, and a supervisor of it."""
    token = network.enrolment.token(organisation=OURS[agency], roles=["supervisor"])
    own = {path: body for path, body, _ in OF_ONE_AGENCY[agency]}
    own |= {"/agreements": AGREED} if agency is Agency.SOCIAL else {}
    async with (
        bench(network, agency) as service,
        serving(service) as url,
        httpx.AsyncClient(base_url=f"{url}/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60) as client,
    ):
        own |= {path: body for path, body, _ in await on_the_path(service, client)}
        yield Api(agency, client, {"/persons": PERSON, "/referrals": REFERRAL, **own}, service)


async def something_of(service: Bench, organisation: str) -> list[str]:
    """Rows of every kind that an organisation makes, with a canary wherever a text is: their ids."""
    async with service.client(organisation, "supervisor") as worker:
        ids = [await _made(worker, "/persons", {"role": "victim", "family_name": CANARY, "address": CANARY})]
        given = {"purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"], "form": "spoken"}
        given |= {"valid_until": "2026-06-01T00:00:00Z", "granted_by": "self", "explained_in": "kk"}
        ids.append(await _made(worker, "/consents", {"person_id": ids[0], **given}))
        basis = {"kind": "consent", "consent_id": ids[1]}
        ids.append(await _made(worker, "/referrals", {**REFERRAL, "person_id": ids[0], "basis": basis}))
        ids.append(await _made(worker, f"/referrals/{ids[2]}/messages", {"body": CANARY}))
        words = f"{CANARY} {CANARY}"
        ids.append(await _made(worker, "/emergencies", {"person_id": ids[0], "why": words, "minutes": 60}))
        ids.append(await _made(worker, "/inquiries", a_question(service.node.agency, ids[0])))
        ids += [await _made(worker, path, body) for path, body, _ in OF_ONE_AGENCY[service.node.agency]]
        ids += [await _made(worker, path, body) for path, body, _ in await on_the_path(service, worker)]
        if service.node.agency is Agency.SOCIAL:
            request = uuid4()
            await a_guardian_request(service, organisation, request_id=request)
            ids.append(str(request))
        ids.append(await _made(worker, "/webhooks", {"url": "https://his.example.invalid/qorgau"}))
        agreement = uuid4()
        await an_agreement(service, organisation, agreement_id=agreement)
        ids.append(str(agreement))
        if service.node.agency in (Agency.POLICE, Agency.SOCIAL):
            ids += await _written(service, worker, ids[0])
        disclosed = (await worker.get("/disclosures")).json()["items"]
    assert disclosed
    return [*ids, *(one["id"] for one in disclosed)]


async def _written(service: Bench, worker: httpx.AsyncClient, person_id: str) -> list[str]:
    """A letter to a partner, and one whose consent has ended; their consents."""
    await a_school(service)
    given: dict[str, Any] = {
        "purposes": ["restoration_of_rights"],
        "recipients": ["school"],
        "categories": ["identity", "narrative"],
    }
    given |= {"valid_until": "2026-06-01T00:00:00Z", "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    body = {"to": SCHOOL, "person_id": person_id, "purpose": "restoration_of_rights", "circumstances": CANARY}
    ids = []
    for _ in range(2):
        consent = await _made(worker, "/consents", {"person_id": person_id, **given})
        basis = {"kind": "consent", "consent_id": consent}
        ids += [consent, await _made(worker, "/letters", {**body, "basis": basis, "call_back": "+7 727 000 00 00"})]
    assert (await worker.post(f"/consents/{ids[2]}/withdraw")).is_success
    return ids


async def _made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> str:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
