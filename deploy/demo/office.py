"""One organisation's worker at the REST API: everything in the story goes through this, and through nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

PATIENCE_SECONDS = 30.0
Json = dict[str, Any]


class StoryFailed(Exception):
    """A step of the story did not happen."""


class Office:
    """Calls as one organisation. An answer other than success fails the story."""

    def __init__(self, organisation: str, *, url: str, token: str) -> None:
        self.organisation = organisation
        headers = {"Authorization": f"Bearer {token}"}
        self.client = httpx.AsyncClient(base_url=f"{url}/v1", headers=headers, timeout=20)

    async def get(self, path: str, **query: str) -> Json:
        """GET."""
        return _success(await self.client.get(path, params=query))

    async def post(self, path: str, body: Json | None = None) -> Json:
        """POST, once whatever happens: with an Idempotency-Key."""
        headers = {"Idempotency-Key": str(uuid4())}
        return _success(await self.client.post(path, json=body, headers=headers))

    async def count(self, unit: str, *, kind: str, capacity: int, occupied: int) -> Json:
        """PUT a bed count, whatever it was before."""
        known = await self.client.get(f"/units/{unit}")
        headers = {"If-Match": known.headers["etag"]} if known.status_code == httpx.codes.OK else {}
        body = {"for": kind, "capacity": capacity, "occupied": occupied}
        return _success(await self.client.put(f"/beds/{unit}", json=body, headers=headers))

    async def disclosure(self, concerning: str, event_type: str = "referral.requested") -> Json:
        """What the accounting says of one event about a case object: the newest, if there are several."""
        page = await self.get("/disclosures", limit="200")
        about = [i for i in page["items"] if i["concerning"] == concerning and i["event_type"] == event_type]
        ensure(bool(about), f"the accounting of disclosures names {event_type}")
        return dict(about[0])

    async def close(self) -> None:
        """Hang up."""
        await self.client.aclose()


def _success(answer: httpx.Response) -> Json:
    if not answer.is_success:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        route = answer.request.url.path
        raise StoryFailed(f"{answer.request.method} {route} answered {answer.status_code}: {problem.get('detail', '')}")
    return dict(answer.json())


def ensure(happened: bool, what: str) -> None:  # noqa: FBT001  # reads as a sentence: ensure(x == y, "…")
    """Raises StoryFailed naming what did not happen."""
    if not happened:
        raise StoryFailed(f"did not happen: {what}")


async def eventually(what: str, look: Callable[[], Awaitable[Any]], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Look until there is something to see. Raises StoryFailed when patience ends."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        seen = await look()
        if seen:
            return seen
        await asyncio.sleep(0.1)
    raise StoryFailed(f"did not happen in {seconds:.0f} s: {what}")


async def arrives(office: Office, referral_id: str) -> Json:
    """The referral, once it is in the office's incoming box."""

    async def look() -> Json | None:
        page = await office.get("/referrals", box="incoming", limit="200")
        return next((item for item in page["items"] if item["id"] == referral_id), None)

    found: Json = await eventually(f"referral arrives at {office.organisation}", look)
    return found


async def becomes(office: Office, referral_id: str, **expected: Any) -> Json:
    """The referral, once the office's copy shows these values."""

    async def look() -> Json | None:
        seen = await office.get(f"/referrals/{referral_id}")
        return seen if all(seen[key] == value for key, value in expected.items()) else None

    found: Json = await eventually(f"{office.organisation} sees {expected}", look)
    return found
