"""`Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): same key, same answer, done once.

The key is claimed in the call's own transaction, so of two calls at once the second waits for the first. Answers are
kept for a day. When a case object is erased, so are the answers that told of it.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.identity import Caller
from shared.adapters.tables import IdempotencyKey
from shared.contract.errors import Problem

KEPT_HEADERS = ("content-type", "etag", "location")
KEPT_FOR = timedelta(days=1)
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


async def once(request: Request, session: AsyncSession, caller: Caller, now: datetime, handle: Handle) -> Response:
    """Run the handler, or give the answer that the same key got before. Problem 422 for a key used for another call."""
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None:
        return await handle(request)
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise Problem(422, "invalid-idempotency-key", "an Idempotency-Key is 1 to 200 printable characters")
    digest = await _digest(request, caller)
    mine = (col(IdempotencyKey.organisation_id) == caller.organisation, col(IdempotencyKey.key) == key)
    claim = insert(IdempotencyKey).values(
        organisation_id=caller.organisation, key=key, request_hash=digest, created_at=now
    )
    claimed = await session.exec(claim.on_conflict_do_nothing().returning(col(IdempotencyKey.key)))
    if claimed.first() is None:
        return _same_answer((await session.exec(select(IdempotencyKey).where(*mine))).one(), digest)
    response = await handle(request)
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body = bytes(response.body)
    concerning = _concerning(body)
    if concerning is None:  # a preview: it did nothing, and what it showed is not kept
        await session.exec(delete(IdempotencyKey).where(*mine))
        return response
    kept = {"status": response.status_code, "headers": headers, "body": body, "concerning": concerning}
    await session.exec(update(IdempotencyKey).where(*mine).values(**kept))
    return response


async def forget_answers(session: AsyncSession, *, organisation_id: str, concerning: UUID) -> None:
    """Empty the kept answers that told of a case object."""
    mine = (
        col(IdempotencyKey.organisation_id) == organisation_id,
        col(IdempotencyKey.concerning) == str(concerning),
    )
    await session.exec(update(IdempotencyKey).where(*mine).values(body=None))


async def purge(session: AsyncSession, *, now: datetime) -> None:
    """Delete keys that are old enough."""
    await session.exec(delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < now - KEPT_FOR))


async def _digest(request: Request, caller: Caller) -> str:
    """The call, its caller and what the caller may do: another role does not get an answer that was not for it."""
    who = f"{caller.subject}\n{sorted(caller.permissions)}\n{request.url.path}\n"
    return hashlib.sha256(who.encode() + await request.body()).hexdigest()


def _concerning(body: bytes) -> str | None:
    """The id of what an answer tells of (a message tells of its referral), or None where nothing was done."""
    answer = json.loads(body) if body else None
    if not isinstance(answer, dict):
        return None
    of = answer.get("referral_id") if "body" in answer else answer.get("id")
    return None if of is None else str(of)


def _same_answer(kept: IdempotencyKey, digest: str) -> Response:
    if kept.request_hash != digest:
        raise Problem(422, "idempotency-key-reused", "this Idempotency-Key was used for another call")
    if kept.body is None:
        raise Problem(409, "answer-erased", "this call was done; what it answered has been erased since")
    headers = {**(kept.headers or {}), "Idempotent-Replayed": "true"}
    return Response(content=kept.body, status_code=kept.status or 200, headers=headers)
