"""Which answers other than success each call documents (RFC 9457), so that a client can rely on the list.

Most follow from what a call asks for; the few that only its own work knows are named at the call.
"""

from typing import Any

from pydantic import BaseModel, Field


class ProblemDetails(BaseModel):
    """RFC 9457: what every answer other than success looks like."""

    type: str = Field(examples=["https://qorgau.invalid/problems/not-found"])
    title: str = Field(examples=["not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no such referral"])


Responses = dict[int | str, dict[str, Any]]  # as FastAPI takes them
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
    return {
        status: {
            "model": ProblemDetails,
            "description": DESCRIPTIONS[status],
            "content": {"application/problem+json": {}},
        }
        for status in sorted(statuses)
    }


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
