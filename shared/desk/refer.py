"""Refer somebody: whom, for what, to whom; then exactly what would leave and what would not; then send."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters.http import Desk, Writer
from shared.casework.consents.of_person import list_consents
from shared.casework.directory.endpoints import list_organisations
from shared.casework.directory.places import places
from shared.casework.disclosures.endpoints import preview_disclosure
from shared.casework.persons.endpoints import read_person
from shared.casework.referrals.endpoints import send_referral
from shared.casework.referrals.sending import NewReferral
from shared.contract.vocabulary import Basis, BedKind, Need, Purpose, Urgency
from shared.desk.bases import as_call
from shared.desk.fields import FIELDS
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.persons import REFERABLE
from shared.desk.sessions import PATH

router = APIRouter(prefix="/refer", route_class=PageRoute)
# Bases that need nothing but saying so; a consent is chosen from the person's, the others are the API's.
WITHOUT_PROOF = (Basis.NO_PERSONAL_DATA, Basis.OWN_REQUEST)


@router.get("")
async def ask(request: Request, desk: Writer) -> Response:
    """The form, for a person of this organisation or without one."""
    return await _form(request, desk, {"person_id": query(request).get("person")})


@router.post("")
async def answer(request: Request, desk: Writer) -> Response:
    """Show what would leave; or, where that was seen, send it."""
    said = await form(request)
    step = said.pop("step", "preview")
    body = NewReferral.model_validate(as_call(said))
    if step == "change":
        return await _form(request, desk, said)
    if step == "send":
        sent = await send_referral(body, desk, Response())
        return RedirectResponse(f"{PATH}/referrals/{sent.id}", status_code=303)
    preview = await preview_disclosure(body, desk)
    names = await names_of(desk, request)
    return render(request, "preview.html", preview=preview, said=flat(said), names=names, known_fields=set(FIELDS))


async def _form(request: Request, desk: Desk, said: dict[str, Any]) -> Response:
    whom = person_in(said, "person_id")
    person = await read_person(whom, desk, Response()) if whom else None
    consents = (await list_consents(person.id, desk)).items if person else []
    return render(
        request,
        "refer.html",
        person=person,
        consents=[one for one in consents if one.end is None],
        bases=WITHOUT_PROOF,
        purposes=[one for one in Purpose if one in REFERABLE],
        organisations=(await list_organisations(desk)).items,
        places=places(),
        kinds=list(BedKind),
        urgencies=list(Urgency),
        needs=list(Need),
        said=said,
    )


def flat(said: dict[str, Any], under: str = "") -> list[tuple[str, str]]:
    """A form's fields again, as names and values, to send them once more."""
    found: list[tuple[str, str]] = []
    for name, value in said.items():
        if isinstance(value, dict):
            found += flat(value, f"{under}{name}.")
        elif isinstance(value, list):
            found += [(f"{under}{name}[]", one) for one in value]
        else:
            found.append((f"{under}{name}{':number' if isinstance(value, int) else ''}", str(value)))
    return found
