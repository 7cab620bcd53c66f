"""The social service: what is its own, as literal tables."""

from pathlib import Path

from fastapi import FastAPI

import services.social as this
from services.social.plans import entries as plans_filed
from services.social.plans import statistics as plans_counted
from services.social.plans.endpoints import router as plans
from services.social.plans.handlers import on_referral_moved_close_plans
from services.social.plans.pages import router as plans_page
from services.social.plans.reading import router as reading_plans
from services.social.plans.steps import router as steps_of_plans
from services.social.region.endpoints import router as region
from services.social.region.handlers import on_statistics_published
from services.social.region.pages import router as region_page
from shared.adapters.settings import Settings
from shared.casework.agreements.drafting import router as drafting
from shared.casework.app import create_app as create
from shared.casework.appointments.endpoints import router as appointments
from shared.casework.assessments.taking_part import answering as answering_assessments
from shared.casework.comparisons.clock import look_after_comparisons
from shared.casework.comparisons.endpoints import router as comparisons
from shared.casework.comparisons.handlers import on_register_compared
from shared.casework.guardianship import entries as guardianship_filed
from shared.casework.guardianship.answering import router as guardianship
from shared.casework.guardianship.handlers import on_guardian_asked
from shared.casework.guardianship.reading import router as guardian_requests
from shared.casework.letters.endpoints import router as letters
from shared.casework.letters.recalls import router as recalls
from shared.casework.orders.ending import end_received_orders
from shared.casework.orders.handlers import on_order_breached, on_order_told
from shared.casework.orders.reading import router as orders
from shared.casework.parts import AgencyParts
from shared.casework.programmes import entries as programmes_filed
from shared.casework.programmes import statistics as programmes_counted
from shared.casework.programmes.endpoints import router as programmes
from shared.casework.programmes.enrolling import router as enrolments
from shared.casework.programmes.handlers import on_referral_moved_end_enrolments
from shared.casework.registers.endpoints import router as registers
from shared.casework.reports.endpoints import router as reports
from shared.casework.walls.endpoints import router as walls
from shared.casework.warnings.handlers import on_repetition_warned
from shared.contract.vocabulary import Agency, EventType
from shared.desk.assessments import answering as answering_page
from shared.desk.comparisons import router as comparisons_page
from shared.desk.drafting import router as drafting_page
from shared.desk.guardianship import answering as guardian_answering_page
from shared.desk.guardianship import reading as guardian_page
from shared.desk.letters import router as letters_page
from shared.desk.orders import router as orders_page
from shared.desk.parts import PAGES
from shared.desk.programmes import router as programmes_page
from shared.desk.registers import router as registers_page
from shared.desk.reports import writing as report_page
from shared.desk.sessions import delete_ended
from shared.desk.walls import router as walls_page

PARTS = AgencyParts(
    agency=Agency.SOCIAL,
    mandate=this.__doc__ or "",
    routers=(
        letters,
        recalls,
        reports,
        plans,
        reading_plans,
        steps_of_plans,
        programmes,
        enrolments,
        orders,
        walls,
        appointments,
        drafting,
        answering_assessments,
        registers,
        comparisons,
        region,
        guardianship,
        guardian_requests,
    ),
    handlers={
        EventType.REFERRAL_MOVED: (on_referral_moved_end_enrolments, on_referral_moved_close_plans),
        EventType.GUARDIAN_ASKED: (on_guardian_asked,),
        EventType.ORDER_ISSUED: (on_order_told,),
        EventType.ORDER_CHANGED: (on_order_told,),
        EventType.ORDER_BREACHED: (on_order_breached,),
        EventType.REPETITION_WARNED: (on_repetition_warned,),
        EventType.REGISTER_COMPARED: (on_register_compared,),
        EventType.STATISTICS_PUBLISHED: (on_statistics_published,),
    },
    statistics=(*plans_counted.TABLES, *programmes_counted.TABLES),
    clocks=(end_received_orders, look_after_comparisons, delete_ended),
    pages=(
        *PAGES,
        report_page,
        orders_page,
        letters_page,
        drafting_page,
        programmes_page,
        answering_page,
        plans_page,
        guardian_answering_page,
        guardian_page,
        registers_page,
        comparisons_page,
        region_page,
        walls_page,
    ),
    templates=(Path(__file__).parent / "templates",),
    files=(
        plans_filed.SOURCE,
        programmes_filed.SOURCE,
        guardianship_filed.SOURCE,
    ),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
