"""Which answers other than success each call documents (RFC 9457), so that a client can rely on the list.

Most follow from what a call asks for; the few that only its own work knows are named at the call.
They refer to one schema, which is added to a service's OpenAPI document once: as a `model` of each answer of each call
FastAPI would build two thousand serialisers for it, none of which is ever used (7 MB, a tenth of a service's start).
"""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field


class ProblemDetails(BaseModel):
    """RFC 9457: what every answer other than success looks like."""

    type: str = Field(examples=["https://qorgau.invalid/problems/not-found"])
    title: str = Field(examples=["not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no such referral"])


Responses = dict[int | str, dict[str, Any]]  # as FastAPI takes them
PROBLEM = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}}
DESCRIPTIONS = {
    401: "No valid token",
    403: "Not for this role or organisation, or withheld by rule",
    404: "There is none, or it is another organisation's",
    409: "Not as things stand",
    410: "It was erased",
    412: "It was changed since",
    413: "Too large a body",
    422: "The input does not fit",
    428: "If-Match is needed",
    503: "Try again",
    507: "The disk is full",
}
EVERYWHERE = (401, 403, 413, 422, 503, 507)


def problems(*statuses: int) -> Responses:
    """The problems with these statuses."""
    return {status: {"description": DESCRIPTIONS[status], "content": PROBLEM} for status in sorted(statuses)}


def problems_of(path: str, methods: set[str], *, has_key: bool, has_match: bool) -> Responses:
    """What follows from a call's path, method, and whether it takes an Idempotency-Key or If-Match."""
    statuses = {*EVERYWHERE}
    if "{" in path:
        statuses.add(404)
    if has_key:
        statuses.add(409)
    if has_match:
        statuses |= {412, 428} if methods & {"PATCH", "PUT"} else {412}
    return problems(*statuses)


def with_problems(application: FastAPI) -> Callable[[], dict[str, Any]]:
    """Its OpenAPI document, with the schema that every problem refers to."""
    without = application.openapi

    def openapi() -> dict[str, Any]:
        said = without()
        said["components"]["schemas"].setdefault(ProblemDetails.__name__, ProblemDetails.model_json_schema())
        return said

    return openapi
