"""What every FHIR route has in common: resources as `application/fhir+json`, and problems as OperationOutcome.

The work itself is that of the REST calls: one transaction, one caller, one trace (`shared.adapters.http`).
"""

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from services.health.fhir.elements import Element
from shared.adapters.http import TransactionalRoute, fault, problem_of
from shared.contract.errors import Problem

log = structlog.get_logger()
MEDIA_TYPE = "application/fhir+json"
# Of OperationOutcome.issue.code (value set issue-type) what fits a status; of others, `processing`.
ISSUES = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    422: "business-rule",
    500: "exception",
    503: "transient",
    507: "no-store",
}
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class FhirAnswer(JSONResponse):
    """A resource."""

    media_type = MEDIA_TYPE


class OpenRoute(APIRoute):
    """A route for whoever asks: what this service can do, and nothing of a case."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, endpoint, **{**settings, **IN_FHIR})


class FhirRoute(TransactionalRoute):
    """A route whose work is one transaction, as of the REST calls."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        super().__init__(path, endpoint, **{**settings, **IN_FHIR})

    def get_route_handler(self) -> Handle:
        """The handler, with an OperationOutcome for what goes wrong."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (Problem, RequestValidationError, ValidationError, SQLAlchemyError, OSError) as error:
                return outcome(problem_of(error))
            except HTTPException:  # FastAPI's own: the body is no JSON
                return outcome(Problem(422, "invalid-input", "the body can't be read as JSON"))
            except Exception:
                log.exception("http.failed")
                return outcome(fault())

        return answer


# FHIR describes itself: at `metadata`, not in the description of our own API.
IN_FHIR: dict[str, Any] = {"include_in_schema": False, "response_class": FhirAnswer, "response_model": None}


def outcome(problem: Problem) -> FhirAnswer:
    """A problem as an OperationOutcome. Like the problem, it never repeats what was sent."""
    return FhirAnswer(outcome_of(problem), problem.status, problem.headers)


def outcome_of(problem: Problem) -> Element:
    """One issue; of input that does not fit, one for each place."""
    faults = problem.extra.get("faults")
    told = [f"{one['where']}: {one['why']}" for one in faults] if isinstance(faults, list) else [problem.told]
    code = "invalid" if isinstance(faults, list) else ISSUES.get(problem.status, "processing")
    kind = {"text": problem.kind}
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "details": kind, "diagnostics": text} for text in told],
    }


def version(revision: int) -> str:
    """The ETag of a resource's version, weak as FHIR has it."""
    return f'W/"{revision}"'


def strong(if_match: str | None) -> str | None:
    """FHIR's If-Match as our own calls take it."""
    return None if if_match is None else if_match.replace("W/", "")
