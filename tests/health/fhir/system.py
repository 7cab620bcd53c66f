"""A hospital's information system: it speaks FHIR, and every answer that it gets has to be valid."""

from typing import Any

import httpx

from deploy.demo.office import Office, eventually
from tests.health.fhir.valid import Json, valid

MEDIA_TYPE = "application/fhir+json"


class System:
    """Calls `/v1/fhir` as one organisation, or as whoever a client calls."""

    def __init__(self, caller: Office | httpx.AsyncClient) -> None:
        self.client = caller.client if isinstance(caller, Office) else caller

    async def call(self, verb: str, path: str, *, body: Json | None = None, **more: Any) -> httpx.Response:
        """Any answer, which is a valid resource, whatever its status is."""
        headers = {"Content-Type": MEDIA_TYPE, **more.pop("headers", {})}
        where = path if path.startswith("http") else f"/fhir/{path}"
        answer = await self.client.request(verb, where, json=body, headers=headers, **more)
        assert answer.headers["content-type"] == MEDIA_TYPE, (path, answer.text)
        valid(answer.json())
        return answer

    async def read(self, path: str, **query: str) -> Json:
        """A resource or a page of them."""
        answer = await self.call("GET", path, params=query or None)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def found(self, path: str, **query: str) -> list[Json]:
        """What a search finds on its first page."""
        return [entry["resource"] for entry in (await self.read(path, **query)).get("entry", [])]

    async def put(self, task: Json, *, headers: Json | None = None, **changes: Any) -> httpx.Response:
        """Change a Task that was read."""
        return await self.call("PUT", f"Task/{task['id']}", body={**task, **changes}, headers=headers or {})

    async def move(self, referral: str, status: str, **changes: Any) -> Json:
        """Set a Task's status."""
        answer = await self.put(await self.read(f"Task/{referral}"), status=status, **changes)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def becomes(self, referral: str, status: str) -> Json:
        """The Task, once it has this status."""

        async def so() -> Json | None:
            task = await self.read(f"Task/{referral}")
            return task if task["status"] == status else None

        return dict(await eventually(f"the Task is {status}", so))


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status and sentence of a refusal."""
    (issue,) = answer.json()["issue"]
    return answer.status_code, issue["diagnostics"]


def reason(code: str, text: str | None = None) -> Json:
    """A statusReason of our code system."""
    system = "https://qorgau.invalid/fhir/CodeSystem/referral-reason"
    return {"coding": [{"system": system, "code": code}], "text": text or code}
