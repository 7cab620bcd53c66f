"""Elements of resources that come in, as far as they are read. Pure."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from shared.adapters.http import invalid
from shared.casework.referrals.sending import FreeText

LITERAL = re.compile(r"^(https?://[^\s]+/)?[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$")
LITERALLY = "%(name)s is a literal reference"


class Coding(BaseModel):
    """A code of a code system."""

    system: str | None = None
    code: str | None = None


class Concept(BaseModel):
    """Codes, and the same in words."""

    coding: list[Coding] = Field(default=[], max_length=20)
    text: FreeText | None = None


class Reference(BaseModel):
    """A reference: literal where it is relative, or has this or another server's address before it."""

    reference: Annotated[str, StringConstraints(max_length=500)] | None = None
    identifier: Any = None

    @property
    def what(self) -> str | None:
        """Kind and id, without an address; None where it is not literal."""
        is_literal = self.reference is not None and LITERAL.match(self.reference)
        return "/".join(str(self.reference).split("/")[-2:]) if is_literal else None

    def row(self, name: str, *kinds: str) -> UUID | None:
        """The id of a row here; None where nothing is referred to. Problem 422 for another kind of resource, and for
        what is referred to in another way: it would be taken for nothing."""
        if self.what is None and (self.reference is not None or self.identifier is not None):
            raise invalid(LITERALLY, name=name)
        if self.what is None:
            return None
        kind, _, row_id = self.what.partition("/")
        if kind not in kinds:
            raise invalid("%(name)s is a reference to a %(kinds)s", name=name, kinds=" or a ".join(kinds))
        try:
            return UUID(row_id)
        except ValueError:
            raise invalid("%(name)s refers to something that is not here", name=name) from None
