"""REST calls for the file of a case: as pages, as one JSON document that can be verified, and on paper (PDF)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from shared.adapters import paging
from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import Desk, Reader, TransactionalRoute, found, note
from shared.casework.directory import store as directory
from shared.casework.directory.tables import OrganisationRow
from shared.casework.disclosures.words import Language
from shared.casework.files import store
from shared.casework.files.exporting import Document, checkpoint, digest_of
from shared.casework.files.paper import AsTheyAre, Fields, Paper, cells, write
from shared.casework.files.source import Source, Told
from shared.casework.files.sources import DUE, SOURCES
from shared.casework.letters import store as letters
from shared.casework.letters.tables import PartnerRow
from shared.casework.persons import store as persons
from shared.casework.persons.models import Person, shown
from shared.casework.referrals import store as referrals
from shared.casework.referrals.tables import ReferralRow
from shared.casework.referrals.whom import person_of_referral
from shared.contract.errors import Problem
from shared.contract.filing import Noun, Way, keeping_of, kept_until

router = APIRouter(tags=["files"], route_class=TransactionalRoute)
LONGEST_EXPORT = 2000  # entries
Content = dict[int | str, dict[str, Any]]
PDF: Content = {200: {"content": {"application/pdf": {}}, "description": "The file on paper"}}
Which = Annotated[Language, Query()]


class FileEntry(BaseModel):
    """One entry. `about` is the id by which its own call reads it; `codes` and `content` what it says, as far as that
    may be read now. `kept_until` is null while it is not over, or for good; `kept_by` is the row that says so."""

    id: UUID
    at: datetime
    way: Way
    noun: Noun
    kind: str
    state: str | None
    about: UUID
    referral_id: UUID | None
    counterpart_id: str | None
    codes: dict[str, Any]
    content: dict[str, Any]
    kept_until: datetime | None
    kept_by: str | None


@router.get("/persons/{person_id}/file", responses=problems(410))
async def read_file_of_person(
    person_id: UUID, request: Request, desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[FileEntry]:
    """All that this organisation holds about a person, newest first: sent, received, due, done, withheld."""
    file, _ = await _of_person(desk, person_id)
    return await _page(request, desk, file, cursor, limit)


@router.get("/referrals/{referral_id}/file", responses=problems(410))
async def read_file_of_referral(
    referral_id: UUID, request: Request, desk: Reader, cursor: paging.Cursor = None, limit: paging.Limit = 50
) -> paging.Page[FileEntry]:
    """The same of one referral: all there is where it names nobody."""
    return await _page(request, desk, await _of_referral(desk, referral_id), cursor, limit)


@router.get("/persons/{person_id}/file/json", responses=problems(409, 410))
async def export_file_of_person(person_id: UUID, request: Request, desk: Reader) -> Document[FileEntry]:
    """The whole file as one document, which `qorgau audit document` compares with the record. Problem 409: too long."""
    file, person = await _of_person(desk, person_id)
    return await _document(request, desk, file, person)


@router.get("/referrals/{referral_id}/file/json", responses=problems(409, 410))
async def export_file_of_referral(referral_id: UUID, request: Request, desk: Reader) -> Document[FileEntry]:
    """The same of one referral."""
    return await _document(request, desk, await _of_referral(desk, referral_id), None)


@router.get("/persons/{person_id}/file/pdf", response_class=Response, responses=PDF | problems(409, 410))
async def print_file_of_person(person_id: UUID, request: Request, desk: Reader, language: Which) -> Response:
    """The whole file on paper (PDF), oldest first; what it says is the document's whose digest it bears."""
    return await printed_of_person(request, desk, person_id, language, AsTheyAre())


@router.get("/referrals/{referral_id}/file/pdf", response_class=Response, responses=PDF | problems(409, 410))
async def print_file_of_referral(referral_id: UUID, request: Request, desk: Reader, language: Which) -> Response:
    """The same of one referral."""
    return await printed_of_referral(request, desk, referral_id, language, AsTheyAre())


async def printed_of_person(
    request: Request, desk: Desk, person_id: UUID, language: Language, fields: Fields
) -> Response:
    """The whole file on paper, its fields called as the reader calls them."""
    file, person = await _of_person(desk, person_id)
    return await _printed(request, desk, await _document(request, desk, file, person, form="pdf"), language, fields)


async def printed_of_referral(
    request: Request, desk: Desk, referral_id: UUID, language: Language, fields: Fields
) -> Response:
    """The same of one referral."""
    document = await _document(request, desk, await _of_referral(desk, referral_id), None, form="pdf")
    return await _printed(request, desk, document, language, fields)


async def _of_person(desk: Desk, person_id: UUID) -> tuple[store.File, Person]:
    """Problem 410 for who was erased: their file is gone."""
    row = found(await persons.get(desk.session, organisation_id=desk.organisation, person_id=person_id), "person")
    person = shown(row, await persons.known(desk.session, row))
    return await store.of_person(desk, row), person


