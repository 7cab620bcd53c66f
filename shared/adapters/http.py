"""What every route has in common: one transaction, one caller, problem details, idempotency, ETags.

`TransactionalRoute` owns the transaction: it is committed before the answer leaves, so a failed commit is an error to
the caller, and the answer kept for an `Idempotency-Key` is committed with the effect.
"""

import inspect
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import structlog
from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match

from shared.adapters import lists_as_csv
from shared.adapters.adding import add
from shared.adapters.audit import Action, entry, keep_refusals
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.bodies import PlainRequest
from shared.adapters.database import passes, sqlstate
from shared.adapters.documented import problems_of
from shared.adapters.idempotency import once
from shared.adapters.identity import Caller, Permission
from shared.adapters.outbox import Work
from shared.contract.errors import Problem

log = structlog.get_logger()
PROBLEM_BASE = "https://qorgau.invalid/problems/"
RETRY = {"Retry-After": "2"}
MOST_FAULTS = 100  # of one body, that its answer tells
Row = TypeVar("Row")
DISK_FULL = "53100"


@dataclass(frozen=True)
class Desk(Work):
    """A unit of work that someone asked for over the REST API."""

    caller: Caller

    @property
    def actor(self) -> str:
        """The subject of the caller's token."""
        return self.caller.subject

    @property
    def organisation(self) -> str:
        """The organisation whose rows this call sees."""
        return self.caller.organisation


async def note(
    desk: Desk,
    action: Action,
    concerning: UUID | None = None,
    *,
    person_id: UUID | None = None,
    shown: Iterable[UUID] | None = None,
    **details: object,
) -> None:
    """Record what the caller does or is shown, as their organisation's. `shown`: the ids on the page they get."""
    if shown is not None:
        ids = [str(one) for one in shown]
        details |= {"shown": ids, "count": len(ids)}
    await add(desk.session, noted(desk, action, concerning, person_id=person_id, **details))


def noted(
    desk: Desk, action: Action, concerning: UUID | None = None, *, person_id: UUID | None = None, **details: object
) -> AuditEntry:
    """The same, to be added with the rows of what it tells of."""
    whose = desk.organisation
    return entry(
        desk, organisation_id=whose, action=action, concerning=concerning, person_id=person_id, details=details
    )


class TransactionalRoute(APIRoute):
    """A route whose work is one transaction, committed before the answer leaves.

    Which problems it documents, and which permission (`x-permission`), follows from what it asks for; what only its own
    work knows is named at the call.
    A list is answered as CSV to whoever asks for that.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        asks = [one.annotation for one in inspect.signature(endpoint).parameters.values()]
        methods = set(settings.get("methods") or ())
        follow = problems_of(path, methods, has_key=OnceKey in asks, has_match=IfMatch in asks)
        self.lists = lists_as_csv.list_of(endpoint, methods)
        follow |= lists_as_csv.CONTENT if self.lists else {}
        said = {"responses": {**follow, **(settings.get("responses") or {})}}
        needed = next((permission for asked, permission in NEEDED if asked in asks), None)
        if needed is not None:
            said["openapi_extra"] = {**(settings.get("openapi_extra") or {}), "x-permission": needed.value}
        super().__init__(path, endpoint, **{**settings, **said})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, inside authentication, transaction and idempotency."""
        handle = super().get_route_handler()

        async def handle_in_transaction(given: Request) -> Response:
            request = PlainRequest(given.scope, given.receive)
            state = request.app.state
            caller: Caller = await state.identity.caller(request)
            try:
                async with state.database.transaction(
                    organisation=caller.organisation,
                    actor=caller.subject,
                    chief=Permission.REVIEW in caller.permissions,
                ) as session:
                    now: datetime = state.clock()
                    request.state.desk = Desk(session, state.node, now, caller)
                    answer = await once(request, session, caller, now, handle)
                    if self.lists and lists_as_csv.is_asked_for(request):
                        return lists_as_csv.as_csv(request, answer, self.lists)
                    return answer
            except Problem:
                await keep_refusals(state.database, session)
                raise

        return handle_in_transaction


def requires(permission: Permission) -> Any:
    """A dependency: the unit of work of a caller who has this permission. Problem 403 otherwise."""

    async def desk(request: Request) -> Desk:  # a plain function would be called in a thread
        found: Desk = request.state.desk
        if permission not in found.caller.permissions:
            raise not_permitted(permission)
        return found

    return Depends(desk)


