"""The file in which an operator describes the organisations that a service hosts."""

from pathlib import Path

from pydantic import Field, TypeAdapter

from shared.contract.events import OrganisationAnnounced


class HostedOrganisation(OrganisationAnnounced):
    """An organisation that a service hosts, as its operator describes it in a file."""

    hold_minutes: int = Field(default=90, ge=1, le=24 * 60)


def read_file(path: Path) -> list[HostedOrganisation]:
    """The organisations that this service hosts. Raises OSError or pydantic.ValidationError."""
    return TypeAdapter(list[HostedOrganisation]).validate_json(path.read_bytes())
