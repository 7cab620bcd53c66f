"""On which basis, as a form says it."""

from typing import Any

from shared.contract.vocabulary import Basis


def as_call(said: dict[str, Any]) -> dict[str, Any]:
    """As the API takes it: a basis that is a consent is chosen by the consent's id."""
    basis = said.get("basis")
    if isinstance(basis, str) and basis not in set(Basis):
        return {**said, "basis": {"kind": Basis.CONSENT, "consent_id": basis}}
    return {**said, "basis": {"kind": basis}}
