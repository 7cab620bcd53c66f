"""Which tables and which lineages of migrations each agency's database has."""

from services.health import tables as health
from services.police import tables as police
from services.shelter import tables as shelter
from services.social import tables as social
from shared.adapters import audit_tables as record
from shared.adapters import tables as exchange
from shared.adapters import vault_tables as vault
from shared.casework.beds import tables as beds
from shared.casework.consents import tables as consents
from shared.casework.deadlines import tables as deadlines
from shared.casework.directory import tables as directory
from shared.casework.emergencies import tables as emergencies
from shared.casework.messages import tables as messages
from shared.casework.persons import tables as persons
from shared.casework.referrals import tables as referrals
from shared.casework.reports import tables as reports
from shared.casework.statistics import tables as statistics
from shared.casework.units import tables as units
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
        *statistics.TABLES,
    ),
    "units": units.TABLES,
    "police": police.TABLES,
    "shelter": shelter.TABLES,
    "health": health.TABLES,
    "social": social.TABLES,
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
