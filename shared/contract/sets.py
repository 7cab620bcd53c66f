"""Sets as they are written: in order, so that all who hold the same set write the same bytes of it.

Python keeps a set in the order of its members' hashes, which differ from one process to the next.
"""

from typing import Annotated, TypeVar

from pydantic import WrapSerializer

Member = TypeVar("Member")
IN_ORDER = WrapSerializer(lambda members, write: sorted(write(members)), when_used="json")
SortedSet = Annotated[frozenset[Member], IN_ORDER]
