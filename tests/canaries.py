"""Words that exist nowhere else, and looking for them in everything that a running network writes, says or keeps.

A word is looked for in every form in which software keeps text: UTF-8 and UTF-16, as JSON, in a URL, as hexadecimal
digits, and in base64 at any of the three places where it can begin. Canaries share a mark, so that one look at a large
file tells whether there is anything to look for in it at all; numbers have none and are always looked for.
"""

import asyncio
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import asyncpg
import httpx

from deploy.demo.people import HER, HER_ADDRESS, HER_INJURY, HER_PHONE, HIM, HIS_ADDRESS, iin
from deploy.network import Network
from shared.adapters import vault
from shared.adapters.database import WHOLE_NODE, Database
from shared.adapters.wrapping import read_keys
from shared.contract.vocabulary import Agency
from tests.collector import Collector

Words = Mapping[str, str]
# The people of the story, which is played on every network of the tests.
PEOPLE: Words = {
    "her family name": HER["family_name"],
    "her given name": HER["given_name"],
    "her address": HER_ADDRESS,
    "her telephone": HER_PHONE,
    "her injury": HER_INJURY,
    "her IIN": iin(HER["birth_date"], 4567, digit=4),
    "his family name": HIM["family_name"],
    "his given name": HIM["given_name"],
    "his address": HIS_ADDRESS,
    "his IIN": iin(HIM["birth_date"], 1234, digit=3),
}
# Every table with sealed text, and the columns that name a row of it to the vault.
SEALED = {
    "persons": ("id",),
    "referrals": ("organisation_id", "id"),
    "referral_moves": ("organisation_id", "referral_id", "version", "side", "author_id"),
    "messages": ("organisation_id", "id"),
    "emergencies": ("id",),
    "examinations": ("id",),
    "admissions": ("id",),
    "inquiries": ("organisation_id", "id"),
    "violence_reports": ("organisation_id", "id"),
    "orders": ("id",),
    "letters": ("id",),
    "received_orders": ("organisation_id", "id"),
    "progress": ("organisation_id", "id"),
    "service_plans": ("id",),
    "plan_entries": ("id",),
    "attendances": ("id",),
    "desk_sessions": ("id",),
    "webhooks": ("id",),
    "assessments": ("organisation_id", "id"),
    "assessment_invitations": ("assessment_id", "invited_id"),
    "assessment_signatures": ("assessment_id", "organisation_id", "round", "seat"),
    "conversations": ("organisation_id", "id"),
    "register_entries": ("id",),
    "comparisons": ("organisation_id", "id"),
    "treatment_paths": ("organisation_id", "id"),
    "guardian_requests": ("organisation_id", "id"),
    "voluntary_treatments": ("id",),
    "outbox": ("id",),
    "idempotency_keys": ("organisation_id", "key"),
    "quarantine": ("id",),
}
SPANS_SECONDS = 1.0  # services send theirs every half second
ALL_TABLES = (
    """select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"""
)
WITH_SEALED = "select table_name from information_schema.columns where column_name = 'sealed'"


@lru_cache(maxsize=1000)
def forms(word: str) -> frozenset[bytes]:
    """All that may stand for a word where text is kept or sent."""
    plain, escaped = word.encode(), json.dumps(word)[1:-1].encode()
    percent = quote(word, safe="").encode()
    texts = {plain, escaped, percent, percent.lower(), quote_plus(word).encode(), word.casefold().encode()}
    texts |= {"".join(word.split()).encode(), word.encode("utf-16-le"), plain.hex().encode()}
    return frozenset(texts | {found for text in (plain, escaped) for found in _base64(text)})


