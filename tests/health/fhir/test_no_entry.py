"""No FHIR call lets in whoever may not, and no refusal repeats what was sent: each is an OperationOutcome."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.network import Network
from services.health.fhir.capability import METHODS, OF_INSTANCES, RESOURCES
from shared.casework.walls.tables import WallFileRow, WallRow, WallStaffRow
from shared.contract.vocabulary import Agency
from tests.deploy.test_security import OURS, THEIRS
from tests.faults.api import CANARY, WORDS, something_of
from tests.health.fhir.system import System
from tests.health.fhir.test_searching import PURPOSES, came
from tests.workbench import Bench, bench

HERE, THERE = OURS[Agency.HEALTH], THEIRS[Agency.HEALTH]
NOBODY = str(UUID(int=7))
BODIES: dict[str, dict[str, Any]] = {
    "Task": {"resourceType": "Task", "id": NOBODY, "status": "accepted"},
    "Procedure": {
        "resourceType": "Procedure",
        "status": "completed",
        "basedOn": [{"reference": f"ServiceRequest/{NOBODY}"}],
        "subject": {"reference": f"Patient/{NOBODY}"},
        "code": {"coding": [{"system": "https://qorgau.invalid/fhir/CodeSystem/examination-kind", "code": "injuries"}]},
        "note": [{"text": CANARY}],
    },
    "Communication": {
        "resourceType": "Communication",
        "basedOn": [{"reference": f"Task/{NOBODY}"}],
        "payload": [{"contentString": CANARY}],
    },
}
NEEDED = {"Consent": {"patient": NOBODY}, "Communication": {"based-on": NOBODY}}
PUBLIC = ("Organization", "HealthcareService")  # the directory: nobody's rows


@pytest.fixture
async def health(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.HEALTH) as service:
        yield service


def calls(row: str = NOBODY) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and the rest of every call, about a row."""
    found = []
    for kind, (codes, _) in RESOURCES.items():
        for code in codes:
            path = f"{kind}/{row}" if code in OF_INSTANCES else kind
            body = json.loads(json.dumps(BODIES.get(kind)).replace(NOBODY, row))
            sent = {"body": body} if code in ("create", "update") else {}
            asked = dict.fromkeys(NEEDED.get(kind, {}), row) if code == "search-type" else {}
            found.append((METHODS[code], path, {**sent, "params": asked or None}))
    return found


async def as_somebody(health: Bench, authorization: str) -> list[tuple[str, str, httpx.Response]]:
    transport = httpx.ASGITransport(app=health.app)
    headers = {"Authorization": authorization} if authorization else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench/v1", headers=headers) as client:
        return [(verb, path, await System(client).call(verb, path, **more)) for verb, path, more in calls()]


async def test_no_call_is_answered_without_a_valid_token_of_an_organisation_here(
    health: Bench, network: Network
) -> None:
    police = network.enrolment.token(organisation=OURS[Agency.POLICE], roles=["supervisor"])
    for authorization, status in (("", 401), ("Bearer no-token", 401), (f"Bearer {police}", 403)):
        for verb, path, answer in await as_somebody(health, authorization):
            assert answer.status_code == status, (verb, path)
            assert ("www-authenticate" in answer.headers) == (status == 401), (verb, path)


async def test_no_call_is_answered_to_somebody_whose_role_does_not_see_cases(health: Bench, network: Network) -> None:
    for role in ("bed-counter", "statistician", "admin"):
        token = network.enrolment.token(organisation=HERE, roles=[role])
        for verb, path, answer in await as_somebody(health, f"Bearer {token}"):
            assert answer.status_code == 403, (role, verb, path)


async def test_ids_of_another_organisation_open_nothing_wherever_they_are_put(health: Bench) -> None:
    theirs = await something_of(health, THERE)
    async with health.client(HERE, "supervisor") as client:
        system = System(client)
        for row in theirs:
            for verb, path, more in calls(row):
                answer = await system.call(verb, path, **more)
                known = path in (*PUBLIC, "Task", "ServiceRequest")
                assert answer.status_code == (200 if known else 404), (verb, path, answer.text)
                assert not [word for word in WORDS if word in answer.text], (verb, path)
        for kind in ("Task", "ServiceRequest"):
            for searched in ("_id", "patient"):
                assert await system.found(kind, **{searched: ",".join(theirs)}) == []


