"""`qorgau keys`: what the operator types, what it answers, and with which exit code."""

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.compose import write
from deploy.enrol import Enrolment
from deploy.network import sample_organisations


@pytest.fixture
def enrolment(tmp_path: Path) -> Enrolment:
    return write(tmp_path, sample_organisations(), store=Path("/data"))


def keys(enrolment: Enrolment, *arguments: str) -> tuple[int, str]:
    command = ["keys", *arguments, "--folder", str(enrolment.folder)]
    done = CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
    return done.exit_code, done.output


def test_the_list_is_shown_with_its_serial_and_the_state_of_each_key(enrolment: Enrolment) -> None:
    keys(enrolment, "rotate", "police")
    keys(enrolment, "revoke", "police/sign-1")
    code, shown = keys(enrolment, "trust")
    assert code == 0
    assert "Trust list 3 of" in shown
    assert "revoked" in next(line for line in shown.splitlines() if "police/sign-1" in line)
    assert "valid" in next(line for line in shown.splitlines() if "police/sign-2" in line)


def test_a_list_that_the_operator_did_not_sign_exits_with_1_and_is_not_built_upon(enrolment: Enrolment) -> None:
    enrolment.trust.write_bytes(enrolment.trust.read_bytes()[:-4] + b"AAAA")
    for command in (("trust",), ("rotate", "police"), ("revoke", "police/sign-1"), ("new", "police")):
        code, said = keys(enrolment, *command)
        assert code == 1
        assert "not to be trusted" in said


def test_where_there_is_no_network_it_says_so(tmp_path: Path) -> None:
    code, said = keys(Enrolment(tmp_path / "nothing"), "trust")
    assert (code, "is" in said and "the folder of a network?" in said) == (1, True)
    assert not (tmp_path / "nothing").exists()


def test_trust_can_be_seen_but_not_changed_without_the_operators_private_key(enrolment: Enrolment) -> None:
    enrolment.secret("operator", "key").unlink()
    assert keys(enrolment, "trust")[0] == 0
    code, said = keys(enrolment, "rotate", "police")
    assert (code, "only the host that enrols" in said) == (1, True)


def test_a_rotation_says_what_was_made_and_when_the_keys_before_end(enrolment: Enrolment) -> None:
    code, said = keys(enrolment, "rotate", "police", "--overlap-days", "3")
    assert code == 0
    assert "made police/sign-2 and police/encrypt-2; the keys before end at" in said
    assert "trust list 2 is signed" in said
    assert keys(enrolment, "rotate", "police", "--overlap-days", "-1")[0] == 2


def test_what_is_unknown_is_refused_by_name(enrolment: Enrolment) -> None:
    assert keys(enrolment, "rotate", "nobody")[0] == keys(enrolment, "revoke", "police/sign-7")[0] == 1
    assert "knows no key police/sign-7" in keys(enrolment, "revoke", "police/sign-7")[1]
    assert "it knows health, police, shelter, social" in keys(enrolment, "rotate", "nobody")[1]


def test_a_key_is_revoked_once_and_earlier_only_if_the_theft_was(enrolment: Enrolment) -> None:
    code, said = keys(enrolment, "revoke", "police/sign-1")
    assert (code, "police can sign nothing until" in said) == (0, True)
    assert keys(enrolment, "revoke", "police/sign-1")[0] == 1
    assert keys(enrolment, "revoke", "police/sign-1", "--since", "2026-01-01")[0] == 0
    revoked = enrolment.trust_files.read().by_kid["police/sign-1"].revoked_at
    assert revoked is not None
    assert revoked.isoformat() == "2026-01-01T00:00:00+00:00"


def test_new_keys_are_for_a_node_without_valid_ones(enrolment: Enrolment) -> None:
    code, said = keys(enrolment, "new", "police")
    assert (code, "qorgau keys rotate police" in said) == (1, True)
    keys(enrolment, "revoke", "police/sign-1")
    assert keys(enrolment, "new", "police")[0] == 0
    assert keys(enrolment, "new", "shelter-2")[0] == 1
    assert keys(enrolment, "new", "Shelter 2", "--agency", "shelter")[0] == 1
    assert keys(enrolment, "new", "shelter-2", "--agency", "shelter")[0] == 0
    assert enrolment.trust_files.read().nodes["shelter-2"].agency == "shelter"


def test_files_that_containers_mount_stay_the_same_files(enrolment: Enrolment) -> None:
    mounted = (enrolment.trust, enrolment.secret("police", "keys"))
    before = [(file.stat().st_ino, stat.S_IMODE(file.stat().st_mode)) for file in mounted]
    keys(enrolment, "rotate", "police")
    assert [(file.stat().st_ino, stat.S_IMODE(file.stat().st_mode)) for file in mounted] == before
    assert not list(enrolment.folder.rglob("*.new"))


def test_the_keys_of_an_earlier_version_become_the_first(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    signing = '{"kty": "OKP", "crv": "Ed25519", "kid": "police", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"'
    signing += ', "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}'  # the example of RFC 8037
    sealing = '{"kty": "OKP", "crv": "X25519", "kid": "police", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"'
    sealing += ', "d": "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}'  # that of RFC 7748
    (secrets / "police-keys").write_text(f'{{"signing": {signing}, "encryption": {sealing}}}')
    found = write(tmp_path, sample_organisations(), store=Path("/data")).trust_files.read()
    assert found.by_kid["police/sign-1"].key["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert {"police/sign-1", "police/encrypt-1"} <= set(found.by_kid)
    assert len(found.by_kid) == 8


def test_a_lost_list_is_not_made_anew_since_it_says_which_keys_were_revoked(enrolment: Enrolment) -> None:
    enrolment.trust.unlink()
    with pytest.raises(Exception, match="restore it"):
        write(enrolment.folder, sample_organisations(), store=Path("/data"))
