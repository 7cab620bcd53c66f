"""Names and words of any script go in and come out as the same bytes; what no text can hold is refused."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.people import in_thirty_days
from deploy.network import Network
from shared.contract.vocabulary import Agency
from tests.adapters.test_http import is_problem
from tests.faults.api import CANARY, REFERRAL, Api, listening

TEXTS = {
    "Kazakh": "Әйгерім Ғабитқызы Іңкәр",
    "emoji": "Дана 🏠🆘",
    "a family joined of several emoji": "👩‍👧‍👦",
    "a flag": "🇰🇿",
    "right to left": "ئايگۈل مەريەم",
    "a right-to-left override": "Дана \u202eаваотемхА",
    "isolates and marks of direction": "\u2067مريم\u2069 \u200fД\u200e",
    "a letter composed of two": "и\u0306ога e\u0301",
    "the same letter in one": "йога é",
    "a ligature and full width": "ﬁ ＡＢＣ",
    "beyond the basic plane": "𝒜𐍈 𠮷",
    "a byte order mark within": "а\ufeffб",
    "a soft hyphen and spaces without width": "а\u00adб\u200bв\u2060г",
    "a no-break space within": "Нур\u00a0Султан",
    "a separator of lines within": "а\u2028б\u2029в\u0085г",
    "what Unicode calls no character": "а\ufffeб\U0010ffff",
    "many marks on one letter": "а" + "\u0301" * 100,
    "quotes, slashes and percents": "\"'`\\/%00%d{x}${y}<b>&amp;",
    "SQL": "'); drop table persons;--",
    "a text that looks like a number": "007",
    "a text that looks like null": "null",
}
LONG_TEXTS = {**TEXTS, "lines and tabs, with space around": " а\r\n\tб\n "}
NOT_TEXT = {"NUL": "\\u0000", "half a surrogate pair": "\\ud83d", "the halves in the wrong order": "\\ude00\\ud83d"}


@pytest.fixture(scope="module")
async def api(network: Network) -> AsyncIterator[Api]:
    async with listening(network, Agency.HEALTH) as it:
        yield it


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.parametrize("what", TEXTS)
async def test_a_name_comes_back_as_it_was_given_and_finds_its_person(api: Api, what: str) -> None:
    text = TEXTS[what]
    given = {"role": "victim", "family_name": text, "address": text}
    first = await made(api.client, "/persons", given)
    read = (await api.client.get(f"/persons/{first['id']}")).json()
    found = (await api.client.post("/persons/search", json={"family_name": text})).json()["items"]
    assert [{name: one[name] for name in given} for one in (first, read)] == [given, given]
    assert first["id"] in [one["id"] for one in found]


@pytest.mark.parametrize("what", LONG_TEXTS)
async def test_words_come_back_as_they_were_written(api: Api, what: str) -> None:
    text, sent = LONG_TEXTS[what], await made(api.client, "/referrals", REFERRAL)
    written = await made(api.client, f"/referrals/{sent['id']}/messages", {"body": text})
    (read,) = (await api.client.get(f"/referrals/{sent['id']}/messages")).json()["items"]
    assert (written["body"], read["body"]) == (text, text)
    told = await made(api.client, "/examinations", {"kind": "injuries", "findings": text})
    assert (await api.client.get(f"/examinations/{told['id']}")).json()["findings"] == text


@pytest.mark.parametrize("what", NOT_TEXT)
async def test_what_no_text_can_hold_is_refused_wherever_a_text_is_due(api: Api, what: str) -> None:
    person = (await made(api.client, "/persons", {"role": "victim"}))["id"]
    sent = (await made(api.client, "/referrals", REFERRAL))["id"]
    consent = {"person_id": person, "purposes": ["lodging"], "recipients": ["shelter"], "categories": ["identity"]}
    consent |= {"valid_until": in_thirty_days(), "granted_by": "self", "form": "spoken", "explained_in": "kk"}
    places: list[tuple[str, dict[str, Any], str]] = [
        *(("/persons", {"role": "victim"}, name) for name in ("family_name", "address", "code", "phone", "iin")),
        *(("/referrals", REFERRAL, name) for name in ("call_back", "circumstances", "health", "purpose")),
        *(("/consents", consent, name) for name in ("document_sha256", "explained_in", "form", "valid_until")),
        ("/emergencies", {"person_id": person, "minutes": 60}, "why"),
        (f"/referrals/{sent}/messages", {}, "body"),
        (f"/referrals/{sent}/cancel", {"reason": "other"}, "text"),
        ("/persons/search", {}, "family_name"),
    ]
    for path, body, name in places:
        text = json.dumps({**body, name: f"{CANARY} @"}, ensure_ascii=False).replace("@", NOT_TEXT[what])
        answer = await api.client.post(path, content=text.encode(), headers={"Content-Type": "application/json"})
        assert is_problem(answer, 422, "invalid-input"), (path, name)
        assert CANARY not in answer.text
