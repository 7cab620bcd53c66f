"""Local agreements in the trust list: signed by the operator, all of them or none, and never an older one again."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.enrol import Enrolment, enrol
from deploy.network import sample_organisations
from deploy.trust_file import rewrite
from shared.adapters import watched
from shared.adapters.trust import Node
from shared.contract.errors import SealError
from shared.contract.vocabulary import Agency
from tests.workbench import trusting

LINE = {"senders": ["police"], "recipients": ["shelter"], "bases": ["consent"], "categories": ["routing", "identity"]}
TEXT = {"id": "A-19", "region": "19", "parties": ["police-talgar", "shelter-alatau"], "valid_from": "2026-01-01"}


@dataclass
class Operator:
    """Who signs agreements, and a node that lives by them."""

    enrolment: Enrolment

    def does(self, *arguments: str) -> int:
        """The exit code of `qorgau agreements …`."""
        done = CliRunner().invoke(app, ["agreements", *arguments, "--folder", str(self.enrolment.folder)])
        return done.exit_code

    def signs(self, permit: str = "P-F1-LODGING", **other: Any) -> int:
        """The exit code of signing an agreement with one line."""
        file = self.enrolment.folder / "agreement.json"
        file.write_text(json.dumps({**TEXT, "exchanges": [{"permit": permit, **LINE}], **other}))
        return self.does("sign", str(file))

    def node(self) -> Node:
        return trusting(self.enrolment, Agency.SHELTER)


def ids(node: Node) -> list[str]:
    return [agreement.id for agreement in node.agreements]


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)
    return Operator(enrol(tmp_path / "network", sample_organisations()))


def test_a_running_node_takes_up_what_was_signed_and_lets_go_of_what_has_ended(operator: Operator) -> None:
    running = operator.node()
    assert ids(running) == []
    assert (operator.signs(), ids(running)) == (0, ["A-19"])
    assert (operator.signs(id="A-OTHER"), ids(running)) == (0, ["A-19", "A-OTHER"])
    assert (operator.does("end", "A-19"), ids(running)) == (0, ["A-OTHER"])


def test_an_agreement_that_is_signed_again_replaces_the_one_before(operator: Operator) -> None:
    operator.signs()
    operator.signs(valid_from="2026-02-01")
    assert [str(agreement.valid_from) for agreement in operator.node().agreements] == ["2026-02-01"]


def test_a_line_that_can_have_no_effect_is_not_signed(operator: Operator) -> None:
    assert operator.signs(permit="P-INVENTED") == 1
    assert ids(operator.node()) == []


def test_what_was_never_agreed_can_not_end_and_what_is_no_agreement_is_not_signed(operator: Operator) -> None:
    assert operator.does("end", "A-19") == 1
    assert operator.signs(region="x") == 1
    assert operator.does("sign", str(operator.enrolment.folder / "nowhere.json")) == 1
    assert operator.node().trust.whole.serial == 1


def test_the_list_from_before_an_agreement_is_not_taken_again(operator: Operator) -> None:
    running, before = operator.node(), operator.enrolment.trust.read_text()
    operator.signs()
    assert ids(running) == ["A-19"]
    rewrite(operator.enrolment.trust, before, mode=0o644)
    assert ids(running) == ["A-19"]
    operator.enrolment.trust.unlink()
    assert ids(running) == ["A-19"]


def test_a_node_does_not_start_with_a_list_from_which_an_agreement_was_cut_out(operator: Operator) -> None:
    operator.signs()
    head, body, signature = operator.enrolment.trust.read_text().split(".")
    operator.enrolment.trust.write_text(f"{head}.{body[:-2]}AA.{signature}")
    with pytest.raises(SealError):
        operator.node()
    assert operator.does("show") == 1


def test_keys_and_organisations_change_and_what_was_agreed_stays(operator: Operator) -> None:
    operator.signs()
    CliRunner().invoke(app, ["keys", "rotate", "police", "--folder", str(operator.enrolment.folder)])
    enrol(operator.enrolment.folder, sample_organisations()[:-1])
    running = operator.node()
    assert (running.trust.whole.serial, ids(running)) == (4, ["A-19"])
    assert operator.does("show") == 0
