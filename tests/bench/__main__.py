"""`python -m tests.bench [word …]`: measure every figure, or those with such a word, and write the page.

`python -m tests.bench compare`: what changed between the results that were committed last and those that lie here.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from deploy.network import Network, Options
from deploy.simulation.costs import FILE
from shared.contract.vocabulary import Agency
from tests.bench.figures import FIGURES
from tests.bench.measure import LONG, Figure, Readings, measured
from tests.bench.page import compared, machine, page
from tests.bench.parts import costs
from tests.network import organisations

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "results.json", HERE / "RESULTS.md"
REGION = "19"
# Begun as one process, as by `qorgau up`. Nothing is sent again while a receiver stands still: that would be measured.
OPTIONS = Options(agencies=(Agency.POLICE, Agency.SHELTER), forked=True, environment=(("QORGAU_RESEND_AFTER", "600"),))


async def measure(figures: Sequence[Figure]) -> dict[str, Readings]:
    """All of them on one network, which flushes every commit to its disk; and what a referral costs each part."""
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Path(folder), [o for o in organisations() if o.id.endswith(f"-{REGION}")], OPTIONS)
        try:
            await network.start()
            readings = {figure.name: await measured(figure, network, LONG) for figure in figures}
            FILE.write_text(json.dumps(asdict(await costs(network, machine(), LONG.seconds)), indent=1) + "\n")
            return readings
        finally:
            await network.stop()
            network.remove()


def main(words: list[str]) -> None:
    """Measure or compare."""
    if words == ["compare"]:
        command = ["git", "-C", str(HERE), "show", "HEAD:./results.json"]
        before = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  # git, with a literal
        print(compared(json.loads(before), json.loads(RESULTS.read_text())))  # noqa: T201  # what it is for
        return
    chosen = [figure for figure in FIGURES if not words or any(word in figure.name for word in words)]
    known = json.loads(RESULTS.read_text())["figures"] if words and RESULTS.exists() else {}
    results = {"machine": machine(), "figures": known | asyncio.run(measure(chosen))}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    PAGE.write_text(page(results))
    print(page(results))  # noqa: T201  # what it is for


if __name__ == "__main__":
    main(sys.argv[1:])
