"""Nodes of two versions: what the newer one adds does no harm to the older one, and what would do harm can't begin."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from deploy.enrol import enrol
from deploy.network import Network, sample_organisations
from deploy.trust_file import rewrite
from shared.adapters.jetstream import directed_subject
from shared.adapters.quarantine import NEWER
from shared.adapters.seal import seal
from shared.adapters.tables import InboxRow, Quarantined
from shared.adapters.trust import Node, load_node
from shared.adapters.trust_list import TRUST
from shared.casework.referrals import reading, store
from shared.contract.decisions import redact
from shared.contract.errors import SealError
from shared.contract.events import Envelope, Payload, ReferralRequested, ShortText, cloud_type
from shared.contract.grounds import NO_PERSONAL_DATA
from shared.contract.vocabulary import Agency, DataCategory, EventType, Purpose, SubjectRole
from tests.workbench import Bench, bench, node_of

POLICE, SHELTER = "police-19", "shelter-far-19"
TO_SHELTER = directed_subject("police", "shelter")


class NewerReferral(ReferralRequested):
    """The same event in the version after this one: a field more that may be left out."""

    pets: Annotated[ShortText | None, DataCategory.NEEDS] = None


class AnyReferral(ReferralRequested):
    """The same event in a version that has more words."""

    urgency: Annotated[str | None, DataCategory.NEEDS] = None  # type: ignore[assignment]  # wider than today's


def asked(model: type[ReferralRequested] = ReferralRequested, **more: Any) -> ReferralRequested:
    return model(referral_id=uuid4(), purpose=Purpose.LODGING, subject=SubjectRole.VICTIM, **more)


def letter(sender: Node, service: Bench, content: ReferralRequested, **changes: Any) -> bytes:
    envelope = Envelope(
        id=uuid4(),
        type=cloud_type(EventType.REFERRAL_REQUESTED),
        source=f"/nodes/{sender.name}",
        subject=str(content.referral_id),
        time=service.clock(),
        sender=POLICE,
        recipient=SHELTER,
        data=Payload(grounds=NO_PERSONAL_DATA.model_copy(update={"purpose": Purpose.LODGING}), content=content),
    )
    return seal(sender, envelope.model_copy(update=changes).model_dump_json().encode(), recipient="shelter")


@pytest.fixture
async def shelter(network: Network) -> AsyncIterator[Bench]:
    async with bench(network, Agency.SHELTER) as service:
        yield service


@pytest.fixture
def police(network: Network) -> Node:
    return node_of(network, Agency.POLICE)


async def content_of(shelter: Bench, referral: UUID) -> dict[str, Any] | None:
    async with shelter.work(SHELTER) as work:
        row = await store.get(work.session, organisation_id=SHELTER, referral_id=referral)
        assert row is not None
        return await reading.readable(work, row, (await store.contents(work.session, [row]))[0])


async def test_a_newer_nodes_referral_is_taken_in_and_its_new_field_waits_for_the_upgrade(
    shelter: Bench, police: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = asked(NewerReferral, call_back="102", pets="a dog")
    await shelter.inbox.receive(TO_SHELTER, letter(police, shelter, event))
    today = await content_of(shelter, event.referral_id)
    monkeypatch.setattr(reading, "ReferralRequested", NewerReferral)
    upgraded = await content_of(shelter, event.referral_id)
    assert today is not None
    assert upgraded is not None
    assert (today["call_back"], today["pets"]) == ("102", None)
    assert (upgraded["call_back"], upgraded["pets"]) == ("102", "a dog")


async def test_an_older_nodes_referral_has_nothing_where_this_version_has_a_field(shelter: Bench, police: Node) -> None:
    fields = {"referral_id", "purpose", "subject"}
    event = asked()
    older = ReferralRequested.model_construct(fields, **event.model_dump(include=fields))
    await shelter.inbox.receive(TO_SHELTER, letter(police, shelter, older))
    content = await content_of(shelter, event.referral_id)
    assert content is not None
    assert content["call_back"] is None


async def test_a_field_that_nobody_here_knows_never_leaves_again() -> None:
    known = ReferralRequested.model_validate(asked(NewerReferral, pets="a dog").model_dump())
    assert known.model_extra == {"pets": "a dog"}
    assert "pets" not in redact(known, frozenset(DataCategory)).model_dump()
    assert known.model_extra == {"pets": "a dog"}


async def test_an_event_of_a_kind_or_with_a_code_that_only_a_newer_node_knows_waits_and_stops_nobody(
    shelter: Bench, police: Node
) -> None:
    for_later = [
        letter(police, shelter, asked(), type="kz.qorgau.horoscope.cast.v1"),
        letter(police, shelter, asked(), type="kz.qorgau.referral.requested.v2"),
        letter(police, shelter, asked(AnyReferral, urgency="yesterday")),
    ]
    for token in (*for_later, letter(police, shelter, asked())):
        await shelter.inbox.receive(TO_SHELTER, token)
    async with shelter.work() as work:
        waiting = (await work.session.exec(select(Quarantined.reason))).all()
        taken = (await work.session.exec(select(InboxRow.state))).all()
    assert sorted(set(waiting)) == [NEWER, "not an event of this contract"]
    assert len(waiting) == 3
    assert taken == ["applied"]


def test_a_node_does_not_start_in_a_network_that_speaks_another_version(tmp_path: Any) -> None:
    enrolment = enrol(tmp_path, sample_organisations())
    files = enrolment.trust_files
    spoken = files.read()
    another = spoken.model_copy(update={"contract": 2, "serial": spoken.serial + 1})
    signed = files.sign(another.model_dump_json().encode(), kind=TRUST, at=spoken.issued_at)
    rewrite(files.list, signed.decode(), mode=0o644)
    with pytest.raises(SealError, match="speaks version 2 of the contract, and this node version 1"):
        load_node("police", Agency.POLICE, enrolment.secret("police", "keys"), enrolment.trust, enrolment.operator_key)
