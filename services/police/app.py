"""The police service: what is its own, as literal tables."""

from pathlib import Path

from fastapi import FastAPI

import services.police as this
from services.police.incidents import entries as incidents_filed
from services.police.incidents import statistics as incidents_counted
from services.police.incidents.endpoints import router as incidents
from services.police.incidents.pages import router as incidents_page
from services.police.orders import entries as orders_filed
from services.police.orders import statistics as orders_counted
from services.police.orders.clock import end_orders
from services.police.orders.endpoints import router as orders
from services.police.orders.handlers import on_referral_taken_on
from services.police.orders.in_letters import order_told
from services.police.orders.pages import router as orders_page
from services.police.refusal_notices.endpoints import router as refusal_notices
from services.police.refusal_notices.handlers import on_refusal_notice_issued
from services.police.refusal_notices.pages import router as notices_page
from services.police.reports.endpoints import router as registering
from services.police.reports.pages import router as registering_page
from services.police.treatment.endpoints import router as treatment
from services.police.treatment.pages import router as treatment_page
from shared.adapters.settings import Settings
from shared.casework.app import create_app as create
from shared.casework.assessments.proposing import router as proposing_assessments
from shared.casework.comparisons.clock import look_after_comparisons
from shared.casework.comparisons.endpoints import router as comparisons
from shared.casework.comparisons.handlers import on_register_compared
from shared.casework.letters.endpoints import router as letters
from shared.casework.letters.recalls import router as recalls
from shared.casework.parts import AgencyParts
from shared.casework.registers.endpoints import router as registers
from shared.casework.reports.handlers import on_reported
from shared.casework.treatment import entries as treatment_filed
from shared.casework.treatment.clock import end_treatments
from shared.casework.treatment.endpoints import router as treatment_paths
from shared.casework.treatment.handlers import on_treatment_told
from shared.casework.warnings.sharing import router as sharing
from shared.contract.vocabulary import Agency, EventType
from shared.desk.comparisons import router as comparisons_page
from shared.desk.letters import router as letters_page
from shared.desk.parts import PAGES
from shared.desk.proposing import router as proposing_page
from shared.desk.registers import router as registers_page
from shared.desk.sessions import delete_ended
from shared.desk.treatment import router as treatments_page
from shared.desk.warnings import sharing as sharing_page

PARTS = AgencyParts(
    agency=Agency.POLICE,
    mandate=this.__doc__ or "",
    routers=(
        incidents,
        orders,
        refusal_notices,
        registering,
        sharing,
        proposing_assessments,
        registers,
        comparisons,
        letters,
        recalls,
        treatment_paths,
        treatment,
    ),
    handlers={
        EventType.REFUSAL_NOTICE_ISSUED: (on_refusal_notice_issued,),
        EventType.VIOLENCE_REPORTED: (on_reported,),
        EventType.ADMISSION_REPORTED: (on_reported,),
        EventType.REFERRAL_MOVED: (on_referral_taken_on,),
        EventType.REGISTER_COMPARED: (on_register_compared,),
        EventType.EXAMINATION_EVADED: (on_treatment_told,),
        EventType.TREATMENT_MOVED: (on_treatment_told,),
        EventType.TREATMENT_DECIDED: (on_treatment_told,),
        EventType.TREATMENT_ENDED: (on_treatment_told,),
    },
    statistics=(*incidents_counted.TABLES, *orders_counted.TABLES),
    clocks=(end_orders, look_after_comparisons, end_treatments, delete_ended),
    pages=(
        *PAGES,
        notices_page,
        registering_page,
        orders_page,
        letters_page,
        proposing_page,
        treatments_page,
        treatment_page,
        incidents_page,
        sharing_page,
        registers_page,
        comparisons_page,
    ),
    templates=(Path(__file__).parent / "templates",),
    order_told=order_told,
    files=(
        incidents_filed.SOURCE,
        orders_filed.SOURCE,
        treatment_filed.SOURCE,
    ),
)


def create_app(settings: Settings) -> FastAPI:
    """The service, from its settings."""
    return create(PARTS, settings)