async def _of_referral(desk: Desk, referral_id: UUID) -> store.File:
    """Problem 410 where it is about somebody who was erased."""
    whose = desk.organisation
    row: ReferralRow = found(
        await referrals.get(desk.session, organisation_id=whose, referral_id=referral_id), "referral"
    )
    whom = await person_of_referral(desk.session, organisation_id=whose, referral_id=row.id)
    if whom is not None:
        await _of_person(desk, whom)
    return store.of_referral(desk, row)


def _sources(request: Request) -> Sequence[Source]:
    return (*SOURCES, *request.app.state.parts.files)


async def _page(
    request: Request, desk: Desk, file: store.File, cursor: str | None, limit: int
) -> paging.Page[FileEntry]:
    rows = await store.page(desk.session, file=file, sources=_sources(request), cursor=cursor, limit=limit)
    cut, following = paging.cut(rows, limit, at="at")
    await note(desk, Action.READ_FILE, _about(file), person_id=file.person_id, shown=[one.id for one in cut])
    return paging.Page(items=await _told(request, desk, cut), next=following)


async def _told(request: Request, desk: Desk, rows: Sequence[Told]) -> list[FileEntry]:
    """Entries with what may be read of them now, and until when they are kept."""
    said: dict[UUID, dict[str, Any]] = {}
    for source in (*_sources(request), *DUE):
        mine = [one for one in rows if one.kind in source.kinds]
        if mine and source.contents is not None:
            said |= await source.contents(desk, mine)
    return [_entry(desk, one, said.get(one.id, {})) for one in rows]


def _entry(desk: Desk, one: Told, content: dict[str, Any]) -> FileEntry:
    keeping = keeping_of(one.noun, desk.now)
    values = {name: getattr(one, name) for name in Told.__dataclass_fields__ if name != "ended"}
    by = keeping.id if keeping else None
    return FileEntry(**values, content=content, kept_until=kept_until(keeping, one.ended), kept_by=by)


def _about(file: store.File) -> UUID:
    return file.person_id or next(iter(file.referrals))


async def _document(
    request: Request, desk: Desk, file: store.File, person: Person | None, *, form: Literal["json", "pdf"] = "json"
) -> Document[FileEntry]:
    """The whole file. That it was taken away is recorded with its digest, so that the record vouches for it."""
    rows = await store.page(desk.session, file=file, sources=_sources(request), cursor=None, limit=LONGEST_EXPORT)
    if len(rows) > LONGEST_EXPORT:
        raise Problem(409, "too-long-for-a-document", "read the pages of the file instead")
    document = Document[FileEntry](
        organisation_id=desk.organisation,
        about=_about(file),
        person=person.model_dump(mode="json") if person else None,
        taken_at=desk.now,
        entries=await _told(request, desk, rows),
        record=await checkpoint(desk.session, organisation_id=desk.organisation, node=desk.node.name),
    )
    document.digest = digest_of(document.model_dump(mode="json"))
    details: dict[str, Any] = {"what": "file", "form": form, "count": len(rows), "digest": document.digest}
    await note(desk, Action.EXPORTED, _about(file), person_id=file.person_id, **details)
    return document


async def _printed(
    request: Request, desk: Desk, document: Document[FileEntry], language: Language, fields: Fields
) -> Response:
    paper = await _paper(request, desk, document.model_dump(mode="json"), language, fields)
    name = {"Content-Disposition": f'attachment; filename="qorgau-file-{language}.pdf"'}
    return Response(await asyncio.to_thread(write, paper), media_type="application/pdf", headers=name)


async def in_words(
    request: Request, desk: Desk, entries: Sequence[FileEntry], language: Language, fields: Fields
) -> list[tuple[FileEntry, list[str]]]:
    """Entries with what the paper would say of each, in the order of its columns, fields in the reader's words."""
    told = [one.model_dump(mode="json") for one in entries]
    paper = await _paper(request, desk, {"entries": told}, language, fields)
    return [(one, list(cells(said, paper))) for one, said in zip(entries, told, strict=True)]


async def _paper(request: Request, desk: Desk, document: dict[str, Any], language: Language, fields: Fields) -> Paper:
    theirs = {one["counterpart_id"] for one in document["entries"] if one["counterpart_id"]}
    known = await directory.named(desk.session, organisation_ids=theirs | {desk.organisation})
    partners = await letters.partners_named(desk.session, partner_ids=theirs - known.keys())
    names: list[PartnerRow | OrganisationRow] = [*partners, *known.values()]
    return Paper(
        language=language,
        organisation=getattr(known.get(desk.organisation), f"name_{language}", desk.organisation),
        document=document,
        names={row.id: getattr(row, f"name_{language}") for row in names},
        kinds={kind: words for source in (*_sources(request), *DUE) for kind, words in source.kinds.items()},
        at=desk.now,
        fields=fields,
    )