def _base64(text: bytes) -> Iterator[bytes]:
    """The digits that depend on the text alone, whatever stands before and behind it."""
    for before in range(3):
        bits = before * 8
        first, last = -(-bits // 6), (bits + len(text) * 8) // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + text)[first:last]


def words_in(content: bytes, words: Words, *, mark: str | None = None) -> set[str]:
    """Which of the words stand in there, in whatever form.

    `mark`: what every word but numbers begins with; of those the first part is enough, and the rest may be cut off.
    """
    wanted = {name: word.split()[0] if mark and word.startswith(mark) else word for name, word in words.items()}
    absent = mark if mark and not _has(content, mark) else None
    return {name for name, word in wanted.items() if not (absent and absent in word) and _has(content, word)}


def _has(content: bytes, word: str) -> bool:
    return any(form in content for form in forms(word))


def files_of(network: Network) -> Iterator[tuple[str, bytes]]:
    """What the network has on disk, PostgreSQL aside: logs, the broker's store, configuration and keys."""
    for file in sorted(network.folder.rglob("*")):
        if network.postgres.folder in file.parents or not file.is_file():
            continue
        yield str(file.relative_to(network.folder)), _read(file)


def _read(file: Path) -> bytes:
    """Nothing, where the server has done away with it since."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


async def seen_by_operators(network: Network, collector: Collector) -> dict[str, bytes]:
    """What the collector was sent, and the metrics of every service."""
    seen = {"spans": b"\n".join(collector.bodies)}
    async with httpx.AsyncClient(timeout=60) as client:
        for agency in Agency:
            seen[f"metrics/{agency}"] = (await client.get(f"{network.url(agency)}/metrics")).content
    return seen


@asynccontextmanager
async def superuser(network: Network, agency: Agency) -> AsyncIterator[Any]:
    """A connection to an agency's database that sees every row."""
    connection = await network.postgres.connect(f"qorgau_{agency}")
    yield connection
    await connection.close()


async def rows_of(network: Network, agency: Agency) -> dict[str, bytes]:
    """Every value of every table of an agency's database, as it lies there."""
    dump: dict[str, bytes] = {}
    async with superuser(network, agency) as connection:
        for schema, table in await connection.fetch(ALL_TABLES):
            rows = await connection.fetch(f'select * from "{schema}"."{table}"')
            dump[f"{agency}/{table}"] = b"\n".join(_as_bytes(value) for row in rows for value in row.values())
    return dump


def _as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def opened_rows(network: Network, agency: Agency) -> dict[str, bytes]:
    """All that an agency can read at all: every sealed value opened with its own keys, by organisation.

    What is no organisation's goes under "node <agency>".
    """
    url = network.postgres.url(role="postgres", password=network.postgres.password, database=f"qorgau_{agency}")
    keys = read_keys(network.environment(agency)["QORGAU_VAULT_KEYS"])
    database, found = Database(url, pool=1, keys=keys), dict[str, bytes]()
    async with superuser(network, agency) as connection, database.transaction(organisation=WHOLE_NODE) as session:
        assert {row[0] for row in await connection.fetch(WITH_SEALED)} <= set(SEALED)
        for table, row in await _sealed_rows(connection):
            whose = row.get("organisation_id", f"node {agency}")
            for column in ("sealed", "court", "told", "outcome", "answer"):
                place = vault.Place(table, "/".join(str(row[part]) for part in SEALED[table]), column)
                if not isinstance(sealed := row.get(column), bytes):
                    continue  # empty, or a code: an assessment's answer is one, a question's is sealed
                value = await vault.open_(session, place=place, sealed=sealed)
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                found[whose] = found.get(whose, b"") + text.encode() + b"\n"
    await database.close()
    return found


async def _sealed_rows(connection: Any) -> list[tuple[str, Any]]:
    tables = [row[0] for row in await connection.fetch(WITH_SEALED)]
    return [(table, row) for table in tables for row in await connection.fetch(f'select * from "{table}"')]


async def database_files(network: Network) -> AsyncIterator[tuple[str, bytes]]:
    """PostgreSQL's files of the four databases and its write-ahead log, once all memory was written."""
    connection: asyncpg.Connection = await network.postgres.connect()
    await connection.execute("checkpoint")
    oids = await connection.fetch("select oid from pg_database where datname like 'qorgau\\_%'")
    await connection.close()
    data = network.postgres.data
    for folder in (data / "pg_wal", data / "global", *(data / "base" / str(row[0]) for row in oids)):
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                yield str(file.relative_to(data)), _read(file)


async def where_found(network: Network, collector: Collector, words: Words, *, mark: str | None = None) -> set[str]:
    """`<place>: <word's name>` for what logs, spans, metrics, the broker, the keys' folder and the rows give away."""
    places = [*files_of(network), *(await seen_by_operators(network, collector)).items()]
    for agency in Agency:
        places += (await rows_of(network, agency)).items()
    return {f"{place}: {word}" for place, content in places for word in words_in(content, words, mark=mark)}


async def nobody_is_named(network: Network, collector: Collector) -> None:
    """What a worker's tests have left behind by now, the story among them, names none of its people."""
    await asyncio.sleep(SPANS_SECONDS)
    found = await where_found(network, collector, PEOPLE)
    assert found == set(), f"people of the story are named in the open: {sorted(found)}"
