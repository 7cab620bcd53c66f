"""The names of organisations in the reader's language."""

from fastapi import Request

from shared.adapters.http import Desk
from shared.casework.directory.endpoints import list_organisations
from shared.desk import language


class Names(dict[str, str]):
    """The name of each organisation by its id; of one that nobody announced, its id."""

    def __missing__(self, organisation: str) -> str:
        """The id itself."""
        return organisation


async def names_of(desk: Desk, request: Request) -> Names:
    """All that the directory has."""
    speaks = language.of_request(request)
    known = await list_organisations(desk)
    return Names({one.id: str(getattr(one, f"name_{speaks}")) for one in known.items})
