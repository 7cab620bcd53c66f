"""Elements of resources that come in, as far as they are read. Pure."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from shared.adapters.http import invalid
from shared.casework.referrals.sending import FreeText

LITERAL = r"^(https?://[^\s]+/)?[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$"


class Coding(BaseModel):
    """A code of a code system."""

    system: str | None = None
    code: str | None = None


class Concept(BaseModel):
    """Codes, and the same in words."""

    coding: list[Coding] = Field(default=[], max_length=20)
    text: FreeText | None = None


class Reference(BaseModel):
    """A literal reference: relative, or with this or another server's address before it."""

    reference: Annotated[str, StringConstraints(pattern=LITERAL)] | None = None

    @property
    def what(self) -> str | None:
        """Kind and id, without an address."""
        return None if self.reference is None else "/".join(self.reference.split("/")[-2:])

    def row(self, name: str, *kinds: str) -> UUID | None:
        """The id of a row here; None where nothing is referred to. Problem 422 for another kind of resource."""
        if self.what is None:
            return None
        kind, _, row_id = self.what.partition("/")
        if kind not in kinds:
            raise invalid("%(name)s is a reference to a %(kinds)s", name=name, kinds=" or a ".join(kinds))
        try:
            return UUID(row_id)
        except ValueError:
            raise invalid("%(name)s refers to something that is not here", name=name) from None
