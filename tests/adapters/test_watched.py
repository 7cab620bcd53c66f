"""A watched file: what can't be read is read again, what can't be taken is not taken, and the last good one stays."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.adapters import watched
from shared.adapters.telemetry import METRICS
from shared.adapters.watched import Watched


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at each time."""
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.0)


def words(raw: bytes, before: str | None) -> str:
    """Raises ValueError for what is no text."""
    return raw.decode()


def replace(path: Path, content: bytes) -> None:
    """Under the same name, at once."""
    path.with_suffix(".new").write_bytes(content)
    path.with_suffix(".new").rename(path)


def not_taken() -> float:
    return float(METRICS.files_not_taken.labels("words")._value.get())  # the client has no public way to read a counter


@contextmanager
def nothing_can_be_opened() -> Iterator[None]:
    """The process has as many files open as it may: a file can be looked at, but not read."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "words").write_bytes(b"first")
    return tmp_path / "words"


def test_a_file_that_could_not_be_read_once_keeps_the_last_state_and_is_read_again_without_a_change(path: Path) -> None:
    file, before = Watched(path, name="words", take=words), not_taken()
    replace(path, b"second")
    with nothing_can_be_opened():
        assert file.now() == "first"
    assert not_taken() - before == 1
    assert file.now() == "second"


def test_what_can_not_be_taken_is_read_once_and_the_next_change_again(path: Path) -> None:
    file, before = Watched(path, name="words", take=words), not_taken()
    replace(path, b"\xff")
    assert [file.now(), file.now()] == ["first", "first"]
    assert not_taken() - before == 1
    replace(path, b"third")
    assert file.now() == "third"


def test_a_file_is_read_again_although_its_size_and_time_are_the_same(path: Path) -> None:
    file, about = Watched(path, name="words", take=words), path.stat()
    replace(path, b"other")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert file.now() == "other"
