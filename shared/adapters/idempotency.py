"""`Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): same key, same answer, done once.

The key is claimed in the call's own transaction, so of two calls at once the second waits for the first. Answers are
kept for a day (`retention`), sealed under the key of whom they tell of. When a case object is erased, so are the
answers that told of it. The key and the call are kept as fingerprints only.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import vault
from shared.adapters.adding import add_unless_there
from shared.adapters.asking import ask
from shared.adapters.identity import Caller
from shared.adapters.tables import IdempotencyKey
from shared.contract.errors import Problem

# Carried out in each writing call: written once, and not made of its parts for each.
_KEEP = """
update idempotency_keys set status = $3, headers = $4, sealed = $5, concerning = $6
where organisation_id = $1 and key = $2
"""
KEPT_HEADERS = ("content-type", "etag", "location")
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


async def once(request: Request, session: AsyncSession, caller: Caller, now: datetime, handle: Handle) -> Response:
    """Run the handler, or give the answer that the same key got before. Problem 422 for a key used for another call."""
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None:
        return await handle(request)
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise Problem(422, "invalid-idempotency-key", "an Idempotency-Key is 1 to 200 printable characters")
    place = await _place(session, caller, key)
    call = await _fingerprint(session, caller, "call", await _call(request, caller))
    if not await add_unless_there(session, IdempotencyKey(**place, request_hash=call, created_at=now)):
        kept = (await session.exec(select(IdempotencyKey).filter_by(**place))).one()
        return await _same_answer(session, kept, call)
    response = await handle(request)
    await _keep(session, place, response)
    return response


async def _keep(session: AsyncSession, place: dict[str, Any], response: Response) -> None:
    """Keep an answer. A preview or a search did nothing: what it showed is not kept, and may be another next time."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body = bytes(response.body)
    concerning = _concerning(body)
    if concerning is None:
        await session.exec(delete(IdempotencyKey).filter_by(**place))
        return
    subject = vault.about(session, organisation=place["organisation_id"])
    sealed = await vault.close(session, place=_sealed_at(place), subject=subject, value=body.decode())
    kept = (response.status_code, json.dumps(headers), sealed, concerning)
    await ask(session, _KEEP, place["organisation_id"], place["key"], *kept)


async def forget_answers(session: AsyncSession, *, organisation_id: str, concerning: UUID) -> None:
    """Empty the kept answers that told of a case object."""
    mine = (
        col(IdempotencyKey.organisation_id) == organisation_id,
        col(IdempotencyKey.concerning) == str(concerning),
    )
    await session.exec(update(IdempotencyKey).where(*mine).values(sealed=None))


async def _place(session: AsyncSession, caller: Caller, key: str) -> dict[str, Any]:
    """The primary key of a call's row."""
    return {"organisation_id": caller.organisation, "key": await _fingerprint(session, caller, "idempotency key", key)}


def _sealed_at(place: dict[str, Any]) -> vault.Place:
    return vault.Place("idempotency_keys", f"{place['organisation_id']}/{place['key']}")


async def _call(request: Request, caller: Caller) -> list[str]:
    """The call, its caller and what the caller may do: another role does not get an answer that was not for it."""
    body = hashlib.sha256(await request.body()).hexdigest()
    return [caller.subject, *sorted(caller.permissions), request.url.path, body]


async def _fingerprint(session: AsyncSession, caller: Caller, kind: str, value: Any) -> str:
    return (await vault.fingerprint(session, organisation=caller.organisation, kind=kind, value=value)).hex()


def _concerning(body: bytes) -> str | None:
    """The id of what an answer tells of (a message tells of its referral), or None where nothing was done."""
    answer = json.loads(body) if body else None
    if not isinstance(answer, dict):
        return None
    of = answer.get("referral_id") if "body" in answer else answer.get("id")
    return None if of is None else str(of)


async def _same_answer(session: AsyncSession, kept: IdempotencyKey, call: str) -> Response:
    if kept.request_hash != call:
        raise Problem(422, "idempotency-key-reused", "this Idempotency-Key was used for another call")
    place = _sealed_at({"organisation_id": kept.organisation_id, "key": kept.key})
    body = await vault.open_(session, place=place, sealed=kept.sealed)
    if body is None:
        raise Problem(409, "answer-erased", "this call was done; what it answered has been erased since")
    headers = {**(kept.headers or {}), "Idempotent-Replayed": "true"}
    return Response(content=body, status_code=kept.status or 200, headers=headers)
