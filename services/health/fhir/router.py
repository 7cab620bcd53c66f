"""All of FHIR, under `/v1/fhir`."""

from fastapi import APIRouter

from services.health.fhir.service_requests import router as service_requests
from services.health.fhir.tasks import router as tasks

ROUTERS = (tasks, service_requests)

router = APIRouter(prefix="/fhir")
for one in ROUTERS:
    router.include_router(one)
