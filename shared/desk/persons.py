"""A person at the desk: found, recorded, shown with what they allowed and what left about them."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import Reader, Writer
from shared.casework.consents import endpoints as consents
from shared.casework.consents.of_person import list_consents
from shared.casework.disclosures.endpoints import list_disclosures
from shared.casework.disclosures.of_person import write_letter
from shared.casework.disclosures.words import Language
from shared.casework.persons import endpoints as api
from shared.casework.persons.models import NewPerson, Search
from shared.contract.consent import CONSENTABLE
from shared.contract.vocabulary import RECIPIENTS, Agency, ConsentForm, Grantor, Purpose, Sex, SubjectRole
from shared.desk.language import of_request
from shared.desk.letters import WRITERS
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/persons", route_class=PageRoute)
CONSENT_DAYS = 30
# What a consent given at the desk can open; what else there is, is recorded by the API.
COMMON = tuple(sorted(CONSENTABLE))


@router.get("")
async def look_for(request: Request, desk: Reader) -> Response:
    """Look for somebody, or record them."""
    return render(request, "persons.html", found=None, roles=list(SubjectRole), sexes=list(Sex))


@router.post("/search")
async def search(request: Request, desk: Reader) -> Response:
    """Those whom this organisation knows by that name or number."""
    found = await api.search_persons(Search.model_validate(await form(request)), desk)
    return render(request, "persons.html", found=found.items, roles=list(SubjectRole), sexes=list(Sex))


@router.post("")
async def record(request: Request, desk: Writer) -> Response:
    """Record a person."""
    person = await api.record_person(NewPerson.model_validate(await form(request)), desk, Response())
    return _to(person.id)


@router.get("/{person_id}")
async def person(request: Request, person_id: UUID, desk: Reader) -> Response:
    """What is known of them, what they allowed, and what left."""
    writes = request.app.state.parts.agency in WRITERS
    return render(
        request,
        "person.html",
        person=await api.read_person(person_id, desk, Response()),
        consents=(await list_consents(person_id, desk)).items,
        disclosures=(await list_disclosures(desk, person_id, limit=20)).items,
        purposes=[one for one in Purpose if one in (ALLOWED if writes else CONSENTED)],
        recipients=RECIPIENTS if writes else list(Agency),
        writes=writes,
        categories=COMMON,
        grantors=list(Grantor),
        names=await names_of(desk, request),
    )


REFERABLE = frozenset(
    {
        Purpose.LODGING,
        Purpose.MEDICAL_EXAMINATION,
        Purpose.PSYCHOLOGICAL_HELP,
        Purpose.ADDICTION_TREATMENT,
        Purpose.PSYCHO_CORRECTION,
        Purpose.SEXUAL_HEALTH,
        Purpose.SOCIAL_SERVICES,
        Purpose.RESTORATION_OF_RIGHTS,
    }
)
# What a consent can be for: to be referred somewhere, to be assessed together, to be asked about elsewhere.
CONSENTED = REFERABLE | {Purpose.JOINT_ASSESSMENT, Purpose.INFORMATION_REQUEST}
# And where letters are written, that somebody learns of an order.
ALLOWED = CONSENTED | {Purpose.PROTECTION_ORDER}


@router.post("/{person_id}/consents")
async def allow(request: Request, person_id: UUID, desk: Writer) -> Response:
    """Record what the person said they allow, for thirty days."""
    until = (desk.now + timedelta(days=CONSENT_DAYS)).isoformat()
    said = {"valid_until": until, "form": ConsentForm.SPOKEN, "explained_in": of_request(request)}
    body = consents.NewConsent.model_validate({**said, **await form(request), "person_id": person_id})
    await consents.record_consent(body, desk)
    return _to(person_id)


@router.post("/{person_id}/consents/{consent_id}/withdraw")
async def withdraw(person_id: UUID, consent_id: UUID, desk: Writer) -> Response:
    """The person takes it back: no reason is asked."""
    await consents.withdraw_consent(consent_id, desk)
    return _to(person_id)


@router.get("/{person_id}/letter")
async def letter(request: Request, person_id: UUID, desk: Reader) -> Response:
    """What left about them, as a letter (PDF) in the language of the desk, to print and hand over."""
    return await write_letter(person_id, desk, Language(of_request(request)))


def _to(person_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/persons/{person_id}", status_code=303)
