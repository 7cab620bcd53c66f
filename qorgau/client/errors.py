"""What a call can end with instead of an answer.

ClientError
├── Problem        the service said no, and why (RFC 9457)
└── Unreachable    there was no answer; what was asked may have been done all the same
"""

from dataclasses import dataclass, field
from typing import Any


class ClientError(Exception):
    """The root of the tree."""


@dataclass
class Problem(ClientError):
    """`kind` is the last part of the problem's type URI, as `not-permitted`; `members` are the others that it has."""

    status: int
    kind: str
    title: str
    detail: str
    members: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.title}: {self.detail}"


@dataclass
class Unreachable(ClientError):
    """`kind` is the name of what happened to the line, as `ConnectTimeout`; `NotTheService`: others answered."""

    kind: str

    def __str__(self) -> str:
        return f"no answer: {self.kind}"
