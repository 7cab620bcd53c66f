"""`qorgau up` and the README's calls, as a newcomer types them."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from shared.contract.vocabulary import Agency

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("up")]
ROOT = Path(__file__).parents[2]
QORGAU = Path(sys.executable).parent / "qorgau"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("up")
    yield folder
    Postgres(folder).remove()


@asynccontextmanager
async def up(home: Path) -> AsyncIterator[str]:
    """The network, as started by a person; what it printed."""
    command = [str(QORGAU), "up", "--folder", str(home), "--port", "0"]
    environment = {**os.environ, "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
    assert process.stdout is not None
    printed = ""
    try:
        while "Ctrl-C" not in printed:
            line = (await asyncio.wait_for(process.stdout.readline(), timeout=60)).decode()
            assert line, printed
            printed += line
        yield printed
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), timeout=30)
    assert process.returncode == 0


async def shell(script: str, home: Path) -> str:
    """What a script prints. Fails with its errors."""
    environment = {**os.environ, "QORGAU_FOLDER": str(home)}
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script, stdout=-1, stderr=-1, cwd=home, env=environment
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode() + out.decode()
    return out.decode()


def readme_calls(printed: str) -> str:
    """The README's shell blocks, and then its Python, with the ports that this network chose."""
    said = (ROOT / "README.md").read_text()
    shell_, python = (re.findall(rf"```{kind}\n(.*?)```", said, re.DOTALL) for kind in ("sh", "python"))
    assert (len(shell_), len(python)) == (2, 1)
    program = f'import os\ntoken = os.environ["QORGAU_TOKEN"]\n{python[0]}'
    script = "\n".join([*shell_, f"{sys.executable} - <<'END'\n{program}END"])
    ports = re.findall(r"http://127\.0\.0\.1:(\d+)/docs", printed)
    assert len(ports) == 4
    for written, chosen in zip(("8001", "8002", "8003", "8004"), ports, strict=True):
        script = script.replace(f"127.0.0.1:{written}", f"127.0.0.1:{chosen}")
    return script.replace(".venv/bin/qorgau", str(QORGAU))


async def test_the_readmes_calls_work_as_pasted_and_their_data_is_there_after_a_restart(home: Path) -> None:
    async with up(home) as printed:
        answers = await shell(readme_calls(printed), home)
    assert '"free":1' in answers
    assert '"state":"accepted"' in answers
    assert '"rule":"F-WHEREABOUTS"' in answers
    assert '"due_on"' in answers
    assert re.search(r"occupied\W+2\W", answers), "counted from the terminal"
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
