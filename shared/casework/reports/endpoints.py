"""The REST call that reports violence to the police: at shelters, health and social services."""

from fastapi import APIRouter, Response

from shared.adapters.audit import Action
from shared.adapters.documented import problems
from shared.adapters.http import OnceKey, TransactionalRoute, Writer, note
from shared.casework.disclosures.endpoints import Withheld, explain, refused
from shared.casework.reports.reading import Report, shown
from shared.casework.reports.sending import NewReport, compose, send
from shared.contract.decisions import withheld_fields

router = APIRouter(prefix="/violence-reports", tags=["reports"], route_class=TransactionalRoute)


class SentReport(Report):
    """A report as it left, and what was withheld by which rule."""

    withheld: list[Withheld]


@router.post("", status_code=201, responses=problems(404, 410))
async def report_violence(body: NewReport, desk: Writer, response: Response, _: OnceKey = None) -> SentReport:
    """Report violence or a threat of it to the police, at once. An alarm is given if it has not arrived in time."""
    outgoing = await compose(desk, body)
    row, emitted = await send(desk, outgoing)
    if row is None:
        raise refused(emitted.decision)
    await note(desk, Action.RECORDED, row.id, person_id=row.person_id, what="violence_report")
    response.headers["Location"] = f"/v1/violence-reports/{row.id}"
    withheld = explain(withheld_fields(outgoing.event, emitted.decision))
    return SentReport(**(await shown(desk, [row]))[0].model_dump(), withheld=withheld)
