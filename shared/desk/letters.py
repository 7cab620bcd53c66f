"""Letters to partners without a service at the desk (F5, F10): written, printed, confirmed, recalled on paper."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Desk, Reader, Writer, found
from shared.casework.consents.of_person import list_consents
from shared.casework.disclosures.words import Language
from shared.casework.letters import endpoints as api
from shared.casework.letters import recalls
from shared.casework.letters.composing import NewLetter
from shared.casework.persons.endpoints import read_person
from shared.contract.calendar import local_day
from shared.contract.policy import PERMITS
from shared.contract.vocabulary import Basis, EventType, Need, Purpose, RecallEnd, SubjectRole
from shared.desk.fields import FIELDS
from shared.desk.language import of_request
from shared.desk.names import Names
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/letters", route_class=PageRoute)
ROWS = [row for row in PERMITS if EventType.LETTER_WRITTEN in row.events]
WRITERS = frozenset(agency for row in ROWS for agency in row.senders)
# What a letter can be for; that of an order comes from the order's page.
PURPOSES = [one for one in Purpose if one is not Purpose.PROTECTION_ORDER and any(one in row.purposes for row in ROWS)]


@router.get("")
async def letters(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were written here, the newest first."""
    page = await api.list_letters(desk, cursor=cursor, limit=20)
    return render(request, "letters.html", page=page, names=await _partners(desk, request), today=local_day(desk.now))


async def _partners(desk: Desk, request: Request) -> Names:
    """The names of the partners, by their ids."""
    speaks = of_request(request)
    known = (await api.list_partners(desk)).items
    return Names({one.id: str(getattr(one, f"name_{speaks}")) for one in known})


@router.get("/write")
async def ask(request: Request, desk: Writer) -> Response:
    """The form: about the person, and of the order, whose page led here."""
    said = query(request)
    person = await read_person(found(person_in(said), "person"), desk, Response())
    order = person_in(said, "order")
    purpose = Purpose.PROTECTION_ORDER if order else None
    consents = [one for one in (await list_consents(person.id, desk)).items if one.end is None]
    return render(
        request,
        "letter_form.html",
        person=person,
        order=order,
        partners=await _partners(desk, request),
        purposes=[purpose] if purpose else PURPOSES,
        consents=consents,
        on_duty=order is not None and person.role is SubjectRole.ALLEGED_OFFENDER,
        needs=list(Need),
    )


@router.post("")
async def write(request: Request, desk: Writer) -> Response:
    """Write it, as far as policy lets it leave."""
    said = await form(request)
    whom = found(person_in(said, "person_id"), "person")
    role = (await read_person(whom, desk, Response())).role
    body = NewLetter.model_validate({**said, "subject": role, "basis": _basis(said)})
    written = await api.write_letter(body, desk, request, Response())
    return _to(written.id)


def _basis(said: dict[str, Any]) -> dict[str, Any]:
    """As the API takes it: a basis that is a consent is chosen by the consent's id."""
    basis = said.get("basis")
    return {"kind": basis} if basis in set(Basis) else {"kind": Basis.CONSENT, "consent_id": basis}


@router.get("/{letter_id}")
async def letter(request: Request, letter_id: UUID, desk: Reader) -> Response:
    """All that a letter says, and what is waited for."""
    return render(
        request,
        "letter.html",
        letter=await api.read_letter(letter_id, desk),
        names=await _partners(desk, request),
        known_fields=set(FIELDS),
        recall_ends=list(RecallEnd),
        today=local_day(desk.now),
    )


@router.get("/{letter_id}/pdf")
async def as_pdf(request: Request, letter_id: UUID, desk: Reader) -> Response:
    """The letter in the language of the desk, to print and hand over."""
    return await api.print_letter(letter_id, desk, Language(of_request(request)))


@router.get("/{letter_id}/recall")
async def recall(request: Request, letter_id: UUID, desk: Reader) -> Response:
    """That its consent has ended, to print and hand over."""
    return await recalls.print_recall(letter_id, desk, Language(of_request(request)))


@router.post("/{letter_id}/confirm")
async def confirm(request: Request, letter_id: UUID, desk: Writer) -> Response:
    """The signed page came back."""
    await api.confirm_letter(letter_id, api.Confirmation.model_validate(await form(request)), desk)
    return _to(letter_id)


@router.post("/{letter_id}/recall")
async def end_recall(request: Request, letter_id: UUID, desk: Writer) -> Response:
    """What came of telling the partner that the consent has ended."""
    await recalls.end_recall(letter_id, recalls.RecallDone.model_validate(await form(request)), desk)
    return _to(letter_id)


def _to(letter_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/letters/{letter_id}", status_code=303)
