"""The health service."""

from fastapi import FastAPI

import services.health as this
from services.health import endpoints, handlers, statistics
from shared.adapters.settings import Settings
from shared.casework.app import AgencyParts
from shared.casework.app import create_app as create
from shared.casework.reports.endpoints import router as reports
from shared.casework.units.announcements import counts
from shared.casework.units.endpoints import router as units
from shared.contract.vocabulary import Agency

PARTS = AgencyParts(
    agency=Agency.HEALTH,
    mandate=this.__doc__ or "",
    routers=(units, reports, endpoints.router),
    handlers=handlers.HANDLERS,
    statistics=statistics.TABLES,
    announcements=(counts,),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
