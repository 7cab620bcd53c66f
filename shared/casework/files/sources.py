"""Where the entries of a file come from: one row per noun. An agency's own stand in its `app.py`.

A table that no row reads, and that `ELSEWHERE` does not name, fails tests/casework/test_files.py.
"""

from shared.casework.appointments.entries import SOURCE as APPOINTMENTS
from shared.casework.assessments.entries import SOURCE as ASSESSMENTS
from shared.casework.consents.entries import SOURCE as CONSENTS
from shared.casework.conversations.entries import SOURCE as CONVERSATIONS
from shared.casework.deadlines.entries import SOURCE as DEADLINES
from shared.casework.disclosures.entries import SOURCE as DISCLOSURES
from shared.casework.emergencies.entries import SOURCE as EMERGENCIES
from shared.casework.files.source import Source
from shared.casework.inquiries.entries import SOURCE as INQUIRIES
from shared.casework.letters.entries import SOURCE as LETTERS
from shared.casework.messages.entries import SOURCE as MESSAGES
from shared.casework.orders.entries import SOURCE as ORDERS
from shared.casework.persons.entries import SOURCE as PERSONS
from shared.casework.progress.entries import SOURCE as PROGRESS
from shared.casework.referrals.entries import SOURCE as REFERRALS
from shared.casework.registers.entries import SOURCE as REGISTERS
from shared.casework.reports.entries import SOURCE as REPORTS
from shared.casework.warnings.entries import SOURCE as WARNINGS

SOURCES: tuple[Source, ...] = (
    PERSONS,
    CONSENTS,
    EMERGENCIES,
    REFERRALS,
    MESSAGES,
    PROGRESS,
    REPORTS,
    ASSESSMENTS,
    CONVERSATIONS,
    DISCLOSURES,
    ORDERS,
    WARNINGS,
    INQUIRIES,
    LETTERS,
    REGISTERS,
    APPOINTMENTS,
)
# Of what the others tell: `Case.things`.
DUE: tuple[Source, ...] = (DEADLINES,)
# Tables that name a person or a referral, or hang on what does, and are no entries of a file; and why.
ELSEWHERE: dict[str, str] = {
    "audit": "the record: who did what; it is verified, not filed",
    "inbox": "that an event was here, not what it said",
    "data_keys": "the keys of what is sealed",
    "idempotency_keys": "answers to repeated calls, kept for a day",
    "person_indexes": "fingerprints by which a person is found",
    "walls": "who is shown that both parties are here is decided at `GET /walls`",
    "wall_files": "the same",
    "wall_staff": "the same",
    "agreements": "between organisations: it names no case",
    "agreement_answers": "the same",
    "agreement_notices": "the same",
    "comparisons": "of whole registers: what it told of somebody is with their entry",
    "reconciliations": "of whole registers",
    "changes": "that something happened, as ids and kinds: the file itself says what",
    "webhook_deliveries": "which system of the agency's was told so",
    "notified": "which addresses were told how much waits: it names no case",
}
