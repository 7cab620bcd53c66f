"""The names of organisations in the reader's language."""

from fastapi import Request

from shared.adapters.http import Desk
from shared.casework.directory import store
from shared.desk import language


class Names(dict[str, str]):
    """The name of each organisation by its id; of one that nobody announced, its id."""

    def __missing__(self, organisation: str) -> str:
        """The id itself."""
        return organisation


async def names_of(desk: Desk, request: Request) -> Names:
    """All that the directory has."""
    return Names(await store.names(desk.session, language=language.of_request(request)))