async def test_what_does_not_fit_is_refused_and_not_repeated(health: Bench) -> None:
    referral = await came(health, "police-19", PURPOSES[0])
    async with health.client(HERE) as client:
        system = System(client)
        task = await system.read(f"Task/{referral}")
        for wrong in (
            {**task, "resourceType": CANARY},
            {**task, "status": CANARY},
            {**task, "status": 7},
            {**task, "id": NOBODY},
            {**task, "owner": {"reference": CANARY}},
            {**task, "statusReason": {"text": ""}},
            {**task, "output": [{"valueString": CANARY}]},
            {"resourceType": "Task", CANARY: CANARY},
        ):
            answer = await system.call("PUT", f"Task/{referral}", body=wrong)
            assert answer.status_code == 422, wrong
            assert not [word for word in WORDS if word in answer.text], wrong
        for text in (b"{", b"[]", b'{"id": 1, "id": 2}', CANARY.encode(), b""):
            answer = await system.call("PUT", f"Task/{referral}", content=text)
            assert answer.status_code == 422, text
            assert not [word for word in WORDS if word in answer.text], text
        assert (await system.read(f"Task/{referral}"))["meta"] == task["meta"]


async def test_a_body_may_come_as_json_of_any_kind_and_as_nothing_else(health: Bench) -> None:
    referral = await came(health, "police-19", PURPOSES[0])
    async with health.client(HERE) as client:
        system = System(client)
        task = await system.read(f"Task/{referral}")
        xml = await system.call("PUT", f"Task/{referral}", body=task, headers={"Content-Type": "application/fhir+xml"})
        assert xml.status_code == 422
        for kind in ("application/fhir+json; charset=utf-8; fhirVersion=4.0", "application/json"):
            same = await system.call("PUT", f"Task/{referral}", body=task, headers={"Content-Type": kind})
            assert same.status_code == 200, same.text


async def test_what_lies_behind_a_wall_is_not_found(health: Bench) -> None:
    his, hers = await came(health, "police-19", PURPOSES[1]), await came(health, "police-19", PURPOSES[1])
    async with health.client(HERE, who="surgeon") as hers_only, health.client(HERE, who="addictologist") as his_only:
        await parted(health, hers, his)
        for client, seen, hidden in ((hers_only, hers, his), (his_only, his, hers)):
            system = System(client)
            assert [one["id"] for one in await system.found("Task")] == [seen]
            assert [one["id"] for one in await system.found("ServiceRequest")] == [seen]
            task = {**await system.read(f"Task/{seen}"), "id": hidden, "focus": None}
            refused = [await system.call("GET", f"{kind}/{hidden}") for kind in ("Task", "ServiceRequest")]
            refused.append(await system.call("PUT", f"Task/{hidden}", body=task))
            refused.append(await system.call("GET", "Communication", params={"based-on": f"Task/{hidden}"}))
            assert {answer.status_code for answer in refused} == {404}


async def parted(health: Bench, hers: str, his: str) -> None:
    """A wall between two referrals, and who is on which side."""
    files, wall = (UUID(hers), UUID(his)), UUID(int=9)
    sides = ("victim", "alleged_offender")
    async with health.work(HERE) as work:
        own: dict[str, Any] = {"organisation_id": HERE, "wall_id": wall}
        work.session.add(WallRow(organisation_id=HERE, id=wall, hers=files[0], his=files[1], made_at=work.now))
        for file, side, staff in zip(files, sides, ("surgeon", "addictologist"), strict=True):
            work.session.add(WallFileRow(**own, file_id=file, kind="referral", side=side))
            work.session.add(WallStaffRow(**own, staff=f"{staff}@{HERE}", side=side, since=work.now))
