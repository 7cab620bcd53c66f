"""The REST call by which the police register a report of violence (F6) or of an admission (F15)."""

from uuid import UUID

from fastapi import APIRouter

from services.police.answering import answer
from shared.adapters.audit import Action
from shared.adapters.http import OnceKey, TransactionalRoute, Writer, found, note
from shared.casework.deadlines import store as deadlines
from shared.casework.reports import store as reports
from shared.casework.reports.reading import Report, shown
from shared.casework.reports.tables import ReportRow
from shared.contract.events import ViolenceReportRegistered
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Basis, Purpose, SubjectRole

router = APIRouter(prefix="/violence-reports", tags=["police"], route_class=TransactionalRoute)
REPORTED = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT)


@router.post("/{report_id}/register")
async def register_report(report_id: UUID, desk: Writer, _: OnceKey = None) -> Report:
    """Register a report of violence or of an admission: its sender is told that, and not what comes of it. Once."""
    row: ReportRow = found(
        await reports.get(desk.session, organisation_id=desk.organisation, report_id=report_id, for_update=True),
        "report",
    )
    if row.registered_at is None:
        row.registered_at = desk.now
        await deadlines.meet(desk.session, organisation_id=desk.organisation, concerning=row.id, at=desk.now)
        event = ViolenceReportRegistered(report_id=row.id, registered_at=desk.now)
        grounds = REPORTED.model_copy(update={"subject": SubjectRole(row.subject)})
        await answer(desk, event, to=row.counterpart_id, concerning=row.id, grounds=grounds)
        await note(desk, Action.CHANGED, row.id, what="violence_report")
    else:
        await note(desk, Action.READ_REPORT, row.id)
    return (await shown(desk, [row]))[0]
