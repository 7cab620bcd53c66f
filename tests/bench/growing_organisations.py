"""What a network of many organisations costs each of its services: a start, a call, an announcement, a minute at rest.

Four real services that host a quarter each and announce them all again each minute; every shelter has counted beds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from deploy.demo.office import eventually
from deploy.network import Network
from shared.adapters.jetstream import EVERYONE, state_subject
from shared.adapters.seal import sign, verify
from shared.adapters.senders import check_announcer
from shared.casework.directory.hosted import HostedOrganisation
from shared.casework.directory.places import places
from shared.contract.events import Envelope, OrganisationAnnounced
from shared.contract.vocabulary import Agency, Purpose
from tests.adapters.test_announcements import announced
from tests.bench.measure import timed
from tests.bench.processes import peak, processor
from tests.bench.servers import servers
from tests.pair import GIVEN, SPOKEN, made, person
from tests.workbench import trusting

POLICE, SHELTER, HERE = "police-0", "shelter-0", "196200000"
TAKES: dict[Agency, tuple[Purpose, ...]] = {
    Agency.POLICE: (),
    Agency.SHELTER: (Purpose.LODGING,),
    Agency.HEALTH: (Purpose.MEDICAL_EXAMINATION,),
    Agency.SOCIAL: (Purpose.SOCIAL_SERVICES,),
}
FEW = {"limit": 20}
TIMES, WARM_UP, CHECKS, PATIENCE, AT_REST = 30, 5, 200, 1800.0, 60.0
BEDS = (
    "insert into units (organisation_id, unit, kind, capacity, occupied, counted_at, revision) "
    "select 'shelter-' || n, 'rooms', 'women_with_children', 9, 3, now(), 1 from generate_series(0, $1::int - 1) n"
)
KNOWN = "select (select count(*) from organisations) + (select count(*) from bed_board)"
Act = Callable[[], Awaitable[httpx.Response]]


def many(count: int) -> list[HostedOrganisation]:
    """So many organisations at the nation's places, of each agency in turn."""
    where = cycle(sorted(kato for kato in places() if not kato.endswith("0000000")))
    return [
        _organisation(f"{agency}-{number // len(Agency)}", agency, kato)
        for number, (agency, kato) in enumerate(islice(zip(cycle(Agency), where, strict=False), count))
    ]


def _organisation(name: str, agency: Agency, kato: str) -> HostedOrganisation:
    names = {"name_kk": name, "name_ru": name, "name_en": name}
    district = (kato[:4],) if agency is Agency.POLICE else ()
    return HostedOrganisation(
        id=name, agency=agency, kato=kato, purposes=TAKES[agency], responsible_for=district, **names
    )


async def called(count: int) -> dict[str, float]:
    """With so many organisations: seconds, milliseconds and megabytes of the police's service."""
    hosted = many(count)
    shelters = sum(one.agency is Agency.SHELTER for one in hosted)
    async with servers(*Agency, hosted=hosted) as network:
        connection = await network.postgres.connect("qorgau_shelter")
        await connection.execute(BEDS, shelters)
        await connection.close()
        await network.start_services()
        await _all_are_known(network, count + shelters)
        async with _officer(network) as officer:
            times = {f"ms: {name}": await _median(act) for name, act in (await _calls(officer)).items()}
        service = network.services[Agency.POLICE]
        before = processor(service.pid)
        await asyncio.sleep(AT_REST)
        used, memory = processor(service.pid) - before, peak(service.pid)
        return {
            **times,
            "µs to verify an announcement": await _verification(network),
            "ms of the processor a second, at rest": used / AT_REST * 1000,
            "MB of memory at most": memory,
            "s to start again": await _restarted(network),
        }


async def _all_are_known(network: Network, count: int) -> None:
    connection = await network.postgres.connect("qorgau_police")

    async def all_are_known() -> bool:
        return bool(await connection.fetchval(KNOWN) == count)

    await eventually("the police have heard of everybody", all_are_known, seconds=PATIENCE)
    await connection.close()


async def _restarted(network: Network) -> float:
    await network.services[Agency.POLICE].stop()
    begun = perf_counter()
    await network.start_service(Agency.POLICE)
    await network.ready(Agency.POLICE)
    return perf_counter() - begun


def _officer(network: Network) -> httpx.AsyncClient:
    token = network.enrolment.token(organisation=POLICE, roles=["worker"])
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=f"{network.url(Agency.POLICE)}/v1", headers=headers, timeout=60)


async def _calls(officer: httpx.AsyncClient) -> dict[str, Act]:
    her, soon = await person(officer), (datetime.now(UTC) + timedelta(days=1)).isoformat()
    consent = await made(
        await officer.post("/consents", json={"person_id": her, **GIVEN, **SPOKEN, "valid_until": soon})
    )
    body: dict[str, Any] = {"purpose": "lodging", "person_id": her, "call_back": "+7 727 000 00 01"}
    body |= {"basis": {"kind": "consent", "consent_id": consent}}
    looking = {"near": HERE, "purpose": "lodging", "hold": "women_with_children"}
    nearest, named = {"to": {"nearest": HERE}}, {"to": {"organisation": SHELTER}}
    return {
        "POST /referrals": lambda: officer.post("/referrals", json=body | named),
        "POST /referrals to the nearest": lambda: officer.post("/referrals", json=body | nearest),
        "POST /referrals/suggestions": lambda: officer.post("/referrals/suggestions", json=looking),
        "POST /referrals/suggestions, the best 20": lambda: officer.post("/referrals/suggestions", json=looking | FEW),
        "GET /organisations": lambda: officer.get("/organisations"),
        "GET /organisations, the first 200": lambda: officer.get("/organisations", params={"limit": 200}),
        "GET /beds": lambda: officer.get("/beds", params={"for": "women_with_children", "near": HERE}),
    }


async def _median(act: Act) -> float:
    took = []
    for number in range(WARM_UP + TIMES):
        begun = perf_counter()
        answer = await act()
        assert answer.is_success, answer.text
        took += [(perf_counter() - begun) * 1000] if number >= WARM_UP else []
    return median(took)


async def _verification(network: Network) -> float:
    """Microseconds of the processor for the signature of an announcement and whether its node speaks for it."""
    police, shelter = (trusting(network.enrolment, agency) for agency in (Agency.POLICE, Agency.SHELTER))
    (one,) = [one for one in network.enrolment.hosted() if one.id == SHELTER]
    event = OrganisationAnnounced.model_validate(one.model_dump(include=set(OrganisationAnnounced.model_fields)))
    now = datetime.now(UTC)
    letter = announced(event, source="/nodes/shelter", sender=SHELTER, recipient=EVERYONE, time=now)
    data, subject = sign(shelter, letter.model_dump_json().encode()), state_subject("shelter", event.type, SHELTER)

    def check() -> None:
        signer, payload = verify(police, data)
        check_announcer(police, Envelope.model_validate_json(payload), signer=signer, subject=subject, now=now)

    return await timed(check, CHECKS)()
