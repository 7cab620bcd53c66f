"""Referrals as one side reads them, for tests of what is made of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.health.fhir.task import Followed
from shared.casework.referrals.models import MoveOut, Referral
from shared.contract.vocabulary import ReasonCode, ReferralAction, ReferralState, Side

REFERRAL = UUID(int=1)
CONSENT = UUID(int=2)
RESULT = UUID(int=3)
WHEN = datetime(2026, 3, 20, 7, 0, tzinfo=UTC)
OPAQUE: dict[str, Any] = {
    "urgency": "stat",
    "household": {"adults": 1, "children": 2},
    "needs": ["infant", "medicines"],
    "call_back": "+7 727 000 01 02",
    "family_name": None,
    "given_name": None,
    "iin": None,
}
NAMED: dict[str, Any] = {
    **OPAQUE,
    "family_name": "Сәрсенова",
    "given_name": "Айгүл",
    "birth_date": "1991-04-12",
    "sex": "female",
    "phone": "+7 701 000 00 01",
    "languages": ["kk", "ru"],
    "circumstances": "Ударил по руке.",
    "health": "Гематома.",
}


def referral(**but: Any) -> Referral:
    """One that the hospital received, opaque unless told otherwise."""
    values: dict[str, Any] = {
        "id": REFERRAL,
        "side": Side.RECEIVER,
        "counterpart_id": "police-19",
        "person_id": None,
        "replaces": None,
        "purpose": "medical_examination",
        "subject": "victim",
        "basis": "no_personal_data",
        "consent_id": None,
        "state": ReferralState.REQUESTED,
        "content": OPAQUE,
        "suggested": None,
        "hold": None,
        "hold_state": None,
        "held_until": None,
        "revision": 3,
        "created_at": WHEN,
        "updated_at": WHEN,
        "erased_at": None,
    }
    return Referral(**{**values, **but})


def move(action: ReferralAction, reason: ReasonCode | None = None, text: str | None = None) -> MoveOut:
    """The first move of either side."""
    return MoveOut(version=1, side=Side.RECEIVER, action=action, reason=reason, text=text, at=WHEN)


def followed(*moves: MoveOut, results: tuple[UUID, ...] = (), **but: Any) -> Followed:
    """The same, followed at the hospital."""
    return Followed(referral(**but), "hospital-19", moves=moves, results=results)
