"""`qorgau doctor`: each thing that can be wrong is made wrong, found, and told what to do about."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import nats
import pytest

from deploy import nats_config
from deploy.commands import doctor_checks
from deploy.commands.doctor import CHECKS, examine
from deploy.embedded.nats import NatsServer
from deploy.nats_config import PROVISIONER
from deploy.network import Network
from deploy.provision import provision_once
from deploy.trust_file import TrustFiles
from shared.adapters.audit_tables import Witnessed
from shared.adapters.jetstream import DIRECTED
from shared.adapters.tables import Quarantined
from shared.adapters.wrapping import new_keys
from shared.contract.calendar import VERSION
from shared.contract.vocabulary import Agency
from tests.adapters.test_inbox import TO_SHELTER
from tests.deploy.test_audit_command import owner
from tests.workbench import Bench, bench

QORGAU = Path(sys.executable).parent / "qorgau"
NODES = [agency.value for agency in Agency]


@asynccontextmanager
async def broker(network: Network, folder: Path, *, provisioned: bool = True) -> AsyncIterator[NatsServer]:
    server = NatsServer(folder / "nats", users=network.enrolment.users())
    try:
        await server.start()
        if provisioned:
            await provision_once(url=server.url, seed_file=network.enrolment.secret(PROVISIONER, "seed"), nodes=NODES)
        yield server
    finally:
        await server.stop()


@pytest.fixture
async def shelter(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """A service whose settings are in the environment, with a broker of its own."""
    async with bench(network, Agency.SHELTER) as service, broker(network, tmp_path) as server:
        url = service.database.url.render_as_string(hide_password=False)
        settings = {**network.environment(Agency.SHELTER), "QORGAU_DATABASE_URL": url, "QORGAU_NATS_URL": server.url}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        await service.inbox.receive(TO_SHELTER, b"whatever")  # makes a data key
        yield service


async def wrong(*disk: str) -> dict[str, str]:
    """What is wrong, by check. Each fault comes with what to do."""
    found = await examine(None, None, tuple(Path(place) for place in disk))
    assert all(fault.do for fault in found.values() if fault)
    return {name: fault.what for name, fault in found.items() if fault}


async def test_nothing_is_wrong_with_a_service_that_is_set_up(shelter: Bench) -> None:
    assert await wrong() == {}
    assert [*await examine(None, None, ())] == ["settings", *CHECKS]


async def test_the_command_exits_with_0_only_if_nothing_is_wrong(
    shelter: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, printed = await qorgau()
    assert (code, f"calendar {VERSION}" in printed) == (0, True)
    code, printed = await qorgau("--disk", "/proc")
    assert (code, "disk: /proc: 0 MB free" in printed, "to do: make space" in printed) == (1, True, True)
    monkeypatch.delenv("QORGAU_VAULT_KEYS")
    code, printed = await qorgau()
    assert (code, "QORGAU_VAULT_KEYS" in printed) == (1, True)


async def qorgau(*words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(str(QORGAU), "doctor", *words, stdout=-1, stderr=-1, env=os.environ)
    out, err = await process.communicate()
    return process.returncode or 0, out.decode() + err.decode()


async def test_a_file_that_is_not_there_is_named(shelter: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QORGAU_TRUST_FILE", "/nowhere/trust.jws")
    assert "/nowhere/trust.jws" in (await wrong())["settings"]


async def test_a_calendar_with_an_error_is_found_and_its_line_named(
    shelter: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calendar.csv").write_text("day,working,source,known_from\n2026-11-25,off,Decree,2026-11-20\n")
    monkeypatch.setenv("QORGAU_CALENDAR_FILE", str(tmp_path / "calendar.csv"))
    assert (await wrong())["settings"] == "QORGAU_CALENDAR_FILE, line 2: working is yes or no"


async def test_a_file_of_claims_with_an_error_is_found_and_its_line_named(
    shelter: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "claims.json").write_text('{"groups": [{"group": "staff", "role": "boss"}]}')
    monkeypatch.setenv("QORGAU_OIDC_CLAIMS_FILE", str(tmp_path / "claims.json"))
    assert (await wrong())["settings"].startswith("QORGAU_OIDC_CLAIMS_FILE: groups.0.role: Input should be 'worker'")


async def test_an_issuer_whose_keys_can_not_be_had_is_found(
    shelter: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jwks.json").write_text("<html>")
    monkeypatch.setenv("QORGAU_OIDC_JWKS", str(tmp_path / "jwks.json"))
    assert "the issuer's key set can't be had" in (await wrong())["issuer"]
    monkeypatch.setenv("QORGAU_OIDC_JWKS", "")
    monkeypatch.setenv("QORGAU_OIDC_ISSUER", "http://127.0.0.1:1")
    assert (await wrong()) == {"issuer": "the provider's configuration is another issuer's"}
    monkeypatch.setenv("QORGAU_OIDC_CONFIGURATION", "")
    assert (await wrong()) == {"issuer": "the provider can't be reached; try again"}


async def test_keys_that_the_trust_list_does_not_name_are_found(
    shelter: Bench, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QORGAU_KEYS_FILE", str(network.enrolment.secret("health", "keys")))
    assert (await wrong())["keys"].startswith("no key to sign with")


async def test_a_private_key_that_is_not_the_one_the_list_names_is_found(
    shelter: Bench, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = json.loads(network.enrolment.secret("shelter", "keys").read_text())
    other = json.loads(network.enrolment.secret("health", "keys").read_text())
    mixed = [{**key, "kid": mine["kid"]} for key, mine in zip(other["keys"], own["keys"], strict=True)]
    (tmp_path / "keys").write_text(json.dumps({"keys": mixed}))
    monkeypatch.setenv("QORGAU_KEYS_FILE", str(tmp_path / "keys"))
    assert (await wrong())["keys"].startswith("no key to sign with")


async def test_a_key_that_is_about_to_end_is_found(
    shelter: Bench, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, now = TrustFiles(tmp_path), datetime.now(UTC)
    shutil.copytree(network.folder / "secrets", tmp_path / "secrets")
    before = network.enrolment.trust_files.read()
    known = before.nodes["shelter"]
    ending = [key.model_copy(update={"valid_until": now + timedelta(days=13)}) for key in known.keys]
    nodes = {**before.nodes, "shelter": known.model_copy(update={"keys": tuple(ending)})}
    files.publish(nodes, before=before, at=now)
    monkeypatch.setenv("QORGAU_TRUST_FILE", str(files.list))
    assert (await wrong())["keys"].startswith("the last key to sign with ends at")


async def test_a_database_that_does_not_answer_is_found_and_the_rest_is_checked_all_the_same(
    shelter: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QORGAU_DATABASE_URL", "postgresql+asyncpg://nobody:x@/nothing?host=/nowhere")
    found = await wrong()
    assert {"database", "clock", "clocks of others", "schema", "vault"} == {*found}


async def test_a_role_that_sees_every_organisation_is_found(
    shelter: Bench, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {"role": "postgres", "password": network.postgres.password}
    monkeypatch.setenv(
        "QORGAU_DATABASE_URL", network.postgres.url(**about, database=str(shelter.database.url.database))
    )
    assert "row-level security" in (await wrong())["database"]


class LateClock(datetime):
    """A clock that is a minute behind."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) - timedelta(minutes=1)


