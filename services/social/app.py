"""The social service: what is its own, as literal tables."""

from fastapi import FastAPI

import services.social as this
from services.social.plans import statistics as plans_counted
from services.social.plans.endpoints import router as plans
from shared.adapters.settings import Settings
from shared.casework.app import create_app as create
from shared.casework.orders.ending import end_received_orders
from shared.casework.orders.handlers import on_order_breached, on_order_told
from shared.casework.orders.reading import router as orders
from shared.casework.parts import AgencyParts
from shared.casework.reports.endpoints import router as reports
from shared.casework.warnings.handlers import on_repetition_warned
from shared.contract.vocabulary import Agency, EventType

PARTS = AgencyParts(
    agency=Agency.SOCIAL,
    mandate=this.__doc__ or "",
    routers=(reports, plans, orders),
    handlers={
        EventType.ORDER_ISSUED: (on_order_told,),
        EventType.ORDER_CHANGED: (on_order_told,),
        EventType.ORDER_BREACHED: (on_order_breached,),
        EventType.REPETITION_WARNED: (on_repetition_warned,),
    },
    statistics=(*plans_counted.TABLES,),
    clocks=(end_received_orders,),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
