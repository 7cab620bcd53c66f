"""`qorgau up` and the README's calls, as a newcomer types them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from shared.contract.vocabulary import Agency
from tests.newcomer import QORGAU, ROOT, at, blocks, inline, shell, up

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("up") / ".qorgau"
    yield folder
    Postgres(folder).remove()


def readme_calls(printed: str) -> str:
    """The README's shell blocks, and then its Python, with the ports that this network chose."""
    said = blocks((ROOT / "README.md").read_text())
    shell_, python = ([block.said for block in said if block.language == kind] for kind in ("sh", "python"))
    assert (len(shell_), len(python)) == (2, 1)
    program = f'import os\ntoken = os.environ["QORGAU_TOKEN"]\n{python[0]}'
    return at(printed, "\n".join([*shell_, inline(program)]))


async def test_the_readmes_calls_work_as_pasted_and_their_data_is_there_after_a_restart(home: Path) -> None:
    async with up(home) as printed:
        answers = await shell(readme_calls(printed), home)
    assert '"free":1' in answers
    assert '"state":"accepted"' in answers
    assert '"rule":"F-WHEREABOUTS"' in answers
    assert '"due_on"' in answers
    assert re.search(r"occupied\W+2\W", answers), "counted from the terminal"
    assert '"capacities":[{' in answers
    assert "<have:AvailableCount>" in answers
    async with up(home) as printed:
        url = re.findall(r"shelter\s+(http://127\.0\.0\.1:\d+)/docs", printed)[0]
        ask = f'curl -sf "{url}/v1/referrals?box=incoming" -H "Authorization: Bearer $({QORGAU} token shelter-alatau)"'
        kept = await shell(ask, home)
        record = await shell(f"until {QORGAU} audit verify --folder {home} >said; do sleep 1; done; cat said", home)
    assert '"state":"accepted"' in kept
    assert [line.split(";")[0] for line in record.splitlines()] == [f"{a}: whole" for a in Agency]


async def test_ctrl_c_leaves_nothing_running(home: Path) -> None:
    async with up(home):
        assert _processes_of(home)
    assert _processes_of(home) == []


def _processes_of(home: Path) -> list[str]:
    """The command lines of processes that mention the network's folder, or whose environment does."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            about = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except (OSError, ProcessLookupError):
            continue
        if str(home).encode() in about and int(process.name) != os.getpid():
            found.append((process / "cmdline").read_bytes().decode())
    return found
