"""The file of a case at the desk (F17): its timeline, and the whole of it to take away."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from shared.adapters import paging
from shared.adapters.http import Desk, Reader
from shared.casework.disclosures.sentences import say
from shared.casework.disclosures.words import Language
from shared.casework.files import endpoints as api
from shared.casework.files.exporting import Document
from shared.casework.files.words import COLUMNS
from shared.desk.language import of_request
from shared.desk.pages import PageRoute, render
from shared.desk.templating import Spoken

router = APIRouter(route_class=PageRoute)
ENTRIES = 15  # of a page: each kind among them is a question of its own
TAKEN_AWAY = {"Content-Disposition": 'attachment; filename="qorgau-file.json"'}


@router.get("/persons/{person_id}/file")
async def file_of_person(request: Request, person_id: UUID, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All that is held about a person, newest first."""
    page = await api.read_file_of_person(person_id, request, desk, cursor, ENTRIES)
    return await _timeline(request, desk, page, f"persons/{person_id}")


@router.get("/persons/{person_id}/file/pdf")
async def print_file_of_person(request: Request, person_id: UUID, desk: Reader) -> Response:
    """The whole of it on paper, in the language of the desk."""
    speaks = of_request(request)
    return await api.printed_of_person(request, desk, person_id, Language(speaks), Spoken(speaks))


@router.get("/persons/{person_id}/file/json")
async def export_file_of_person(request: Request, person_id: UUID, desk: Reader) -> Response:
    """The whole of it as one document."""
    return _document(await api.export_file_of_person(person_id, request, desk))


@router.get("/referrals/{referral_id}/file")
async def file_of_referral(request: Request, referral_id: UUID, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """All that is held about a referral, newest first."""
    page = await api.read_file_of_referral(referral_id, request, desk, cursor, ENTRIES)
    return await _timeline(request, desk, page, f"referrals/{referral_id}")


@router.get("/referrals/{referral_id}/file/pdf")
async def print_file_of_referral(request: Request, referral_id: UUID, desk: Reader) -> Response:
    """The whole of it on paper, in the language of the desk."""
    speaks = of_request(request)
    return await api.printed_of_referral(request, desk, referral_id, Language(speaks), Spoken(speaks))


@router.get("/referrals/{referral_id}/file/json")
async def export_file_of_referral(request: Request, referral_id: UUID, desk: Reader) -> Response:
    """The whole of it as one document."""
    return _document(await api.export_file_of_referral(referral_id, request, desk))


async def _timeline(request: Request, desk: Desk, page: paging.Page[api.FileEntry], whose: str) -> Response:
    speaks = Language(of_request(request))
    return render(
        request,
        "file.html",
        whose=whose,
        headings=[say(column.heading, speaks) for column in COLUMNS],
        rows=await api.in_words(request, desk, page.items, speaks, Spoken(of_request(request))),
        following=page.next,
    )


def _document(document: Document[api.FileEntry]) -> Response:
    return Response(document.model_dump_json(), media_type="application/json", headers=TAKEN_AWAY)
