"""The health service: what is its own, as literal tables."""

from pathlib import Path

from fastapi import FastAPI

import services.health as this
from services.health.admissions import entries as admissions_filed
from services.health.admissions.endpoints import router as admissions
from services.health.admissions.pages import router as admissions_page
from services.health.examinations import entries as examinations_filed
from services.health.examinations import statistics as examinations_counted
from services.health.examinations.endpoints import router as examinations
from services.health.examinations.pages import router as examinations_page
from services.health.fhir.routers import ROUTERS as FHIR
from services.health.treatment.endpoints import router as treatment
from services.health.treatment.pages import router as treatment_page
from services.health.voluntary import entries as voluntary_filed
from services.health.voluntary.endpoints import router as voluntary
from services.health.voluntary.pages import router as voluntary_page
from shared.adapters.settings import Settings
from shared.casework.app import create_app as create
from shared.casework.appointments.endpoints import router as appointments
from shared.casework.assessments.taking_part import answering as answering_assessments
from shared.casework.comparisons.clock import look_after_comparisons
from shared.casework.comparisons.endpoints import router as comparisons
from shared.casework.comparisons.handlers import on_register_compared
from shared.casework.guardianship import entries as guardianship_filed
from shared.casework.guardianship.asking import router as guardians
from shared.casework.guardianship.handlers import on_guardian_answered
from shared.casework.guardianship.reading import router as guardian_requests
from shared.casework.orders.ending import end_received_orders
from shared.casework.orders.handlers import on_order_told
from shared.casework.orders.reading import router as orders
from shared.casework.parts import AgencyParts
from shared.casework.programmes import entries as programmes_filed
from shared.casework.programmes import statistics as programmes_counted
from shared.casework.programmes.endpoints import router as programmes
from shared.casework.programmes.enrolling import router as enrolments
from shared.casework.programmes.handlers import on_referral_moved_end_enrolments
from shared.casework.registers.endpoints import router as registers
from shared.casework.reports.endpoints import router as reports
from shared.casework.treatment import entries as treatment_filed
from shared.casework.treatment.clock import end_treatments
from shared.casework.treatment.endpoints import router as treatment_paths
from shared.casework.treatment.handlers import on_treatment_told
from shared.casework.units import entries as stays_filed
from shared.casework.units import statistics as stays_counted
from shared.casework.units.announcements import counts
from shared.casework.units.endpoints import router as units
from shared.casework.units.handlers import on_referral_requested_hold_bed
from shared.casework.walls.endpoints import router as walls
from shared.contract.vocabulary import Agency, EventType
from shared.desk.assessments import answering as answering_page
from shared.desk.comparisons import router as comparisons_page
from shared.desk.guardianship import asking as guardian_asking_page
from shared.desk.guardianship import reading as guardian_page
from shared.desk.orders import router as orders_page
from shared.desk.parts import PAGES
from shared.desk.programmes import router as programmes_page
from shared.desk.registers import router as registers_page
from shared.desk.reports import writing as report_page
from shared.desk.sessions import delete_ended
from shared.desk.treatment import router as treatments_page
from shared.desk.units import router as our_beds
from shared.desk.walls import router as walls_page

PARTS = AgencyParts(
    agency=Agency.HEALTH,
    mandate=this.__doc__ or "",
    routers=(
        units,
        programmes,
        enrolments,
        reports,
        examinations,
        admissions,
        orders,
        walls,
        appointments,
        answering_assessments,
        registers,
        comparisons,
        treatment_paths,
        treatment,
        voluntary,
        guardians,
        guardian_requests,
        *FHIR,
    ),
    handlers={
        EventType.REFERRAL_REQUESTED: (on_referral_requested_hold_bed,),
        EventType.REFERRAL_MOVED: (on_referral_moved_end_enrolments,),
        EventType.TREATMENT_MATERIALS_SENT: (on_treatment_told,),
        EventType.TREATMENT_MOVED: (on_treatment_told,),
        EventType.TREATMENT_DECIDED: (on_treatment_told,),
        EventType.TREATMENT_ENDED: (on_treatment_told,),
        EventType.GUARDIAN_ANSWERED: (on_guardian_answered,),
        EventType.ORDER_ISSUED: (on_order_told,),
        EventType.ORDER_CHANGED: (on_order_told,),
        EventType.REGISTER_COMPARED: (on_register_compared,),
    },
    statistics=(*stays_counted.TABLES, *programmes_counted.TABLES, *examinations_counted.TABLES),
    announcements=(counts,),
    clocks=(end_received_orders, look_after_comparisons, end_treatments, delete_ended),
    templates=(Path(__file__).parent / "templates",),
    pages=(
        *PAGES,
        report_page,
        orders_page,
        programmes_page,
        answering_page,
        our_beds,
        treatments_page,
        treatment_page,
        voluntary_page,
        guardian_asking_page,
        guardian_page,
        admissions_page,
        examinations_page,
        registers_page,
        comparisons_page,
        walls_page,
    ),
    files=(
        stays_filed.SOURCE,
        programmes_filed.SOURCE,
        examinations_filed.SOURCE,
        admissions_filed.SOURCE,
        treatment_filed.SOURCE,
        voluntary_filed.SOURCE,
        guardianship_filed.SOURCE,
    ),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
