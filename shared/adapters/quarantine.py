"""Messages that could not be taken in: kept as they came, counted, shown without what they say, dropped by a person.

What is told of one comes from its subject, which the broker lets a node use under its own name only, and from its size:
nothing of it was believed. To give one to the inbox again: see `replay`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import structlog
from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters import vault
from shared.adapters.audit import Action, record
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.jose import read_jwe
from shared.adapters.outbox import Work
from shared.adapters.tables import Quarantined
from shared.adapters.telemetry import METRICS
from shared.adapters.trust import Node
from shared.contract.errors import QorgauError, SealError, UntrustedSender
from shared.contract.events import UNKNOWN_TYPE
from shared.contract.vocabulary import EventType

SUBJECTS = ("qorgau", "directed", "state")
NEWER = "an event type or version that this service does not know"
STATE_PREFIX = "qorgau.state."
log = structlog.get_logger()


class Inapplicable(QorgauError):
    """An event whose handling fails every time."""


class Why(StrEnum):
    """Why a message is not kept any longer: one of a few, since whoever writes freely may write of a case."""

    FORGED = "forged"
    DAMAGED = "damaged"
    TEST = "test"
    SENT_ANEW = "sent-anew"  # its sender has said the same in another message
    SETTLED_OTHERWISE = "settled-otherwise"  # by telephone, on paper


@dataclass(frozen=True)
class Message:
    """As the broker gave it."""

    subject: str
    data: bytes

    @property
    def is_announcement(self) -> bool:
        """Whether it goes to everyone, and is said again by itself."""
        return self.subject.startswith(STATE_PREFIX)


@dataclass(frozen=True)
class Operator(Work):
    """A unit of work of a person at the command line."""

    who: str

    @property
    def actor(self) -> str:
        """The name that they gave."""
        return self.who


async def keep(database: Database, node: Node, message: Message, error: Exception, *, now: datetime) -> None:
    """Keep the message as it came, sealed in our vault: a reason and names that say nothing of its content."""
    why, reason = reason_of(error)
    METRICS.quarantined.labels(why).inc()
    log.warning("inbox.quarantined", reason=reason)
    async with database.transaction(organisation=WHOLE_NODE) as session:
        new_id, known = uuid4(), _known(node, message.subject)
        mark = await _mark(session, node, message)
        row = Quarantined(id=new_id, received_at=now, last_at=now, source_subject=known, reason=reason, mark=mark)
        if not await _added(session, node, message, row):
            return
        await record(
            Work(session, node, now),
            organisation_id=node.name,
            action=Action.QUARANTINED,
            concerning=new_id,
            details={"reason": reason, "subject": known},
        )


def reason_of(error: Exception) -> tuple[str, str]:
    """(the kind, for the metric; the reason, for people), neither of which repeats anything of the message."""
    if isinstance(error, SealError):
        return "unopened", str(error)
    if isinstance(error, UntrustedSender):
        return "untrusted", str(error)
    if isinstance(error, Inapplicable):
        return "inapplicable", str(error)
    faults = error.errors(include_input=False) if isinstance(error, ValidationError) else []
    if any(str(fault.get("ctx", {}).get("error")) == UNKNOWN_TYPE for fault in faults):
        return "newer", NEWER
    return "malformed", "not an event of this contract"


async def kept(session: AsyncSession, *, everything: bool = False) -> Sequence[Quarantined]:
    """What nobody has dealt with, oldest first; or also what was taken, refused or dropped since."""
    rows = select(Quarantined).order_by(col(Quarantined.received_at), col(Quarantined.id))
    return (await session.exec(rows if everything else rows.where(Quarantined.state == "kept"))).all()


async def get(session: AsyncSession, quarantine_id: UUID) -> Quarantined | None:
    """One row, locked."""
    return (await session.exec(select(Quarantined).where(Quarantined.id == quarantine_id).with_for_update())).first()


async def message_of(session: AsyncSession, row: Quarantined) -> Message | None:
    """The message as it came, or None once it is done with. Raises VaultError."""
    value = await vault.open_(session, place=_place(row.id), sealed=row.sealed)
    return None if value is None else Message(value["subject"], value["data"].encode("latin-1"))


async def drop(work: Work, row: Quarantined, *, why: Why) -> None:
    """Forget what a locked row says. That it was there, who dropped it and why stays."""
    row.state, row.sealed = "dropped", None
    await record(
        work, organisation_id=work.node.name, action=Action.DROPPED, concerning=row.id, details={"why": why.value}
    )


async def _added(session: AsyncSession, node: Node, message: Message, row: Quarantined) -> bool:
    """Whether it is the first of its kind; one that is here already counts once more."""
    value = {"subject": message.subject, "data": message.data.decode("latin-1")}
    subject = vault.Subject(node.name, vault.NOBODY)
    row.sealed = await vault.close(session, place=_place(row.id), subject=subject, value=value)
    again: dict[str, Any] = {"times": col(Quarantined.times) + 1, "last_at": row.last_at, "reason": row.reason}
    added = insert(Quarantined).values(row.model_dump())
    counted = added.on_conflict_do_update(index_elements=["mark"], set_=again).returning(col(Quarantined.times))
    times: int = (await session.exec(counted)).scalar_one()
    return times == 1


async def _mark(session: AsyncSession, node: Node, message: Message) -> bytes:
    """A fingerprint of what stays the same when a message is sent again, each time signed and sealed anew."""
    essence = b"" if message.is_announcement else _essence(node, message.data)
    value = [message.subject, essence.decode("latin-1")]
    return await vault.fingerprint(session, organisation=node.name, kind="quarantine", value=value)


def _essence(node: Node, data: bytes) -> bytes:
    """What was signed, whoever signed it, if the seal opens; otherwise all of it."""
    try:
        signed = read_jwe(data, key_of=node.decryption_key).split(b".")
    except SealError:
        return data
    return signed[1] if len(signed) == 3 else data


def _place(row_id: UUID) -> vault.Place:
    return vault.Place("quarantine", str(row_id))


def _known(node: Node, subject: str) -> str:
    """A subject as far as it is made of the network's own names: the rest is whatever its publisher liked."""
    trust = node.trust
    names = {*SUBJECTS, *trust.nodes, *(kind.replace(".", "_") for kind in EventType)}
    is_known = [part in names or trust.node_of(part) is not None for part in subject.split(".")]
    return ".".join(part if known else "?" for part, known in zip(subject.split("."), is_known, strict=True))
