"""What an agency's own systems can be told: that something happened, to which case object, when; never what.

The record, as it looks from outside. The sequencer adds a row with each link of the record's chain that tells of a
change, so that rows have one order, none is ever put before another that was read, and none is lost. Like the record
they are only ever added to. Whose file lies behind a wall is not told of it to who works with the other party: rows
name the person and the referral for PostgreSQL's policies (deploy/migrations/security.py), and for nobody else.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from shared.adapters.audit import Action
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.database import Moment

# What is told of which entries; `{…}` is filled from an entry's details. Of what is only read nothing is told.
TOLD: Mapping[str, str] = {
    Action.RECEIVED: "received.{event_type}",
    Action.RECORDED: "recorded.{what}",
    Action.CHANGED: "changed.{what}",
    Action.ESCALATED: "escalated.referral",
    Action.PERSON_RECORDED: "recorded.person",
    Action.PERSON_CORRECTED: "changed.person",
    Action.PERSON_ERASED: "erased.person",
    Action.CONSENT_RECORDED: "recorded.consent",
    Action.CONSENT_WITHDRAWN: "ended.consent",
    Action.CONSENT_EXPIRED: "ended.consent",
    Action.EMERGENCY_DECLARED: "recorded.emergency",
    Action.EMERGENCY_ENDED: "ended.emergency",
    Action.EMERGENCY_REVIEWED: "changed.emergency",
    Action.AGREEMENT_DRAFTED: "recorded.agreement",
    Action.AGREEMENT_SIGNED: "changed.agreement",
    Action.AGREEMENT_DECLINED: "changed.agreement",
    Action.AGREEMENT_NOTICE_GIVEN: "changed.agreement",
    Action.WEBHOOK_CHANGED: "changed.webhook",
    Action.ORDER_ENDED: "ended.order",
    Action.TREATMENT_ENDED: "ended.treatment_path",
}
UNTOLD = ("wall",)  # that there is one is for both its sides to know
# What these concern is a referral.
OF_A_REFERRAL = ("received.referral", "received.message", "recorded.referral", "changed.referral", "escalated.referral")


class ChangeRow(SQLModel, table=True):
    """Something that happened at an organisation. `id` says nothing and is found again: of a restored record it is
    another. `type`: one of `TOLD`. `concerning`: the case object."""

    __tablename__ = "changes"
    __table_args__ = (Index("changes_in_order", "organisation_id", "position"),)
    position: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))  # in the record's chain
    id: UUID = Field(unique=True)
    organisation_id: str
    type: str
    concerning: UUID
    person_id: UUID | None = None
    referral_id: UUID | None = None
    at: datetime = Field(sa_type=Moment)


TABLES = (ChangeRow,)


def change_of(entry: AuditEntry, *, position: int, chain: bytes) -> ChangeRow | None:
    """What is told of an entry that became this link of the chain; None where that is nothing.

    The record is chained whatever an entry says: one that does not say what it is of is told of to nobody.
    """
    told, concerning = TOLD.get(entry.action), _uuid(entry.concerning)
    if entry.details.get("what") in UNTOLD:
        return None
    try:
        kind = told.format_map(entry.details).replace(" ", "_") if told else None
    except KeyError:
        kind = None
    if kind is None or concerning is None:
        return None
    return ChangeRow(
        position=position,
        id=UUID(bytes=chain[:16]),
        organisation_id=entry.organisation_id,
        type=kind,
        concerning=concerning,
        person_id=entry.person_id,
        referral_id=concerning if kind.startswith(OF_A_REFERRAL) else _uuid(entry.details.get("referral_id")),
        at=entry.at,
    )


def _uuid(text: object) -> UUID | None:
    """What a text names, if it is the id of something."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
