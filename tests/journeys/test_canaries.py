"""Words put in everywhere are where policy let them be, sealed, and nowhere else at all.

What the tests of the whole session leave behind is looked through once more when a worker's network stops: conftest.py.
"""

import asyncio
import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

import nats
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from deploy.demo.office import Office, eventually
from deploy.demo.stage import Stage
from deploy.network import Network
from shared.adapters.seal import seal, sign
from shared.contract.vocabulary import Agency, Partner
from tests.canaries import PEOPLE, SPANS_SECONDS, database_files, opened_rows, superuser, where_found, words_in
from tests.collector import Collector
from tests.journeys.canary_scenes import CANARIES, FORGED, MARK, play
from tests.network import Access
from tests.partners import make_known
from tests.workbench import node_of

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("canaries")]

# What each of them may read, opened with its own keys, when the play is over. What is named nowhere here is nowhere:
# what was withheld, what was refused, and all that a withdrawal or the end of a consent erased.
OF_HER = {"her_family", "her_given", "her_patronymic", "her_iin", "her_phone", "dependants", "calls_back_phone"}
TALK = {"message_there", "message_back", "failed_because"}
OF_HIM = {"his_family", "his_given", "his_phone", "his_addiction", "calls_back_phone"}
IN_DANGER = {"in_danger_family", "in_danger_given", "in_danger_phone", "in_danger_address", "calls_back_phone"}
IN_DANGER |= {"danger_health", "danger_narrative"}
ASKED = {"asked_family", "asked_given", "asked_answer", "calls_back_phone"}
LETTERED = {"lettered_family", "lettered_given", "lettered_address", "lettered_story", "lettered_signed"}
EVADED = {"evader_family", "evader_given", "treated_by"}
REPORTED = {"reported_family", "reported_given", "reported_story"}
READABLE = {
    "police": OF_HER
    | TALK
    | OF_HIM
    | REPORTED
    | EVADED
    | {"her_address", "his_address", "scan", "court", "talked_of", "met_in"},
    "near_shelter": OF_HER | TALK | REPORTED | {"reported_address"},
    "hospital": {"findings", "admitted_with", "met_in"} | IN_DANGER | ASKED,
    "social": {"met_in", "calls_back_phone", "asked_address"} | ASKED | LETTERED,
    "addictology": OF_HIM
    | EVADED
    | {
        "declined_because",
        "court",
        "evader_address",
        "minor_family",
        "note_scan",
    },  # words about an alleged offender cross neither way
    "far_shelter": {"guest_family", "guest_given", "guest_iin", "guest_phone", "guest_address"},
    "rural_police": IN_DANGER | {"danger", "review"},
    **{f"node {agency}": {"forged"} for agency in Agency},  # in quarantine
}
# What lies in the open: a code. A scan's fingerprint stays with who has the scan.
CODES = ("scan",)
PLAIN = {"police/consents: scan"}
AT_THE_BROKER = "nats/jetstream/jetstream/$G/streams/"  # what a thief writes there in the open is there


@dataclass(frozen=True)
class Played:
    """After the play: who played, what was answered to what did not fit, and the network's traces."""

    stage: Stage
    answers: dict[str, str]
    network: Network
    collector: Collector


@pytest.fixture(scope="module")
async def played(network: Network, access: Access, collector: Collector) -> AsyncIterator[Played]:
    async with access.stage(next(access.casts)) as stage:
        reviewer = somebody_else(access, stage.at("rural_police"))
        stage.ids["school"] = school = f"school-{stage.at('social').organisation}"
        await make_known(network, Agency.SOCIAL, **{school: Partner.SCHOOL})
        answers = await play(stage, reviewer)
        await reviewer.close()
        await forge(network, stage)
        await everything_is_done(network, stage)
        await asyncio.sleep(SPANS_SECONDS)
        yield Played(stage, answers, network, collector)


def somebody_else(access: Access, office: Office) -> Office:
    """A supervisor of the same organisation, who is not the one that declared."""
    key = OKPKey.import_key(json.loads(access.enrolment.secret("issuer", "key").read_text()))
    claims = jwt.decode(office.client.headers["Authorization"].partition(" ")[2], key, algorithms=["Ed25519"]).claims
    header = {"alg": "Ed25519", "kid": key.kid, "typ": "at+jwt"}
    token = jwt.encode(header, {**claims, "sub": "reviewer", "iat": int(time.time())}, key, algorithms=["Ed25519"])
    return Office(office.organisation, url=str(office.client.base_url).removesuffix("/v1/"), token=token)


