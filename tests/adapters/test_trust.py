"""Who is trusted, with which key, and when: the list, its changes while we run, rotation and revocation."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.enrol import Enrolment, enrol
from deploy.network import sample_organisations
from deploy.trust_file import rewrite
from shared.adapters import watched
from shared.adapters.seal import seal, sign, unseal, verify, verify_any, verify_at
from shared.adapters.telemetry import METRICS
from shared.adapters.trust import Node, load_node
from shared.adapters.trust_list import TRUST, TrustList
from shared.contract.errors import SealError, UntrustedSender
from shared.contract.vocabulary import Agency
from tests.workbench import Clock

PAYLOAD = b"{}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at each time."""
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)


@dataclass
class Founded:
    """A network's files, and what an operator and its nodes do with them."""

    enrolment: Enrolment
    clock: Clock = field(default_factory=lambda: Clock(datetime.now(UTC)))

    def node(self, agency: Agency) -> Node:
        files = (self.enrolment.secret(agency, "keys"), self.enrolment.trust, self.enrolment.operator_key)
        return load_node(agency, agency, *files, clock=self.clock)

    def keys(self, *arguments: str) -> None:
        done = CliRunner().invoke(app, ["keys", *arguments, "--folder", str(self.enrolment.folder)])
        assert done.exit_code == 0, done.output
        self.clock.now = datetime.now(UTC)

    def publish(self, change: Callable[[dict[str, Any]], Any]) -> None:
        """A list that the operator signs by hand."""
        files = self.enrolment.trust_files
        said = json.loads(files.read().model_dump_json())
        said["serial"] += 1
        change(said)
        rewrite(files.list, files.sign(json.dumps(said).encode(), kind=TRUST, at=self.clock()).decode(), mode=0o644)


@pytest.fixture
def founded(tmp_path: Path) -> Founded:
    return Founded(enrol(tmp_path, sample_organisations()))


def not_taken(file: str = "trust") -> float:
    return float(METRICS.files_not_taken.labels(file)._value.get())  # the client has no public way to read a counter


