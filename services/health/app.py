"""The health service: what is its own, as literal tables."""

from fastapi import FastAPI

import services.health as this
from services.health.admissions.endpoints import router as admissions
from services.health.examinations import statistics as examinations_counted
from services.health.examinations.endpoints import router as examinations
from shared.adapters.settings import Settings
from shared.casework.app import create_app as create
from shared.casework.appointments.endpoints import router as appointments
from shared.casework.parts import AgencyParts
from shared.casework.reports.endpoints import router as reports
from shared.casework.units import statistics as stays_counted
from shared.casework.units.announcements import counts
from shared.casework.units.endpoints import router as units
from shared.casework.units.handlers import on_referral_requested_hold_bed
from shared.casework.walls.endpoints import router as walls
from shared.contract.vocabulary import Agency, EventType

PARTS = AgencyParts(
    agency=Agency.HEALTH,
    mandate=this.__doc__ or "",
    routers=(units, reports, examinations, admissions, walls, appointments),
    handlers={EventType.REFERRAL_REQUESTED: (on_referral_requested_hold_bed,)},
    statistics=(*stays_counted.TABLES, *examinations_counted.TABLES),
    announcements=(counts,),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
