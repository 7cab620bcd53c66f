"""What is found by which parameter: what a system that looks every quarter of an hour needs to miss nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from deploy.network import Network
from services.health.fhir.parameters import Span, parameters
from shared.casework.referrals import store
from shared.contract.errors import Problem
from shared.contract.events import ReferralRequested
from shared.contract.grounds import Grounds
from shared.contract.vocabulary import Agency, Basis, Purpose, Side, SubjectRole
from tests.health.fhir.samples import CONSENT
from tests.health.fhir.system import System, reason, said
from tests.workbench import Bench, bench

OURS, THEIRS = "hospital-19", "addictology-19"
PURPOSES = (Purpose.MEDICAL_EXAMINATION, Purpose.PSYCHOLOGICAL_HELP, Purpose.ADDICTION_TREATMENT)


@dataclass
class Box:
    """A hospital's system, the service it calls, and three referrals: from the police, a shelter, and to a clinic."""

    system: System
    service: Bench
    ids: tuple[str, str, str]


async def came(service: Bench, sender: str, purpose: Purpose, *, side: Side = Side.RECEIVER) -> str:
    """A referral of the hospital with another organisation; each a minute after the one before."""
    referral, subject = uuid4(), SubjectRole.VICTIM
    service.clock.now += timedelta(minutes=1)
    async with service.work(OURS) as work:
        event = ReferralRequested(referral_id=referral, purpose=purpose, subject=subject, call_back="+7 727 000 00 01")
        row = await store.copied(
            work.session,
            event=event,
            grounds=Grounds(basis=Basis.NO_PERSONAL_DATA, purpose=purpose),
            side=side,
            parties=store.Parties(ours=OURS, theirs=sender),
            now=work.now,
        )
        work.session.add(row)
    return str(referral)


@pytest.fixture
async def box(network: Network) -> AsyncIterator[Box]:
    async with bench(network, Agency.HEALTH) as service:
        first = await came(service, "police-19", PURPOSES[0])
        second = await came(service, "shelter-near-19", PURPOSES[1])
        third = await came(service, "addictology-23", PURPOSES[2], side=Side.SENDER)
        async with service.client(OURS) as client:
            yield Box(System(client), service, (first, second, third))


async def found(box: Box, kind: str, **query: str) -> set[int]:
    """Which of the three."""
    return {box.ids.index(one["id"]) for one in await box.system.found(kind, **query)}


@pytest.mark.parametrize(
    ("query", "those"),
    [
        ({}, {0, 1, 2}),
        ({"owner": f"Organization/{OURS}"}, {0, 1}),
        ({"owner": "addictology-23"}, {2}),
        ({"owner": f"{OURS},addictology-23"}, {0, 1, 2}),
        ({"owner": "police-19"}, set()),
        ({"owner": f"Practitioner/{OURS}"}, set()),
        ({"requester": "https://health.example/v1/fhir/Organization/police-19"}, {0}),
        ({"requester": OURS}, {2}),
        ({"requester": "police-19,shelter-near-19", "owner": OURS}, {0, 1}),
        ({"status": "requested"}, {0, 1, 2}),
        ({"status": "http://hl7.org/fhir/task-status|requested"}, {0, 1, 2}),
        ({"status": "http://example.org|requested"}, set()),
        ({"status": "accepted,rejected"}, set()),
        ({"status": "on-hold"}, set()),
        ({"code": "fulfill"}, {0, 1, 2}),
        ({"code": "approve"}, set()),
        ({"intent": "order"}, {0, 1, 2}),
        ({"intent": "proposal"}, set()),
        ({"patient": "Patient/00000000-0000-0000-0000-000000000007"}, set()),
        ({"_id": "no-id-of-ours"}, set()),
    ],
)
async def test_tasks_are_found_by_who_asks_who_is_asked_and_how_they_stand(
    box: Box, query: dict[str, str], those: set[int]
) -> None:
    assert await found(box, "Task", **query) == those


@pytest.mark.parametrize(
    ("query", "those"),
    [
        ({}, {0, 1, 2}),
        ({"code": "medical_examination"}, {0}),
        ({"code": "https://qorgau.invalid/fhir/CodeSystem/purpose|medical_examination,psychological_help"}, {0, 1}),
        ({"code": "http://snomed.info/sct|medical_examination"}, set()),
        ({"status": "active"}, {0, 1, 2}),
        ({"status": "revoked"}, set()),
        ({"intent": "order", "requester": "police-19"}, {0}),
        ({"intent": "plan"}, set()),
        ({"performer": OURS}, {0, 1}),
        ({"subject": f"Patient/{CONSENT}"}, set()),
    ],
)
async def test_service_requests_are_found_by_what_is_asked(box: Box, query: dict[str, str], those: set[int]) -> None:
    assert await found(box, "ServiceRequest", **query) == those


async def test_ids_are_found_in_any_number_and_a_task_by_what_it_is_about(box: Box) -> None:
    assert await found(box, "Task", _id=",".join(box.ids[:2])) == {0, 1}
    assert await found(box, "Task", focus=f"ServiceRequest/{box.ids[1]}") == {1}
    assert await found(box, "Task", focus=box.ids[1], _id=box.ids[0]) == set()
    assert await found(box, "ServiceRequest", _id=box.ids[2]) == {2}


