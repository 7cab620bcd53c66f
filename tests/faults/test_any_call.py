"""Calls of every sort, made up from what each API says of itself, in every role: Schemathesis, with all its checks.

Another organisation of the same service has rows of every kind, with words and ids that must be in no answer.
`QORGAU_FAULTS` (seconds; `make faults`): values at the edges of every schema too, and as much as fits into that time.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from deploy.network import Network
from shared.adapters.identity import ROLES
from shared.contract.vocabulary import Agency
from tests.deploy.test_security import OURS, THEIRS
from tests.faults.api import WORDS, something_of
from tests.faults.figures import LONG_SECONDS
from tests.serving import serving
from tests.workbench import bench

PHASES = ("examples", "coverage", "fuzzing", "stateful")
# What CI has time for: who may do everything gets most of it.
SHORT = {"supervisor": ("examples", "fuzzing", "stateful"), "worker": ("examples", "fuzzing")}
NO_ROLE = "nobody in particular"
# Of those who may do little, one agency each in CI (test_no_entry.py sees that nobody without a role gets in anywhere).
ONCE = {"bed-counter": Agency.SHELTER, "statistician": Agency.POLICE, NO_ROLE: Agency.HEALTH}
LEAST_SECONDS = 15  # for a role: enough for each call on a slow machine
WHO = [
    (agency, role)
    for agency in Agency
    for role in (*ROLES, NO_ROLE)
    if LONG_SECONDS or ONCE.get(role, agency) is agency
]
OPEN = {"GET /health/live", "GET /health/ready", "GET /metrics"}  # to whom watches the service
# Checks of Schemathesis that can't hold here, and why.
EXCLUDED = {
    "positive_data_acceptance": "a schema can't say that an IIN's digits fit, a day is past or a cursor is ours: 422",
}
NOT_HERE = {
    # An account of what left about a person outlives the person's erasure: it is owed to them.
    "use_after_free": ["/v1/persons/{person_id}/disclosures", "/v1/persons/{person_id}/disclosures/letter"],
    # A word in the place of an id is bad input before any method is looked at.
    "unsupported_method": ["/v1/persons/search", "/v1/persons/from-referral"],
}


@dataclass
class Seen:
    """What came of a run: the answers by status, and what went wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: set[str] = field(default_factory=set)
    answers: list[tuple[str, int, bytes]] = field(default_factory=list)


def config_of(url: str, token: str, role: str) -> SchemathesisConfig:
    phases = PHASES if LONG_SECONDS else SHORT.get(role, ("fuzzing",))
    examples = 100 if LONG_SECONDS else 2 if role in SHORT else 1
    settings: dict[str, Any] = {
        "seed": 1,
        "base-url": url,
        "headers": {"Authorization": f"Bearer {token}"},
        "continue-on-failure": True,
        "request-timeout": 60,  # seconds: a slow answer is not a wrong one
        "generation": {"max-examples": examples, "with-security-parameters": False, "deterministic": not LONG_SECONDS},
        "phases": {name: {"enabled": name in phases} for name in PHASES},
        "checks": {name: {"enabled": False} for name in EXCLUDED},
        "operations": [
            {"include-path": path, "checks": {check: {"enabled": False}}}
            for check, paths in NOT_HERE.items()
            for path in paths
        ],
    }
    if LONG_SECONDS:
        settings["max-time"] = max(LEAST_SECONDS, int(LONG_SECONDS / len(WHO)))
    return SchemathesisConfig.from_dict(settings)


def call_everything(url: str, token: str, role: str) -> Seen:
    """Every call that the service describes, with all that Schemathesis thinks of."""
    seen = Seen()
    described = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config_of(url, token, role))
    for event in from_schema(described).execute():
        if isinstance(event, events.ScenarioFinished):
            look_at(event, seen)
        elif isinstance(event, events.NonFatalError):
            seen.faults.add(f"{event.label}: {event.value}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return seen


def look_at(event: events.ScenarioFinished, seen: Seen) -> None:
    for one in event.recorder.interactions.values():
        if one.response is not None:
            seen.statuses[one.response.status_code] += 1
            call = f"{one.request.method} {urlsplit(one.request.uri).path}"
            seen.answers.append((call, one.response.status_code, one.response.content or b""))
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                seen.faults.add(f"{check.name}: {failure.operation}: {failure.message}")


def told(seen: Seen, words: list[str]) -> Iterator[str]:
    """Which calls were answered with any of the words."""
    for call, _, content in seen.answers:
        if any(word.encode() in content for word in words):
            yield call


@pytest.mark.parametrize(("agency", "role"), WHO)
async def test_every_call_keeps_its_word_to_every_role(network: Network, agency: Agency, role: str) -> None:
    async with bench(network, agency) as service, serving(service) as url:
        theirs = await something_of(service, THEIRS[agency])
        token = network.enrolment.token(organisation=OURS[agency], roles=[role])
        seen = await asyncio.to_thread(call_everything, url, token, role)
    print(f"\n{agency}, {role}: {dict(sorted(seen.statuses.items()))}")  # noqa: T201  # figures for people
    assert sorted(seen.faults) == []
    assert list(told(seen, [*WORDS, *theirs])) == []
    assert seen.statuses.total() > 40
    if role == NO_ROLE:
        assert {call for call, status, _ in seen.answers if status < 300} == OPEN