def test_after_a_rotation_the_new_key_signs_and_what_the_old_one_signed_is_still_accepted(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    old = sign(police, PAYLOAD)
    founded.keys("rotate", "police")
    assert police.signing_key()[0] == "police/sign-2"
    assert verify(shelter, old) == verify(shelter, sign(police, PAYLOAD)) == ("police", PAYLOAD)


def test_after_the_overlap_the_old_key_is_no_longer_accepted(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    old = sign(police, PAYLOAD)
    founded.keys("rotate", "police", "--overlap-days", "2")
    founded.clock.now += timedelta(days=1.9)
    assert verify(shelter, old) == ("police", PAYLOAD)
    founded.clock.now += timedelta(days=0.2)
    with pytest.raises(UntrustedSender, match="not valid now"):
        verify(shelter, old)
    assert verify(shelter, sign(police, PAYLOAD)) == ("police", PAYLOAD)


def test_a_key_that_begins_later_is_not_accepted_yet_but_for_the_difference_of_clocks(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    founded.keys("rotate", "police")
    new = sign(police, PAYLOAD)
    founded.clock.now -= timedelta(minutes=4)
    assert verify(shelter, new) == ("police", PAYLOAD)
    founded.clock.now -= timedelta(minutes=2)
    with pytest.raises(UntrustedSender, match="not valid now"):
        verify(shelter, new)


def test_what_arrives_signed_by_a_revoked_key_is_refused_however_old_it_says_it_is(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    old = sign(police, PAYLOAD)
    founded.keys("rotate", "police")
    founded.keys("revoke", "police/sign-1")
    with pytest.raises(UntrustedSender, match="revoked"):
        verify(shelter, old)
    assert verify(shelter, sign(police, PAYLOAD)) == ("police", PAYLOAD)


def test_a_lasting_statement_holds_if_it_was_made_while_its_key_was_valid(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    receipt = sign(police, PAYLOAD, kind="consent")
    founded.keys("rotate", "police", "--overlap-days", "1")
    founded.clock.now += timedelta(days=400)
    with pytest.raises(UntrustedSender):
        verify(shelter, receipt, kind="consent")
    assert verify_at(shelter, receipt, kind="consent") == ("police", PAYLOAD)
    with pytest.raises(UntrustedSender, match="was not valid then"):
        verify_at(shelter, receipt, founded.clock(), kind="consent")


def test_a_lasting_statement_survives_the_revocation_only_if_it_is_older(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    founded.clock.now -= timedelta(hours=2)
    before = sign(police, PAYLOAD, kind="consent")
    founded.clock.now += timedelta(hours=2, seconds=1)
    after = sign(police, PAYLOAD, kind="consent")
    theft = (founded.clock() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    founded.keys("revoke", "police/sign-1", "--since", theft)
    assert verify_at(shelter, before, kind="consent") == ("police", PAYLOAD)
    with pytest.raises(UntrustedSender, match="was not valid then"):
        verify_at(shelter, after, kind="consent")


def test_a_node_repeats_what_a_key_signed_that_it_has_lost_since(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    receipt = sign(police, PAYLOAD, kind="consent")
    yesterday = (founded.clock() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S")
    founded.keys("rotate", "police")
    founded.keys("revoke", "police/sign-1", "--since", yesterday)
    with pytest.raises(UntrustedSender, match="was not valid then"):
        verify_at(shelter, receipt, kind="consent")
    assert verify_any(shelter, receipt, kind="consent") == ("police", PAYLOAD)


def test_senders_seal_with_the_newest_key_and_the_receiver_opens_with_old_ones_too(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    old = seal(police, PAYLOAD, recipient="shelter")
    founded.keys("rotate", "shelter", "--overlap-days", "0")
    founded.keys("revoke", "shelter/encrypt-1")
    assert police.trust.encryption_key("shelter").kid == "shelter/encrypt-2"
    assert unseal(shelter, old) == unseal(shelter, seal(police, PAYLOAD, recipient="shelter")) == ("police", PAYLOAD)


def test_what_was_sealed_for_a_key_that_was_taken_out_does_not_open(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    old = seal(police, PAYLOAD, recipient="shelter")
    founded.keys("rotate", "shelter")
    file = founded.enrolment.secret("shelter", "keys")
    kept = [key for key in json.loads(file.read_text())["keys"] if not key["kid"].endswith("-1")]
    rewrite(file, json.dumps({"keys": kept}), mode=0o600)
    with pytest.raises(SealError, match="a key that this node does not have"):
        unseal(shelter, old)


def test_a_node_whose_keys_were_all_revoked_signs_nothing_until_it_has_new_ones(founded: Founded) -> None:
    police = founded.node(Agency.POLICE)
    founded.keys("revoke", "police/sign-1")
    with pytest.raises(UntrustedSender, match="no key"):
        sign(police, PAYLOAD)
    founded.keys("new", "police")
    assert verify(founded.node(Agency.SHELTER), sign(police, PAYLOAD)) == ("police", PAYLOAD)


def test_a_node_does_not_sign_with_a_key_that_it_does_not_hold_yet(founded: Founded) -> None:
    held = founded.enrolment.secret("police", "keys").read_text()
    founded.keys("rotate", "police")
    rewrite(founded.enrolment.secret("police", "keys"), held, mode=0o600)
    assert founded.node(Agency.POLICE).signing_key()[0] == "police/sign-1"


def test_a_list_that_was_changed_on_the_way_is_not_taken_and_the_one_before_stays(founded: Founded) -> None:
    police, before = founded.node(Agency.POLICE), not_taken()
    genuine = founded.enrolment.trust.read_text()
    head, body, signature = genuine.split(".")
    rewrite(founded.enrolment.trust, f"{head}.{body[:-8]}AAAAAAAA.{signature}", mode=0o644)
    assert police.trust.node_of("shelter-alatau") == "shelter"
    assert (police.trust.whole.serial, not_taken() - before) == (1, 1)
    with pytest.raises(SealError):
        founded.node(Agency.POLICE)
    rewrite(founded.enrolment.trust, genuine, mode=0o644)
    assert founded.node(Agency.POLICE).trust.whole.serial == 1


def test_a_list_by_another_operator_is_not_taken(founded: Founded, tmp_path: Path) -> None:
    police = founded.node(Agency.POLICE)
    other = enrol(tmp_path / "other", [])
    rewrite(founded.enrolment.trust, other.trust.read_text(), mode=0o644)
    assert police.hosts("police-talgar")


def test_an_older_list_does_not_bring_back_a_revoked_key(founded: Founded) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    stolen, older = sign(police, PAYLOAD), founded.enrolment.trust.read_text()
    founded.keys("revoke", "police/sign-1")
    assert shelter.trust.whole.serial == 2
    before = not_taken()
    rewrite(founded.enrolment.trust, older, mode=0o644)
    assert (shelter.trust.whole.serial, not_taken() - before) == (2, 1)
    with pytest.raises(UntrustedSender, match="revoked"):
        verify(shelter, stolen)


def test_another_list_under_the_same_serial_is_not_taken(founded: Founded) -> None:
    shelter = founded.node(Agency.SHELTER)
    founded.publish(lambda said: said.update(serial=1, nodes={}))
    assert shelter.hosts("shelter-alatau")


def test_a_file_that_vanished_or_was_half_written_changes_nothing(founded: Founded) -> None:
    shelter, genuine = founded.node(Agency.SHELTER), founded.enrolment.trust.read_text()
    founded.enrolment.trust.write_text(genuine[:100])
    assert shelter.hosts("shelter-alatau")
    founded.enrolment.trust.unlink()
    assert shelter.hosts("shelter-alatau")
    founded.enrolment.secret("shelter", "keys").write_text("{")
    assert shelter.signing_key()[0] == "shelter/sign-1"


def test_a_file_is_looked_at_no_oftener_than_it_has_to_be_but_at_once_for_an_unknown_key(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    police, shelter = founded.node(Agency.POLICE), founded.node(Agency.SHELTER)
    founded.keys("rotate", "police")
    new = sign(police, PAYLOAD)
    monkeypatch.setattr(watched, "LOOK_EVERY", 3600.0)
    assert shelter.trust.whole.serial == 1
    assert verify(shelter, new) == ("police", PAYLOAD)
    assert shelter.trust.whole.serial == 2


def test_an_organisation_is_spoken_for_from_when_to_when_the_list_says(founded: Founded) -> None:
    shelter = founded.node(Agency.SHELTER)
    enrol(founded.enrolment.folder, [o for o in sample_organisations() if o.id != "shelter-alatau"])
    founded.clock.now = datetime.now(UTC)
    assert not shelter.hosts("shelter-alatau")
    with pytest.raises(UntrustedSender, match="no node"):
        shelter.trust.party("shelter-alatau")
    founded.clock.now -= timedelta(hours=1)
    assert shelter.hosts("shelter-alatau")
    enrol(founded.enrolment.folder, sample_organisations())
    founded.clock.now = datetime.now(UTC)
    assert shelter.hosts("shelter-alatau")
    assert shelter.trust.whole.serial == 3


def test_enrolling_again_signs_no_new_list_unless_something_changed(founded: Founded) -> None:
    before = founded.enrolment.trust.read_bytes()
    enrol(founded.enrolment.folder, sample_organisations())
    assert founded.enrolment.trust.read_bytes() == before


@pytest.mark.parametrize(
    "wrong",
    [
        lambda said: said["nodes"]["health"]["keys"].extend(said["nodes"]["police"]["keys"]),
        lambda said: said["nodes"]["police"]["keys"].append(said["nodes"]["police"]["keys"][0]),
        lambda said: said["nodes"]["police"]["keys"][0]["key"].update(d="AA"),
        lambda said: said["nodes"]["police"]["keys"][0].update(use="encrypt"),
        lambda said: said["nodes"]["police"]["keys"][0].update(kid="police"),
        lambda said: said.update(serial=0),
    ],
    ids=["of another node", "twice", "a private key", "for another use", "no number", "no serial"],
)
def test_a_list_that_makes_no_sense_is_not_taken_even_if_the_operator_signed_it(
    founded: Founded, wrong: Callable[[dict[str, Any]], Any]
) -> None:
    police = founded.node(Agency.POLICE)
    founded.publish(wrong)
    assert police.trust.whole.serial == 1
    with pytest.raises(ValueError, match="TrustList"):
        founded.node(Agency.POLICE)


def test_the_operators_private_key_is_not_what_a_node_is_given(founded: Founded) -> None:
    files = (founded.enrolment.secret("police", "keys"), founded.enrolment.trust)
    with pytest.raises(SealError, match="not a public Ed25519 key"):
        load_node("police", Agency.POLICE, *files, founded.enrolment.secret("operator", "key"))
    assert isinstance(founded.enrolment.trust_files.read(), TrustList)


def test_a_list_of_ten_thousand_organisations_is_read_though_no_message_may_be_as_large(founded: Founded) -> None:
    def hosts_many(said: dict[str, Any]) -> None:
        one = said["nodes"]["shelter"]["organisations"][0]
        said["nodes"]["shelter"]["organisations"] += [{**one, "id": f"shelter-of-{n}"} for n in range(10_000)]

    founded.publish(hosts_many)
    police = founded.node(Agency.POLICE)
    assert police.trust.node_of("shelter-of-9999") == "shelter"
    with pytest.raises(SealError, match="larger than a message may be"):
        verify(police, founded.enrolment.trust.read_bytes(), kind=TRUST)