async def forge(network: Network, stage: Stage) -> None:
    """What a stolen key and a broken program can send: it is quarantined at the shelter, or everywhere."""
    police, word = node_of(network, Agency.POLICE), FORGED.encode()
    signed = sign(police, word)
    sealed = seal(police, b'{"type": "%b", "data": "%b"}' % (word, word), recipient="shelter")
    directed = "qorgau.directed.police.shelter"
    about = "qorgau.state.police.organisation_announced." + stage.at("police").organisation
    header = json.dumps({"alg": FORGED, "kid": FORGED, FORGED: FORGED}).encode()
    forged = urlsafe_b64encode(header).rstrip(b"=") + b".a.a.a.a"
    seed = str(network.enrolment.secret("police", "seed"))
    client = await nats.connect(network.nats.url, nkeys_seed=seed, inbox_prefix=b"_INBOX_police")
    letters = [(directed, sealed), (directed, sealed[:-40]), (directed, forged), (about, signed)]
    letters.append((f"qorgau.state.police.{FORGED.split()[0]}.{FORGED.split()[0]}", signed))
    before = await quarantined(network)
    for subject, payload in letters:
        await client.jetstream().publish(subject, payload)
    await client.close()

    async def kept() -> bool:
        return await quarantined(network) >= before + len(letters)

    await eventually("what was forged is in quarantine", kept)


async def quarantined(network: Network) -> int:
    async with superuser(network, Agency.SHELTER) as connection:
        return int(await connection.fetchval("select coalesce(sum(times), 0) from quarantine"))


WAITING = "select count(*) from outbox where next_attempt_at is not null and organisation_id = any($1)"
UNRECEIPTED = "select count(*) from inbox where receipt_due and recipient_id = any($1)"


async def everything_is_done(network: Network, stage: Stage) -> None:
    """Nothing of these organisations waits in any outbox, and no receipt is due."""

    async def all_done() -> bool:
        waiting = 0
        for agency in Agency:
            async with superuser(network, agency) as connection:
                waiting += await connection.fetchval(WAITING, list(stage.offices))
                waiting += await connection.fetchval(UNRECEIPTED, list(stage.offices))
        return waiting == 0

    await eventually("all that was sent was received", all_done)


async def test_no_log_span_metric_message_or_plain_row_says_a_word(played: Played) -> None:
    found = await where_found(played.network, played.collector, CANARIES, mark=MARK)
    assert {one for one in found if not (one.startswith(AT_THE_BROKER) and one.endswith(": forged"))} == PLAIN


async def test_no_word_lies_on_the_disk_of_the_databases(played: Played) -> None:
    words = {kind: word for kind, word in CANARIES.items() if kind not in CODES}
    found = [(file, words_in(content, words, mark=MARK)) async for file, content in database_files(played.network)]
    assert [one for one in found if one[1]] == []


async def test_no_refusal_repeats_what_it_was_given(played: Played) -> None:
    for call, answer in played.answers.items():
        assert (call, words_in(answer.encode(), CANARIES, mark=MARK)) == (call, set())


async def test_each_can_read_what_policy_let_it_have_and_not_a_word_more(played: Played) -> None:
    roles = {getattr(played.stage.cast, role): role for role in vars(played.stage.cast)}
    seen = dict[str, set[str]]()
    for agency in Agency:
        for whose, text in (await opened_rows(played.network, agency)).items():
            words = words_in(text, CANARIES, mark=MARK)
            seen |= {roles.get(whose, whose): words} if words else {}
    assert seen == READABLE


async def test_the_same_looking_finds_what_is_no_secret(played: Played) -> None:
    """A route, an organisation and its place: in the open, or in announcements that are signed and not sealed."""
    known = {
        "route": "/referrals/{referral_id}",
        "organisation": played.stage.cast.police,
        "place": played.stage.cast.here,
    }
    found = await where_found(played.network, played.collector, known)
    assert found >= {"logs/police.log: route", "spans: route", "metrics/police: route"}
    assert found >= {f"{agency}/organisations: {word}" for agency in Agency for word in ("organisation", "place")}
    store = [place for place in found if place.startswith("nats/jetstream/")]
    assert {place.rpartition(" ")[2] for place in store} == {"organisation", "place"}
    disk = [words_in(content, known) async for _, content in database_files(played.network)]
    assert set().union(*disk) >= {"organisation", "place"}


@pytest.mark.parametrize("kept_as", ["utf-8", "utf-16", "json", "url", "hex", "base64", "base64 of json", "lower case"])
@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
def test_a_word_is_found_in_whatever_form_it_is_kept(kept_as: str, before: bytes) -> None:
    word = PEOPLE["her family name"]
    forms = {
        "utf-8": before + word.encode(),
        "utf-16": before + word.encode("utf-16-le"),
        "json": before + json.dumps({"name": word}).encode(),
        "url": before + quote(word).encode(),
        "hex": before + word.encode().hex().encode(),
        "base64": urlsafe_b64encode(before + word.encode() + before),
        "base64 of json": b64encode(before + json.dumps([word]).encode()),
        "lower case": before + word.lower().encode(),
    }
    assert words_in(b"\x00" + forms[kept_as] + b"\x00", {"hers": word}) == {"hers"}
    assert words_in(forms[kept_as][:-8], {"hers": word}) == set()


def test_a_canary_of_which_only_the_beginning_is_kept_is_found() -> None:
    marked = {kind: word for kind, word in CANARIES.items() if word.startswith(MARK)}
    assert len(marked) > 30
    for kind, word in marked.items():
        assert words_in(f"a name: {word[:14]}".encode(), CANARIES, mark=MARK) == {kind}
