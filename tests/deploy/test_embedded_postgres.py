"""The embedded PostgreSQL on a machine that never had one."""

from pathlib import Path

from deploy.embedded.postgres import _copy_binaries


def test_its_binaries_are_put_where_there_was_no_folder_yet(tmp_path: Path) -> None:
    target = tmp_path / "never" / "made" / "binaries"
    _copy_binaries(target)
    assert [server.name for server in target.rglob("bin/postgres")] == ["postgres"]
    assert [one.name for one in target.parent.iterdir()] == ["binaries"]


def test_who_comes_second_finds_them(tmp_path: Path) -> None:
    target = tmp_path / "binaries"
    _copy_binaries(target)
    _copy_binaries(target)
    assert [one.name for one in tmp_path.iterdir()] == ["binaries"]
