"""What every route has in common: one transaction, one caller, problem details, idempotency, ETags.

`TransactionalRoute` owns the transaction: it is committed before the answer leaves, so a failed commit is an error to
the caller, and the answer kept for an `Idempotency-Key` is committed with the effect.
"""

import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from shared.adapters.identity import Caller, Permission
from shared.adapters.outbox import Work
from shared.adapters.tables import IdempotencyKey
from shared.contract.errors import Problem

PROBLEM_BASE = "https://qorgau.invalid/problems/"
KEPT_HEADERS = ("content-type", "etag", "location")
RETRY = {"Retry-After": "2"}


@dataclass(frozen=True)
class Desk(Work):
    """A unit of work that someone asked for over the REST API."""

    caller: Caller

    @property
    def organisation(self) -> str:
        """The organisation whose rows this call sees."""
        return self.caller.organisation


class TransactionalRoute(APIRoute):
    """A route whose work is one transaction, committed before the answer leaves."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, inside authentication, transaction and idempotency."""
        handle = super().get_route_handler()

        async def handle_in_transaction(request: Request) -> Response:
            state = request.app.state
            caller: Caller = await state.identity.caller(request)
            async with state.database.transaction() as session:
                now: datetime = state.clock()
                request.state.desk = Desk(session, state.node, now, caller)
                return await _once(request, session, caller, now, handle)

        return handle_in_transaction


async def _once(
    request: Request,
    session: AsyncSession,
    caller: Caller,
    now: datetime,
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """Run the handler, or give the answer that the same `Idempotency-Key` got before."""
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None:
        return await handle(request)
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise Problem(422, "invalid-idempotency-key", "an Idempotency-Key is 1 to 200 printable characters")
    identity = {"organisation_id": caller.organisation, "key": key}
    digest = hashlib.sha256(f"{caller.subject}\n{request.url.path}\n".encode() + await request.body()).hexdigest()
    claim = insert(IdempotencyKey).values(**identity, request_hash=digest, created_at=now).on_conflict_do_nothing()
    claimed = await session.exec(claim.returning(col(IdempotencyKey.key)))
    if claimed.first() is None:
        kept = (await session.exec(select(IdempotencyKey).filter_by(**identity))).one()
        return _same_answer(kept, digest)
    response = await handle(request)
    answer = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    kept_values = {"status": response.status_code, "headers": answer, "body": bytes(response.body)}
    await session.exec(update(IdempotencyKey).filter_by(**identity).values(**kept_values))
    return response


def _same_answer(kept: IdempotencyKey, digest: str) -> Response:
    if kept.request_hash != digest:
        raise Problem(422, "idempotency-key-reused", "this Idempotency-Key was used for another call")
    headers = {**(kept.headers or {}), "Idempotent-Replayed": "true"}
    return Response(content=kept.body, status_code=kept.status or 200, headers=headers)


def requires(permission: Permission) -> Any:
    """A dependency: the unit of work of a caller who has this permission. Problem 403 otherwise."""

    def desk(request: Request) -> Desk:
        found: Desk = request.state.desk
        if permission not in found.caller.permissions:
            raise Problem(403, "not-permitted", f"this call needs the permission '{permission}'")
        return found

    return Depends(desk)


bearer = HTTPBearer(auto_error=False, description="An access token of the agency's OIDC issuer")
Reader = Annotated[Desk, requires(Permission.READ)]
Writer = Annotated[Desk, requires(Permission.WRITE)]
BedCounter = Annotated[Desk, requires(Permission.COUNT_BEDS)]
Auditor = Annotated[Desk, requires(Permission.AUDIT)]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag that the change is based on")]
OnceKey = Annotated[
    str | None, Header(alias="Idempotency-Key", description="Same key, same answer, done once", max_length=200)
]


def etag(version: int) -> str:
    """The ETag of a row's version (RFC 9110)."""
    return f'"{version}"'


def check_match(if_match: str | None, version: int, *, needed: bool) -> None:
    """Problem 428 where a needed If-Match is missing, 412 where it names another version."""
    if if_match is None:
        if needed:
            raise Problem(428, "precondition-required", "send If-Match with the ETag that the change is based on")
        return
    if if_match != "*" and etag(version) not in [tag.strip() for tag in if_match.split(",")]:
        raise Problem(412, "precondition-failed", "it was changed since; read it again")


def not_found(what: str) -> Problem:
    """Problem 404: there is none, or it is another organisation's, which is the same to the caller."""
    return Problem(404, "not-found", f"no such {what}")


def invalid(why: str) -> Problem:
    """Problem 422 for input that fits its shape and still can't be."""
    return Problem(422, "invalid-input", why)


def found(row: Any, what: str) -> Any:
    """The row, or Problem 404."""
    if row is None:
        raise not_found(what)
    return row


def as_response(problem: Problem) -> JSONResponse:
    """RFC 9457."""
    body = {
        "type": PROBLEM_BASE + problem.kind,
        "title": problem.kind.replace("-", " "),
        "status": problem.status,
        "detail": problem.detail,
        **problem.extra,
    }
    return JSONResponse(body, problem.status, problem.headers, media_type="application/problem+json")


async def on_problem(_: Request, error: Exception) -> Response:
    """Our own refusals."""
    assert isinstance(error, Problem)
    return as_response(error)


async def on_invalid(_: Request, error: Exception) -> Response:
    """Bad input: where and why, never what. Inputs may be names, diagnoses, addresses."""
    assert isinstance(error, RequestValidationError)
    faults = [{"where": _where(fault["loc"]), "why": _why(fault)} for fault in error.errors()]
    return as_response(Problem(422, "invalid-input", "the input does not fit the contract", {"faults": faults}))


async def on_http(_: Request, error: Exception) -> Response:
    """Routing's own errors: 404, 405 and the like."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return as_response(invalid("the body can't be read as JSON"))
    kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
    detail = {404: "no such resource", 405: "not for this resource"}.get(
        error.status_code, "the request can't be served"
    )
    return as_response(Problem(error.status_code, kind, detail, headers=dict(error.headers or {})))


async def on_database(_: Request, error: Exception) -> Response:
    """The database is away or overloaded: nothing was done, try again."""
    lost = isinstance(error, OperationalError | InterfaceError | PoolTimeout | OSError)
    if lost or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return as_response(Problem(503, "database-unavailable", "nothing was done; try again", headers=RETRY))
    return as_response(Problem(500, "internal-error", "nothing was done; the fault is in the log"))


async def on_fault(_: Request, __: Exception) -> Response:
    """A fault of ours."""
    return as_response(Problem(500, "internal-error", "nothing was done; the fault is in the log"))


def _where(location: tuple[int | str, ...]) -> str:
    """The place of a fault; keys that the caller made up are not repeated."""
    return ".".join(str(part) for part in location if isinstance(part, int) or str(part).isidentifier())[:200]


def _why(fault: dict[str, Any]) -> str:
    """Pydantic's message for its own errors names limits, not values; ours never repeat the value."""
    return SAFE_MESSAGES.get(fault["type"], fault["msg"]) if fault["type"] != "extra_forbidden" else "unknown field"


SAFE_MESSAGES = {
    "json_invalid": "not valid JSON",
    "uuid_parsing": "not a UUID",
    "date_from_datetime_parsing": "not a date (YYYY-MM-DD)",
    "date_parsing": "not a date (YYYY-MM-DD)",
    "datetime_from_date_parsing": "not a date and time (ISO 8601)",
    "datetime_parsing": "not a date and time (ISO 8601)",
    "int_parsing": "not a whole number",
    "string_unicode": "not valid Unicode",
}
