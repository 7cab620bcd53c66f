"""Preventive conversations at the desk (F12): recorded from a person's page; of others' only that one was held."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.adapters import paging
from shared.adapters.http import Reader, Writer, found
from shared.casework.conversations import endpoints as api
from shared.casework.persons.endpoints import read_person
from shared.contract.conversation import ConversationPlace, Representative
from shared.desk.names import names_of
from shared.desk.pages import PageRoute, form, person_in, query, render
from shared.desk.sessions import PATH

router = APIRouter(prefix="/conversations", route_class=PageRoute)


@router.get("")
async def conversations(request: Request, desk: Reader, cursor: paging.Cursor = None) -> Response:
    """Those that were held here, or that we were told of, the newest first."""
    page = await api.list_conversations(desk, cursor=cursor, limit=20)
    return render(request, "conversations.html", page=page, names=await names_of(desk, request))


@router.get("/record")
async def ask(request: Request, desk: Writer) -> Response:
    """The form: with whom it was held is whose page led here."""
    whom = found(person_in(query(request)), "person")
    return render(
        request,
        "conversation_form.html",
        person=await read_person(whom, desk, Response()),
        places=list(ConversationPlace),
        representatives=list(Representative),
    )


@router.post("")
async def record(request: Request, desk: Writer) -> Response:
    """Record it: that it was held is told at once, and what was said to nobody."""
    said: dict[str, Any] = {"forewarned": False} | await form(request)
    beside = said.pop("beside", None)
    if isinstance(beside, dict) and "kind" in beside:
        said["present"] = [{"alleged_offender": False} | beside]
    return _to((await api.record_conversation(api.NewConversation.model_validate(said), desk, Response())).id)


@router.get("/{conversation_id}")
async def conversation(request: Request, conversation_id: UUID, desk: Reader) -> Response:
    """One of them."""
    shown = await api.read_conversation(conversation_id, desk)
    return render(request, "conversation.html", conversation=shown, names=await names_of(desk, request))


def _to(conversation_id: UUID) -> Response:
    return RedirectResponse(f"{PATH}/conversations/{conversation_id}", status_code=303)
