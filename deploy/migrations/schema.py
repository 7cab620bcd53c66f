"""Which tables and which lineages of migrations each agency's database has."""

from services.health.admissions import tables as admissions
from services.health.examinations import tables as examinations
from services.health.voluntary import tables as voluntary
from services.police.incidents import tables as incidents
from services.police.orders import tables as orders
from services.police.refusal_notices import tables as refusal_notices
from services.shelter.refusals import tables as refusals
from services.social.plans import tables as plans
from services.social.region import tables as region
from shared.adapters import audit_tables as record
from shared.adapters import changes
from shared.adapters import tables as exchange
from shared.adapters import vault_tables as vault
from shared.casework.agreements import tables as agreements
from shared.casework.appointments import tables as appointments
from shared.casework.assessments import tables as assessments
from shared.casework.beds import tables as beds
from shared.casework.comparisons import tables as comparisons
from shared.casework.consents import tables as consents
from shared.casework.conversations import tables as conversations
from shared.casework.deadlines import tables as deadlines
from shared.casework.directory import tables as directory
from shared.casework.emergencies import tables as emergencies
from shared.casework.escalation import tables as escalation
from shared.casework.guardianship import tables as guardianship
from shared.casework.inquiries import tables as inquiries
from shared.casework.letters import tables as letters
from shared.casework.messages import tables as messages
from shared.casework.notifications import tables as notifications
from shared.casework.orders import tables as received_orders
from shared.casework.persons import tables as persons
from shared.casework.programmes import tables as programmes
from shared.casework.progress import tables as progress
from shared.casework.referrals import tables as referrals
from shared.casework.registers import tables as registers
from shared.casework.reports import tables as reports
from shared.casework.statistics import tables as statistics
from shared.casework.treatment import tables as treatment
from shared.casework.units import tables as units
from shared.casework.walls import tables as walls
from shared.casework.warnings import tables as warnings
from shared.casework.webhooks import tables as webhooks
from shared.contract.vocabulary import Agency
from shared.desk import tables as desk

LINEAGES: dict[str, tuple[type, ...]] = {
    "casework": (
        *exchange.TABLES,
        *record.TABLES,
        *changes.TABLES,
        *vault.TABLES,
        *persons.TABLES,
        *consents.TABLES,
        *emergencies.TABLES,
        *referrals.TABLES,
        *messages.TABLES,
        *reports.TABLES,
        *progress.TABLES,
        *inquiries.TABLES,
        *beds.TABLES,
        *directory.TABLES,
        *deadlines.TABLES,
        *letters.TABLES,
        *escalation.TABLES,
        *statistics.TABLES,
        *received_orders.TABLES,
        *warnings.TABLES,
        *walls.TABLES,
        *appointments.TABLES,
        *agreements.TABLES,
        *assessments.TABLES,
        *conversations.TABLES,
        *registers.TABLES,
        *comparisons.TABLES,
        *notifications.TABLES,
        *webhooks.TABLES,
        *desk.TABLES,
    ),
    "units": units.TABLES,
    "programmes": programmes.TABLES,
    "treatment": treatment.TABLES,
    "guardianship": guardianship.TABLES,
    "police": (*incidents.TABLES, *refusal_notices.TABLES, *orders.TABLES),
    "shelter": refusals.TABLES,
    "health": (*examinations.TABLES, *admissions.TABLES, *voluntary.TABLES),
    "social": (*plans.TABLES, *region.TABLES),
}
OF_AGENCY: dict[Agency, tuple[str, ...]] = {
    Agency.POLICE: ("casework", "treatment", "police"),
    Agency.SHELTER: ("casework", "units", "shelter"),
    Agency.HEALTH: ("casework", "units", "programmes", "treatment", "guardianship", "health"),
    Agency.SOCIAL: ("casework", "programmes", "guardianship", "social"),
}


def table_names(agency: Agency) -> frozenset[str]:
    """The tables of an agency's database."""
    return frozenset(str(t.__tablename__) for lineage in OF_AGENCY[agency] for t in LINEAGES[lineage])  # type: ignore[attr-defined]  # every SQLModel table has one
