"""The record of what happened: who did what, when, about which case object, under which rules.

An entry is a row in the transaction of what it tells of: both are committed, or neither. The service's role can add
entries and never change or delete one. The sequencer chains them (`sequencer`), other nodes witness the chain
(`witnesses`). Entries hold ids, rules, categories and counts, never case data: erasing a person leaves the chain valid.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.adapters.adding import add
from shared.adapters.audit_tables import AuditEntry
from shared.adapters.database import Database

if TYPE_CHECKING:  # outbox records what it decides
    from shared.adapters.outbox import Work

_REFUSALS = "qorgau_refusals"


class Action(StrEnum):
    """What happened. Values are stored and never change their meaning; new ones are added."""

    DECIDED = "decided"  # policy did not let an event leave; where it did, the entry is `disclosed`
    DISCLOSED = "disclosed"  # an event was let out, as far as the rules named allow
    WITHHELD = "withheld"  # an event that had been let out was kept back before it was sent
    RECEIVED = "received"
    REFUSED = "refused"  # an event came that policy does not allow here
    QUARANTINED = "quarantined"  # a message came that can't be opened, verified or understood
    RECORDED = "recorded"  # by a call: `what` in the details says what kind of thing
    CHANGED = "changed"
    COMPARED = "compared"  # a step of a comparison of registers: how many entries took part, how many both have
    ESCALATED = "escalated"  # a step was taken about a referral that nobody answers
    LOST = "lost"  # another node has an event of ours that is not known here: the database was restored to before it
    REPLAYED = "replayed"  # an operator gave a quarantined message to the inbox again
    DROPPED = "dropped"  # an operator dropped what a quarantined message said
    PERSON_RECORDED = "person_recorded"
    PERSON_CORRECTED = "person_corrected"
    READ_PERSON = "read_person"
    SEARCHED = "searched"  # the entry names who was found, never what was asked
    READ_REFERRAL = "read_referral"
    READ_LETTER = "read_letter"
    READ_MESSAGES = "read_messages"
    READ_ASSESSMENT = "read_assessment"
    READ_ADMISSION = "read_admission"
    READ_CONVERSATION = "read_conversation"
    READ_CONSENT = "read_consent"
    READ_EMERGENCIES = "read_emergencies"
    READ_EXAMINATION = "read_examination"
    READ_INQUIRY = "read_inquiry"  # a question to another agency, or from one, and its answer
    READ_INCIDENT = "read_incident"
    READ_NOTICES = "read_notices"
    READ_ORDER = "read_order"
    READ_TREATMENT = "read_treatment"  # a path of compulsory treatment, or voluntary treatment
    READ_GUARDIANSHIP = "read_guardianship"
    READ_PLAN = "read_plan"
    READ_PROGRAMME = "read_programme"  # who is enrolled, and who came
    READ_PROGRESS = "read_progress"  # what was told of a referral that was sent
    READ_REFUSAL = "read_refusal"
    READ_REGISTER = "read_register"
    READ_COMPARISON = "read_comparison"
    READ_REPORT = "read_report"
    READ_STAY = "read_stay"
    READ_WARNINGS = "read_warnings"
    READ_WALLS = "read_walls"
    READ_APPOINTMENTS = "read_appointments"
    READ_DISCLOSURES = "read_disclosures"
    READ_FILE = "read_file"  # of a whole case: the ids of the entries
    PREVIEWED = "previewed"  # what would leave was shown, and nothing left
    CONSENT_RECORDED = "consent_recorded"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_EXPIRED = "consent_expired"
    EMERGENCY_DECLARED = "emergency_declared"
    EMERGENCY_ENDED = "emergency_ended"  # before its time, by who said that the danger is over
    EMERGENCY_REVIEWED = "emergency_reviewed"
    AGREEMENT_DRAFTED = "agreement_drafted"  # a local agreement, or a change of one
    AGREEMENT_SIGNED = "agreement_signed"  # by whom at this organisation: the record alone says that
    AGREEMENT_DECLINED = "agreement_declined"
    AGREEMENT_NOTICE_GIVEN = "agreement_notice_given"
    WEBHOOK_CHANGED = "webhook_changed"  # set up, tried, told again, ended by a supervisor; or given up by itself
    ORDER_ENDED = "order_ended"  # by itself, its last day being over
    TREATMENT_ENDED = "treatment_ended"  # by itself, its term being over
    PERSON_ERASED = "person_erased"
    EXAMINATION_ERASED = "examination_erased"  # one that named no person
    ADMISSION_ERASED = "admission_erased"  # the same
    REMOVED = "removed"  # what is kept no longer: which kind, and how many
    EXPORTED = "exported"


async def record(
    work: "Work",
    *,
    organisation_id: str,
    action: Action,
    concerning: UUID | str | None = None,
    person_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to the caller's transaction, by one statement: see `entry`. What policy refused to let out is kept
    even if the call that tried it is undone, see `keep_refusals`."""
    one = entry(
        work,
        organisation_id=organisation_id,
        action=action,
        concerning=concerning,
        person_id=person_id,
        details=details,
    )
    await add(work.session, one)
    if action is Action.DECIDED:
        work.session.info.setdefault(_REFUSALS, []).append(one)


def entry(
    work: "Work",
    *,
    organisation_id: str,
    action: Action,
    concerning: UUID | str | None = None,
    person_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """An entry, to be added with the rows of what it tells of. The actor is the caller, or the node.

    `details`: JSON of ids, rules, categories and counts, never case data.
    """
    return AuditEntry(
        organisation_id=organisation_id,
        at=work.now,
        actor=work.actor,
        action=action.value,
        concerning=None if concerning is None else str(concerning),
        person_id=person_id,
        details=dict(details or {}),
    )


async def keep_refusals(database: Database, undone: AsyncSession) -> None:
    """Record what policy refused in a transaction that was undone for it: an attempt leaves a trace, too."""
    for refusal in undone.info.get(_REFUSALS, ()):
        async with database.transaction(organisation=refusal.organisation_id) as session:
            await add(session, refusal)
