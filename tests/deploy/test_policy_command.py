"""`qorgau policy`: what a lawyer or a worker is shown, and the README's table in plain words."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.commands.policy_case import read_case
from deploy.commands.policy_explained import explanation
from deploy.commands.policy_words import Language
from shared.contract.policy import FORBIDS, PERMITS, RETENTION

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "tests" / "policy").glob("*/*.json"))
IDS = [row.id for row in PERMITS] + [row.id for row in FORBIDS] + [row.id for row in RETENTION]
REFERRAL = ("explain", "--event", "referral.requested", "--from", "police")
LODGING = (*REFERRAL, "--to", "shelter", "--purpose", "lodging", "--basis")
TO_HEALTH = (*REFERRAL, "--to", "health", "--basis")
AT = ("--at", "2026-06-01T12:00")


def policy(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def shown(*words: str) -> str:
    made = policy(*words)
    assert made.exit_code == 0
    return made.output


def unbroken(output: str) -> str:
    """The text of a table without its lines."""
    return " ".join(re.sub(r"[┃│┏┓┡┩├┤└┘━─┳╇┼┴]", " ", output).split())


def file(folder: Path, content: object) -> str:
    path = folder / "file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def agreement(**line: object) -> dict[str, Any]:
    exchange = {"permit": "P-F1-LODGING", "senders": ["police"], "recipients": ["shelter"], "bases": ["own_request"]}
    return {
        "id": "A-TALGAR",
        "region": "19",
        "parties": ["police-talgar", "shelter-alatau"],
        "exchanges": [exchange | {"categories": ["routing", "needs"]} | line],
        "valid_from": "2026-01-01",
    }


@pytest.mark.parametrize("language", Language)
def test_show_prints_every_row_with_its_reason_in_a_hundred_columns(language: Language) -> None:
    output = shown("show", "--language", language)
    assert all(row in output for row in IDS)
    assert max(len(line) for line in output.splitlines()) <= 100
    assert "Code on Health of 7 July 2020" in unbroken(output)
    assert getattr(PERMITS[0].reason, language)[:20] in output


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["--flow", "F3"], {"P-F3-REFUSAL-NOTICE", "P-F3-ACKNOWLEDGED"}),
        (["--category", "blinded", "--event", "register.compared"], {"P-F11-COMPARED", "F-NO-EMERGENCY"}),
        (["--from", "police", "--to", "health", "--event", "order.breached"], {"F-WHEREABOUTS", "F-ANONYMOUS"}),
        (["--basis", "emergency", "--category", "whereabouts"], {"P-LIFE-IN-DANGER", "F-NO-EMERGENCY"}),
        (["--category", "routing", "--to", "shelter"], {"R-WITHDRAWN", "P-F1-LODGING"}),
    ],
)
def test_show_prints_the_rows_that_speak_of_all_that_is_asked(words: list[str], rows: set[str]) -> None:
    output = shown("show", *words)
    assert {row for row in rows if row not in output} == set()
    assert "P-F9-ANNOUNCED" not in output


def test_show_prints_only_what_is_valid_on_a_day() -> None:
    assert [row for row in IDS if row in shown("show", "--on", "2009-12-31")] == []
    assert [row for row in IDS if row not in shown("show", "--on", "2026-01-01")] == []


def test_show_gives_programs_every_row() -> None:
    told = json.loads(shown("show", "--json"))
    assert [row["id"] for rows in (told["permits"], told["forbids"], told["retention"]) for row in rows] == IDS
    assert {age["age"] for age in told["ages"]} == {18, 16}
    assert json.loads(shown("show", "--json", "--flow", "F18"))["permits"][0]["recipients"] == ["shelter", "social"]


def test_the_matrix_says_who_may_tell_whom_what_at_most() -> None:
    assert "shelter police routing" in unbroken(shown("show", "--matrix", "--event", "refusal_notice.issued"))
    whole = shown("show", "--matrix")
    assert max(len(line) for line in whole.splitlines()) <= 100
    assert "repetition.warned" in whole


def test_the_matrix_shows_no_health_data_to_the_police_and_no_message_of_a_doctor() -> None:
    for words in (
        ["--category", "health"],
        ["--category", "addiction"],
        ["--event", "message.posted", "--from", "health"],
    ):
        assert not re.search(r"[a-z]\.[a-z]", shown("show", "--matrix", "--to", "police", *words))


def test_the_matrix_of_a_day_before_the_law_is_empty() -> None:
    assert "." not in shown("show", "--matrix", "--on", "2009-12-31")


def test_explain_says_what_leaves_and_what_stays_and_by_which_rule() -> None:
    made = policy(*LODGING, "consent", "--consent-categories", "identity,contact")
    text = unbroken(made.output)
    assert made.exit_code == 0
    assert "Permitted: referral.requested, police → shelter" in text
    leaves, _, stays = text.partition("stays rule why")
    assert all(word in leaves for word in ("contact", "P-F1-LODGING", "Standard", "A victim is referred"))
    assert all(word in stays for word in ("narrative", "F-NOT-IN-CONSENT", "Law on Personal", "did not consent"))
    assert re.search(r"Opened by no rule: .*statistics\.$", text)


@pytest.mark.parametrize(("language", "verdict"), [("kk", "Рұқсат етілмейді"), ("ru", "Не разрешено")])
def test_explain_says_why_not_in_the_language_of_the_reader(language: str, verdict: str) -> None:
    made = policy(*LODGING, "consent", "--language", language)
    row = next(row for row in FORBIDS if row.id == "F-NO-LIVE-CONSENT")
    assert made.exit_code == 1
    assert verdict in made.output
    assert getattr(row.reason, language)[:20] in made.output


@pytest.mark.parametrize(
    ("words", "permitted"),
    [
        (["--consent-categories", "identity"], True),
        (["--consent-categories", "identity", "--withdrawn"], False),
        (["--consent-categories", "identity", "--consent-until", "2026-06-01", *AT], True),
        (["--consent-categories", "identity", "--consent-until", "2026-05-31", *AT], False),
        (["--consent-recipients", "shelter"], True),
        (["--consent-recipients", "health,social"], False),
    ],
)
def test_explain_takes_the_terms_of_a_consent(words: list[str], permitted: bool) -> None:
    assert policy(*LODGING, "consent", *words).exit_code == (0 if permitted else 1)


@pytest.mark.parametrize(
    "words",
    [
        [*TO_HEALTH, "emergency", "--purpose", "protection_of_life", "--emergency"],
        [*TO_HEALTH, "court_decision", "--purpose", "compulsory_treatment", "--subject", "alleged_offender", "--court"],
    ],
    ids=["an emergency", "a court's decision"],
)
def test_explain_takes_an_emergency_and_a_court_decision(words: list[str]) -> None:
    assert policy(*words).exit_code == 0
    assert policy(*words[:-1]).exit_code == 1


def test_explain_takes_that_someone_asked_not_to_be_named() -> None:
    made = policy(*LODGING, "consent", "--consent-categories", "identity", "--anonymous")
    assert made.exit_code == 0
    assert "F-ANONYMOUS" in made.output


def test_explain_takes_an_agreement_and_says_where_it_does_not_bind(tmp_path: Path) -> None:
    words = [*LODGING, "own_request", "--agreement", file(tmp_path, agreement()), *AT]
    assert "A-TALGAR The local agreement" in unbroken(shown(*words, "--from", "police:police-talgar"))
    assert "A-TALGAR binds neither of the two then." in shown(*words)


def test_every_case_of_the_policy_is_explained_as_its_file_expects() -> None:
    for path in CASES:
        permitted, parts = explanation(read_case(path), Language.EN)
        assert permitted == json.loads(path.read_text(encoding="utf-8"))["expect"].get("permitted", True), path.stem
        assert parts


def test_explain_takes_a_case_file() -> None:
    made = policy("explain", "--case", str(ROOT / "tests/policy/DENY/f-no-live-consent-ended.json"))
    assert made.exit_code == 1
    assert "F-NO-LIVE-CONSENT" in made.output


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "--event", "message.posted"],
        ["explain", "--event", "no.such.event"],
        [*LODGING, "consent", "--consent-categories", "identity,shoe_size"],
        [*LODGING, "consent", "--from", "fire_brigade"],
        [*LODGING, "consent", "--at", "yesterday"],
        ["explain", "--case", "nowhere.json"],
        ["show", "--on", "2026-13-01"],
    ],
)
def test_what_makes_no_sense_is_refused_as_misuse(words: list[str]) -> None:
    assert policy(*words).exit_code == 2


@pytest.mark.parametrize("content", ["Айгүл", {"secret": "Айгүл"}, {"id": "Айгүл", "expect": "Айгүл"}])
@pytest.mark.parametrize("words", [["explain", "--case"], ["check", "--agreement"]])
def test_a_file_that_can_not_be_read_is_refused_without_repeating_it(
    words: list[str], content: object, tmp_path: Path
) -> None:
    made = policy(*words, file(tmp_path, content))
    assert made.exit_code == 2
    assert "Айгүл" not in made.output


def test_check_finds_the_table_sound() -> None:
    assert f"{len(PERMITS)} permits, {len(FORBIDS)} forbids" in shown("check")


def test_check_finds_lines_of_an_agreement_that_change_nothing(tmp_path: Path) -> None:
    assert policy("check", "--agreement", file(tmp_path, agreement())).exit_code == 0
    made = policy("check", "--agreement", file(tmp_path, agreement(categories=["health"])))
    assert made.exit_code == 1
    assert "A-TALGAR" in made.output
    assert "categories: health" in unbroken(made.output)


def what_leaves() -> str:
    """The README's section."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.partition("## What leaves, and why\n")[2].partition("\n## ")[0]


def test_the_readme_names_every_rule_once_and_no_other() -> None:
    assert Counter(re.findall(r"`([PFR]-[A-Z0-9-]+)`", what_leaves())) == Counter(dict.fromkeys(IDS, 1))


def test_the_readme_names_each_permit_in_the_row_of_its_flow() -> None:
    flows = {row.id: row.flow for row in PERMITS}
    lines = [line.split("|") for line in what_leaves().splitlines() if line.startswith("| F")]
    told = {rule: re.findall(r"F\d+", cells[1]) for cells in lines for rule in re.findall(r"P-[A-Z0-9-]+", cells[-2])}
    assert told == {rule: flow.split(", ") for rule, flow in flows.items()}


def test_the_calls_of_the_readme_work() -> None:
    calls = re.findall(r"^qorgau policy (.*?)(?:  +#.*)?$", what_leaves(), re.MULTILINE)
    assert [policy(*call.split()).exit_code for call in calls] == [0, 0, 0]
