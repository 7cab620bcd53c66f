"""A call as a conversation, without a line: what to send, when to try again, what an answer means.

The same for the sync and the async client, which only carry it out.
"""

import random
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import uuid4

import httpx

from qorgau.client.errors import Problem, Unreachable

T = TypeVar("T")
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds
TRY_AGAIN = 503
MAY_BE_DONE = "outcome-unknown"  # the one 503 after which something may have happened
# The call never got there.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True)
class Call(Generic[T]):
    """What to ask; `T` is the shape of the answer. Made again, by the same key, it does nothing twice.

    `match`: the ETag that a change is based on (RFC 9110).
    """

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    match: str | None = None
    key: str | None = None

    def after(self, cursor: str) -> "Call[T]":
        """The same list, from the place where its page ended: another call, by another key."""
        return replace(self, query={**self.query, "cursor": cursor}, key=self.key and str(uuid4()))

    def behind(self, event: str | None) -> "Call[T]":
        """The same feed, from behind an event; where there was none yet, from its beginning."""
        query = {name: value for name, value in self.query.items() if name != "after"}
        return replace(self, query={**query, "after": event} if event else query)

    @property
    def is_safe_to_repeat(self) -> bool:
        """Whether it does no harm to ask again without knowing whether it was done."""
        return self.method == "GET" or self.key is not None

    @property
    def request(self) -> dict[str, Any]:
        """As httpx takes it."""
        headers = {"Idempotency-Key": self.key, "If-Match": self.match}
        said = {name: value for name, value in headers.items() if value is not None}
        return {"method": self.method, "url": self.path, "params": self.query, "json": self.body, "headers": said}


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was answered, and the ETag that a change of it is based on."""

    value: T
    etag: str | None = None


def get(path: str, **query: str | None) -> Call[Any]:
    """A call that reads."""
    return Call("GET", path, query={name.rstrip("_"): value for name, value in query.items() if value is not None})


def post(path: str, body: Any = None) -> Call[Any]:
    """A call that does something, once."""
    return Call("POST", path, body, key=str(uuid4()))


# What is asked of whoever has the line: to send this call, or to wait so many seconds.
Asked: TypeAlias = "Call[Any] | float"
Told: TypeAlias = "httpx.Response | httpx.TransportError | None"


def talk(call: Call[T], *, tries: int) -> Generator[Asked, Told, Answer[T]]:
    """Ask until there is an answer, or no use in asking. Raises Problem or Unreachable."""
    for number in count(1):
        told = yield call
        if isinstance(told, httpx.Response) and told.is_success:
            return Answer(_read(told), told.headers.get("etag"))
        if number >= tries or not _is_worth_a_try(call, told):
            raise _error(told)
        yield _wait(told, number)
    raise AssertionError("counting ends nowhere")


def _read(answer: httpx.Response) -> Any:
    """Raises Unreachable for what no service of ours answers, as a sign-in page of the network in between."""
    try:
        return answer.json() if answer.content else None
    except ValueError:
        raise Unreachable("NotTheService") from None


def _is_worth_a_try(call: Call[Any], told: Told) -> bool:
    if isinstance(told, httpx.Response):
        return told.status_code == TRY_AGAIN and (call.is_safe_to_repeat or _problem(told).kind != MAY_BE_DONE)
    if isinstance(told, httpx.UnsupportedProtocol):  # the address is none
        return False
    return call.is_safe_to_repeat or isinstance(told, NOT_SENT)


def _wait(told: Told, number: int) -> float:
    """As long as the service says; else twice as long each time, and never all at once."""
    said = told.headers.get("retry-after", "") if isinstance(told, httpx.Response) else ""
    if said.isdigit():
        return min(float(said), LONGEST_WAIT)
    longest: float = min(FIRST_WAIT * 2.0 ** (number - 1), LONGEST_WAIT)
    return random.uniform(longest / 2, longest)  # noqa: S311  # spreads callers, protects nothing


def _error(told: Told) -> Exception:
    return _problem(told) if isinstance(told, httpx.Response) else Unreachable(type(told).__name__)


def _problem(answer: httpx.Response) -> Problem:
    """What the service said; of a gateway before it, which says nothing of the kind, the status."""
    try:
        told = answer.json()
    except ValueError:
        told = None
    said = told if isinstance(told, dict) else {}
    kind = str(said.get("type", "")).rsplit("/", 1)[-1]
    members = {name: value for name, value in said.items() if name not in ("type", "title", "status", "detail")}
    return Problem(answer.status_code, kind, said.get("title", answer.reason_phrase), said.get("detail", ""), members)
