"""`qorgau export`: what is printed, what is written, and with which exit code."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.documents.page import page
from shared.contract.events import EVENTS
from shared.contract.schemas import schemas
from tests.deploy.test_cli import loaded


def export(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["export", *words])


def said(made: Result) -> str:
    """In one line, whatever the width of the box that an error is put into."""
    return " ".join(made.output.replace("│", " ").split())


def test_the_asyncapi_document_is_printed_as_json() -> None:
    made = export("asyncapi", "--on", "2026-03-20")
    assert made.exit_code == 0
    printed = json.loads(made.output)
    assert printed["asyncapi"] == "3.0.0"
    assert len(printed["components"]["messages"]) == len(EVENTS)
    assert "by the policy of 2026-03-20" in printed["info"]["description"]
    assert "Сәрсенова" in made.output


def test_the_page_is_written_from_the_same_document(tmp_path: Path) -> None:
    file = tmp_path / "events.html"
    made = export("asyncapi", "--on", "2026-03-20", "--html", str(file))
    assert (made.exit_code, made.output) == (0, f"wrote {file}\n")
    document = json.loads(export("asyncapi", "--on", "2026-03-20").output)
    assert file.read_text(encoding="utf-8") == page(document)


def test_schemas_are_written_a_file_for_each_event(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    made = export("schemas", str(folder))
    assert (made.exit_code, made.output) == (0, f"wrote {len(EVENTS)} schemas into {folder}\n")
    written = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()}
    assert written == {f"{cloud}.json": schema for cloud, schema in schemas().items()}


def test_what_this_version_wrote_it_can_run_beside(tmp_path: Path) -> None:
    export("schemas", str(tmp_path))
    made = export("compare", str(tmp_path))
    assert made.exit_code == 0
    assert made.output == f"of {len(EVENTS)} of {len(EVENTS)} events: nothing that needs another version\n"


def test_what_it_can_not_run_beside_is_said_with_event_and_field(tmp_path: Path) -> None:
    export("schemas", str(tmp_path))
    file = tmp_path / "kz.qorgau.message.posted.v1.json"
    earlier = json.loads(file.read_text(encoding="utf-8"))
    earlier["properties"]["data"]["properties"]["content"]["properties"]["body"]["anyOf"][0]["maxLength"] = 5000
    file.write_text(json.dumps(earlier), encoding="utf-8")
    made = export("compare", str(tmp_path))
    assert made.exit_code == 1
    assert made.output == (
        "kz.qorgau.message.posted.v1: data.content.body has maxLength 4000 and had 5000: "
        "this version can't read what the one before sends\n"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "there are no schemas of events in that folder"),
        ("{", "kz.qorgau.message.posted.v1.json is not JSON"),
        ("[]", "kz.qorgau.message.posted.v1.json is not what `qorgau export schemas` wrote"),
        ('{"properties": 7}', "kz.qorgau.message.posted.v1.json is not what `qorgau export schemas` wrote"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused_as_misuse(tmp_path: Path, text: str | None, why: str) -> None:
    if text is not None:
        (tmp_path / "kz.qorgau.message.posted.v1.json").write_text(text, encoding="utf-8")
    made = export("compare", str(tmp_path))
    assert made.exit_code == 2
    assert why in said(made)


@pytest.mark.parametrize("words", [["asyncapi", "--on", "yesterday"], ["compare", "nowhere"], ["schemas"]])
def test_what_makes_no_sense_is_refused_as_misuse(words: list[str]) -> None:
    assert export(*words).exit_code == 2


def test_the_calls_of_the_readme_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    calls = re.findall(r"^qorgau export (.*?)(?:  +#.*)?$", text, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert [export(*call.split()).exit_code for call in calls] == [0, 0, 0]


def test_it_needs_neither_the_services_nor_a_database() -> None:
    assert {"services", "fastapi", "sqlmodel", "alembic"}.isdisjoint(loaded("export"))
