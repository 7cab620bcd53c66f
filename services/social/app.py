"""The social service."""

from fastapi import FastAPI

import services.social as this
from services.social import endpoints, handlers, statistics
from shared.adapters.settings import Settings
from shared.casework.app import AgencyParts
from shared.casework.app import create_app as create
from shared.casework.reports.endpoints import router as reports
from shared.contract.vocabulary import Agency

PARTS = AgencyParts(
    agency=Agency.SOCIAL,
    mandate=this.__doc__ or "",
    routers=(reports, endpoints.router),
    handlers=handlers.HANDLERS,
    statistics=statistics.TABLES,
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