def not_permitted(permission: Permission) -> Problem:
    """Problem 403: the caller's role does not include it."""
    return Problem(403, "not-permitted", f"this call needs the permission '{permission}'")


bearer = HTTPBearer(auto_error=False, description="An access token of the agency's OIDC issuer")
Reader = Annotated[Desk, requires(Permission.READ)]
Writer = Annotated[Desk, requires(Permission.WRITE)]
Reviewer = Annotated[Desk, requires(Permission.REVIEW)]
BedCounter = Annotated[Desk, requires(Permission.COUNT_BEDS)]
Statistician = Annotated[Desk, requires(Permission.STATISTICS)]
Eraser = Annotated[Desk, requires(Permission.ERASE)]
NEEDED: tuple[tuple[Any, Permission], ...] = (
    (Reader, Permission.READ),
    (Writer, Permission.WRITE),
    (Reviewer, Permission.REVIEW),
    (BedCounter, Permission.COUNT_BEDS),
    (Statistician, Permission.STATISTICS),
    (Eraser, Permission.ERASE),
)
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


def invalid(why: str, **values: object) -> Problem:
    """Problem 422 for input that fits its shape and still can't be. `values`: what its sentence names."""
    return Problem(422, "invalid-input", why, values)


def found(row: Row | None, what: str) -> Row:
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
        "detail": problem.told,
        **problem.extra,
    }
    return JSONResponse(body, problem.status, problem.headers, media_type="application/problem+json")


async def on_error(_: Request, error: Exception) -> Response:
    """Our own refusals, bad input, and what the database says."""
    return as_response(problem_of(error))


def problem_of(error: Exception) -> Problem:
    """What an error is to the caller."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError | ValidationError):
        return invalid_input(list(error.errors()))
    return _of_database(error)


def invalid_input(errors: list[Any]) -> Problem:
    """Bad input: where and why, never what. Inputs may be names, diagnoses, addresses."""
    faults = [{"where": _where(one), "why": _why(one)} for one in errors[:MOST_FAULTS]]
    return Problem(422, "invalid-input", "the input does not fit the contract", {"faults": faults})


async def on_http(request: Request, error: Exception) -> Response:
    """Routing's own errors: 404, 405 and the like."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        return as_response(invalid("the body can't be read as JSON"))
    kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
    detail = {404: "no such resource", 405: "not for this resource"}.get(
        error.status_code, "the request can't be served"
    )
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else dict(error.headers or {})
    return as_response(Problem(error.status_code, kind, detail, headers=headers))


def _allowed(request: Request) -> str:
    """Every method of a resource (RFC 9110); Starlette names those of the first route with its path."""
    scope, routes = request.scope, request.app.routes
    return ", ".join(
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    )


def _of_database(error: Exception) -> Problem:
    """The database is away, overloaded or full: nothing was done. Anything else is a fault of ours."""
    state = sqlstate(error)
    if state == DISK_FULL:
        log.error("http.disk_full")
        return Problem(507, "storage-full", "nothing was done; the database's disk is full")
    if passes(error):
        return Problem(503, "database-unavailable", "nothing was done; try again", headers=RETRY)
    log.error("http.failed", error=type(error).__name__, sqlstate=state)
    return fault()


def fault() -> Problem:
    """Problem 500: a fault of ours, which the log names without case data."""
    return Problem(500, "internal-error", "nothing was done; the fault is in the log")


def _where(fault_: dict[str, Any]) -> str:
    """The place of a fault; a key that the caller made up is not repeated."""
    made_up = fault_["type"] == "extra_forbidden"
    return ".".join(str(part) for part in (fault_["loc"][:-1] if made_up else fault_["loc"]))[:200]


def _why(fault_: dict[str, Any]) -> str:
    """Pydantic's message for its own errors names limits, not values; ours never repeat the value."""
    return SAFE_MESSAGES.get(fault_["type"], str(fault_["msg"]))


SAFE_MESSAGES = {
    "extra_forbidden": "it has a field that is not known",
    "json_invalid": "not valid JSON",
    "uuid_parsing": "not a UUID",
    "date_from_datetime_parsing": "not a date (YYYY-MM-DD)",
    "date_parsing": "not a date (YYYY-MM-DD)",
    "datetime_from_date_parsing": "not a date and time (ISO 8601)",
    "datetime_parsing": "not a date and time (ISO 8601)",
    "int_parsing": "not a whole number",
    "string_unicode": "not valid Unicode",
}
