"""Which tables and which lineages of migrations each agency's database has."""

from services.health.admissions import tables as admissions
from services.health.examinations import tables as examinations
from services.police.incidents import tables as incidents
from services.police.refusal_notices import tables as refusal_notices
from services.shelter.refusals import tables as refusals
from services.social.plans import tables as plans
from shared.adapters import audit_tables as record
from shared.adapters import tables as exchange
from shared.adapters import vault_tables as vault
from shared.casework.appointments import tables as appointments
from shared.casework.beds import tables as beds
from shared.casework.consents import tables as consents
from shared.casework.deadlines import tables as deadlines
from shared.casework.directory import tables as directory
from shared.casework.emergencies import tables as emergencies
from shared.casework.escalation import tables as escalation
from shared.casework.messages import tables as messages
from shared.casework.persons import tables as persons
from shared.casework.referrals import tables as referrals
from shared.casework.reports import tables as reports
from shared.casework.statistics import tables as statistics
from shared.casework.units import tables as units
from shared.casework.walls import tables as walls
from shared.contract.vocabulary import Agency

LINEAGES: dict[str, tuple[type, ...]] = {
    "casework": (
        *exchange.TABLES,
        *record.TABLES,
        *vault.TABLES,
        *persons.TABLES,
        *consents.TABLES,
        *emergencies.TABLES,
        *referrals.TABLES,
        *messages.TABLES,
        *reports.TABLES,
        *beds.TABLES,
        *directory.TABLES,
        *deadlines.TABLES,
        *escalation.TABLES,
        *statistics.TABLES,
        *walls.TABLES,
        *appointments.TABLES,
    ),
    "units": units.TABLES,
    "police": (*incidents.TABLES, *refusal_notices.TABLES),
    "shelter": refusals.TABLES,
    "health": (*examinations.TABLES, *admissions.TABLES),
    "social": plans.TABLES,
}
OF_AGENCY: dict[Agency, tuple[str, ...]] = {
    Agency.POLICE: ("casework", "police"),
    Agency.SHELTER: ("casework", "units", "shelter"),
    Agency.HEALTH: ("casework", "units", "health"),
    Agency.SOCIAL: ("casework", "social"),
}


def table_names(agency: Agency) -> frozenset[str]:
    """The tables of an agency's database."""
    return frozenset(str(t.__tablename__) for lineage in OF_AGENCY[agency] for t in LINEAGES[lineage])  # type: ignore[attr-defined]  # every SQLModel table has one
