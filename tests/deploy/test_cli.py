import subprocess
import sys

import pytest
from typer.testing import CliRunner

from deploy.cli import COMMANDS, app

LOADED = """
import sys
from deploy.cli import app
from typer.testing import CliRunner
assert CliRunner().invoke(app, [{command!r}, "--help"]).exit_code == 0
{more}
print(*sorted({{name.split(".")[0] for name in sys.modules}}))
"""


def loaded(name: str, more: str = "") -> set[str]:
    """The packages that a command needs before it does anything."""
    command = [sys.executable, "-c", LOADED.format(command=name, more=more)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  # our own
    return set(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0
    assert f" {name} " in done.output


def test_help_names_all_but_the_issuer_and_who_mistypes_one_is_told_the_nearest() -> None:
    shown = CliRunner(env={"COLUMNS": "120"}).invoke(app, ["--help"]).output
    assert [name for name in COMMANDS if f"│ {name} " not in shown] == ["issuer"]
    mistyped = CliRunner().invoke(app, ["polcy"])
    assert mistyped.exit_code == 2
    assert "Did you mean 'policy'?" in mistyped.output


def test_a_service_loads_neither_the_operators_tools_nor_what_prints_letters_or_sends_spans() -> None:
    assert {"alembic", "fpdf", "google"}.isdisjoint(loaded("serve", "import services.police.app"))


def test_what_only_signs_a_token_loads_neither_the_database_nor_the_services() -> None:
    assert {"services", "fastapi", "sqlmodel", "alembic"}.isdisjoint(loaded("token"))


@pytest.mark.parametrize(("typed", "meant"), [("qorgau ref", "referrals"), ("qorgau beds s", "set")])
def test_the_shell_completes_what_is_typed(typed: str, meant: str) -> None:
    asked = {"_QORGAU_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    assert CliRunner(env=asked).invoke(app, [], prog_name="qorgau").output.split() == [meant]
