"""The exported AsyncAPI document, by the AsyncAPI project's own parser."""

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.documents.asyncapi import document
from shared.contract.events import EVENTS, cloud_type

PARSE = """
const { Parser } = require('@asyncapi/parser');
const text = require('fs').readFileSync(0, 'utf8');
new Parser().parse(text).then(({ document, diagnostics }) => {
  const read = document && {
    version: document.version(),
    messages: document.components().messages().all().map((one) => [one.name(), one.contentType(), one.hasPayload()]),
    channels: document.channels().all().map((one) => one.address()),
    operations: document.operations().all().map((one) => [one.id(), one.action(), one.messages().all().length]),
  };
  console.log(JSON.stringify({ read, diagnostics }));
});
"""
ERROR = 0  # the parser's severities: error, warning, information, hint
MADE = document(datetime(2026, 3, 20, 9, tzinfo=UTC))


def parsed(made: dict[str, Any]) -> dict[str, Any]:
    """What the parser makes of a document, and what it says against it."""
    node = shutil.which("node") or "node"
    where = {**os.environ, "NODE_PATH": os.environ["QORGAU_NODE_MODULES"]}
    done = subprocess.run(  # noqa: S603  # our own program
        [node, "-e", PARSE], input=json.dumps(made), env=where, capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_document_is_valid_and_the_parser_warns_of_nothing() -> None:
    said = parsed(MADE)["diagnostics"]
    assert [one["code"] for one in said] == ["asyncapi-latest-version"]  # 3.0 is what most tools read
    assert said[0]["severity"] > ERROR


def test_the_parser_finds_every_event_its_subjects_and_what_is_done_there() -> None:
    read = parsed(MADE)["read"]
    assert read["version"] == "3.0.0"
    assert [name for name, _, _ in read["messages"]] == [cloud_type(event_type) for event_type in EVENTS]
    assert all(there for _, _, there in read["messages"])
    on_paper = [name for name, form, _ in read["messages"] if form != "application/jose"]
    assert on_paper == ["kz.qorgau.letter.written.v1", "kz.qorgau.letter.recalled.v1"]
    assert read["channels"] == [
        "qorgau.directed.{sender}.{recipient}",
        "qorgau.state.{sender}.audit_checkpointed.{organisation}",
        "qorgau.state.{sender}.beds_counted.{organisation}",
        "qorgau.state.{sender}.organisation_announced.{organisation}",
    ]
    between = len(EVENTS) - len(on_paper) - 3 - 1  # what is announced, and the receipt
    assert [[name, action] for name, action, count in read["operations"] if count == between] == [
        ["send", "send"],
        ["receive", "receive"],
    ]


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "no title": lambda made: made["info"].pop("title"),
    "a word that AsyncAPI does not know": lambda made: made.update(topics={}),
    "an action of version 2": lambda made: made["operations"]["send"].update(action="publish"),
    "a parameter that is not described": lambda made: made["channels"]["directed"]["parameters"].pop("sender"),
    "a server that is not there": lambda made: made["channels"]["directed"].update(servers=[{"$ref": "#/servers/x"}]),
    "a message that its channel has not": lambda made: made["channels"]["directed"]["messages"].pop("message.posted"),
    "a schema that is not there": lambda made: made["components"]["schemas"].pop("Household"),
    "a payload of no type": lambda made: made["components"]["messages"]["message.posted"]["payload"].update(
        type="word"
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_document_is_refused(fault: str) -> None:
    broken = copy.deepcopy(MADE)
    BROKEN[fault](broken)
    assert ERROR in [one["severity"] for one in parsed(broken)["diagnostics"]]
