"""The tutorial and the guides, as a newcomer pastes them: what each page promises happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.postgres import Postgres
from tests.newcomer import ROOT, at, script, shell, up

PAGES = ROOT / "deploy" / "docs" / "pages"
ENROLS, NETWORK = "On the host that enrols", "On the host of the network"
WHILE_IT_RUNS, SYSTEM = "On the host of the network, while it runs", "From your system"
RUNNING, SHELTER = "With a running network, as in the tutorial", "At the shelter service"


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text()


@pytest.fixture
async def enrolled(tmp_path: Path) -> Path:
    """The folder of a network that was enrolled, and that nothing runs in."""
    home = tmp_path / ".qorgau"
    await shell("qorgau init", home)
    return home


async def test_an_agency_joins_as_the_guide_says(enrolled: Path) -> None:
    said = await shell(script(page("how-to/join"), ENROLS), enrolled)
    assert "would be new: 2" in said
    assert "\nnew: 2, changed: 0" in said
    assert "police-uzynagash" in (enrolled / "organisations-police.json").read_text()
    for file in ("trust.jws", "operator.jwk", "organisations-shelter.json", "nats.conf"):
        assert (enrolled.parent / "network" / file).exists()
    for secret in ("seed", "keys", "vault", "database-password", "owner-password"):
        assert (enrolled.parent / "network" / "secrets" / f"shelter-{secret}").exists()
    assert (enrolled.parent / "network" / "secrets" / "provisioner-seed").exists()


async def test_keys_are_rotated_as_the_guide_says(enrolled: Path) -> None:
    said = await shell(script(page("how-to/rotate-keys"), ENROLS, "Anywhere"), enrolled)
    assert "made shelter/sign-2 and shelter/encrypt-2" in said
    assert "shelter/sign-1 is revoked" in said
    assert '"2026-12"' in (enrolled.parent / "new-key.json").read_text()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / ".qorgau"
    yield folder
    for one in (folder, tmp_path / "restored"):
        Postgres(one).remove()


@pytest.mark.processes
@pytest.mark.xdist_group("up")
async def test_the_tutorial_and_the_guides_of_a_running_network_do_what_they_say(home: Path) -> None:
    async with up(home) as printed:
        learned = await shell(at(printed, script(page("tutorial"))), home)
        connected = await shell(at(printed, script(page("how-to/connect"), RUNNING)), home)
        ours = script(page("how-to/join"), SYSTEM).replace("https://police.example.kz", "http://127.0.0.1:8001")
        joined = await shell(at(printed, f"TOKEN=$(qorgau token police-talgar)\n{ours}"), home)
    assert "to shelter-alatau" in learned
    assert "stays: address by F-WHEREABOUTS - Where a person stays" in learned
    assert '"state":"accepted"' in learned
    assert '"rule":"F-WHEREABOUTS"' in learned
    assert (home.parent / "letter.pdf").read_bytes().startswith(b"%PDF")
    assert "police-talgar" in joined
    assert "404" in connected
    assert "kz.qorgau.received.referral.requested.v1" in connected
    assert '"secret":"whsec_' in connected
    assert (home.parent / "referrals.csv").read_text("utf-8-sig").startswith('"id",')

    backed_up = await shell(script(page("how-to/back-up"), NETWORK), home)
    assert "restored to" in backed_up
    async with up(home.parent / "restored"):
        await shell(script(page("how-to/back-up"), WHILE_IT_RUNS), home)
    hosted = await shell(script(page("how-to/host-shelters"), ENROLS), home)
    assert "new: 2, changed: 0" in hosted
    async with up(home):
        counted = await shell(script(page("how-to/host-shelters"), SHELTER), home)
    assert counted.splitlines()[-1] == "new: 2, changed: 0, as before: 0"
