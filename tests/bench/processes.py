"""What the kernel says of a process (proc(5)): the processor time it took, and the memory it held at most."""

import os
from collections.abc import Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
KIBIBYTE, MEGABYTE = 1024, 1_000_000


def processor(pid: int, *, with_children: bool = False) -> float:
    """Seconds; of PostgreSQL those of its backends, too, and of the ones that have ended."""
    mine = _stat(pid)
    used = sum(mine[11:15] if with_children else mine[11:13])
    if with_children:
        others = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        used += sum(sum(stat[11:13]) for stat in map(_stat, others) if stat and stat[1] == pid)
    return used / TICKS


def _stat(pid: int) -> Sequence[int]:
    """The numbers behind a process's name and state; none if it has ended."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
    return [0, *(int(one) for one in said[1:])]


def peak(pid: int) -> float:
    """The megabytes of memory that it held at most, since it started or `forget_peak`."""
    said = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(said["VmHWM"].split()[0]) * KIBIBYTE / MEGABYTE


def forget_peak(pid: int) -> None:
    """From now on."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
