"""Every deployment's broker keeps the promise: nothing acknowledged is lost to save room or time."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.embedded.nats import binary
from deploy.enrol import Enrolment
from deploy.nats_config import permissions, server, text
from shared.adapters.jetstream import DIRECTED, STATE
from shared.adapters.streams import STREAMS, consumer
from shared.contract.vocabulary import Agency

THREE = ["n0=127.0.0.1:6222", "n1=127.0.0.1:6223", "n2=127.0.0.1:6224"]
STORES = ["single", "compose", "n0", "n1", "n2", "helm"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("network")
    run("init", "--folder", str(home), "--store", str(home / "store"))
    return home


@pytest.fixture(scope="module")
def deployments(folder: Path) -> dict[str, dict[str, Any]]:
    """Every configuration that this project writes, by its name."""
    run("nats", "site", "rural", "police", "shelter", "--hub", "127.0.0.1:7422", "--folder", str(folder))
    run("nats", "cluster", *THREE, "--folder", str(folder), "--store", str(folder / "store"))
    users = Enrolment(folder).users()
    values = json.loads(run("nats", "values", "--folder", str(folder)))["nats"]["config"]
    return {
        "single": server(users=users, store=folder / "store", listen="127.0.0.1:4222"),
        "compose": read(folder / "nats.conf"),
        **{name: read(folder / f"nats-{name}.conf") for name in ("n0", "n1", "n2")},
        "leaf": read(folder / "leaf-rural.conf"),
        # As the chart merges them: its own settings, then these.
        "helm": {**values["merge"], "jetstream": {"store_dir": str(folder / "s"), **values["jetstream"]["merge"]}},
    }


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text().split("\n", 1)[1])  # type: ignore[no-any-return]  # ours


def test_with_a_folder_of_certificates_a_broker_wants_one_of_each_client(tmp_path: Path) -> None:
    """Its clients' TLS itself is tested with a real server (tests/adapters/test_broker_tls.py)."""
    run("init", "--folder", str(tmp_path), "--tls", "/etc/nats/tls")
    run("nats", "cluster", *THREE, "--folder", str(tmp_path), "--tls", "/etc/nats/tls")
    for name in ("nats", "nats-n0", "nats-n1", "nats-n2"):
        tls = read(tmp_path / f"{name}.conf")["tls"]
        assert (tls["verify"], tls["handshake_first"]) == (True, True)
        files = {tls[f"{one}_file"] for one in ("ca", "cert", "key")}
        assert files == {f"/etc/nats/tls/{one}.pem" for one in ("ca", "cert", "key")}


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: str(stream.name))
def test_every_stream_is_on_disk_keeps_within_limits_and_lets_nobody_delete_or_purge(stream: Any) -> None:
    kept = (stream.storage.value, stream.retention.value, stream.discard.value, stream.deny_delete, stream.deny_purge)
    assert kept == ("file", "limits", "new", True, True)
    assert stream.max_bytes > 0  # without a limit, `discard new` says nothing


@pytest.mark.parametrize("stream", [DIRECTED, STATE])
def test_every_consumer_wants_each_message_acknowledged_and_backs_off(stream: str) -> None:
    about = consumer(stream, "police")
    assert (about.ack_policy, about.max_deliver) == ("explicit", -1)
    assert about.backoff == sorted(about.backoff or []) != []
    assert about.ack_wait == (about.backoff or [0])[0]


def test_all_streams_together_fit_on_the_disk_that_the_server_may_use(folder: Path) -> None:
    room = read(folder / "nats.conf")["jetstream"]["max_file_store"]
    assert sum(stream.max_bytes or 0 for stream in STREAMS) < room


@pytest.mark.parametrize("name", STORES)
def test_who_stores_syncs_before_it_acknowledges_in_the_domain_that_services_ask(
    deployments: dict[str, dict[str, Any]], name: str
) -> None:
    store = deployments[name]["jetstream"]
    assert (store["sync_interval"], store["domain"]) == ("always", "qorgau")


def test_a_leaf_acknowledges_nothing_by_itself_because_it_stores_nothing(
    deployments: dict[str, dict[str, Any]],
) -> None:
    assert "jetstream" not in deployments["leaf"]


@pytest.mark.parametrize("name", [*STORES, "leaf"])
def test_nobody_connects_without_a_key_nor_may_do_more_than_their_node(
    deployments: dict[str, dict[str, Any]], name: str
) -> None:
    users = deployments[name]["authorization"]["users"]
    assert set(deployments[name]["authorization"]) == {"users"}
    assert users
    assert all(set(user) == {"nkey", "permissions"} for user in users)
    known = [permissions(node) for node in ("provisioner", *Agency)] + [permissions("police", "shelter")]
    assert [user for user in users if user["permissions"] not in known] == []


def test_a_site_has_the_users_of_its_own_nodes_only(deployments: dict[str, dict[str, Any]], folder: Path) -> None:
    keys = [user["nkey"] for user in deployments["leaf"]["authorization"]["users"]]
    users = Enrolment(folder).users()
    assert sorted(keys) == sorted([users["police"], users["shelter"]])


@pytest.mark.parametrize("name", ["single", "compose", "n0", "n1", "n2", "leaf", "helm"])
def test_the_server_itself_finds_the_configuration_valid(
    deployments: dict[str, dict[str, Any]], name: str, tmp_path: Path
) -> None:
    file = tmp_path / "nats.conf"
    file.write_text(text(deployments[name]))
    done = subprocess.run([binary(), "-t", "-c", file], capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["n0", "n1", "n2"])
def test_a_member_knows_the_other_two_and_asks_them_for_a_password(
    deployments: dict[str, dict[str, Any]], name: str
) -> None:
    cluster = deployments[name]["cluster"]
    assert len(cluster["routes"]) == 2
    assert all(cluster["authorization"]["password"] in route for route in cluster["routes"])
    assert deployments[name]["server_name"] == name


@pytest.mark.parametrize("file", ["nats-n0.conf", "leaf-rural.conf"])
@pytest.mark.usefixtures("deployments")
def test_what_holds_a_secret_is_its_owners_alone(folder: Path, file: str) -> None:
    assert (folder / file).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "words",
    [
        ["cluster", "n0=a:1", "n1=b:1"],
        ["cluster", "n0=a:1", "n0=b:1", "n2=c:1"],
        ["cluster", "n0=a:1", "n1=b", "n2=c:1"],
        ["site", "police", "police", "--hub", "a:1"],
        ["site", "../x", "police", "--hub", "a:1"],
        ["site", "rural", "police", "--hub", 'a:1"'],
        ["values", "--folder", "/nowhere"],
        ["leaf", "/etc/hostname"],
    ],
)
def test_what_makes_no_network_is_refused_with_a_reason(folder: Path, words: list[str]) -> None:
    done = CliRunner().invoke(
        app, ["nats", *words, *(["--folder", str(folder)] if words[0] in ("cluster", "site") else [])]
    )
    assert done.exit_code == 2, done.output
    assert "Invalid value" in done.output