async def test_what_changed_since_it_was_looked_at_is_found_and_nothing_else(box: Box) -> None:
    last = (await box.system.read(f"Task/{box.ids[2]}"))["meta"]["lastUpdated"]
    box.service.clock.now += timedelta(minutes=1)
    await box.system.move(box.ids[0], "accepted")
    assert await found(box, "Task", _lastUpdated=f"gt{last}") == {0}
    assert await found(box, "Task", _lastUpdated=f"ge{last}") == {0, 2}
    assert await found(box, "Task", _lastUpdated=f"lt{last}") == {1}
    assert await found(box, "Task", _lastUpdated="2026-03-20") == {0, 1, 2}
    assert await found(box, "Task", _lastUpdated="2026-03-19") == set()
    assert await found(box, "Task", **{"authored-on": f"ge{last}"}) == {2}
    assert await found(box, "ServiceRequest", authored=f"lt{last}", status="active") == {0, 1}


async def test_each_status_is_found_by_its_name_and_a_mistake_is_not_among_what_was_cancelled(box: Box) -> None:
    await box.system.move(box.ids[0], "rejected", statusReason=reason("no_room"))
    await box.system.move(box.ids[1], "cancelled", statusReason=reason("withdrawn"))
    await box.system.move(box.ids[2], "entered-in-error")
    assert await found(box, "Task", status="rejected") == {0}
    assert await found(box, "Task", status="cancelled") == {1}
    assert await found(box, "Task", status="entered-in-error") == {2}
    assert await found(box, "ServiceRequest", status="revoked") == {0, 1}
    assert await found(box, "ServiceRequest", status="entered-in-error") == {2}


async def test_pages_follow_each_other_newest_first_and_say_what_was_asked(box: Box) -> None:
    first = await box.system.read("Task", _count="2", status="requested")
    links = {link["relation"]: link["url"] for link in first["link"]}
    second = await box.system.read(links["next"])
    shown = [entry["resource"]["id"] for page in (first, second) for entry in page["entry"]]
    assert shown == list(reversed(box.ids))
    assert urlsplit(links["self"]).query == "_count=2&status=requested"
    assert "next" not in {link["relation"] for link in second["link"]}
    public = box.service.app.state.settings.public_url
    assert first["entry"][0]["fullUrl"] == f"{public}/v1/fhir/Task/{box.ids[2]}"
    assert links["next"].startswith(f"{public}/v1/fhir/Task?")


async def test_what_a_task_is_about_comes_along_where_that_is_asked(box: Box) -> None:
    page = await box.system.read("Task", _id=box.ids[0], _include="Task:focus")
    modes = [(entry["resource"]["resourceType"], entry["search"]["mode"]) for entry in page["entry"]]
    assert modes == [("Task", "match"), ("ServiceRequest", "include")]


@pytest.mark.parametrize(
    "query",
    [
        {"identifier": "1"},
        {"owner:missing": "true"},
        {"status:not": "draft"},
        {"_include": "Task:owner"},
        {"_count": "0"},
        {"_count": "many"},
        {"_cursor": "mine"},
        {"_format": "application/fhir+xml"},
        {"_lastUpdated": "yesterday"},
        {"_lastUpdated": "gt2026-02-30"},
        {"_lastUpdated": "2026-03-20T12:00:00"},
        {"_lastUpdated": "9999-12-31"},
        {"_id": ",".join(["1"] * 51)},
    ],
)
async def test_what_is_not_understood_is_refused_and_not_left_out(box: Box, query: dict[str, str]) -> None:
    answer = await box.system.call("GET", "Task", params=query)
    assert answer.status_code == 422
    assert not [value for value in query.values() if len(value) > 6 and value in answer.text]


async def test_a_parameter_that_is_given_twice_is_refused_unless_it_is_a_date(box: Box) -> None:
    twice = await box.system.call("GET", "Task", params=[("status", "accepted"), ("status", "requested")])
    assert said(twice) == (422, "status is given twice: give alternatives with commas")
    between = [("_lastUpdated", "ge2026-03-20"), ("_lastUpdated", "lt2026-03-21")]
    assert len((await box.system.call("GET", "Task", params=between)).json()["entry"]) == 3


async def test_another_hospital_finds_none_of_them_by_any_parameter(box: Box) -> None:
    async with box.service.client(THEIRS) as client:
        other = System(client)
        for query in ({}, {"_id": box.ids[0]}, {"owner": OURS}, {"requester": "police-19"}, {"status": "requested"}):
            assert await other.found("Task", **query) == await other.found("ServiceRequest") == []


def test_a_day_is_one_of_kazakhstans_and_a_moment_without_fractions_a_whole_second() -> None:
    def span(value: str) -> Span:
        return parameters([("_lastUpdated", value)], known=["_lastUpdated"]).spans("_lastUpdated")[0]

    def at(iso: str) -> datetime:
        return datetime.fromisoformat(iso)

    assert span("2026-03-20") == Span(at("2026-03-19T19:00:00Z"), at("2026-03-20T19:00:00Z"))
    assert span("gt2026-03-20T12:00:00+05:00") == Span(at("2026-03-20T07:00:01Z"), None)
    assert span("gt2026-03-20T12:00:00 05:00") == span("gt2026-03-20T12:00:00+05:00")
    assert span("gt2026-03-20T07:00:00.250000Z") == Span(at("2026-03-20T07:00:00.250001Z"), None)
    assert span("le2026-03-20T07:00:00Z") == Span(None, at("2026-03-20T07:00:01Z"))


def test_more_than_we_give_at_once_is_what_we_give() -> None:
    assert parameters([("_count", "5000")], known=[]).count == 200
    with pytest.raises(Problem):
        parameters([("_count", "-1")], known=[]).count  # noqa: B018  # reading it refuses
