"""Start the network, play the story, tell it as a timeline, stop what was started."""

import asyncio
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from deploy.demo.office import Office, StoryFailed
from deploy.demo.stage import TALGAR, Cast, Said, Stage, nothing
from deploy.demo.story import ACTS, play
from deploy.embedded.processes import StartFailed
from deploy.network import Network, Options, sample_organisations
from shared.contract.vocabulary import Agency

COLOURS = {"police": "blue", "shelter": "magenta", "hospital": "green", "addictology": "green", "social": "yellow"}


async def run_demo(console: Console, folder: Path | None, *, break_broker: bool) -> int:
    """0 if every step of the story happened, 1 otherwise."""
    home = folder or Path(tempfile.mkdtemp(prefix="qorgau-demo-"))
    network = Network(home, sample_organisations(), Options(links=(Agency.POLICE,), forked=True))
    started, happened = time.monotonic(), False
    try:
        await _tell(console, network, break_broker=break_broker)
        console.print(f"\n[bold]Every step happened[/bold] in {time.monotonic() - started:.0f} s.")
        happened = True
    except (StoryFailed, StartFailed) as error:
        console.print(f"\n[red bold]{error}[/red bold]\nThe logs are in {home / 'logs'}.")
    finally:
        await network.stop()
    if folder is None and happened:
        await asyncio.to_thread(network.remove)
    return 0 if happened else 1


async def _tell(console: Console, network: Network, *, break_broker: bool) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description:24}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("starting", total=len(ACTS) + 3)
        await network.start(lambda what: progress.update(bar, description=f"starting {what}", advance=1))

        async def broken() -> None:
            await network.restart_broker(wipe=True)
            progress.console.print("\n[red]The broker was killed, its disk wiped, and started again.[/red]")

        stage = stage_of(network, TALGAR)
        stage.tell = Timeline(progress.console, TALGAR)
        stage.in_the_middle = broken if break_broker else nothing
        await play(stage, progress=lambda act: progress.update(bar, description=act, advance=1))
        for office in stage.offices.values():
            await office.close()


def stage_of(network: Network, cast: Cast) -> Stage:
    """The stage on a network that runs here: its police's line can be cut."""
    offices = {}
    for organisation, agency in _organisations(network).items():
        if organisation in vars(cast).values():
            token = network.enrolment.token(organisation=organisation, roles=["supervisor"])
            offices[organisation] = Office(organisation, url=network.url(agency), token=token)
    return Stage(cast=cast, offices=offices, line=network.links[Agency.POLICE])


def _organisations(network: Network) -> dict[str, Agency]:
    trust = network.enrolment.trust_now()
    return {organisation: trust.nodes[node].agency for organisation, node in trust.organisations().items()}


class Timeline:
    """Prints what is said, as it is said."""

    def __init__(self, console: Console, cast: Cast) -> None:
        self.console, self.cast = console, cast
        self.started = time.monotonic()

    def __call__(self, said: Said) -> None:
        """One entry: who, what; below it what crossed, on which basis, what was withheld by which rule."""
        role = said.who.split("_")[-1]
        who = f"[{COLOURS[role]}]{getattr(self.cast, said.who):20}[/]"
        self._print(f"{time.monotonic() - self.started:5.1f} s  {who} {said.what}")
        if said.disclosure is not None:
            self._detail(f"→ {said.disclosure['recipient_id']}, basis: {_plain(said.disclosure['basis'])}")
            self._detail(f"  crossed: {', '.join(said.disclosure['fields'])}")
            for item in said.disclosure["withheld"]:
                self._detail(f"  [red]withheld[/red]: {item['field']} ({item['rule']}: {item['en']})")
        for item in said.accounting:
            what = f"{item['event_type']} → {item['recipient_id']}, basis: {_plain(item['basis'])}"
            self._detail(f"  {item['at'][:19]}Z  {what}, {item['delivery']}: {', '.join(item['fields'])}")

    def _detail(self, line: str) -> None:
        self._print(f"{'':29}[dim]{line}[/dim]")

    def _print(self, line: str) -> None:
        self.console.print(line, soft_wrap=True, highlight=False)


def _plain(code: str) -> str:
    return code.replace("_", " ")
