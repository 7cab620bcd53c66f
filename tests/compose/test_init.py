"""What `qorgau init` writes for compose: closed on the host, readable for the containers' own users."""

import os
import stat
from pathlib import Path

from deploy.compose import write
from deploy.network import sample_organisations
from shared.contract.vocabulary import Agency


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_its_owners_and_what_containers_mount_is_readable_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path / "network", sample_organisations(), store=Path("/data"))
    finally:
        os.umask(before)
    assert mode(tmp_path / "network") == mode(tmp_path / "network" / "secrets") == 0o700
    mounted = [
        f
        for f in (tmp_path / "network").rglob("*")
        if f.is_file() and f.name not in (".gitignore", "issuer-key", "operator-key")
    ]
    assert {mode(f) for f in mounted} == {0o644}


def test_the_keys_that_make_tokens_and_trust_stay_closed_and_go_into_no_container(tmp_path: Path) -> None:
    enrolment = write(tmp_path, sample_organisations(), store=Path("/data"))
    assert mode(enrolment.secret("issuer", "key")) == mode(enrolment.secret("operator", "key")) == 0o600
    compose = (Path(__file__).parents[2] / "deploy" / "compose.yaml").read_text()
    assert "issuer-key" not in compose
    assert "operator-key" not in compose


def test_keys_never_reach_the_history(tmp_path: Path) -> None:
    write(tmp_path, sample_organisations(), store=Path("/data"))
    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_writing_again_keeps_every_key_and_password(tmp_path: Path) -> None:
    write(tmp_path, sample_organisations(), store=Path("/data"))
    first = {f.name: f.read_bytes() for f in (tmp_path / "secrets").iterdir()}
    write(tmp_path, sample_organisations()[:1], store=Path("/data"))
    assert {f.name: f.read_bytes() for f in (tmp_path / "secrets").iterdir()} == first
    assert (tmp_path / "organisations-social.json").read_text() == "[]"


def test_every_file_that_the_compose_file_mounts_is_written(tmp_path: Path) -> None:
    write(tmp_path, sample_organisations(), store=Path("/data"))
    compose = (Path(__file__).parents[2] / "deploy" / "compose.yaml").read_text()
    named = [
        line.split("../.qorgau-compose}/")[1].split('"')[0] for line in compose.splitlines() if "-compose}/" in line
    ]
    assert len(named) == 4 + len(Agency) * 6 + 2
    assert [name for name in named if not (tmp_path / name).is_file()] == []
