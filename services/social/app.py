"""The social service: what is its own, as literal tables."""

from fastapi import FastAPI

import services.social as this
from services.social.plans import statistics as plans_counted
from services.social.plans.endpoints import router as plans
from shared.adapters.settings import Settings
from shared.casework.app import create_app as create
from shared.casework.appointments.endpoints import router as appointments
from shared.casework.parts import AgencyParts
from shared.casework.reports.endpoints import router as reports
from shared.casework.walls.endpoints import router as walls
from shared.contract.vocabulary import Agency

PARTS = AgencyParts(
    agency=Agency.SOCIAL,
    mandate=this.__doc__ or "",
    routers=(reports, plans, walls, appointments),
    handlers={},
    statistics=(*plans_counted.TABLES,),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
