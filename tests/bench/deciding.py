"""What it costs to decide on a referral and to redact it, beside copying the same event without a thought.

Nothing else decides like this, so there is no peer; that the event has to be copied is the limit.
"""

from datetime import date, timedelta
from uuid import UUID

from shared.contract.agreement import Agreement, Exchange
from shared.contract.capacity import Capacity
from shared.contract.conditions import NOTHING_MORE, Circumstances, Party
from shared.contract.consent import Consent
from shared.contract.decisions import decide, redact
from shared.contract.events import ReferralRequested
from shared.contract.grounds import Grounds, Handling
from shared.contract.vocabulary import Agency, Basis, DataCategory, Purpose, SubjectRole
from tests.bench.measure import OURS, processor_time
from tests.contract.strategies import NOW

COPY = "a copy of the event"
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
GROUNDS = Grounds(basis=Basis.CONSENT, purpose=Purpose.LODGING, consent=CONSENT)
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


def decide_and_redact(circumstances: Circumstances = NOTHING_MORE) -> ReferralRequested:
    """What is left of the referral on her consent."""
    made = decide(REFERRAL.type, sender=POLICE, recipient=SHELTER, grounds=GROUNDS, at=NOW, circumstances=circumstances)
    return redact(REFERRAL, made.categories)


on_consent = processor_time({OURS: decide_and_redact, COPY: lambda: REFERRAL.model_copy(update={"address": None})})
everything_known = processor_time(
    {
        OURS: lambda: decide_and_redact(EVERYTHING_KNOWN),
        COPY: lambda: REFERRAL.model_copy(update={"address": None}),
    }
)
