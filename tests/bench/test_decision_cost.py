"""What a decision and a seal cost. `make bench` measures long; the tests measure shortly, and only that it can be done.

Goals: decide and redact 100 µs, seal and open 2 kB 1 ms, on one core. Measured: `RESULTS.md` beside this file.
"""

import math
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from deploy.enrol import enrol
from deploy.network import Network
from shared.adapters.seal import seal, unseal
from shared.contract.agreement import Agreement, Exchange
from shared.contract.capacity import Capacity
from shared.contract.conditions import NOTHING_MORE, Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import decide, redact
from shared.contract.events import ReferralRequested
from shared.contract.grounds import Grounds, Handling
from shared.contract.vocabulary import Agency, Basis, DataCategory, Purpose, SubjectRole
from tests.bench.measure import Cost, cost, show
from tests.contract.strategies import NOW
from tests.network import organisations
from tests.workbench import node_of

LONG = "QORGAU_BENCH" in os.environ
ROUNDS, CALLS = (25, 400) if LONG else (3, 20)
TWO_KB = b"{" + b"x" * 2046 + b"}"
POLICE, SHELTER = Party(Agency.POLICE, "police-talgar"), Party(Agency.SHELTER, "shelter-alatau")

REFERRAL = ReferralRequested(
    referral_id=UUID(int=1),
    purpose=Purpose.LODGING,
    subject=SubjectRole.VICTIM,
    family_name="Сәрсенова",
    given_name="Айгүл",
    phone="+7 727 000 00 00",
    address="Талғар қ.",
    circumstances="x" * 1500,
)
CONSENT = Consent(
    id=UUID(int=2),
    recorded_by=POLICE.organisation,
    purposes=frozenset({Purpose.LODGING}),
    recipients=frozenset({Agency.SHELTER}),
    categories=frozenset({DataCategory.IDENTITY, DataCategory.CONTACT}),
    given_at=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=30),
)
ON_CONSENT = Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=CONSENT)
OPAQUE = Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=Purpose.LODGING)
LABEL = Handling(origin="hospital-4", basis=Basis.CONSENT, purpose=None, categories=frozenset({DataCategory.HEALTH}))
AGREED = Agreement(
    id="A-19-LODGING",
    region="19",
    parties=frozenset({POLICE.organisation, SHELTER.organisation}),
    exchanges=(
        Exchange(
            permit="P-F1-LODGING",
            senders=frozenset({Agency.POLICE}),
            recipients=frozenset({Agency.SHELTER}),
            bases=frozenset({Basis.CONSENT}),
            categories=frozenset({DataCategory.ROUTING, DataCategory.IDENTITY}),
        ),
    ),
    valid_from=date(2026, 1, 1),
)
EVERYTHING_KNOWN = Circumstances(agreements=(AGREED,), handling=(LABEL,), capacity=Capacity(date(1990, 1, 1)))


def deciding(grounds: Grounds, circumstances: Circumstances = NOTHING_MORE) -> Callable[[], ReferralRequested]:
    """Decide on the referral and redact it."""

    def call() -> ReferralRequested:
        made = decide(
            REFERRAL.type, sender=POLICE, recipient=SHELTER, grounds=grounds, at=NOW, circumstances=circumstances
        )
        return redact(REFERRAL, made.categories)

    return call


def measured(costs: list[Cost]) -> None:
    show(costs)
    assert all(math.isfinite(one.median) and one.median > 0 for one in costs)


def test_a_decision_with_redaction_is_measured() -> None:
    calls = {
        "decide and redact, opaque": deciding(OPAQUE),
        "decide and redact, on consent": deciding(ON_CONSENT),
        "the same, with agreement, label and capacity": deciding(ON_CONSENT, EVERYTHING_KNOWN),
    }
    assert calls["decide and redact, on consent"]().family_name == "Сәрсенова"
    measured([cost(what, call, goal=100, rounds=ROUNDS, calls=CALLS) for what, call in calls.items()])


def test_seal_and_open_are_measured(tmp_path: Path) -> None:
    there = cast(Network, SimpleNamespace(enrolment=enrol(tmp_path, organisations())))
    police, shelter = (node_of(there, agency) for agency in (Agency.POLICE, Agency.SHELTER))
    sealed = seal(police, TWO_KB, recipient="shelter")
    assert unseal(shelter, sealed) == ("police", TWO_KB)
    calls: dict[str, Callable[[], object]] = {
        "seal 2 kB": lambda: seal(police, TWO_KB, recipient="shelter"),
        "open 2 kB": lambda: unseal(shelter, sealed),
        "seal and open 2 kB": lambda: unseal(shelter, seal(police, TWO_KB, recipient="shelter")),
    }
    measured([cost(what, call, goal=1000, rounds=ROUNDS, calls=CALLS // 4) for what, call in calls.items()])
