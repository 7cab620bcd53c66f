"""The shelters' service: what is its own, as literal tables."""

from pathlib import Path

from fastapi import FastAPI

import services.shelter as this
from services.shelter.refusals import entries as refusals_filed
from services.shelter.refusals import statistics as refusals_counted
from services.shelter.refusals.endpoints import router as refusals
from services.shelter.refusals.handlers import on_refusal_notice_acknowledged
from services.shelter.refusals.pages import router as refusals_page
from shared.adapters.settings import Settings
from shared.casework.app import create_app as create
from shared.casework.appointments.endpoints import router as appointments
from shared.casework.assessments.taking_part import answering as answering_assessments
from shared.casework.orders.ending import end_received_orders
from shared.casework.orders.handlers import on_order_breached, on_order_told
from shared.casework.orders.reading import router as orders
from shared.casework.parts import AgencyParts
from shared.casework.reports.endpoints import router as reports
from shared.casework.units import entries as stays_filed
from shared.casework.units import statistics as stays_counted
from shared.casework.units.announcements import counts
from shared.casework.units.endpoints import router as units
from shared.casework.units.handlers import on_referral_requested_hold_bed
from shared.casework.walls.endpoints import router as walls
from shared.casework.warnings.handlers import on_repetition_warned
from shared.contract.vocabulary import Agency, EventType
from shared.desk.assessments import answering as answering_page
from shared.desk.orders import router as orders_page
from shared.desk.parts import PAGES
from shared.desk.reports import writing as report_page
from shared.desk.sessions import delete_ended
from shared.desk.units import router as our_beds
from shared.desk.walls import router as walls_page

PARTS = AgencyParts(
    agency=Agency.SHELTER,
    mandate=this.__doc__ or "",
    routers=(units, reports, refusals, orders, walls, appointments, answering_assessments),
    handlers={
        EventType.REFERRAL_REQUESTED: (on_referral_requested_hold_bed,),
        EventType.REFUSAL_NOTICE_ACKNOWLEDGED: (on_refusal_notice_acknowledged,),
        EventType.ORDER_ISSUED: (on_order_told,),
        EventType.ORDER_CHANGED: (on_order_told,),
        EventType.ORDER_BREACHED: (on_order_breached,),
        EventType.REPETITION_WARNED: (on_repetition_warned,),
    },
    statistics=(*stays_counted.TABLES, *refusals_counted.TABLES),
    announcements=(counts,),
    clocks=(end_received_orders, delete_ended),
    pages=(
        *PAGES,
        report_page,
        orders_page,
        answering_page,
        our_beds,
        refusals_page,
        walls_page,
    ),
    templates=(Path(__file__).parent / "templates",),
    files=(
        stays_filed.SOURCE,
        refusals_filed.SOURCE,
    ),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
