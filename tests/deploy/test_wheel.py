"""The wheel: the same bytes whoever builds it, and in it all that a service reads."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
SITE = ROOT / "deploy" / "docs" / "site"  # what `make docs` wrote
PACKAGES = ("deploy", "qorgau", "services", "shared")


def built(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)  # noqa: S603  # our own
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = (built(tmp_path / name).read_bytes() for name in ("one", "other"))
    assert sha256(one).hexdigest() == sha256(other).hexdigest()


def test_it_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    with ZipFile(built(tmp_path)) as wheel:
        there = {name for name in wheel.namelist() if name.split("/")[0] in PACKAGES}
    ours = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    ours = [path for path in ours if "__pycache__" not in path.parts and SITE not in path.parents]
    assert {str(path.relative_to(ROOT)) for path in ours} <= there
