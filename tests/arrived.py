"""What came to the police, as if it had been sent: for tests of one service alone."""

from uuid import UUID

from shared.casework.referrals.store import Parties
from shared.casework.reports import store as reports
from shared.contract.decisions import owed
from shared.contract.events import ViolenceReported
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose, Side, SubjectRole, ViolenceKind
from tests.workbench import Bench

ON_DUTY = Grounds(basis=Basis.STATUTORY_DUTY, purpose=Purpose.STATUTORY_REPORT)


async def a_report(police: Bench, organisation: str, *, report_id: UUID, sender: str = "shelter-near-19") -> None:
    """A shelter's report on the duty."""
    event = ViolenceReported(report_id=report_id, subject=SubjectRole.VICTIM, kinds=(ViolenceKind.PHYSICAL,))
    ends = {"sender": Agency.SHELTER, "recipient": Agency.POLICE}
    async with police.work(organisation) as work:
        await reports.keep(
            work.session,
            event=event,
            grounds=ON_DUTY,
            side=Side.RECEIVER,
            parties=Parties(ours=organisation, theirs=sender),
            duty=owed(event.type, **ends, subject=SubjectRole.VICTIM, at=work.now),
            now=work.now,
        )
