"""Security labels (HL7 Healthcare Privacy and Security Classification System): how closely a resource is to be kept.

FHIR has no element for what a rule withheld: the label REDACTED says that something was, and each element that is
missing for it says `masked`. Pure.
"""

from typing import Any

from services.health.fhir.elements import TERMINOLOGY, Element, foreign
from shared.contract.vocabulary import Purpose, SubjectRole

RESTRICTED = foreign(f"{TERMINOLOGY}/v3-Confidentiality", "R", "restricted")
VERY_RESTRICTED = foreign(f"{TERMINOLOGY}/v3-Confidentiality", "V", "very restricted")
VIOLENCE = foreign(
    f"{TERMINOLOGY}/v3-ActCode", "SDV", "sexual assault, abuse, or domestic violence information sensitivity"
)
ADDICTION = foreign(f"{TERMINOLOGY}/v3-ActCode", "ETH", "substance abuse information sensitivity")
REDACTED = foreign(f"{TERMINOLOGY}/v3-ObservationValue", "REDACTED", "redacted")

IDENTIFYING = ("family_name", "given_name", "patronymic", "iin")


def is_named(content: dict[str, Any] | None) -> bool:
    """Whether what may be read of a referral says who it is about."""
    return content is not None and any(content.get(name) for name in IDENTIFYING)


def of_referral(*, subject: str, purpose: str, content: dict[str, Any] | None) -> list[Element]:
    """The labels of everything that is said about a referral."""
    labels = [RESTRICTED if subject == SubjectRole.ALLEGED_OFFENDER else VERY_RESTRICTED, VIOLENCE]
    if purpose == Purpose.ADDICTION_TREATMENT or (content or {}).get("addiction"):
        labels.append(ADDICTION)
    return labels if is_named(content) else [*labels, REDACTED]
