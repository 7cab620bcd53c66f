"""Local agreements as files: signed by the operator or not taken, and what is in force is not lost to a bad file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.commands.agreements import app
from deploy.enrol import Enrolment, enrol
from deploy.network import sample_organisations
from shared.adapters import agreements
from shared.adapters.agreements import Agreements
from shared.adapters.trust_list import read_operator_key
from shared.contract.errors import SealError

LINE = {"senders": ["police"], "recipients": ["shelter"], "bases": ["consent"], "categories": ["routing", "identity"]}
TEXT = {"id": "A-19", "region": "19", "parties": ["police-talgar", "shelter-alatau"], "valid_from": "2026-01-01"}


@pytest.fixture
def enrolment(tmp_path: Path) -> Enrolment:
    return enrol(tmp_path / "network", sample_organisations())


def signed(enrolment: Enrolment, permit: str = "P-F1-LODGING") -> int:
    """The exit code of signing an agreement with one line."""
    file = enrolment.folder / "agreement.json"
    file.write_text(json.dumps({**TEXT, "exchanges": [{"permit": permit, **LINE}]}))
    return CliRunner().invoke(app, ["sign", str(file), "--folder", str(enrolment.folder)]).exit_code


def read(enrolment: Enrolment) -> Agreements:
    return Agreements(enrolment.agreements, operator=read_operator_key(enrolment.operator_key.read_bytes()))


def change(file: Path) -> None:
    head, body, signature = file.read_text().split(".")
    file.write_text(f"{head}.{body[:-2]}AA.{signature}")


def test_what_the_operator_signed_is_in_force(enrolment: Enrolment) -> None:
    assert read(enrolment).now() == ()
    assert signed(enrolment) == 0
    assert [agreement.id for agreement in read(enrolment).now()] == ["A-19"]


def test_a_line_that_can_have_no_effect_is_not_signed(enrolment: Enrolment) -> None:
    assert signed(enrolment, permit="P-INVENTED") == 1
    assert list(enrolment.agreements.iterdir()) == []


def test_a_service_does_not_start_with_an_agreement_that_was_changed(enrolment: Enrolment) -> None:
    signed(enrolment)
    change(enrolment.agreements / "A-19.jws")
    with pytest.raises(SealError):
        read(enrolment)


def test_a_service_does_not_start_without_the_folder_that_it_was_told_of(enrolment: Enrolment) -> None:
    enrolment.agreements.rmdir()
    with pytest.raises(OSError, match="agreements"):
        read(enrolment)


def test_a_running_service_takes_a_new_agreement_up_and_keeps_it_when_its_file_turns_bad(
    enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreements, "LOOK_EVERY", 0.0)
    running = read(enrolment)
    assert running.now() == ()
    signed(enrolment)
    (taken,) = running.now()
    change(enrolment.agreements / "A-19.jws")
    assert running.now() == (taken,)