async def test_a_clock_that_is_wrong_is_found(shelter: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "datetime", LateClock)
    begun = monotonic()
    said = (await wrong())["clock"]
    asked_for = ceil(monotonic() - begun)  # seconds: it cannot know it better than that
    possible = range(60 - asked_for, 60 + asked_for + 1)
    assert said in {f"this clock and the database's are {seconds} s apart" for seconds in possible}


async def test_a_node_that_speaks_from_the_future_is_found(shelter: Bench) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=2)
    said: dict[str, Any] = {
        "node": "health",
        "position": 1,
        "chain_hash": "00",
        "organisation_id": "hospital-19",
        "token": "",
    }
    async with shelter.work() as work:
        work.session.add(Witnessed(**said, at=soon))
        about: dict[str, Any] = {
            "source_subject": "qorgau.state.social.beds_counted.social-19",
            "reason": "announced for the future",
        }
        now = datetime.now(UTC)
        work.session.add(Quarantined(id=uuid4(), received_at=now, last_at=now, mark=b"1", **about))
    assert (await wrong())["clocks of others"].startswith("health, social: ahead")


async def test_a_schema_that_is_older_is_found_with_and_without_the_owner(
    shelter: Bench, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with owner(shelter) as connection:
        await connection.execute("alter table idempotency_keys drop column headers")
        await connection.execute("delete from alembic_version where version_num like 'casework%'")
    assert (await wrong())["schema"] == "the schema is older than this version: idempotency_keys"
    role, name = f"{shelter.database.url.username}_owner", str(shelter.database.url.database)
    async with owner(shelter) as connection:
        await connection.execute(f'grant connect on database "{name}" to "{role}"')
    monkeypatch.setenv("QORGAU_OWNER_URL", network.postgres.url(role=role, password="owner", database=name))
    assert (await wrong())["schema"].startswith("the schema lacks casework_")


async def test_a_wrapping_key_that_is_missing_is_found(
    shelter: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vault").write_text(new_keys("fresh"))
    monkeypatch.setenv("QORGAU_VAULT_KEYS", f"file:{tmp_path / 'vault'}")
    assert (await wrong())["vault"].startswith("data keys are wrapped by keys that are not here: ")


async def test_a_broker_that_does_not_answer_is_found(shelter: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QORGAU_NATS_URL", "nats://127.0.0.1:1")
    assert {*await wrong()} == {"broker", "own name", "others' names", "consumers"}


async def test_a_broker_without_streams_or_without_our_consumer_is_found(
    shelter: Bench, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with broker(network, tmp_path / "other", provisioned=False) as server:
        monkeypatch.setenv("QORGAU_NATS_URL", server.url)
        assert {*await wrong()} == {"own name", "consumers"}
        seed = network.enrolment.secret(PROVISIONER, "seed")
        await provision_once(url=server.url, seed_file=seed, nodes=NODES)
        assert await wrong() == {}
        client = await nats.connect(server.url, nkeys_seed=str(seed), inbox_prefix=f"_INBOX_{PROVISIONER}".encode())
        await client.jetstream().delete_consumer(DIRECTED, "shelter")
        await client.close()
        assert await wrong() == {"consumers": f"the broker keeps no consumer shelter of {DIRECTED}"}


async def test_a_broker_that_lets_a_node_speak_as_another_is_found(
    shelter: Bench, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nats_config, "permissions", lambda _: {"publish": [">"], "subscribe": [">"]})
    async with broker(network, tmp_path / "wide") as server:
        monkeypatch.setenv("QORGAU_NATS_URL", server.url)
        assert await wrong() == {"others' names": "the broker lets this service publish as police"}
