"""What a newcomer types: the code blocks of a page, run as they stand against a network that `qorgau up` runs."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
QORGAU = BIN / "qorgau"
PORTS = ("8001", "8002", "8003", "8004")  # as pages have them
_BLOCK = re.compile(r'^( *)```(\w+)(?: title="([^"]*)")?\n(.*?)^\1```$', re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a page: in which language, where it is to be run (its title), and what it says."""

    language: str
    title: str
    said: str


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(language, title, re.sub(f"^{indent}", "", said, flags=re.MULTILINE))
        for indent, language, title, said in _BLOCK.findall(page)
    ]


def inline(program: str) -> str:
    """A Python program as a line of a shell script."""
    return f"python - <<'END'\n{program}END"


def script(page: str, *titles: str) -> str:
    """What a page says to do, as one script: its shell and Python blocks with one of these titles, or with none.

    A Python block whose title is a file's name is what that file is to hold.
    """
    lines = []
    for language, title, said in blocks(page):
        if language == "python" and title.endswith(".py"):
            lines.append(f"cat >{title} <<'END'\n{said}END")
        elif language in ("sh", "python") and (title in titles or not title):
            lines.append(inline(said) if language == "python" else said)
    return "\n".join(lines)


def at(printed: str, script: str) -> str:
    """A script with the ports that this network chose and printed, and this environment's programs."""
    ports = re.findall(r"http://127\.0\.0\.1:(\d+)/docs", printed)
    assert len(ports) == len(PORTS)
    for written, chosen in zip(PORTS, ports, strict=True):
        script = script.replace(f"127.0.0.1:{written}", f"127.0.0.1:{chosen}")
    return script.replace(".venv/bin/", f"{BIN}/")


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
    """What a script prints, run where the network's folder lies. Fails with its errors."""
    found = {"QORGAU_FOLDER": str(home), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script, stdout=-1, stderr=-1, cwd=home.parent, env={**os.environ, **found}
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode() + out.decode()
    return out.decode()
