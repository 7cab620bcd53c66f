"""The police service."""

from fastapi import FastAPI

import services.police as this
from services.police import endpoints, handlers, statistics
from shared.adapters.settings import Settings
from shared.casework.app import AgencyParts
from shared.casework.app import create_app as create
from shared.contract.vocabulary import Agency

PARTS = AgencyParts(
    agency=Agency.POLICE,
    mandate=this.__doc__ or "",
    routers=(endpoints.router,),
    handlers=handlers.HANDLERS,
    statistics=statistics.TABLES,
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
