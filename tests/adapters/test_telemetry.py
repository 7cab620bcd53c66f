"""One trace from the REST call to the other agency's row; and no case data in what operators see."""

from pathlib import Path

import httpx

from deploy.demo.office import arrives, becomes, eventually
from deploy.demo.people import iin
from deploy.demo.stage import Stage
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.collector import Collector
from tests.journeys.test_referrals import OPAQUE, send

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def test_one_trace_goes_from_the_polices_call_to_the_shelters_row(stage: Stage, collector: Collector) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    body = {**OPAQUE, "to": {"organisation": shelter.organisation}}
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    sent = await police.client.post("/referrals", json=body, headers=headers)
    await arrives(shelter, sent.json()["id"])

    async def both() -> bool:
        return {span.service for span in collector.of_trace(TRACE)} >= {"qorgau-police", "qorgau-shelter"}

    await eventually("spans of both services come in", both)
    spans = {span.name: span for span in collector.of_trace(TRACE)}
    call, received = spans["POST /referrals"], spans["receive kz.qorgau.referral.requested.v1"]
    assert call.parent == "b7ad6b7169203331"
    assert received.parent == call.span
    assert received.service == "qorgau-shelter"


async def test_logs_and_metrics_never_carry_case_data(stage: Stage, network: Network) -> None:
    police, shelter = stage.at("police"), stage.at("near_shelter")
    canaries = {"family_name": "Канарейкина", "address": "Канареечная 17", "phone": "+7 701 765 43 21"}
    number = iin("1991-04-12", 7531, digit=4)
    person = (await police.post("/persons", {"role": "victim", "iin": number, **canaries}))["id"]
    await police.client.post("/persons", json={"role": "victim", "iin": "Канарейкина"})
    referral = await send(police, shelter, person_id=person)
    await police.post(f"/referrals/{referral}/messages", {"body": "Канарейкина едет."})
    await shelter.post(f"/referrals/{referral}/decline", {"reason": "no_room", "text": "Канарейкина"})
    await becomes(police, referral, state="declined")
    seen = "".join(log.read_text() for log in _logs(network))
    async with httpx.AsyncClient(timeout=60) as client:
        for agency in Agency:
            seen += (await client.get(f"{network.url(agency)}/metrics")).text
    assert "qorgau_events_received_total" in seen
    assert '"event": "http"' in seen
    assert not [word for word in ("Канар", "\\u041a\\u0430\\u043d", number, "765 43 21") if word in seen]


async def test_metrics_count_what_waits_and_what_was_received(stage: Stage, network: Network) -> None:
    await send(stage.at("police"), stage.at("near_shelter"))
    async with httpx.AsyncClient(timeout=60) as client:
        police = (await client.get(f"{network.url(Agency.POLICE)}/metrics")).text
        shelter = (await client.get(f"{network.url(Agency.SHELTER)}/metrics")).text
    assert "qorgau_outbox_unsent " in police
    assert 'qorgau_events_received_total{event="referral.requested"}' in shelter


def _logs(network: Network) -> list[Path]:
    found = [network.services[agency].log for agency in Agency]
    assert all(log.stat().st_size for log in found)
    return found
