"""Organisations that somebody can be asked to come to: never a shelter."""

from collections.abc import Iterable

from shared.casework.directory.endpoints import Organisation
from shared.contract.vocabulary import Agency


def open_places(known: Iterable[Organisation], *, ours: str) -> list[Organisation]:
    """All of the directory but the shelters, our own first."""
    return sorted((one for one in known if one.agency is not Agency.SHELTER), key=lambda one: one.id != ours)
