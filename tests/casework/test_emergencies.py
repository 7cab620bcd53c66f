"""A danger to life that another declared counts here for 72 hours at most, whatever the event says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from deploy.network import Network
from shared.adapters.jetstream import directed_subject
from shared.adapters.seal import seal
from shared.adapters.tables import InboxRow
from shared.casework.referrals import store as referrals
from shared.contract.events import Envelope, Payload, ReferralRequested, cloud_type
from shared.contract.grounds import Emergency, Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose, SubjectRole
from tests.workbench import Bench, bench, node_of

POLICE, SHELTER = "police-19", "shelter-far-19"
LONGEST, SECOND = timedelta(hours=72), timedelta(seconds=1)


@pytest.fixture
async def police(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.POLICE) as service:
        yield service


async def arrive(police: Bench, declared_at: datetime) -> tuple[InboxRow, UUID]:
    """A shelter's call for help, on an emergency that says it lasts for ever."""
    for_ever = Emergency(
        id=uuid4(), declared_by=SHELTER, declared_at=declared_at, until=datetime.max.replace(tzinfo=UTC)
    )
    event = ReferralRequested(
        referral_id=uuid4(),
        purpose=Purpose.PROTECTION_OF_LIFE,
        subject=SubjectRole.VICTIM,
        call_back="+7 727 000 01 02",
    )
    grounds = Grounds(basis=Basis.EMERGENCY, purpose=Purpose.PROTECTION_OF_LIFE, emergency=for_ever)
    letter = Envelope(
        id=uuid4(),
        type=cloud_type(event.type),
        source="/nodes/shelter",
        subject=str(event.referral_id),
        time=police.clock(),
        sender=SHELTER,
        recipient=POLICE,
        data=Payload(grounds=grounds, content=event),
    )
    payload = seal(node_of(police.network, Agency.SHELTER), letter.model_dump_json().encode(), recipient="police")
    await police.inbox.receive(directed_subject("shelter", "police"), payload)
    async with police.work() as work:
        return (await work.session.exec(select(InboxRow))).one(), for_ever.id


async def test_after_seventy_two_hours_nothing_arrives_on_it(police: Bench) -> None:
    row, _ = await arrive(police, police.clock() - LONGEST)
    assert (row.state, row.rule) == ("refused", "F-NO-EMERGENCY")


async def test_before_that_it_arrives_and_its_copy_is_for_the_rest_of_that_time(police: Bench) -> None:
    row, emergency = await arrive(police, police.clock() - LONGEST + SECOND)
    assert row.state == "applied"
    async with police.work() as work:
        (copy,) = await referrals.on_emergency(work.session, organisation_id=POLICE, emergency_id=emergency)
        assert copy.basis_until == police.clock() + SECOND
