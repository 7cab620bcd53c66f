"""One document of a whole file, and what vouches for it: its digest, and how far the record was when it was made."""

import hashlib
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

import rfc8785
from pydantic import BaseModel
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.audit_tables import AuditLink
from shared.adapters.database import for_the_node

Entry = TypeVar("Entry", bound=BaseModel)


class Checkpoint(BaseModel):
    """Position and hash of the chain of the record (`audit verify`). Null hash: nothing was chained yet."""

    node: str
    position: int
    chain_hash: str | None


class Document(BaseModel, Generic[Entry]):
    """A whole file, newest entry first. `digest`: SHA-256 of its canonical JSON (RFC 8785) without `digest` itself;
    the record's entry `exported` holds the same."""

    format: Literal["qorgau case file 1"] = "qorgau case file 1"
    organisation_id: str
    about: UUID
    person: dict[str, Any] | None
    taken_at: datetime
    entries: list[Entry]
    record: Checkpoint
    digest: str = ""


def digest_of(document: dict[str, Any]) -> str:
    """The digest of a document as JSON holds it, whatever it says its digest is."""
    bare = {name: value for name, value in document.items() if name != "digest"}
    return hashlib.sha256(rfc8785.dumps(bare)).hexdigest()


async def checkpoint(session: AsyncSession, *, organisation_id: str, node: str) -> Checkpoint:
    """How far the record of the whole node is chained."""
    newest = select(AuditLink).order_by(col(AuditLink.position).desc()).limit(1)
    async with for_the_node(session, organisation_id):
        last = (await session.exec(newest)).first()
    if last is None:
        return Checkpoint(node=node, position=0, chain_hash=None)
    return Checkpoint(node=node, position=last.position, chain_hash=last.chain_hash.hex())
