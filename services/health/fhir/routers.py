"""All of FHIR, under `/v1/fhir`, in the order in which a path is looked for."""

from services.health.fhir.communications import router as communications
from services.health.fhir.consents import patients
from services.health.fhir.consents import router as consents
from services.health.fhir.metadata import others
from services.health.fhir.metadata import router as metadata
from services.health.fhir.organisations import router as organizations
from services.health.fhir.organisations import services as healthcare_services
from services.health.fhir.procedures import router as procedures
from services.health.fhir.service_requests import router as service_requests
from services.health.fhir.tasks import router as tasks

RESOURCES = (
    tasks,
    service_requests,
    procedures,
    communications,
    consents,
    patients,
    organizations,
    healthcare_services,
)

ROUTERS = (metadata, *RESOURCES, others)
