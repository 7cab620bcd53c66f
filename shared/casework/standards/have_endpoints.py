"""REST call for bed status in EDXL-HAVE."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shared.adapters.documented import Responses
from shared.adapters.http import Reader, TransactionalRoute
from shared.casework.disclosures.words import Language
from shared.casework.standards.have import document
from shared.casework.standards.known import board

router = APIRouter(prefix="/edxl", tags=["standards"], route_class=TransactionalRoute)
XML = "application/xml"
CONTENT: Responses = {200: {"content": {XML: {"schema": {"type": "string"}}}}}


@router.get("/have", response_class=Response, responses=CONTENT)
async def read_edxl_have(
    desk: Reader, language: Annotated[Language, Query(description="In which language names are")] = Language.KK
) -> Response:
    """The bed board as one EDXL-HAVE 1.0 document: who has how many places, and how many of them are free."""
    return Response(document(await board(desk), language), media_type=XML)
